#ifndef GUANXI_SERVER_ANSWER_STREAM_H_
#define GUANXI_SERVER_ANSWER_STREAM_H_

#include <chrono>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include <google/protobuf/repeated_field.h>
#include <grpcpp/support/sync_stream.h>

#include "graph/base/status_macros.h"
#include "server/calls.h"
#include "server/reading.h"

namespace guanxi::server {

// Sends an answer as messages of a bounded size that, appended to each other,
// are the whole. Not thread-safe.
template <typename Response>
class AnswerStream {
 public:
  // All must outlive it.
  AnswerStream(const Settings& settings, const Call& call,
               grpc::ServerWriter<Response>* writer)
      : settings_(settings), call_(call), writer_(*writer) {}

  // The message that is sent next; for single fields. They stay small.
  Response& pending() { return pending_; }

  // Appends `element` to `field` of the pending message, which is sent first if
  // there is no room. RESOURCE_EXHAUSTED [ANSWER_TOO_LARGE], CANCELLED.
  template <typename Element>
  absl::Status Add(
      google::protobuf::RepeatedPtrField<Element>* (Response::*field)(),
      Element element) {
    const auto bytes = static_cast<int64_t>(element.ByteSizeLong());
    RETURN_IF_ERROR(CheckAnswerBytes(bytes, settings_));
    if (bytes_ > 0 && bytes_ + bytes > kMessageBytes) RETURN_IF_ERROR(Send());
    bytes_ += bytes;
    *(pending_.*field)()->Add() = std::move(element);
    return absl::OkStatus();
  }

  // Sends what is pending if some time has passed since something was sent: so
  // that who waits for a long search has the first results soon. CANCELLED.
  absl::Status SendIfDue() {
    if (bytes_ == 0 || Clock::now() < due_) return absl::OkStatus();
    return Send();
  }

  // Sends what is left, together with the end of the call; once, last. Whether
  // anybody is there still to receive it nobody learns.
  absl::Status Finish() {
    writer_.WriteLast(pending_, grpc::WriteOptions());
    return absl::OkStatus();
  }

 private:
  // Small enough to come soon, large enough to cost little.
  static constexpr int64_t kMessageBytes = 64 << 10;
  static constexpr std::chrono::milliseconds kPatience{50};
  using Clock = std::chrono::steady_clock;

  absl::Status Send() {
    const Watchdog stall = call_.WatchStall();
    if (!writer_.Write(pending_)) return Cancelled();
    pending_.Clear();
    bytes_ = 0;
    due_ = Clock::now() + kPatience;
    return absl::OkStatus();
  }

  const Settings& settings_;
  const Call& call_;
  grpc::ServerWriter<Response>& writer_;
  Response pending_;
  int64_t bytes_ = 0;
  Clock::time_point due_ = Clock::now() + kPatience;
};

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_ANSWER_STREAM_H_
