#ifndef GUANXI_SERVER_ADMIN_SERVICE_H_
#define GUANXI_SERVER_ADMIN_SERVICE_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/sync_stream.h>

#include "guanxi/v1/admin_service.grpc.pb.h"
#include "server/limiter.h"
#include "server/serving.h"

namespace guanxi::server {

// Looks after the store.
class AdminService final : public v1::AdminService::Service {
 public:
  explicit AdminService(const Serving& serving)
      : serving_(serving), checks_(kMaxChecks) {}

  grpc::Status Check(grpc::ServerContext* context,
                     const v1::CheckRequest* request,
                     grpc::ServerWriter<v1::CheckResponse>* writer) override;

 private:
  // Each keeps a state of the store alive for as long as it takes.
  static constexpr int64_t kMaxChecks = 1;

  const Serving serving_;
  Limiter checks_;
};

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_ADMIN_SERVICE_H_
