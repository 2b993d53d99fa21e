#ifndef GUANXI_CLIENT_CLI_COMMIT_H_
#define GUANXI_CLIENT_CLI_COMMIT_H_

#include <cstdint>
#include <string>

#include <CLI/App.hpp>

#include "client/cli/kg_text.h"
#include "client/cli/session.h"
#include "guanxi/v1/fact_service.pb.h"

namespace guanxi::cli {

// What the verbs of `guanxi commit` share.

// Says how a commit is to be applied.
struct CommitArgs {
  std::string author;
  std::string request_id;
  bool validate_only = false;
  uint64_t if_unchanged_since = 0;  // 0: whatever has changed
};
void AddCommitOptions(CLI::App& verb, CommitArgs& args);
void AddUnchangedOption(CLI::App& verb, CommitArgs& args);

// --from, --by and --note, which every statement with a tail takes.
void AddReasonOptions(CLI::App& verb, TailArgs& args);
// Those and all that say how a claim is meant, except its mode.
void AddTailOptions(CLI::App& verb, TailArgs& args);
void AddModeOption(CLI::App& verb, TailArgs& args);

// Makes the commit depend on what --if-unchanged-since says, if it is given.
void RequireUnchangedClaim(const std::string& claim, const CommitArgs& args,
                           v1::CommitRequest& request);
void RequireUnchangedEntity(const std::string& key, const CommitArgs& args,
                            v1::CommitRequest& request);

// Sends the request and prints what it did.
absl::StatusOr<Answer> SendCommit(v1::CommitRequest request,
                                  const CommitArgs& args, Session& session);
// Likewise of one statement with its tail.
absl::StatusOr<Answer> SendStatement(const std::string& statement,
                                     const TailArgs& tail,
                                     v1::CommitRequest request,
                                     const CommitArgs& args, Session& session);

// The verbs: of claims, of judgements, of entities.
void AddClaimVerbs(CLI::App& commit, Session& session);
void AddJudgementVerbs(CLI::App& commit, Session& session);
void AddRemovalVerbs(CLI::App& commit, Session& session);

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_COMMIT_H_
