#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "client/cli/commands.h"
#include "client/cli/path_answer.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

struct PathsArgs {
  std::string from;
  std::string to;
  std::vector<std::string> also_from;
  std::vector<std::string> also_to;
  PathArgs paths;
  bool trail = false;
  bool walk = false;
};

v1::PathRestrictor RestrictorOf(const PathsArgs& args) {
  if (args.walk) return v1::PATH_RESTRICTOR_WALK;
  if (args.trail) return v1::PATH_RESTRICTOR_TRAIL;
  return v1::PATH_RESTRICTOR_ACYCLIC;
}

absl::StatusOr<Answer> RunPaths(const PathsArgs& args, Session& session) {
  v1::FindPathsRequest request;
  request.set_from_entity(args.from);
  request.set_to_entity(args.to);
  request.mutable_from_entities()->Assign(args.also_from.begin(),
                                          args.also_from.end());
  request.mutable_to_entities()->Assign(args.also_to.begin(),
                                        args.also_to.end());
  request.set_restrictor(RestrictorOf(args));
  RETURN_IF_ERROR(Fill(args.paths, session, request));
  ASSIGN_OR_RETURN(const v1::FindPathsResponse response,
                   session.Connect().FindPaths(request));
  return Show(
      {response, response.paths(), response.moment(), response.completeness()},
      args.paths, "path", session);
}

}  // namespace

void AddPaths(CLI::App& app, Session& session) {
  auto args = std::make_shared<PathsArgs>();
  CLI::App* paths = app.add_subcommand("paths",
                                       "Show how entities are connected: one, "
                                       "some or all paths, any or those of "
                                       "a pattern");
  paths->add_option("from", args->from, "Key or unique name, as in: cas")
      ->required();
  paths->add_option("to", args->to, "Key or unique name, as in: cambricon")
      ->required();
  paths
      ->add_option("--also-from", args->also_from,
                   "Further entities at which a path may begin")
      ->delimiter(',');
  paths
      ->add_option("--also-to", args->also_to,
                   "Further entities at which a path may end")
      ->delimiter(',');
  AddPathOptions(*paths, "paths", args->paths);
  CLI::Option* trail = paths->add_flag(
      "--trail", args->trail,
      "Let paths meet an entity twice, but take no relationship twice");
  paths
      ->add_flag("--walk", args->walk,
                 "Let paths meet entities and take relationships again")
      ->excludes(trail);
  paths->footer(
      "Exits with 1 if it is certain that there is no path.\n"
      "Examples: guanxi paths cas cambricon\n"
      "          guanxi paths cas cambricon --all --max-length 4 --limit 10\n"
      "          guanxi paths cas cambricon --first 3 --pattern "
      "'-[:CONTROLS|OWNS_SHARES_IN]->{1,4}'");
  paths->callback(
      [args, &session] { session.Finish(RunPaths(*args, session)); });
}

}  // namespace guanxi::cli
