#ifndef GUANXI_SERVER_STATUS_H_
#define GUANXI_SERVER_STATUS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include <grpcpp/support/status.h>

namespace guanxi::server {

// Says which field of the request an error is about, where the engine cannot
// know. ToGrpc() puts it into the metadata as `field`. OK stays OK.
absl::Status WithField(absl::Status status, absl::string_view field);

// Turns an error of ours into what goes over the wire: the same code and
// message, a google.rpc.ErrorInfo where there is one, and, where it names a
// field, a google.rpc.BadRequest.
//
// INTERNAL and UNKNOWN lose their message, which is ours to log, not a
// client's to read.
grpc::Status ToGrpc(const absl::Status& status);

// Whether the message of an error is for the log alone.
bool IsInternal(absl::StatusCode code);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_STATUS_H_
