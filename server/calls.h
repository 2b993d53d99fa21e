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
#include <google/protobuf/message.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include "graph/base/budget.h"
#include "graph/store/commit_request.h"
#include "server/access.h"
#include "server/graphs.h"
#include "server/limiter.h"
#include "server/log.h"
#include "server/metrics.h"
#include "server/sending.h"
#include "server/serving.h"
#include "server/settings.h"
#include "server/watchdog.h"

namespace guanxi::server {

// One call being worked on: how long it may take, whether anybody still waits
// for it, and what the log will say of it. Not thread-safe.
class Call {
 public:
  Call(grpc::ServerContextBase& context, const Settings& settings,
       Deadlines& deadlines);

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

  // Cancels the call if its client takes or sends nothing for as long as the
  // setting max_stall_ms says: made before each message of a stream, gone after
  // it.
  Watchdog WatchStall() const {
    return Watchdog(deadlines_, context_, max_stall_);
  }

  // Says which limit ended the search: "STOP_REASON_MAX_RESULTS".
  void NoteStop(std::string reason) { stop_ = std::move(reason); }
  const std::string& stop() const { return stop_; }  // empty: none did

  // Adds to the log line.
  void Note(absl::string_view name, std::string value);

  const LogFields& notes() const { return notes_; }

 private:
  // As it was a few milliseconds ago.
  bool IsCancelled() const;

  grpc::ServerContextBase& context_;
  Deadlines& deadlines_;
  mutable bool cancelled_ = false;
  mutable std::chrono::steady_clock::time_point next_look_;
  std::chrono::steady_clock::time_point deadline_;
  std::chrono::steady_clock::duration kept_back_{};
  const std::chrono::milliseconds max_stall_;
  std::optional<Watchdog> watchdog_;
  Caller caller_;
  std::string stop_;
  LogFields notes_;
};

// What can be called, and by whom.
struct Method {
  absl::string_view name;  // "GraphService/Get"
  Role role;               // that the caller needs
  // What is told of a call that was slow; nullptr: nothing, of what is written
  // or comes as a stream.
  const google::protobuf::Message* request = nullptr;
};

// What every call goes through: who may call what, the limit of calls, the
// deadline, the errors as they go over the wire, one line in the log, and the
// metrics.
// Thread-safe.
class Calls {
 public:
  // What calls go by and are told to; all of it outlives them.
  struct Ground {
    const Settings& settings;
    const Access& access;
    Graphs& graphs;
    const std::function<Day()>& today;  // the day of reads that give none
    Log& log;
    Metrics& metrics;
    Sending& sending;
    Deadlines& deadlines;
  };
  explicit Calls(const Ground& ground)
      : ground_(ground),
        limiter_(ground.settings.max_calls),
        client_limiter_(ground.settings.max_client_calls) {}

  // Does work on the graph that the call names in its metadata. Instead of it,
  // the errors of Access::Admit() and Graphs::Find(), and RESOURCE_EXHAUSTED
  // [TOO_MANY_CALLS, TOO_MANY_CALLS_OF_CLIENT].
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

  void Tell(const grpc::ServerContextBase& context, const Method& method,
            const Call& call, const absl::Status& status,
            std::chrono::steady_clock::duration took);

  const Ground ground_;
  Limiter limiter_;
  NamedLimiter client_limiter_;  // by caller, or by address if it has no name
};

// RESOURCE_EXHAUSTED [TOO_MANY_CALLS].
absl::Status TooManyCalls(const Limiter& limiter);

// CANCELLED [CANCELLED] and DEADLINE_EXCEEDED [DEADLINE_EXCEEDED].
absl::Status Cancelled();
absl::Status DeadlineExceeded();

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_CALLS_H_
