#ifndef GUANXI_SERVER_GRAPH_SERVICE_H_
#define GUANXI_SERVER_GRAPH_SERVICE_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/sync_stream.h>

#include "guanxi/v1/graph_service.grpc.pb.h"
#include "server/calls.h"

namespace guanxi::server {

// Answers the reads. Each rpc is its request made into a spec, a snapshot, the
// engine's answer and that answer made into messages; the work of each is in a
// file of its own, graph_*.cc.
class GraphService final : public v1::GraphService::Service {
 public:
  // `calls` outlives it.
  explicit GraphService(Calls& calls) : calls_(calls) {}

  grpc::Status Get(grpc::ServerContext* context, const v1::GetRequest* request,
                   v1::GetResponse* response) override;
  grpc::Status BatchGet(grpc::ServerContext* context,
                        const v1::BatchGetRequest* request,
                        v1::BatchGetResponse* response) override;
  grpc::Status List(grpc::ServerContext* context,
                    const v1::ListRequest* request,
                    v1::ListResponse* response) override;
  grpc::Status Find(grpc::ServerContext* context,
                    const v1::FindRequest* request,
                    v1::FindResponse* response) override;
  grpc::Status GetSchema(grpc::ServerContext* context,
                         const v1::GetSchemaRequest* request,
                         v1::GetSchemaResponse* response) override;
  grpc::Status GetStatistics(grpc::ServerContext* context,
                             const v1::GetStatisticsRequest* request,
                             v1::GetStatisticsResponse* response) override;
  grpc::Status Neighbourhood(
      grpc::ServerContext* context, const v1::NeighbourhoodRequest* request,
      grpc::ServerWriter<v1::NeighbourhoodResponse>* writer) override;
  grpc::Status Reach(grpc::ServerContext* context,
                     const v1::ReachRequest* request,
                     grpc::ServerWriter<v1::ReachResponse>* writer) override;
  grpc::Status CommonNeighbours(
      grpc::ServerContext* context, const v1::CommonNeighboursRequest* request,
      grpc::ServerWriter<v1::CommonNeighboursResponse>* writer) override;
  grpc::Status FindComponents(
      grpc::ServerContext* context, const v1::FindComponentsRequest* request,
      grpc::ServerWriter<v1::FindComponentsResponse>* writer) override;
  grpc::Status FindPaths(
      grpc::ServerContext* context, const v1::FindPathsRequest* request,
      grpc::ServerWriter<v1::FindPathsResponse>* writer) override;
  grpc::Status FindCycles(
      grpc::ServerContext* context, const v1::FindCyclesRequest* request,
      grpc::ServerWriter<v1::FindCyclesResponse>* writer) override;
  grpc::Status Connect(
      grpc::ServerContext* context, const v1::ConnectRequest* request,
      grpc::ServerWriter<v1::ConnectResponse>* writer) override;
  grpc::Status ListClaims(grpc::ServerContext* context,
                          const v1::ListClaimsRequest* request,
                          v1::ListClaimsResponse* response) override;
  grpc::Status History(grpc::ServerContext* context,
                       const v1::HistoryRequest* request,
                       v1::HistoryResponse* response) override;
  grpc::Status Diff(grpc::ServerContext* context,
                    const v1::DiffRequest* request,
                    grpc::ServerWriter<v1::DiffResponse>* writer) override;

 private:
  Calls& calls_;
};

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_GRAPH_SERVICE_H_
