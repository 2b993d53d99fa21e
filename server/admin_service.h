#ifndef GUANXI_SERVER_ADMIN_SERVICE_H_
#define GUANXI_SERVER_ADMIN_SERVICE_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/sync_stream.h>

#include "guanxi/v1/admin_service.grpc.pb.h"
#include "server/calls.h"
#include "server/graphs.h"
#include "server/limiter.h"

namespace guanxi::server {

// Looks after the stores.
class AdminService final : public v1::AdminService::Service {
 public:
  // Both outlive it.
  AdminService(Calls& calls, Graphs& graphs)
      : calls_(calls),
        graphs_(graphs),
        checks_(kMaxChecks),
        backups_(kMaxBackups) {}

  grpc::Status Check(grpc::ServerContext* context,
                     const v1::CheckRequest* request,
                     grpc::ServerWriter<v1::CheckResponse>* writer) override;

  grpc::Status Backup(grpc::ServerContext* context,
                      const v1::BackupRequest* request,
                      grpc::ServerWriter<v1::BackupResponse>* writer) override;

  grpc::Status CreateGraph(grpc::ServerContext* context,
                           const v1::CreateGraphRequest* request,
                           v1::CreateGraphResponse* response) override;
  grpc::Status ListGraphs(grpc::ServerContext* context,
                          const v1::ListGraphsRequest* request,
                          v1::ListGraphsResponse* response) override;
  grpc::Status DeleteGraph(grpc::ServerContext* context,
                           const v1::DeleteGraphRequest* request,
                           v1::DeleteGraphResponse* response) override;

 private:
  // Each keeps a state of the store alive for as long as it takes.
  static constexpr int64_t kMaxChecks = 1;
  static constexpr int64_t kMaxBackups = 1;

  Calls& calls_;
  Graphs& graphs_;
  Limiter checks_;
  Limiter backups_;
};

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_ADMIN_SERVICE_H_
