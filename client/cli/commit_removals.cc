#include <memory>
#include <string>
#include <utility>

#include <CLI/CLI.hpp>

#include "client/cli/commit.h"

namespace guanxi::cli {
namespace {

struct RemovalArgs {
  std::string what;  // the key of an entity, or the id of a claim
  std::string why;
  CommitArgs commit;
};

void AddWhy(CLI::App& verb, std::string& why) {
  verb.add_option("--why", why, "Why, kept with the tombstone")->required();
}

absl::StatusOr<Answer> RunDelete(const RemovalArgs& args, Session& session) {
  v1::CommitRequest request;
  request.set_note(args.why);
  RequireUnchangedEntity(args.what, args.commit, request);
  request.add_operations()->mutable_delete_entity()->set_key(args.what);
  return SendCommit(std::move(request), args.commit, session);
}

absl::StatusOr<Answer> RunPurgeClaim(const RemovalArgs& args,
                                     Session& session) {
  v1::CommitRequest request;
  RequireUnchangedClaim(args.what, args.commit, request);
  auto& purge = *request.add_operations()->mutable_purge_claim();
  purge.set_claim(args.what);
  purge.set_why(args.why);
  return SendCommit(std::move(request), args.commit, session);
}

absl::StatusOr<Answer> RunPurgeEntity(const RemovalArgs& args,
                                      Session& session) {
  v1::CommitRequest request;
  RequireUnchangedEntity(args.what, args.commit, request);
  auto& purge = *request.add_operations()->mutable_purge_entity();
  purge.set_key(args.what);
  purge.set_why(args.why);
  return SendCommit(std::move(request), args.commit, session);
}

void AddDelete(CLI::App& commit, Session& session) {
  auto args = std::make_shared<RemovalArgs>();
  CLI::App* verb = commit.add_subcommand(
      "delete", "Retract all claims about an entity; the past still shows it");
  verb->add_option("entity", args->what, "Key, as in: arbor")->required();
  verb->add_option("--note", args->why, "Why, for the log");
  AddCommitOptions(*verb, args->commit);
  AddUnchangedOption(*verb, args->commit);
  verb->footer("Example: guanxi commit delete arbor --note 'out of scope'");
  verb->callback(
      [args, &session] { session.Finish(RunDelete(*args, session)); });
}

void AddPurgeClaim(CLI::App& commit, Session& session) {
  auto args = std::make_shared<RemovalArgs>();
  CLI::App* verb = commit.add_subcommand(
      "purge-claim", "Erase a claim, from the past too; only a digest stays");
  verb->add_option("claim", args->what, "Id, as in: stake-register")
      ->required();
  AddWhy(*verb, args->why);
  AddCommitOptions(*verb, args->commit);
  AddUnchangedOption(*verb, args->commit);
  verb->footer(
      "Example: guanxi commit purge-claim stake-register --why 'court order'");
  verb->callback(
      [args, &session] { session.Finish(RunPurgeClaim(*args, session)); });
}

void AddPurgeEntity(CLI::App& commit, Session& session) {
  auto args = std::make_shared<RemovalArgs>();
  CLI::App* verb = commit.add_subcommand(
      "purge-entity", "Erase an entity and all claims about it, likewise");
  verb->add_option("entity", args->what, "Key, as in: mara")->required();
  AddWhy(*verb, args->why);
  AddCommitOptions(*verb, args->commit);
  AddUnchangedOption(*verb, args->commit);
  verb->footer(
      "Example: guanxi commit purge-entity mara --why 'erasure request'");
  verb->callback(
      [args, &session] { session.Finish(RunPurgeEntity(*args, session)); });
}

}  // namespace

void AddRemovalVerbs(CLI::App& commit, Session& session) {
  AddDelete(commit, session);
  AddPurgeClaim(commit, session);
  AddPurgeEntity(commit, session);
}

}  // namespace guanxi::cli
