#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <CLI/CLI.hpp>

#include "client/cli/commands.h"
#include "client/cli/csv.h"
#include "client/cli/options.h"
#include "client/cli/prose.h"
#include "client/cli/table.h"
#include "client/cli/width.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

struct ReachArgs {
  std::vector<std::string> entities;
  TraversalArgs traversal;
  int32_t depth = 0;
  bool count = false;
};

std::vector<std::string> Row(const v1::ReachedEntity& reached) {
  const v1::EntitySummary& entity = reached.entity();
  return {absl::StrCat(reached.depth()), entity.key(), entity.name(),
          absl::StrJoin(entity.labels(), ", ")};
}

// "24 entities can be reached: 6 by 1 step, 18 by 2 steps."
std::string CountsText(const v1::ReachResponse& response) {
  constexpr int kMostDepths = 10;
  int64_t all = 0;
  int64_t beyond = 0;
  std::vector<std::string> by_depth;
  for (int depth = 1; depth < response.counts_size(); ++depth) {
    const int64_t count = response.counts(depth);
    all += count;
    if (depth > kMostDepths) {
      beyond += count;
      continue;
    }
    by_depth.push_back(
        absl::StrCat(count, " by ", depth, depth == 1 ? " step" : " steps"));
  }
  if (beyond > 0) by_depth.push_back(absl::StrCat(beyond, " by more"));
  if (all == 0) return "No entity can be reached.";
  return absl::StrCat(all, all == 1 ? " entity" : " entities",
                      " can be reached: ", absl::StrJoin(by_depth, ", "), ".");
}

std::string EndText(const v1::ReachResponse& response) {
  return absl::StrCat(CompletenessText(response.completeness()), " (",
                      MomentText(response.moment()), ")");
}

void PrintCsv(const v1::ReachResponse& response, Session& session) {
  Csv csv(session.out(), {"steps", "key", "name", "labels"});
  for (const v1::ReachedEntity& reached : response.entities()) {
    csv.AddRow(Row(reached));
  }
  session.err() << Printable(EndText(response)) << "\n";
}

void PrintTable(const v1::ReachResponse& response, Session& session) {
  Table table({"STEPS", "KEY", "NAME", "LABELS"});
  for (const v1::ReachedEntity& reached : response.entities()) {
    table.AddRow(Row(reached));
  }
  if (!table.empty()) {
    if (session.in_color()) table.Paint({.keys = 1});
    table.Print(session.out(), session.width(), 0);
    session.out() << "\n";
  }
  session.Print(absl::StrCat(CountsText(response), " ", EndText(response)));
  session.out() << ResumeText(response.completeness());
}

absl::StatusOr<Answer> RunReach(const ReachArgs& args, Session& session) {
  v1::ReachRequest request;
  request.mutable_entities()->Assign(args.entities.begin(),
                                     args.entities.end());
  *request.mutable_options() = ToProto(args.traversal.read, session);
  *request.mutable_traversal() = ToProto(args.traversal);
  request.set_max_depth(args.depth);
  request.set_counts_only(args.count);
  request.set_resume_token(args.traversal.resume);
  ASSIGN_OR_RETURN(const v1::ReachResponse response,
                   session.Connect().Reach(request));
  const Answer answer = response.counts_size() > 1 ? Answer::kYes : Answer::kNo;
  if (session.IsFormat("csv")) {
    PrintCsv(response, session);
    return answer;
  }
  ASSIGN_OR_RETURN(const bool printed, session.PrintJson(response));
  if (!printed) PrintTable(response, session);
  return answer;
}

}  // namespace

void AddReach(CLI::App& app, Session& session) {
  auto args = std::make_shared<ReachArgs>();
  CLI::App* reach = app.add_subcommand(
      "reach", "Show which entities can be reached, the nearest first");
  reach
      ->add_option("entities", args->entities,
                   "Keys or unique names: where to start, as in: cambricon")
      ->required();
  AddTraversalOptions(*reach, args->traversal);
  reach->add_option("--depth", args->depth,
                    "Steps to go, 10000 unless told, the most");
  reach->add_flag("--count", args->count, "Count the entities only");
  reach->footer("Example: guanxi reach cambricon --direction out --depth 2");
  reach->callback(
      [args, &session] { session.Finish(RunReach(*args, session)); });
}

}  // namespace guanxi::cli
