#ifndef GUANXI_SERVER_CALLS_H_
#define GUANXI_SERVER_CALLS_H_

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include "graph/base/budget.h"
#include "graph/store/commit_request.h"
#include "server/access.h"
#include "server/graphs.h"
#include "server/limiter.h"
#include "server/log.h"
#include "server/serving.h"
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

  // Likewise of the waiting of a commit for its turn.
  void Bind(store::CommitRequest* commit) const;

  // Who calls; before it has been let in, nobody in particular.
  const Caller& caller() const { return caller_; }
  void set_caller(Caller caller) { caller_ = std::move(caller); }

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
  Caller caller_;
  LogFields notes_;
};

// What can be called, and by whom.
struct Method {
  absl::string_view name;  // "GraphService/Get"
  Role role;               // that the caller needs
};

// What every call goes through: who may call what, the limit of calls, the
// deadline, the errors as they go over the wire, and one line in the log.
// Thread-safe.
class Calls {
 public:
  // All must outlive it; `today` is the day of reads that give none.
  Calls(const Settings& settings, const Access& access, Graphs& graphs,
        std::function<Day()> today, Log& log);

  // Does work on the graph that the call names in its metadata. Instead of it,
  // the errors of Access::Admit() and Graphs::Find(), and RESOURCE_EXHAUSTED
  // [TOO_MANY_CALLS].
  using GraphWork = absl::FunctionRef<absl::Status(const Serving&, Call&)>;
  grpc::Status OnGraph(grpc::ServerContextBase& context, const Method& method,
                       GraphWork work);

  // Likewise work on no graph, or on one that the request names.
  using ServerWork = absl::FunctionRef<absl::Status(Call&)>;
  grpc::Status OnServer(grpc::ServerContextBase& context, const Method& method,
                        ServerWork work);

 private:
  absl::Status LetIn(const grpc::ServerContextBase& context,
                     const Method& method, Call& call);
  absl::Status WorkOnGraph(const grpc::ServerContextBase& context, Call& call,
                           GraphWork work);

  const Settings& settings_;
  const Access& access_;
  Graphs& graphs_;
  const std::function<Day()> today_;
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
