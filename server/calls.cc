#include "server/calls.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "server/convert/field_path.h"
#include "server/status.h"

namespace guanxi::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Kept back from a call's time for sending the answer: a fifth, at most this.
constexpr milliseconds kMostKeptBack(2000);
constexpr int kShareKeptBack = 5;

// To ask gRPC whether a call was cancelled takes longer than to read a record:
// it polls the connection. So it is asked once in this time.
constexpr milliseconds kBetweenLooks(5);

// The code as gRPC spells it: "NOT_FOUND".
std::string CodeName(absl::StatusCode code) {
  return absl::StatusCodeToString(code);
}

std::string ShowDuration(steady_clock::duration duration) {
  const double ms = std::chrono::duration<double, std::milli>(duration).count();
  return absl::StrCat(ms, "ms");
}

// The graph that a call names; the main one if it names none.
absl::StatusOr<std::string> GraphOf(const grpc::ServerContextBase& context) {
  const auto [begin, end] = context.client_metadata().equal_range(kGraphHeader);
  if (begin == end) return std::string(kMainGraph);
  if (std::next(begin) == end) {
    return std::string(begin->second.data(), begin->second.size());
  }
  return Invalid(FieldPath(kGraphHeader), "several graphs",
                 "one of them, as metadata of the call");
}

// Who is one client: a caller with a name, or all that come from an address.
std::string ClientOf(const grpc::ServerContextBase& context, const Call& call) {
  if (!call.caller().name.empty()) return call.caller().name;
  const std::string peer = context.peer();  // "ipv4:127.0.0.1:50051"
  return peer.substr(0, peer.rfind(':'));
}

absl::Status TooManyCallsOfClient(const NamedLimiter& limiter) {
  const std::string limit = absl::StrCat(limiter.most());
  return MakeError(
      absl::StatusCode::kResourceExhausted, "TOO_MANY_CALLS_OF_CLIENT",
      absl::StrCat("the server works on ", limit,
                   " calls of this client already (max_client_calls); wait for "
                   "some of them to end"),
      {{"limit", limit}});
}

void AppendError(const absl::Status& status, LogFields* fields) {
  if (status.ok()) return;
  if (const auto info = GetErrorInfo(status)) {
    fields->emplace_back("reason", info->reason);
  }
  const bool ours = IsInternal(status.code()) || absl::IsDataLoss(status);
  if (ours) fields->emplace_back("error", std::string(status.message()));
}

// How long a client waits for the answer. Not by deadline(), which overflows
// where that is centuries.
gpr_timespec TimeAskedFor(const grpc::ServerContextBase& context) {
  const gpr_timespec deadline = context.raw_deadline();
  return gpr_time_sub(deadline, gpr_now(deadline.clock_type));
}

// Of a time of less than centuries; what is over already is none.
steady_clock::duration ToDuration(gpr_timespec time) {
  const gpr_timespec left = gpr_time_max(time, gpr_time_0(GPR_TIMESPAN));
  return std::chrono::seconds(left.tv_sec) +
         std::chrono::nanoseconds(left.tv_nsec);
}

}  // namespace

Call::Call(grpc::ServerContextBase& context, const Settings& settings,
           Deadlines& deadlines)
    : context_(context),
      deadlines_(deadlines),
      next_look_(steady_clock::now() + kBetweenLooks),
      max_stall_(settings.max_stall_ms) {
  const gpr_timespec asked = TimeAskedFor(context);
  const bool unlimited =
      gpr_time_cmp(asked, gpr_inf_future(asked.clock_type)) == 0;
  const gpr_timespec most = gpr_time_from_millis(
      unlimited ? settings.default_deadline_ms : settings.max_deadline_ms,
      GPR_TIMESPAN);
  const auto left = ToDuration(gpr_time_min(asked, most));
  if (gpr_time_cmp(asked, most) > 0) {
    watchdog_.emplace(deadlines, context, left);
  }
  deadline_ = steady_clock::now() + left;
  kept_back_ =
      std::min<steady_clock::duration>(left / kShareKeptBack, kMostKeptBack);
}

absl::Status Call::CheckGoing() const {
  if (steady_clock::now() >= deadline_) return DeadlineExceeded();
  if (IsCancelled()) return Cancelled();
  return absl::OkStatus();
}

bool Call::IsCancelled() const {
  const auto now = steady_clock::now();
  if (cancelled_ || now < next_look_) return cancelled_;
  next_look_ = now + kBetweenLooks;
  cancelled_ = context_.IsCancelled();
  return cancelled_;
}

