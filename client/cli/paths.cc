#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <CLI/CLI.hpp>

#include "client/cli/commands.h"
#include "client/cli/csv.h"
#include "client/cli/drawing.h"
#include "client/cli/options.h"
#include "client/cli/prose.h"
#include "client/cli/trail.h"
#include "client/cli/value_text.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

struct PathsArgs {
  std::string from;
  std::string to;
  std::vector<std::string> also_from;
  std::vector<std::string> also_to;
  TraversalArgs traversal;
  bool all_shortest = false;
  bool all = false;
  int32_t max_length = 0;
};

v1::PathMode ModeOf(const PathsArgs& args) {
  if (args.all) return v1::PATH_MODE_ALL_SIMPLE;
  if (args.all_shortest) return v1::PATH_MODE_ALL_SHORTEST;
  return v1::PATH_MODE_ANY_SHORTEST;
}

// "No path. ", "1 path. ", "3 paths. "; of one path where one was asked for
// nothing, for it stands above.
std::string CountText(const v1::FindPathsResponse& response,
                      const PathsArgs& args) {
  const int count = response.paths_size();
  if (count == 0 && args.traversal.resume.empty()) return "No path. ";
  if (ModeOf(args) == v1::PATH_MODE_ANY_SHORTEST) return "";
  const char* what = count == 1 ? " path" : " paths";
  const char* more = args.traversal.resume.empty() ? ". " : " more. ";
  return absl::StrCat(count, what, more);
}

std::string SummaryText(const v1::FindPathsResponse& response,
                        const PathsArgs& args) {
  return absl::StrCat(CountText(response, args),
                      CompletenessText(response.completeness()), " (",
                      MomentText(response.moment()), ")");
}

void PrintCsv(const v1::FindPathsResponse& response, Session& session) {
  Csv csv(session.out(), RelationshipHeadings({"path", "step"}));
  for (int i = 0; i < response.paths_size(); ++i) {
    const v1::Path& path = response.paths(i);
    for (int step = 0; step < path.relationships_size(); ++step) {
      csv.AddRow(
          RelationshipCells({absl::StrCat(i + 1), absl::StrCat(step + 1)},
                            path.relationships(step)));
    }
  }
}

Drawing Draw(const v1::FindPathsResponse& response) {
  Drawing drawing;
  std::set<std::vector<std::string>> drawn;
  for (const v1::Path& path : response.paths()) {
    for (const v1::EntitySummary& entity : path.entities()) {
      drawing.Add(entity);
    }
    for (const v1::Relationship& relationship : path.relationships()) {
      // Paths may share steps.
      const v1::RelationshipKey& key = relationship.key();
      const bool is_new = drawn
                              .insert({key.subject(), key.type(), key.object(),
                                       key.name(), ToText(key.keys())})
                              .second;
      if (is_new) drawing.Add(relationship);
    }
  }
  return drawing;
}

absl::StatusOr<Answer> Judge(const v1::FindPathsResponse& response) {
  const v1::Outcome outcome = response.completeness().outcome();
  // A last part can be complete without a path of its own.
  const bool found =
      !response.paths().empty() || outcome == v1::OUTCOME_COMPLETE;
  if (found) return Answer::kYes;
  if (outcome == v1::OUTCOME_PROVEN_NONE) return Answer::kNo;
  return absl::ResourceExhaustedError(
      "the search ended before it found a path or could rule one out; give it "
      "more, as in: --max-length 32 --timeout 120");
}

absl::StatusOr<Answer> RunPaths(const PathsArgs& args, Session& session) {
  v1::FindPathsRequest request;
  request.set_from_entity(args.from);
  request.set_to_entity(args.to);
  request.mutable_from_entities()->Assign(args.also_from.begin(),
                                          args.also_from.end());
  request.mutable_to_entities()->Assign(args.also_to.begin(),
                                        args.also_to.end());
  request.set_mode(ModeOf(args));
  *request.mutable_options() = ToProto(args.traversal.read, session);
  *request.mutable_traversal() = ToProto(args.traversal);
  request.set_max_length(args.max_length);
  request.set_evidence(v1::EVIDENCE_SHOWN);
  request.set_resume_token(args.traversal.resume);
  ASSIGN_OR_RETURN(const v1::FindPathsResponse response,
                   session.Connect().FindPaths(request));
  const bool for_programs = PrintForPrograms(
      [&] { PrintCsv(response, session); }, [&] { return Draw(response); },
      SummaryText(response, args), session);
  if (for_programs) return Judge(response);
  ASSIGN_OR_RETURN(const bool printed, session.PrintJson(response));
  if (!printed) {
    for (const v1::Path& path : response.paths()) PrintPath(path, {}, session);
    session.Print(SummaryText(response, args));
    session.out() << ResumeText(response.completeness());
  }
  return Judge(response);
}

}  // namespace

void AddPaths(CLI::App& app, Session& session) {
  auto args = std::make_shared<PathsArgs>();
  CLI::App* paths = app.add_subcommand("paths",
                                       "Show how entities are connected: one, "
                                       "all of the shortest, or all paths");
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
  CLI::Option* all_shortest = paths->add_flag(
      "--all-shortest", args->all_shortest, "Show all of the shortest paths");
  paths
      ->add_flag("--all", args->all,
                 "Show all paths up to --max-length that meet no entity twice")
      ->excludes(all_shortest);
  AddTraversalOptions(*paths, args->traversal);
  paths->add_option("--max-length", args->max_length,
                    "Relationships on a path, 16 unless told, at most 64");
  paths->footer(
      "Exits with 1 if it is certain that there is no path.\n"
      "Examples: guanxi paths cas cambricon\n"
      "          guanxi paths cas cambricon --all --max-length 4 --limit 10");
  paths->callback(
      [args, &session] { session.Finish(RunPaths(*args, session)); });
}

}  // namespace guanxi::cli
