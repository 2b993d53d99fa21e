#ifndef GUANXI_SERVER_GRAPH_READS_H_
#define GUANXI_SERVER_GRAPH_READS_H_

#include "absl/status/status.h"
#include <grpcpp/support/sync_stream.h>

#include "guanxi/v1/graph_service.pb.h"
#include "server/calls.h"
#include "server/serving.h"

namespace guanxi::server {

// The work of each rpc of GraphService; errors as its contract says.
absl::Status Get(const Serving& serving, const v1::GetRequest& request,
                 Call& call, v1::GetResponse* response);
absl::Status BatchGet(const Serving& serving,
                      const v1::BatchGetRequest& request, Call& call,
                      v1::BatchGetResponse* response);
absl::Status List(const Serving& serving, const v1::ListRequest& request,
                  Call& call, v1::ListResponse* response);
absl::Status Find(const Serving& serving, const v1::FindRequest& request,
                  Call& call, v1::FindResponse* response);
absl::Status GetSchema(const Serving& serving,
                       const v1::GetSchemaRequest& request, Call& call,
                       v1::GetSchemaResponse* response);
absl::Status GetStatistics(const Serving& serving,
                           const v1::GetStatisticsRequest& request, Call& call,
                           v1::GetStatisticsResponse* response);
absl::Status Neighbourhood(
    const Serving& serving, const v1::NeighbourhoodRequest& request, Call& call,
    grpc::ServerWriter<v1::NeighbourhoodResponse>* writer);
absl::Status Reach(const Serving& serving, const v1::ReachRequest& request,
                   Call& call, grpc::ServerWriter<v1::ReachResponse>* writer);
absl::Status CommonNeighbours(
    const Serving& serving, const v1::CommonNeighboursRequest& request,
    Call& call, grpc::ServerWriter<v1::CommonNeighboursResponse>* writer);
absl::Status FindComponents(
    const Serving& serving, const v1::FindComponentsRequest& request,
    Call& call, grpc::ServerWriter<v1::FindComponentsResponse>* writer);
absl::Status FindPaths(const Serving& serving,
                       const v1::FindPathsRequest& request, Call& call,
                       grpc::ServerWriter<v1::FindPathsResponse>* writer);
absl::Status FindCycles(const Serving& serving,
                        const v1::FindCyclesRequest& request, Call& call,
                        grpc::ServerWriter<v1::FindCyclesResponse>* writer);
absl::Status Connect(const Serving& serving, const v1::ConnectRequest& request,
                     Call& call,
                     grpc::ServerWriter<v1::ConnectResponse>* writer);
absl::Status ListClaims(const Serving& serving,
                        const v1::ListClaimsRequest& request, Call& call,
                        v1::ListClaimsResponse* response);
absl::Status History(const Serving& serving, const v1::HistoryRequest& request,
                     Call& call, v1::HistoryResponse* response);
absl::Status Diff(const Serving& serving, const v1::DiffRequest& request,
                  Call& call, grpc::ServerWriter<v1::DiffResponse>* writer);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_GRAPH_READS_H_
