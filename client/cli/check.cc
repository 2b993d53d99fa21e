#include <cstdint>
#include <memory>

#include "absl/strings/str_cat.h"
#include <CLI/CLI.hpp>

#include "client/cli/commands.h"
#include "client/cli/width.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

struct CheckArgs {
  int32_t max_violations = 0;
};

void Print(const v1::Violation& violation, Session& session) {
  session.Print(absl::StrCat(violation.rule(), ": ", violation.where(), ": ",
                             violation.message()));
}

void Print(const v1::CheckSummary& summary, Session& session) {
  if (!summary.complete()) {
    session.Print(
        "Names or schema are damaged, so that most tables could not be "
        "checked.");
  }
  const std::string found =
      summary.violation_count() == 0
          ? "no violation"
          : absl::StrCat(
                summary.violation_count(),
                summary.violation_count() == 1 ? " violation" : " violations");
  session.Print(absl::StrCat("Revision ", summary.revision(), ", ",
                             summary.rows(), " rows: ", found));
}

absl::StatusOr<Answer> RunCheck(const CheckArgs& args, Session& session) {
  v1::CheckRequest request;
  request.set_max_violations(args.max_violations);
  v1::CheckSummary summary;
  absl::Status printed;
  const absl::Status checked =
      session.Connect(Session::kWholeGraphTimeoutS)
          .Check(request, [&](const auto& part) {
            if (part.has_progress()) {
              if (session.progress() == nullptr) return;
              *session.progress()
                  << "checking " << Printable(part.progress().table()) << ", "
                  << part.progress().rows() << " rows\n";
              return;
            }
            if (part.has_summary()) summary = part.summary();
            const absl::StatusOr<bool> json = session.PrintJson(part);
            printed.Update(json.status());
            if (!json.ok() || *json) return;
            if (part.has_violation()) Print(part.violation(), session);
            if (part.has_summary()) Print(part.summary(), session);
          });
  RETURN_IF_ERROR(checked);
  RETURN_IF_ERROR(printed);
  const bool clean = summary.complete() && summary.violation_count() == 0;
  return clean ? Answer::kYes : Answer::kNo;
}

}  // namespace

void AddCheck(CLI::App& app, Session& session) {
  auto args = std::make_shared<CheckArgs>();
  CLI::App* check = app.add_subcommand(
      "check", "Check that the store is sound; 1 means it is not");
  check->add_option("--max-violations", args->max_violations,
                    "Print so many violations at most, 100 unless told");
  check->footer("Example: guanxi check");
  check->callback(
      [args, &session] { session.Finish(RunCheck(*args, session)); });
}

}  // namespace guanxi::cli
