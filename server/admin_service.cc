#include "server/admin_service.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/text/utf8.h"
#include "server/backup.h"
#include "server/convert/field_path.h"

namespace guanxi::server {
namespace {

using std::chrono::steady_clock;

constexpr int32_t kDefaultViolations = 100;
constexpr int32_t kMostViolations = 10'000;
constexpr std::chrono::seconds kBetweenProgress(1);

using CheckWriter = grpc::ServerWriter<v1::CheckResponse>;

absl::StatusOr<size_t> ReadMaxViolations(const v1::CheckRequest& request) {
  const int32_t asked = request.max_violations();
  if (asked < 0) {
    return Invalid(FieldPath("max_violations"), absl::StrCat(asked),
                   absl::StrCat("0 to ", kMostViolations));
  }
  return static_cast<size_t>(asked == 0 ? kDefaultViolations
                                        : std::min(asked, kMostViolations));
}

// Reports progress and ends the check with its call.
class CheckProgress {
 public:
  CheckProgress(const Call& call, CheckWriter& writer)
      : call_(call), writer_(writer) {}

  bool Take(const store::VerifyProgress& progress) {
    if (!call_.CheckGoing().ok()) return false;
    const auto now = steady_clock::now();
    if (now < last_ + kBetweenProgress) return true;
    last_ = now;
    v1::CheckResponse response;
    response.mutable_progress()->set_table(progress.table);
    response.mutable_progress()->set_rows(progress.rows);
    return writer_.Write(response);
  }

 private:
  const Call& call_;
  CheckWriter& writer_;
  steady_clock::time_point last_ = steady_clock::now();
};

// Damaged names need not be UTF-8, which all text of a message must be.
std::string Readable(const std::string& text) {
  const bool is_utf8 = text::FindInvalidUtf8(text) == std::string::npos;
  return is_utf8 ? text : absl::CHexEscape(text);
}

absl::Status Write(const store::VerifyReport& report, const Call& call,
                   CheckWriter& writer) {
  for (const store::Violation& violation : report.violations) {
    v1::CheckResponse response;
    response.mutable_violation()->set_rule(violation.rule);
    response.mutable_violation()->set_where(Readable(violation.where));
    response.mutable_violation()->set_message(Readable(violation.message));
    const Watchdog stall = call.WatchStall();
    if (!writer.Write(response)) return Cancelled();
  }
  v1::CheckResponse response;
  v1::CheckSummary& summary = *response.mutable_summary();
  summary.set_revision(static_cast<int64_t>(report.revision.number));
  summary.set_rows(report.rows);
  summary.set_violation_count(report.violation_count);
  summary.set_complete(report.complete);
  return writer.Write(response) ? absl::OkStatus() : Cancelled();
}

absl::Status RunCheck(const Serving& serving, const v1::CheckRequest& request,
                      Call& call, CheckWriter& writer) {
  CheckProgress progress(call, writer);
  store::VerifyOptions options;
  ASSIGN_OR_RETURN(options.max_violations, ReadMaxViolations(request));
  options.progress = [&progress](const store::VerifyProgress& at) {
    return progress.Take(at);
  };
  const absl::StatusOr<store::VerifyReport> report =
      serving.store.Verify(options);
  RETURN_IF_ERROR(call.CheckGoing());
  RETURN_IF_ERROR(report.status());
  call.Note("violations", absl::StrCat(report->violation_count));
  return Write(*report, call, writer);
}

}  // namespace

grpc::Status AdminService::Check(grpc::ServerContext* context,
                                 const v1::CheckRequest* request,
                                 CheckWriter* writer) {
  return calls_.OnGraph(
      *context, {"AdminService/Check", Role::kAdmin, request},
      [&](const Serving& serving, Call& call) -> absl::Status {
        const Limiter::Slot slot = checks_.TryTake();
        if (slot == nullptr) return TooManyCalls(checks_);
        return RunCheck(serving, *request, call, *writer);
      });
}

grpc::Status AdminService::Backup(
    grpc::ServerContext* context, const v1::BackupRequest* request,
    grpc::ServerWriter<v1::BackupResponse>* writer) {
  return calls_.OnGraph(
      *context, {"AdminService/Backup", Role::kAdmin, request},
      [&](const Serving& serving, Call& call) -> absl::Status {
        const Limiter::Slot slot = backups_.TryTake();
        if (slot == nullptr) return TooManyCalls(backups_);
        return server::Backup(serving, call, *writer);
      });
}

grpc::Status AdminService::CreateGraph(grpc::ServerContext* context,
                                       const v1::CreateGraphRequest* request,
                                       v1::CreateGraphResponse* /*response*/) {
  return calls_.OnServer(
      *context, {"AdminService/CreateGraph", Role::kAdmin, request},
      [&](Call& call) -> absl::Status {
        call.Note("graph", request->name());
        RETURN_IF_ERROR(call.caller().CheckGraph(request->name()));
        return graphs_.Create(request->name());
      });
}

grpc::Status AdminService::ListGraphs(grpc::ServerContext* context,
                                      const v1::ListGraphsRequest* request,
                                      v1::ListGraphsResponse* response) {
  return calls_.OnServer(*context,
                         {"AdminService/ListGraphs", Role::kReader, request},
                         [&](Call& call) {
                           for (const std::string& name : graphs_.List()) {
                             if (call.caller().CheckGraph(name).ok())
                               response->add_names(name);
                           }
                           return absl::OkStatus();
                         });
}

grpc::Status AdminService::DeleteGraph(grpc::ServerContext* context,
                                       const v1::DeleteGraphRequest* request,
                                       v1::DeleteGraphResponse* /*response*/) {
  return calls_.OnServer(
      *context, {"AdminService/DeleteGraph", Role::kAdmin, request},
      [&](Call& call) -> absl::Status {
        call.Note("graph", request->name());
        RETURN_IF_ERROR(call.caller().CheckGraph(request->name()));
        return graphs_.Delete(request->name());
      });
}

}  // namespace guanxi::server
