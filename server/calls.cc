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
using std::chrono::system_clock;

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

void AppendError(const absl::Status& status, LogFields* fields) {
  if (status.ok()) return;
  if (const auto info = GetErrorInfo(status)) {
    fields->emplace_back("reason", info->reason);
  }
  const bool ours = IsInternal(status.code()) || absl::IsDataLoss(status);
  if (ours) fields->emplace_back("error", std::string(status.message()));
}

}  // namespace

Call::Call(grpc::ServerContextBase& context, const Settings& settings)
    : context_(context), next_look_(steady_clock::now() + kBetweenLooks) {
  const auto now = system_clock::now();
  const auto asked = context.deadline();
  const bool unlimited = asked == system_clock::time_point::max();
  const auto most = now + milliseconds(unlimited ? settings.default_deadline_ms
                                                 : settings.max_deadline_ms);
  const auto end = std::min(asked, most);
  if (end < asked) watchdog_.emplace(context, end);
  const auto left = std::max(end - now, system_clock::duration::zero());
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
  commit->deadline = deadline_;
  commit->cancelled = [this] { return IsCancelled(); };
}

void Call::Note(absl::string_view name, std::string value) {
  notes_.emplace_back(name, std::move(value));
}

Calls::Calls(const Settings& settings, const Access& access, Graphs& graphs,
             std::function<Day()> today, Log& log)
    : settings_(settings),
      access_(access),
      graphs_(graphs),
      today_(std::move(today)),
      log_(log),
      limiter_(settings.max_calls) {}

grpc::Status Calls::OnServer(grpc::ServerContextBase& context,
                             const Method& method, ServerWork work) {
  const auto start = steady_clock::now();
  Call call(context, settings_);
  const absl::Status status = [&]() -> absl::Status {
    RETURN_IF_ERROR(LetIn(context, method, call));
    const Limiter::Slot slot = limiter_.TryTake();
    if (slot == nullptr) return TooManyCalls(limiter_);
    RETURN_IF_ERROR(call.CheckGoing());
    return work(call);
  }();

  LogFields fields = {{"code", CodeName(status.code())},
                      {"took", ShowDuration(steady_clock::now() - start)},
                      {"peer", context.peer()}};
  AppendError(status, &fields);
  fields.insert(fields.end(), call.notes().begin(), call.notes().end());
  log_.Write(method.name, fields);
  return ToGrpc(status);
}

grpc::Status Calls::OnGraph(grpc::ServerContextBase& context,
                            const Method& method, GraphWork work) {
  return OnServer(context, method,
                  [&](Call& call) { return WorkOnGraph(context, call, work); });
}

absl::Status Calls::LetIn(const grpc::ServerContextBase& context,
                          const Method& method, Call& call) {
  ASSIGN_OR_RETURN(Caller caller, access_.Admit(context, method.role));
  if (!caller.name.empty()) call.Note("caller", caller.name);
  call.set_caller(std::move(caller));
  return absl::OkStatus();
}

absl::Status Calls::WorkOnGraph(const grpc::ServerContextBase& context,
                                Call& call, GraphWork work) {
  ASSIGN_OR_RETURN(const std::string name, GraphOf(context));
  if (name != kMainGraph) call.Note("graph", name);
  RETURN_IF_ERROR(call.caller().CheckGraph(name));
  // Owned with the list of graphs, which may lose it while the call goes on.
  ASSIGN_OR_RETURN(const std::shared_ptr<Graph> graph, graphs_.Find(name));
  return work({.store = graph->store(),
               .topology = graph->topology(),
               .columns = graph->columns(),
               .settings = settings_,
               .today = today_},
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
