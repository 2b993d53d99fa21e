#include "client/cli/commit.h"

#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include <CLI/CLI.hpp>

#include "client/cli/commands.h"
#include "client/cli/width.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

constexpr uint64_t kMostRevisions = uint64_t{1} << 62;

// What an error says to a user who gave one statement: in the .kg text it is
// the second line, and the tail the third; else it is the only operation.
std::string PlaceInWords(absl::string_view message) {
  if (absl::ConsumePrefix(&message, "line 2:") &&
      !absl::ConsumePrefix(&message, "1: ")) {
    return absl::StrCat("column ", message);
  }
  if (absl::ConsumePrefix(&message, "line 3:")) {
    message.remove_prefix(message.find(' ') + 1);
  }
  absl::ConsumePrefix(&message, "operation 0: ");
  return std::string(message);
}

absl::Status InWords(const absl::Status& error) {
  absl::Status shown(error.code(), PlaceInWords(error.message()));
  error.ForEachPayload(
      [&shown](absl::string_view type, const absl::Cord& payload) {
        shown.SetPayload(type, payload);
      });
  return shown;
}

// "1 claim added, 1 no longer believed": what is not zero.
std::string CountsText(const v1::WriteSummary& summary) {
  const std::pair<int64_t, const char*> counts[] = {
      {summary.claims_added(), "added"},
      {summary.claims_unchanged(), "there already"},
      {summary.claims_retracted(), "no longer believed"},
      {summary.claims_ended(), "ended"},
      {summary.claims_purged(), "erased"},
      {summary.claims_skipped(), "skipped"}};
  std::vector<std::string> parts;
  for (const auto& [count, what] : counts) {
    if (count == 0) continue;
    const std::string noun =
        !parts.empty() ? " " : (count == 1 ? " claim " : " claims ");
    parts.push_back(absl::StrCat(count, noun, what));
  }
  return parts.empty() ? "no claims" : absl::StrJoin(parts, ", ");
}

std::string OutcomeText(const v1::WriteSummary& summary,
                        const CommitArgs& args) {
  const std::string counts = CountsText(summary);
  if (!summary.changed()) {
    return absl::StrCat("Nothing changed: ", counts, ". Revision ",
                        summary.revision());
  }
  if (args.validate_only) {
    return absl::StrCat("Valid, not applied: ", counts);
  }
  return absl::StrCat("Revision ", summary.revision(), ": ", counts);
}

void PrintOutcome(const v1::CommitResponse& response, const CommitArgs& args,
                  Session& session) {
  const v1::WriteSummary& summary = response.summary();
  session.Print(OutcomeText(summary, args));
  for (const v1::StatedClaims& stated : response.stated()) {
    for (const std::string& id : stated.claim_ids()) {
      session.out() << "  id " << Printable(id) << "\n";
    }
  }
  for (const v1::Notice& notice : summary.notices()) {
    session.out() << "  " << Printable(notice.message()) << "\n";
  }
}

v1::Precondition* AddCondition(const CommitArgs& args,
                               v1::CommitRequest& request) {
  v1::Precondition* condition = request.add_preconditions();
  condition->set_unchanged_since(args.if_unchanged_since);
  return condition;
}

}  // namespace

void AddCommitOptions(CLI::App& verb, CommitArgs& args) {
  verb.add_option("--author", args.author, "Who writes, for the log");
  verb.add_option("--request-id", args.request_id,
                  "Applied once, however often it is sent within 24 hours");
  verb.add_flag("--validate-only", args.validate_only,
                "Check it and say what it would do, but apply nothing");
}

void AddUnchangedOption(CLI::App& verb, CommitArgs& args) {
  verb.add_option("--if-unchanged-since", args.if_unchanged_since,
                  "Only if nothing has changed there since this revision")
      ->check(CLI::Range(uint64_t{1}, kMostRevisions));
}

void AddReasonOptions(CLI::App& verb, TailArgs& args) {
  verb.add_option("--from", args.from,
                  "Source and line, as in: a000:19 or a000:27-29; once for "
                  "each")
      ->allow_extra_args(false);
  verb.add_option("--by", args.by, "To whom the source attributes it");
  verb.add_option("--note", args.note, "Remark for people");
}

void AddTailOptions(CLI::App& verb, TailArgs& args) {
  AddReasonOptions(verb, args);
  verb.add_option("--at", args.at, "Observed, or happened, then: 2025-03-31");
  verb.add_option("--during", args.during,
                  "True throughout, as in: 2025-H1 or 2022/..");
  verb.add_option("--rank", args.rank, "How it ranks; normal unless told")
      ->check(CLI::IsMember({"preferred", "normal", "deprecated"}));
  verb.add_option("--conf", args.conf, "Confidence, 0 to 1");
  verb.add_option("--id", args.id, "Name of the claim, to refer to it later");
}

void AddModeOption(CLI::App& verb, TailArgs& args) {
  verb.add_option("--mode", args.mode,
                  "How the source puts it; asserted "
                  "unless told")
      ->check(CLI::IsMember({"asserted", "reported", "expected", "planned",
                             "inferred", "opinion", "suggested", "negated"}));
}

void RequireUnchangedClaim(const std::string& claim, const CommitArgs& args,
                           v1::CommitRequest& request) {
  if (args.if_unchanged_since == 0) return;
  AddCondition(args, request)->set_claim(claim);
}

void RequireUnchangedEntity(const std::string& key, const CommitArgs& args,
                            v1::CommitRequest& request) {
  if (args.if_unchanged_since == 0) return;
  AddCondition(args, request)->set_entity(key);
}

absl::StatusOr<Answer> SendCommit(v1::CommitRequest request,
                                  const CommitArgs& args, Session& session) {
  request.set_author(args.author);
  request.set_request_id(args.request_id);
  request.set_validate_only(args.validate_only);
  const auto response = session.Connect().Commit(request);
  if (!response.ok()) return InWords(response.status());
  ASSIGN_OR_RETURN(const bool printed, session.PrintJson(*response));
  if (!printed) PrintOutcome(*response, args, session);
  return Answer::kYes;
}

absl::StatusOr<Answer> SendStatement(const std::string& statement,
                                     const TailArgs& tail,
                                     v1::CommitRequest request,
                                     const CommitArgs& args, Session& session) {
  ASSIGN_OR_RETURN(*request.mutable_kg(), KgText(statement, tail));
  return SendCommit(std::move(request), args, session);
}

void AddCommit(CLI::App& app, Session& session) {
  CLI::App* commit = app.add_subcommand(
      "commit", "Write one thing: state, correct, end, retract, judge, purge");
  commit->require_subcommand(1);
  AddClaimVerbs(*commit, session);
  AddJudgementVerbs(*commit, session);
  AddRemovalVerbs(*commit, session);
  commit->footer(
      "FACT is a statement of the .kg language in quotes. Each verb has help "
      "of its own.\n"
      "Example: guanxi commit correct --help");
}

}  // namespace guanxi::cli
