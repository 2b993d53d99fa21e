#ifndef GUANXI_SERVER_CALLS_H_
#define GUANXI_SERVER_CALLS_H_

#include <chrono>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include "graph/base/budget.h"
#include "server/limiter.h"
#include "server/log.h"
#include "server/settings.h"
#include "server/watchdog.h"

namespace guanxi::server {

// One call being worked on: how long it may take, whether anybody still waits
// for it, and what the log will say of it. Not thread-safe.
class Call {
 public:
  Call(grpc::ServerContextBase& context, const Settings& settings);

  // OK, CANCELLED [CANCELLED] or DEADLINE_EXCEEDED [DEADLINE_EXCEEDED].
  absl::Status CheckGoing() const;

  // Makes `budget` end with the call, and a little before its deadline: an
  // answer that says how far it came is to arrive still.
  void Bind(Budget* budget) const;

  // Adds to the log line.
  void Note(absl::string_view name, std::string value);

  const LogFields& notes() const { return notes_; }

 private:
  // As it was a few milliseconds ago.
  bool IsCancelled() const;

  grpc::ServerContextBase& context_;
  mutable bool cancelled_ = false;
  mutable std::chrono::steady_clock::time_point next_look_;
  std::chrono::steady_clock::time_point deadline_;
  std::chrono::steady_clock::duration kept_back_{};
  std::optional<Watchdog> watchdog_;
  LogFields notes_;
};

// What every call goes through: the limit of calls, the deadline, the errors as
// they go over the wire, and one line in the log. Thread-safe.
class Calls {
 public:
  // Both must outlive it.
  Calls(const Settings& settings, Log& log);

  // Does `work`, unless there are too many calls: then RESOURCE_EXHAUSTED
  // [TOO_MANY_CALLS]. `method` is "GraphService/Get".
  grpc::Status Run(grpc::ServerContextBase& context, absl::string_view method,
                   absl::FunctionRef<absl::Status(Call&)> work);

 private:
  absl::Status Work(Call& call, absl::FunctionRef<absl::Status(Call&)> work);

  const Settings& settings_;
  Log& log_;
  Limiter limiter_;
};

// RESOURCE_EXHAUSTED [TOO_MANY_CALLS].
absl::Status TooManyCalls(const Limiter& limiter);

// CANCELLED [CANCELLED] and DEADLINE_EXCEEDED [DEADLINE_EXCEEDED].
absl::Status Cancelled();
absl::Status DeadlineExceeded();

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_CALLS_H_
