#include "server/status.h"

#include <algorithm>
#include <string>

#include "absl/strings/cord.h"

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "graph/base/error.h"
#include "server/convert/field_path.h"

namespace guanxi::server {
namespace {

constexpr absl::string_view kErrorDomain = "guanxi";
constexpr absl::string_view kField = "field";
constexpr absl::string_view kFieldUrl = "guanxi/field";

// Error details travel in headers, of which gRPC takes 8 KiB in all.
constexpr size_t kMaxMessageBytes = 600;
constexpr size_t kMaxMetadataBytes = 1200;

// Adds the field that `status` was given to the metadata.
ErrorInfo InfoOf(const absl::Status& status) {
  ErrorInfo info = GetErrorInfo(status).value_or(ErrorInfo{});
  if (const auto field = status.GetPayload(kFieldUrl)) {
    info.metadata.insert_or_assign(std::string(kField), std::string(*field));
  }
  for (auto& [name, value] : info.metadata) {
    value = Shorten(value, kMaxMetadataBytes / info.metadata.size());
  }
  return info;
}

google::rpc::ErrorInfo ToDetail(const ErrorInfo& info) {
  google::rpc::ErrorInfo detail;
  detail.set_reason(info.reason);
  detail.set_domain(std::string(kErrorDomain));
  detail.mutable_metadata()->insert(info.metadata.begin(), info.metadata.end());
  return detail;
}

google::rpc::BadRequest ToDetail(const std::string& field,
                                 const std::string& message) {
  google::rpc::BadRequest detail;
  auto* violation = detail.add_field_violations();
  violation->set_field(field);
  violation->set_description(message);
  return detail;
}

}  // namespace

absl::Status WithField(absl::Status status, absl::string_view field) {
  if (!status.ok()) status.SetPayload(kFieldUrl, absl::Cord(field));
  return status;
}

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const auto code = static_cast<grpc::StatusCode>(status.code());
  if (IsInternal(status.code())) return {code, "internal error"};

  const std::string message = Shorten(status.message(), kMaxMessageBytes);
  const ErrorInfo info = InfoOf(status);
  google::rpc::Status wire;
  wire.set_code(code);
  wire.set_message(message);
  if (!info.reason.empty()) wire.add_details()->PackFrom(ToDetail(info));
  const auto field = info.metadata.find(std::string(kField));
  if (field != info.metadata.end()) {
    wire.add_details()->PackFrom(
        ToDetail(Shorten(field->second, kMaxMessageBytes), message));
  }
  return {code, message, wire.SerializeAsString()};
}

bool IsInternal(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal ||
         code == absl::StatusCode::kUnknown;
}

}  // namespace guanxi::server
