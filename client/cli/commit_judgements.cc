#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include <CLI/CLI.hpp>

#include "client/cli/commit.h"

namespace guanxi::cli {
namespace {

struct JudgementArgs {
  std::string first;
  std::string second;
  TailArgs tail;
  CommitArgs commit;
};

absl::StatusOr<Answer> RunJudgement(const std::string& judgement,
                                    const JudgementArgs& args,
                                    Session& session) {
  v1::CommitRequest request;
  RequireUnchangedEntity(args.first, args.commit, request);
  RequireUnchangedEntity(args.second, args.commit, request);
  const std::string statement = absl::StrCat(judgement, " (", Quote(args.first),
                                             ") (", Quote(args.second), ")");
  return SendStatement(statement, args.tail, std::move(request), args.commit,
                       session);
}

void AddJudgement(const std::string& judgement, const std::string& help,
                  CLI::App& commit, Session& session) {
  auto args = std::make_shared<JudgementArgs>();
  CLI::App* verb = commit.add_subcommand(judgement, help);
  verb->add_option("first", args->first, "Key of an entity")->required();
  verb->add_option("second", args->second, "Key of another one")->required();
  AddTailOptions(*verb, args->tail);
  AddModeOption(*verb, args->tail);
  AddCommitOptions(*verb, args->commit);
  AddUnchangedOption(*verb, args->commit);
  verb->footer(absl::StrCat("Example: guanxi commit ", judgement,
                            " arbor arbor-ltd --from register:4 --id arbor-",
                            judgement));
  verb->callback([judgement, args, &session] {
    session.Finish(RunJudgement(judgement, *args, session));
  });
}

}  // namespace

void AddJudgementVerbs(CLI::App& commit, Session& session) {
  AddJudgement("same", "Judge that two entities are one: they show as one",
               commit, session);
  AddJudgement("different", "Judge that two entities are two: never as one",
               commit, session);
}

}  // namespace guanxi::cli
