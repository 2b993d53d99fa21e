#include "server/calls.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
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

void Call::Note(absl::string_view name, std::string value) {
  notes_.emplace_back(name, std::move(value));
}

Calls::Calls(const Settings& settings, Log& log)
    : settings_(settings), log_(log), limiter_(settings.max_calls) {}

grpc::Status Calls::Run(grpc::ServerContextBase& context,
                        absl::string_view method,
                        absl::FunctionRef<absl::Status(Call&)> work) {
  const auto start = steady_clock::now();
  Call call(context, settings_);
  const absl::Status status = Work(call, work);

  LogFields fields = {{"code", CodeName(status.code())},
                      {"took", ShowDuration(steady_clock::now() - start)},
                      {"peer", context.peer()}};
  AppendError(status, &fields);
  fields.insert(fields.end(), call.notes().begin(), call.notes().end());
  log_.Write(method, fields);
  return ToGrpc(status);
}

absl::Status Calls::Work(Call& call,
                         absl::FunctionRef<absl::Status(Call&)> work) {
  const Limiter::Slot slot = limiter_.TryTake();
  if (slot == nullptr) return TooManyCalls(limiter_);
  RETURN_IF_ERROR(call.CheckGoing());
  return work(call);
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
