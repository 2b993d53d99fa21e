#include "client/status.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace guanxi::client {
namespace {

constexpr absl::string_view kDetailsUrl =
    "type.googleapis.com/google.rpc.Status";

}  // namespace

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status error(static_cast<absl::StatusCode>(status.error_code()),
                     status.error_message());
  if (!status.error_details().empty()) {
    error.SetPayload(kDetailsUrl, absl::Cord(status.error_details()));
  }
  return error;
}

std::optional<ErrorInfo> InfoOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kDetailsUrl);
  google::rpc::Status wire;
  if (!payload.has_value() || !wire.ParseFromString(std::string(*payload))) {
    return std::nullopt;
  }
  for (const auto& detail : wire.details()) {
    google::rpc::ErrorInfo info;
    if (!detail.UnpackTo(&info)) continue;
    return ErrorInfo{
        .reason = info.reason(),
        .metadata = {info.metadata().begin(), info.metadata().end()}};
  }
  return std::nullopt;
}

}  // namespace guanxi::client
