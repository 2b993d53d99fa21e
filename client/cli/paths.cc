#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
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
  bool anywhere = false;
  PathArgs paths;
  bool trail = false;
  bool walk = false;
  std::string cheapest;
  std::string strongest;
  bool surest = false;
  double hub_penalty = 0;
  std::optional<double> otherwise;
  std::optional<double> max_cost;
};

v1::PathRestrictor RestrictorOf(const PathsArgs& args) {
  if (args.walk) return v1::PATH_RESTRICTOR_WALK;
  if (args.trail) return v1::PATH_RESTRICTOR_TRAIL;
  return v1::PATH_RESTRICTOR_ACYCLIC;
}

bool HasCost(const PathsArgs& args) {
  return !args.cheapest.empty() || !args.strongest.empty() || args.surest ||
         args.hub_penalty != 0;
}

// Whether the cost says how much the parts of a path multiply to.
bool IsProduct(const PathsArgs& args) {
  return (!args.strongest.empty() || args.surest) && args.hub_penalty == 0;
}

absl::Status CheckCost(const PathsArgs& args) {
  if (args.otherwise.has_value() && !HasCost(args)) {
    return absl::InvalidArgumentError(
        "expected --cheapest, --strongest, --surest or --hub-penalty beside "
        "--otherwise");
  }
  const int asked = (args.cheapest.empty() ? 0 : 1) +
                    (args.strongest.empty() ? 0 : 1) + (args.surest ? 1 : 0);
  if (asked <= 1) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "expected one of --cheapest, --strongest and --surest, not several");
}

v1::PathCost CostOf(const PathsArgs& args) {
  v1::PathCost cost;
  if (!args.cheapest.empty()) {
    cost.set_basis(v1::PRICE_BASIS_PROPERTY);
    cost.set_property(args.cheapest);
  } else if (!args.strongest.empty()) {
    cost.set_basis(v1::PRICE_BASIS_PROPERTY);
    cost.set_property(args.strongest);
    cost.set_function(v1::PRICE_FUNCTION_NEGATIVE_LOGARITHM);
  } else if (args.surest) {
    cost.set_basis(v1::PRICE_BASIS_CONFIDENCE);
    cost.set_function(v1::PRICE_FUNCTION_NEGATIVE_LOGARITHM);
  }
  cost.set_hub_penalty(args.hub_penalty);
  if (args.otherwise.has_value()) cost.set_otherwise(*args.otherwise);
  return cost;
}

std::string CostText(const PathsArgs& args, double cost) {
  if (IsProduct(args)) return absl::StrCat("Together ", std::exp(-cost));
  return absl::StrCat("Cost ", cost);
}

absl::Status CheckEnds(const PathsArgs& args) {
  const bool leads_to_some = !args.to.empty() || !args.also_to.empty();
  if (leads_to_some == args.anywhere) {
    return absl::InvalidArgumentError(
        "expected an entity to lead to, or --anywhere: one of the two");
  }
  const bool lists = args.paths.all || args.paths.first > 0;
  if (lists || !args.anywhere) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "expected --all or --first beside --anywhere");
}

absl::StatusOr<Answer> RunPaths(const PathsArgs& args, Session& session) {
  v1::FindPathsRequest request;
  request.set_from_entity(args.from);
  request.set_to_entity(args.to);
  request.mutable_from_entities()->Assign(args.also_from.begin(),
                                          args.also_from.end());
  request.mutable_to_entities()->Assign(args.also_to.begin(),
                                        args.also_to.end());
  request.set_to_anywhere(args.anywhere);
  request.set_restrictor(RestrictorOf(args));
  RETURN_IF_ERROR(CheckEnds(args));
  RETURN_IF_ERROR(CheckCost(args));
  if (HasCost(args)) *request.mutable_cost() = CostOf(args);
  if (args.max_cost.has_value()) request.set_max_cost(*args.max_cost);
  RETURN_IF_ERROR(Fill(args.paths, session, request));
  ASSIGN_OR_RETURN(const v1::FindPathsResponse response,
                   session.Connect().FindPaths(request));
  return Show({response, response.paths(), response.moment(),
               response.completeness(), response.counts()},
              args.paths, "path", session);
}

void AddCostOptions(CLI::App& paths, PathsArgs& args) {
  paths.add_option(
      "--cheapest", args.cheapest,
      "In place of the shortest: by the sum of this property of relationships");
  paths.add_option(
      "--strongest", args.strongest,
      "By the product of this property, as in: --strongest percent");
  paths.add_flag("--surest", args.surest,
                 "By the product of the confidences of the relationships");
  paths.add_option("--otherwise", args.otherwise,
                   "What a relationship without the property costs; unless "
                   "told, none is taken");
  paths.add_option("--hub-penalty", args.hub_penalty,
                   "Cost of leading through an entity, times the logarithm of "
                   "how many relationships it has");
  paths.add_option("--max-cost", args.max_cost, "The most a path may cost");
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
  paths->add_option("to", args->to, "Key or unique name, as in: cambricon");
  paths
      ->add_option("--also-from", args->also_from,
                   "Further entities at which a path may begin")
      ->delimiter(',');
  paths
      ->add_option("--also-to", args->also_to,
                   "Further entities at which a path may end")
      ->delimiter(',');
  paths->add_flag("--anywhere", args->anywhere,
                  "To whatever is there, in place of an entity; with --all or "
                  "--first");
  AddPathOptions(*paths, "paths", args->paths);
  CLI::Option* trail = paths->add_flag(
      "--trail", args->trail,
      "Let paths meet an entity twice, but take no relationship twice");
  paths
      ->add_flag("--walk", args->walk,
                 "Let paths meet entities and take relationships again")
      ->excludes(trail);
  AddCostOptions(*paths, *args);
  paths->footer(
      "Exits with 1 if it is certain that there is no path.\n"
      "Examples: guanxi paths cas cambricon\n"
      "          guanxi paths cas cambricon --all --max-length 4 --limit 10\n"
      "          guanxi paths cas cambricon --first 3 --pattern "
      "'-[:CONTROLS|OWNS_SHARES_IN]->{1,4}'\n"
      "          guanxi paths cas cambricon --hub-penalty 1\n"
      "          guanxi paths cas --anywhere --all --max-length 2");
  paths->callback([args, &session] {
    if (HasCost(*args)) {
      args->paths.cost_text = [args = args.get()](double cost) {
        return CostText(*args, cost);
      };
    }
    session.Finish(RunPaths(*args, session));
  });
}

}  // namespace guanxi::cli
