#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include <CLI/CLI.hpp>

#include "client/cli/commit.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

struct ClaimArgs {
  std::string fact;
  std::string claim;
  std::string date;
  TailArgs tail;
  CommitArgs commit;
};

void AddFact(CLI::App& verb, std::string& fact) {
  verb.add_option("fact", fact, "Statement, as in: '(arbor).founded = 2009-06'")
      ->required();
}

void AddClaimId(CLI::App& verb, std::string& claim) {
  verb.add_option("claim", claim, "Id of a claim, as in: rev-h1-a000")
      ->required();
}

absl::StatusOr<Answer> RunStatement(const std::string& statement,
                                    const ClaimArgs& args, Session& session) {
  v1::CommitRequest request;
  if (!args.claim.empty()) {
    RequireUnchangedClaim(args.claim, args.commit, request);
  }
  return SendStatement(statement, args.tail, std::move(request), args.commit,
                       session);
}

absl::StatusOr<Answer> RunEnd(const ClaimArgs& args, Session& session) {
  ASSIGN_OR_RETURN(const std::string date, Bare("the date", args.date));
  return RunStatement(absl::StrCat("end ", Quote(args.claim), " at ", date),
                      args, session);
}

void AddAssert(CLI::App& commit, Session& session) {
  auto args = std::make_shared<ClaimArgs>();
  CLI::App* verb =
      commit.add_subcommand("assert", "State a fact, best with its source");
  AddFact(*verb, args->fact);
  AddTailOptions(*verb, args->tail);
  AddModeOption(*verb, args->tail);
  AddCommitOptions(*verb, args->commit);
  verb->footer(
      "Example: guanxi commit assert '(arbor).founded = 2009-06' --from "
      "register:4");
  verb->callback([args, &session] {
    session.Finish(RunStatement(args->fact, *args, session));
  });
}

void AddCorrect(CLI::App& commit, Session& session) {
  auto args = std::make_shared<ClaimArgs>();
  CLI::App* verb = commit.add_subcommand(
      "correct", "Put a better claim, or rank, in the place of a wrong one");
  AddClaimId(*verb, args->claim);
  AddFact(*verb, args->fact);
  AddTailOptions(*verb, args->tail);
  AddModeOption(*verb, args->tail);
  AddCommitOptions(*verb, args->commit);
  AddUnchangedOption(*verb, args->commit);
  verb->footer(
      "Example: guanxi commit correct stake-register "
      "'(mara)-[:OWNS_SHARES_IN {percent: 56%}]->(arbor)' --at 2025-03-31 "
      "--from register:12");
  verb->callback([args, &session] {
    args->tail.supersedes = args->claim;
    session.Finish(RunStatement(args->fact, *args, session));
  });
}

void AddDispute(CLI::App& commit, Session& session) {
  auto args = std::make_shared<ClaimArgs>();
  CLI::App* verb =
      commit.add_subcommand("dispute", "State that a source denies a fact");
  AddFact(*verb, args->fact);
  AddTailOptions(*verb, args->tail);
  AddCommitOptions(*verb, args->commit);
  verb->footer(
      "Example: guanxi commit dispute '(arbor).founded = 2009-06' --from "
      "gazette:10");
  verb->callback([args, &session] {
    args->tail.mode = "negated";
    session.Finish(RunStatement(args->fact, *args, session));
  });
}

void AddEnd(CLI::App& commit, Session& session) {
  auto args = std::make_shared<ClaimArgs>();
  CLI::App* verb = commit.add_subcommand(
      "end", "Say that what a claim states stopped being true");
  AddClaimId(*verb, args->claim);
  verb->add_option("date", args->date, "The last day on which it held")
      ->required();
  AddReasonOptions(*verb, args->tail);
  AddCommitOptions(*verb, args->commit);
  AddUnchangedOption(*verb, args->commit);
  verb->footer(
      "Example: guanxi commit end stake-register 2025-08-31 --from gazette:7");
  verb->callback([args, &session] { session.Finish(RunEnd(*args, session)); });
}

void AddRetract(CLI::App& commit, Session& session) {
  auto args = std::make_shared<ClaimArgs>();
  CLI::App* verb = commit.add_subcommand(
      "retract", "No longer hold a claim; the past still shows it");
  AddClaimId(*verb, args->claim);
  AddReasonOptions(*verb, args->tail);
  AddCommitOptions(*verb, args->commit);
  AddUnchangedOption(*verb, args->commit);
  verb->footer(
      "Example: guanxi commit retract stake-register --note 'wrong company'");
  verb->callback([args, &session] {
    session.Finish(RunStatement(absl::StrCat("retract ", Quote(args->claim)),
                                *args, session));
  });
}

}  // namespace

void AddClaimVerbs(CLI::App& commit, Session& session) {
  AddAssert(commit, session);
  AddCorrect(commit, session);
  AddDispute(commit, session);
  AddEnd(commit, session);
  AddRetract(commit, session);
}

}  // namespace guanxi::cli
