#include "server/graph_service.h"

#include "server/graph_reads.h"

namespace guanxi::server {

grpc::Status GraphService::Get(grpc::ServerContext* context,
                               const v1::GetRequest* request,
                               v1::GetResponse* response) {
  return serving_.calls.Run(*context, "GraphService/Get", [&](Call& call) {
    return server::Get(serving_, *request, call, response);
  });
}

grpc::Status GraphService::BatchGet(grpc::ServerContext* context,
                                    const v1::BatchGetRequest* request,
                                    v1::BatchGetResponse* response) {
  return serving_.calls.Run(*context, "GraphService/BatchGet", [&](Call& call) {
    return server::BatchGet(serving_, *request, call, response);
  });
}

grpc::Status GraphService::List(grpc::ServerContext* context,
                                const v1::ListRequest* request,
                                v1::ListResponse* response) {
  return serving_.calls.Run(*context, "GraphService/List", [&](Call& call) {
    return server::List(serving_, *request, call, response);
  });
}

grpc::Status GraphService::Find(grpc::ServerContext* context,
                                const v1::FindRequest* request,
                                v1::FindResponse* response) {
  return serving_.calls.Run(*context, "GraphService/Find", [&](Call& call) {
    return server::Find(serving_, *request, call, response);
  });
}

grpc::Status GraphService::GetSchema(grpc::ServerContext* context,
                                     const v1::GetSchemaRequest* request,
                                     v1::GetSchemaResponse* response) {
  return serving_.calls.Run(
      *context, "GraphService/GetSchema", [&](Call& call) {
        return server::GetSchema(serving_, *request, call, response);
      });
}

grpc::Status GraphService::GetStatistics(
    grpc::ServerContext* context, const v1::GetStatisticsRequest* request,
    v1::GetStatisticsResponse* response) {
  return serving_.calls.Run(
      *context, "GraphService/GetStatistics", [&](Call& call) {
        return server::GetStatistics(serving_, *request, call, response);
      });
}

grpc::Status GraphService::Neighbourhood(
    grpc::ServerContext* context, const v1::NeighbourhoodRequest* request,
    grpc::ServerWriter<v1::NeighbourhoodResponse>* writer) {
  return serving_.calls.Run(
      *context, "GraphService/Neighbourhood", [&](Call& call) {
        return server::Neighbourhood(serving_, *request, call, writer);
      });
}

grpc::Status GraphService::Reach(
    grpc::ServerContext* context, const v1::ReachRequest* request,
    grpc::ServerWriter<v1::ReachResponse>* writer) {
  return serving_.calls.Run(*context, "GraphService/Reach", [&](Call& call) {
    return server::Reach(serving_, *request, call, writer);
  });
}

grpc::Status GraphService::CommonNeighbours(
    grpc::ServerContext* context, const v1::CommonNeighboursRequest* request,
    grpc::ServerWriter<v1::CommonNeighboursResponse>* writer) {
  return serving_.calls.Run(
      *context, "GraphService/CommonNeighbours", [&](Call& call) {
        return server::CommonNeighbours(serving_, *request, call, writer);
      });
}

grpc::Status GraphService::FindComponents(
    grpc::ServerContext* context, const v1::FindComponentsRequest* request,
    grpc::ServerWriter<v1::FindComponentsResponse>* writer) {
  return serving_.calls.Run(
      *context, "GraphService/FindComponents", [&](Call& call) {
        return server::FindComponents(serving_, *request, call, writer);
      });
}

grpc::Status GraphService::FindPaths(
    grpc::ServerContext* context, const v1::FindPathsRequest* request,
    grpc::ServerWriter<v1::FindPathsResponse>* writer) {
  return serving_.calls.Run(
      *context, "GraphService/FindPaths", [&](Call& call) {
        return server::FindPaths(serving_, *request, call, writer);
      });
}

grpc::Status GraphService::FindCycles(
    grpc::ServerContext* context, const v1::FindCyclesRequest* request,
    grpc::ServerWriter<v1::FindCyclesResponse>* writer) {
  return serving_.calls.Run(
      *context, "GraphService/FindCycles", [&](Call& call) {
        return server::FindCycles(serving_, *request, call, writer);
      });
}

grpc::Status GraphService::Connect(
    grpc::ServerContext* context, const v1::ConnectRequest* request,
    grpc::ServerWriter<v1::ConnectResponse>* writer) {
  return serving_.calls.Run(*context, "GraphService/Connect", [&](Call& call) {
    return server::Connect(serving_, *request, call, writer);
  });
}

grpc::Status GraphService::ListClaims(grpc::ServerContext* context,
                                      const v1::ListClaimsRequest* request,
                                      v1::ListClaimsResponse* response) {
  return serving_.calls.Run(
      *context, "GraphService/ListClaims", [&](Call& call) {
        return server::ListClaims(serving_, *request, call, response);
      });
}

grpc::Status GraphService::History(grpc::ServerContext* context,
                                   const v1::HistoryRequest* request,
                                   v1::HistoryResponse* response) {
  return serving_.calls.Run(*context, "GraphService/History", [&](Call& call) {
    return server::History(serving_, *request, call, response);
  });
}

grpc::Status GraphService::Diff(grpc::ServerContext* context,
                                const v1::DiffRequest* request,
                                grpc::ServerWriter<v1::DiffResponse>* writer) {
  return serving_.calls.Run(*context, "GraphService/Diff", [&](Call& call) {
    return server::Diff(serving_, *request, call, writer);
  });
}

}  // namespace guanxi::server