void Call::Bind(Budget* budget) const {
  budget->deadline = deadline_ - kept_back_;
  budget->cancelled = [this] { return IsCancelled(); };
}

void Call::Bind(store::CommitRequest* commit) const {
  commit->deadline = deadline_ - kept_back_;  // so that the answer arrives
  commit->cancelled = [this] { return IsCancelled(); };
}

void Call::Note(absl::string_view name, std::string value) {
  notes_.emplace_back(name, std::move(value));
}

grpc::Status Calls::OnServer(grpc::ServerContextBase& context,
                             const Method& method, ServerWork work) {
  const auto start = steady_clock::now();
  Call call(context, ground_.settings, ground_.deadlines);
  bool was_let_in = false;
  const absl::Status status = [&]() -> absl::Status {
    RETURN_IF_ERROR(LetIn(context, method, call));
    const std::string client = ClientOf(context, call);
    const auto own_slot = client_limiter_.TryTake(client);
    if (!own_slot.has_value()) return TooManyCallsOfClient(client_limiter_);
    const Limiter::Slot slot = limiter_.TryTake();
    if (slot == nullptr) return TooManyCalls(limiter_);
    was_let_in = true;
    RETURN_IF_ERROR(call.CheckGoing());
    return work(call);
  }();
  // An error too: it stands behind what a stream has sent.
  ground_.sending.Begin(context, ClientOf(context, call), was_let_in);
  Tell(context, method, call, status, steady_clock::now() - start);
  return ToGrpc(status);
}

void Calls::Tell(const grpc::ServerContextBase& context, const Method& method,
                 const Call& call, const absl::Status& status,
                 steady_clock::duration took) {
  ground_.metrics.CountCall(method.name, status.code(),
                            std::chrono::duration<double>(took).count());
  LogFields fields = {{"code", CodeName(status.code())},
                      {"took", ShowDuration(took)},
                      {"peer", context.peer()}};
  AppendError(status, &fields);
  fields.insert(fields.end(), call.notes().begin(), call.notes().end());
  if (!call.stop().empty()) {
    ground_.metrics.CountStop(call.stop());
    fields.emplace_back("stopped", call.stop());
  }
  ground_.log.Write(method.name, fields);
  if (took < milliseconds(ground_.settings.slow_call_ms)) return;
  if (method.request == nullptr) return;
  ground_.log.Write("slow", {{"method", std::string(method.name)},
                             {"request", method.request->ShortDebugString()}});
}

grpc::Status Calls::OnGraph(grpc::ServerContextBase& context,
                            const Method& method, GraphWork work) {
  return OnServer(context, method,
                  [&](Call& call) { return WorkOnGraph(context, call, work); });
}

absl::Status Calls::LetIn(const grpc::ServerContextBase& context,
                          const Method& method, Call& call) {
  Caller caller;
  absl::Status admitted = ground_.access.Admit(context, method.role, &caller);
  if (!caller.name.empty()) call.Note("caller", caller.name);
  call.set_caller(std::move(caller));
  return admitted;
}

absl::Status Calls::WorkOnGraph(const grpc::ServerContextBase& context,
                                Call& call, GraphWork work) {
  ASSIGN_OR_RETURN(const std::string name, GraphOf(context));
  if (name != kMainGraph) call.Note("graph", name);
  RETURN_IF_ERROR(call.caller().CheckGraph(name));
  // Owned with the list of graphs, which may lose it while the call goes on.
  ASSIGN_OR_RETURN(const std::shared_ptr<Graph> graph,
                   ground_.graphs.Find(name));
  return work({.store = graph->store(),
               .topology = graph->topology(),
               .columns = graph->columns(),
               .settings = ground_.settings,
               .today = ground_.today},
              call);
}

absl::Status TooManyCalls(const Limiter& limiter) {
  const std::string limit = absl::StrCat(limiter.most());
  return MakeError(absl::StatusCode::kResourceExhausted, "TOO_MANY_CALLS",
                   absl::StrCat("the server works on ", limit,
                                " such calls already; try again later"),
                   {{"limit", limit}});
}

absl::Status Cancelled() {
  return MakeError(absl::StatusCode::kCancelled, "CANCELLED",
                   "the call was cancelled");
}

absl::Status DeadlineExceeded() {
  return MakeError(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED",
                   "the call takes longer than it may; give it a later "
                   "deadline or ask for less");
}

}  // namespace guanxi::server
