#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include <CLI/CLI.hpp>

#include "client/cli/commands.h"
#include "client/cli/fact_text.h"
#include "client/cli/options.h"
#include "client/cli/prose.h"
#include "client/cli/table.h"
#include "client/cli/value_text.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

struct DiffArgs {
  std::string entity;
  std::string from_known;
  std::string from_valid;
  std::string to_known;
  std::string to_valid;
  ReadArgs read;
  int64_t max_results = 0;
};

const char* KindText(v1::ChangeKind kind) {
  switch (kind) {
    case v1::CHANGE_KIND_ADDED:
      return "added";
    case v1::CHANGE_KIND_ENDED:
      return "ended";
    case v1::CHANGE_KIND_CORRECTED:
      return "corrected";
    case v1::CHANGE_KIND_RETRACTED:
      return "retracted";
    case v1::CHANGE_KIND_VALUE_CHANGED:
      return "another claim is shown";
    case v1::CHANGE_KIND_FLAGS_CHANGED:
      return "stands differently";
    case v1::CHANGE_KIND_REGROUPED:
      return "moved by a judgement of identity";
    default:
      return "a change that this program does not know";
  }
}

void AddSide(const char* side, const v1::ShownFact& shown, Table& table) {
  const v1::Showing& showing = shown.showing();
  table.AddRow(
      {side, shown.has_value() ? ToText(shown.value()) : "",
       showing.claims().empty() ? "" : ToText(showing.claims(0).valid()),
       SourceText(showing), FlagsText(showing)});
}

void PrintChange(const v1::FactChange& change, Session& session) {
  v1::Fact fact;
  fact.set_entity(change.entity());
  if (change.has_relationship()) {
    *fact.mutable_relationship() = change.relationship();
  }
  *fact.mutable_key() = change.fact();
  session.Print(absl::StrCat(FactText(fact), "  ", KindText(change.kind())));
  Table table({});
  if (change.has_before()) AddSide("before", change.before(), table);
  if (change.has_after()) AddSide("after", change.after(), table);
  table.Print(session.out(), session.width(), kIndent);
  session.out() << "\n";
}

std::string SummaryText(const v1::DiffResponse& response) {
  const int count = response.changes_size();
  return absl::StrCat(count, count == 1 ? " change. " : " changes. ",
                      CompletenessText(response.completeness()),
                      " (from: ", MomentText(response.from()),
                      "; to: ", MomentText(response.to()), ")");
}

// The later moment is that of all commands unless `--to-…` says otherwise.
absl::StatusOr<v1::DiffRequest> ToRequest(const DiffArgs& args,
                                          Session& session) {
  if (args.from_known.empty() && args.from_valid.empty()) {
    return absl::InvalidArgumentError(
        "expected the earlier moment, as in: --from-known 3");
  }
  v1::DiffRequest request;
  request.set_entity(args.entity);
  *request.mutable_options() = ToProto(args.read, session);
  v1::Moment& to = *request.mutable_options()->mutable_moment();
  if (!args.to_valid.empty()) to.set_valid_at(args.to_valid);
  ReadKnownAt(args.to_known, to);
  request.mutable_from()->set_valid_at(args.from_valid);
  ReadKnownAt(args.from_known, *request.mutable_from());
  request.mutable_budget()->set_max_results(args.max_results);
  return request;
}

absl::StatusOr<Answer> RunDiff(const DiffArgs& args, Session& session) {
  ASSIGN_OR_RETURN(const v1::DiffRequest request, ToRequest(args, session));
  ASSIGN_OR_RETURN(const v1::DiffResponse response,
                   session.Connect().Diff(request));
  const bool is_none =
      response.changes().empty() &&
      response.completeness().outcome() == v1::OUTCOME_COMPLETE;
  const Answer answer = is_none ? Answer::kNo : Answer::kYes;
  ASSIGN_OR_RETURN(const bool printed, session.PrintJson(response));
  if (printed) return answer;
  for (const v1::FactChange& change : response.changes()) {
    PrintChange(change, session);
  }
  session.Print(SummaryText(response));
  return answer;
}

}  // namespace

void AddDiff(CLI::App& app, Session& session) {
  auto args = std::make_shared<DiffArgs>();
  CLI::App* diff = app.add_subcommand(
      "diff", "Show what differs between two moments, and why");
  diff->add_option("entity", args->entity,
                   "Key or unique name, as in: cambricon; without it the "
                   "whole graph");
  diff->add_option("--from-known", args->from_known,
                   "What was believed then, as --known-at; without it the "
                   "same as at the end")
      ->check(CheckKnownAt);
  diff->add_option("--from-valid", args->from_valid,
                   "Day on which facts were to hold, YYYY-MM-DD; without it "
                   "the same as at the end");
  diff->add_option("--to-known", args->to_known,
                   "The same at the end; without it --known-at, or all")
      ->check(CheckKnownAt);
  diff->add_option("--to-valid", args->to_valid,
                   "The same at the end; without it --valid-at, or today");
  AddReadOptions(*diff, args->read);
  diff->add_option("--max-results", args->max_results,
                   "Tell so many changes at most");
  diff->footer(
      "Exits with 1 if nothing differs.\n"
      "Example: guanxi diff cambricon --from-known 3 --to-known 7");
  diff->callback([args, &session] { session.Finish(RunDiff(*args, session)); });
}

}  // namespace guanxi::cli
