#include "server/graph_service.h"

#include "server/graph_reads.h"

namespace guanxi::server {

grpc::Status GraphService::Get(grpc::ServerContext* context,
                               const v1::GetRequest* request,
                               v1::GetResponse* response) {
  return calls_.OnGraph(*context, {"GraphService/Get", Role::kReader, request},
                        [&](const Serving& serving, Call& call) {
                          return server::Get(serving, *request, call, response);
                        });
}

grpc::Status GraphService::BatchGet(grpc::ServerContext* context,
                                    const v1::BatchGetRequest* request,
                                    v1::BatchGetResponse* response) {
  return calls_.OnGraph(
      *context, {"GraphService/BatchGet", Role::kReader, request},
      [&](const Serving& serving, Call& call) {
        return server::BatchGet(serving, *request, call, response);
      });
}

grpc::Status GraphService::List(grpc::ServerContext* context,
                                const v1::ListRequest* request,
                                v1::ListResponse* response) {
  return calls_.OnGraph(*context, {"GraphService/List", Role::kReader, request},
                        [&](const Serving& serving, Call& call) {
                          return server::List(serving, *request, call,
                                              response);
                        });
}

grpc::Status GraphService::Find(grpc::ServerContext* context,
                                const v1::FindRequest* request,
                                v1::FindResponse* response) {
  return calls_.OnGraph(*context, {"GraphService/Find", Role::kReader, request},
                        [&](const Serving& serving, Call& call) {
                          return server::Find(serving, *request, call,
                                              response);
                        });
}

grpc::Status GraphService::GetSchema(grpc::ServerContext* context,
                                     const v1::GetSchemaRequest* request,
                                     v1::GetSchemaResponse* response) {
  return calls_.OnGraph(
      *context, {"GraphService/GetSchema", Role::kReader, request},
      [&](const Serving& serving, Call& call) {
        return server::GetSchema(serving, *request, call, response);
      });
}

grpc::Status GraphService::GetStatistics(
    grpc::ServerContext* context, const v1::GetStatisticsRequest* request,
    v1::GetStatisticsResponse* response) {
  return calls_.OnGraph(
      *context, {"GraphService/GetStatistics", Role::kReader, request},
      [&](const Serving& serving, Call& call) {
        return server::GetStatistics(serving, *request, call, response);
      });
}

grpc::Status GraphService::Neighbourhood(
    grpc::ServerContext* context, const v1::NeighbourhoodRequest* request,
    grpc::ServerWriter<v1::NeighbourhoodResponse>* writer) {
  return calls_.OnGraph(
      *context, {"GraphService/Neighbourhood", Role::kReader, request},
      [&](const Serving& serving, Call& call) {
        return server::Neighbourhood(serving, *request, call, writer);
      });
}

grpc::Status GraphService::Reach(
    grpc::ServerContext* context, const v1::ReachRequest* request,
    grpc::ServerWriter<v1::ReachResponse>* writer) {
  return calls_.OnGraph(*context,
                        {"GraphService/Reach", Role::kReader, request},
                        [&](const Serving& serving, Call& call) {
                          return server::Reach(serving, *request, call, writer);
                        });
}

grpc::Status GraphService::CommonNeighbours(
    grpc::ServerContext* context, const v1::CommonNeighboursRequest* request,
    grpc::ServerWriter<v1::CommonNeighboursResponse>* writer) {
  return calls_.OnGraph(
      *context, {"GraphService/CommonNeighbours", Role::kReader, request},
      [&](const Serving& serving, Call& call) {
        return server::CommonNeighbours(serving, *request, call, writer);
      });
}

grpc::Status GraphService::FindComponents(
    grpc::ServerContext* context, const v1::FindComponentsRequest* request,
    grpc::ServerWriter<v1::FindComponentsResponse>* writer) {
  return calls_.OnGraph(
      *context, {"GraphService/FindComponents", Role::kReader, request},
      [&](const Serving& serving, Call& call) {
        return server::FindComponents(serving, *request, call, writer);
      });
}

grpc::Status GraphService::FindPaths(
    grpc::ServerContext* context, const v1::FindPathsRequest* request,
    grpc::ServerWriter<v1::FindPathsResponse>* writer) {
  return calls_.OnGraph(
      *context, {"GraphService/FindPaths", Role::kReader, request},
      [&](const Serving& serving, Call& call) {
        return server::FindPaths(serving, *request, call, writer);
      });
}

grpc::Status GraphService::FindCycles(
    grpc::ServerContext* context, const v1::FindCyclesRequest* request,
    grpc::ServerWriter<v1::FindCyclesResponse>* writer) {
  return calls_.OnGraph(
      *context, {"GraphService/FindCycles", Role::kReader, request},
      [&](const Serving& serving, Call& call) {
        return server::FindCycles(serving, *request, call, writer);
      });
}

grpc::Status GraphService::Connect(
    grpc::ServerContext* context, const v1::ConnectRequest* request,
    grpc::ServerWriter<v1::ConnectResponse>* writer) {
  return calls_.OnGraph(
      *context, {"GraphService/Connect", Role::kReader, request},
      [&](const Serving& serving, Call& call) {
        return server::Connect(serving, *request, call, writer);
      });
}

grpc::Status GraphService::ListClaims(grpc::ServerContext* context,
                                      const v1::ListClaimsRequest* request,
                                      v1::ListClaimsResponse* response) {
  return calls_.OnGraph(
      *context, {"GraphService/ListClaims", Role::kReader, request},
      [&](const Serving& serving, Call& call) {
        return server::ListClaims(serving, *request, call, response);
      });
}

grpc::Status GraphService::History(grpc::ServerContext* context,
                                   const v1::HistoryRequest* request,
                                   v1::HistoryResponse* response) {
  return calls_.OnGraph(
      *context, {"GraphService/History", Role::kReader, request},
      [&](const Serving& serving, Call& call) {
        return server::History(serving, *request, call, response);
      });
}

grpc::Status GraphService::Diff(grpc::ServerContext* context,
                                const v1::DiffRequest* request,
                                grpc::ServerWriter<v1::DiffResponse>* writer) {
  return calls_.OnGraph(*context, {"GraphService/Diff", Role::kReader, request},
                        [&](const Serving& serving, Call& call) {
                          return server::Diff(serving, *request, call, writer);
                        });
}

}  // namespace guanxi::server
