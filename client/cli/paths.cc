#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include <CLI/CLI.hpp>

#include "client/cli/commands.h"
#include "client/cli/options.h"
#include "client/cli/prose.h"
#include "client/cli/table.h"
#include "client/cli/value_text.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

constexpr int kIndent = 2;

struct PathsArgs {
  std::string from;
  std::string to;
  TraversalArgs traversal;
  int32_t max_length = 0;
};

// One step as "-[OWNS_SHARES_IN 16%]-> Cambricon Technologies (cambricon)".
std::string StepText(const v1::Path& path, int step) {
  const v1::Relationship& relationship = path.relationships(step);
  const std::string& here = path.entities(step).key();
  const bool from_object = relationship.key().subject() != here;
  return absl::StrCat(
      Arrow(relationship, from_object, PropertiesText(relationship)), " ",
      ToText(path.entities(step + 1)));
}

void PrintPath(const v1::Path& path, Session& session) {
  if (path.entities().empty()) return;
  session.Print(ToText(path.entities(0)));
  Table table({});
  for (int step = 0; step < path.relationships_size(); ++step) {
    const v1::Relationship& relationship = path.relationships(step);
    table.AddRow({StepText(path, step), SourceText(relationship),
                  FlagsText(relationship)});
  }
  table.Print(session.out(), session.width(), kIndent);
  session.out() << "\n";
}

void PrintSummary(const v1::FindPathsResponse& response, Session& session) {
  std::string text;
  if (response.paths().empty()) {
    text = "No path. ";
  }
  absl::StrAppend(&text, CompletenessText(response.completeness()), " (",
                  MomentText(response.moment()), ")");
  session.Print(text);
}

absl::StatusOr<Answer> Judge(const v1::FindPathsResponse& response) {
  if (!response.paths().empty()) return Answer::kYes;
  if (response.completeness().outcome() == v1::OUTCOME_PROVEN_NONE) {
    return Answer::kNo;
  }
  return absl::ResourceExhaustedError(
      "the search ended before it found a path or could rule one out; give it "
      "more, as in: --max-length 32 --timeout 120");
}

absl::StatusOr<Answer> RunPaths(const PathsArgs& args, Session& session) {
  v1::FindPathsRequest request;
  request.set_from_entity(args.from);
  request.set_to_entity(args.to);
  *request.mutable_options() = ToProto(args.traversal.read, session);
  *request.mutable_traversal() = ToProto(args.traversal);
  request.set_max_length(args.max_length);
  request.set_evidence(v1::EVIDENCE_SHOWN);
  ASSIGN_OR_RETURN(const v1::FindPathsResponse response,
                   session.Connect().FindPaths(request));
  ASSIGN_OR_RETURN(const bool printed, session.PrintJson(response));
  if (!printed) {
    for (const v1::Path& path : response.paths()) PrintPath(path, session);
    PrintSummary(response, session);
  }
  return Judge(response);
}

}  // namespace

void AddPaths(CLI::App& app, Session& session) {
  auto args = std::make_shared<PathsArgs>();
  CLI::App* paths = app.add_subcommand(
      "paths", "Show how two entities are connected: a shortest path");
  paths->add_option("from", args->from, "Key or unique name, as in: cas")
      ->required();
  paths->add_option("to", args->to, "Key or unique name, as in: cambricon")
      ->required();
  AddTraversalOptions(*paths, args->traversal);
  paths->add_option("--max-length", args->max_length,
                    "Relationships on a path, 16 unless told, at most 64");
  paths->footer(
      "Exits with 1 if it is certain that there is no path.\n"
      "Example: guanxi paths cas cambricon");
  paths->callback(
      [args, &session] { session.Finish(RunPaths(*args, session)); });
}

}  // namespace guanxi::cli
