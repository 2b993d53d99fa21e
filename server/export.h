#ifndef GUANXI_SERVER_EXPORT_H_
#define GUANXI_SERVER_EXPORT_H_

#include "absl/status/status.h"
#include <grpcpp/support/sync_stream.h>

#include "guanxi/v1/fact_service.pb.h"
#include "server/calls.h"
#include "server/serving.h"

namespace guanxi::server {

// The work of FactService.Export; errors as its contract says.
absl::Status Export(const Serving& serving, const v1::ExportRequest& request,
                    Call& call, grpc::ServerWriter<v1::ExportResponse>* writer);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_EXPORT_H_
