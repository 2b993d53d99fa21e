#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "client/cli/commands.h"
#include "client/cli/path_answer.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

struct CyclesArgs {
  std::string entity;
  PathArgs paths;
};

absl::StatusOr<Answer> RunCycles(const CyclesArgs& args, Session& session) {
  v1::FindCyclesRequest request;
  request.set_entity(args.entity);
  RETURN_IF_ERROR(Fill(args.paths, session, request));
  ASSIGN_OR_RETURN(const v1::FindCyclesResponse response,
                   session.Connect().FindCycles(request));
  return Show({response, response.cycles(), response.moment(),
               response.completeness(), response.counts()},
              args.paths, "cycle", session);
}

}  // namespace

void AddCycles(CLI::App& app, Session& session) {
  auto args = std::make_shared<CyclesArgs>();
  CLI::App* cycles = app.add_subcommand(
      "cycles", "Show ways that lead from an entity back to it");
  cycles
      ->add_option("entity", args->entity,
                   "Key or unique name, as in: cambricon")
      ->required();
  AddPathOptions(*cycles, "cycles", args->paths);
  cycles->footer(
      "Exits with 1 if it is certain that there is no cycle.\n"
      "Example: guanxi cycles cambricon --direction out --types "
      "OWNS_SHARES_IN,CONTROLS");
  cycles->callback(
      [args, &session] { session.Finish(RunCycles(*args, session)); });
}

}  // namespace guanxi::cli
