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
#include "client/cli/table.h"
#include "client/cli/value_text.h"
#include "client/cli/width.h"
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

std::string SummaryText(const v1::FindPathsResponse& response) {
  return absl::StrCat(response.paths().empty() ? "No path. " : "",
                      CompletenessText(response.completeness()), " (",
                      MomentText(response.moment()), ")");
}

void PrintCsv(const v1::FindPathsResponse& response, Session& session) {
  Csv csv(session.out(), {"path", "step", "subject", "type", "object",
                          "properties", "source", "notes"});
  for (int i = 0; i < response.paths_size(); ++i) {
    const v1::Path& path = response.paths(i);
    for (int step = 0; step < path.relationships_size(); ++step) {
      const v1::Relationship& relationship = path.relationships(step);
      const v1::RelationshipKey& key = relationship.key();
      csv.AddRow({absl::StrCat(i + 1), absl::StrCat(step + 1), key.subject(),
                  key.type(), key.object(), PropertiesText(relationship),
                  SourceText(relationship), FlagsText(relationship)});
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

// In a format for other programs, if one was asked for; what it has no place
// for goes to the standard error.
bool PrintForPrograms(const v1::FindPathsResponse& response, Session& session) {
  if (session.IsFormat("csv")) {
    PrintCsv(response, session);
  } else if (session.IsFormat("dot")) {
    session.out() << Draw(response).ToDot();
  } else if (session.IsFormat("mermaid")) {
    session.out() << Draw(response).ToMermaid();
  } else {
    return false;
  }
  session.err() << Printable(SummaryText(response)) << "\n";
  return true;
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
  if (PrintForPrograms(response, session)) return Judge(response);
  ASSIGN_OR_RETURN(const bool printed, session.PrintJson(response));
  if (!printed) {
    for (const v1::Path& path : response.paths()) PrintPath(path, session);
    session.Print(SummaryText(response));
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
