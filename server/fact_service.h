#ifndef GUANXI_SERVER_FACT_SERVICE_H_
#define GUANXI_SERVER_FACT_SERVICE_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/sync_stream.h>

#include "guanxi/v1/fact_service.grpc.pb.h"
#include "server/calls.h"
#include "server/limiter.h"

namespace guanxi::server {

// Takes the writes, and writes the graph out.
class FactService final : public v1::FactService::Service {
 public:
  // Both outlive it.
  FactService(Calls& calls, const Settings& settings)
      : calls_(calls), imports_(settings.max_imports) {}

  grpc::Status Commit(grpc::ServerContext* context,
                      const v1::CommitRequest* request,
                      v1::CommitResponse* response) override;

  using ImportStream =
      grpc::ServerReaderWriter<v1::ImportResponse, v1::ImportRequest>;
  grpc::Status Import(grpc::ServerContext* context,
                      ImportStream* stream) override;

  grpc::Status Export(grpc::ServerContext* context,
                      const v1::ExportRequest* request,
                      grpc::ServerWriter<v1::ExportResponse>* writer) override;

 private:
  Calls& calls_;
  Limiter imports_;
};

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_FACT_SERVICE_H_
