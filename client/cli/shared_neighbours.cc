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
#include "client/cli/value_text.h"
#include "client/cli/width.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

struct CommonArgs {
  std::vector<std::string> entities;
  TraversalArgs traversal;
  int32_t min_shared = 0;
};

// "cas -[OWNS_SHARES_IN 16%]-> cambricon", from a given entity to `neighbour`.
std::string StepText(const v1::Relationship& relationship,
                     const std::string& neighbour) {
  const v1::RelationshipKey& key = relationship.key();
  const bool from_object = key.subject() == neighbour;
  return absl::StrCat(
      from_object ? key.object() : key.subject(), " ",
      Arrow(relationship, from_object, PropertiesText(relationship)), " ",
      neighbour);
}

void PrintNeighbour(const v1::CommonNeighbour& common, Session& session) {
  session.Print(absl::StrCat(ToText(common.entity()), ", shared by ",
                             absl::StrJoin(common.shared_by(), ", ")));
  Table table({});
  for (const v1::Relationship& relationship : common.relationships()) {
    table.AddRow({StepText(relationship, common.entity().key()),
                  SourceText(relationship), FlagsText(relationship)});
  }
  table.Print(session.out(), session.width(), kIndent);
  session.out() << "\n";
}

// "No common neighbour. ", "3 common neighbours. Complete. (…)".
std::string SummaryText(const v1::CommonNeighboursResponse& response,
                        bool is_first) {
  const int count = response.neighbours_size();
  return absl::StrCat(count == 0 ? "No" : absl::StrCat(count),
                      count > 1 ? " common neighbours" : " common neighbour",
                      is_first ? ". " : " more. ",
                      CompletenessText(response.completeness()), " (",
                      MomentText(response.moment()), ")");
}

void PrintCsv(const v1::CommonNeighboursResponse& response, Session& session) {
  Csv csv(session.out(), {"neighbour", "name", "shared_by", "subject", "type",
                          "object", "properties", "source", "notes"});
  for (const v1::CommonNeighbour& common : response.neighbours()) {
    for (const v1::Relationship& relationship : common.relationships()) {
      const v1::RelationshipKey& key = relationship.key();
      csv.AddRow({common.entity().key(), common.entity().name(),
                  absl::StrCat(common.shared_by_size()), key.subject(),
                  key.type(), key.object(), PropertiesText(relationship),
                  SourceText(relationship), FlagsText(relationship)});
    }
  }
}

absl::StatusOr<Answer> Judge(const v1::CommonNeighboursResponse& response,
                             bool is_first) {
  if (!response.neighbours().empty()) return Answer::kYes;
  if (response.completeness().outcome() == v1::OUTCOME_COMPLETE) {
    return is_first ? Answer::kNo : Answer::kYes;  // a last part can be empty
  }
  return absl::ResourceExhaustedError(
      "the search ended before the neighbours of all were known; give it more, "
      "as in: --max-relationships 10000000 --timeout 120");
}

absl::StatusOr<Answer> RunCommon(const CommonArgs& args, Session& session) {
  v1::CommonNeighboursRequest request;
  request.mutable_entities()->Assign(args.entities.begin(),
                                     args.entities.end());
  *request.mutable_options() = ToProto(args.traversal.read, session);
  *request.mutable_traversal() = ToProto(args.traversal);
  request.set_min_shared(args.min_shared);
  request.set_evidence(v1::EVIDENCE_SHOWN);
  request.set_resume_token(args.traversal.resume);
  ASSIGN_OR_RETURN(const v1::CommonNeighboursResponse response,
                   session.Connect().CommonNeighbours(request));
  const bool is_first = args.traversal.resume.empty();
  const std::string summary = SummaryText(response, is_first);
  if (session.IsFormat("csv")) {
    PrintCsv(response, session);
    session.err() << Printable(summary) << "\n";
    return Judge(response, is_first);
  }
  ASSIGN_OR_RETURN(const bool printed, session.PrintJson(response));
  if (!printed) {
    for (const v1::CommonNeighbour& common : response.neighbours()) {
      PrintNeighbour(common, session);
    }
    session.Print(summary);
    session.out() << ResumeText(response.completeness());
  }
  return Judge(response, is_first);
}

}  // namespace

void AddCommon(CLI::App& app, Session& session) {
  auto args = std::make_shared<CommonArgs>();
  CLI::App* command = app.add_subcommand(
      "common", "Show what entities have around them in common");
  command
      ->add_option("entities", args->entities,
                   "Keys or unique names, two or more, as in: cas cambricon")
      ->required();
  AddTraversalOptions(*command, args->traversal);
  command->add_option("--min-shared", args->min_shared,
                      "Of how many of them it must be a neighbour, all unless "
                      "told");
  command->footer(
      "Exits with 1 if they have nothing in common.\n"
      "Example: guanxi common a100 h20 h100 cambricon --min-shared 2");
  command->callback(
      [args, &session] { session.Finish(RunCommon(*args, session)); });
}

}  // namespace guanxi::cli
