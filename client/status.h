#ifndef GUANXI_CLIENT_STATUS_H_
#define GUANXI_CLIENT_STATUS_H_

#include <optional>

#include "absl/status/status.h"
#include <grpcpp/support/status.h>

#include "graph/base/error.h"

namespace guanxi::client {

// The error of a call, with the details that the server sent along.
absl::Status FromGrpc(const grpc::Status& status);

// The reason and metadata that the server gave; nullopt if it gave none, as
// where the call did not reach it.
std::optional<ErrorInfo> InfoOf(const absl::Status& status);

}  // namespace guanxi::client

#endif  // GUANXI_CLIENT_STATUS_H_
