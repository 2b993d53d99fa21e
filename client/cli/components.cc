#include <algorithm>
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

struct ComponentsArgs {
  TraversalArgs traversal;
  int64_t min_size = 0;
};

std::vector<std::string> Row(const v1::Component& component) {
  const v1::EntitySummary& entity = component.representative();
  return {absl::StrCat(component.entities()), entity.key(), entity.name(),
          absl::StrJoin(entity.labels(), ", ")};
}

// "2 of 1 entity, 1 of 3 entities, 1 of 5 to 90": the largest ones together.
std::string SizesText(const v1::FindComponentsResponse& response) {
  constexpr int kMostSizes = 6;
  std::vector<std::string> texts;
  const int alone = std::min(kMostSizes, response.sizes_size());
  for (int i = 0; i < alone; ++i) {
    const v1::ComponentSizeCount& size = response.sizes(i);
    texts.push_back(absl::StrCat(size.count(), " of ", size.size(),
                                 size.size() == 1 ? " entity" : " entities"));
  }
  if (alone < response.sizes_size()) {
    int64_t count = 0;
    for (int i = alone; i < response.sizes_size(); ++i) {
      count += response.sizes(i).count();
    }
    texts.push_back(
        absl::StrCat(count, " of ", response.sizes(alone).size(), " to ",
                     response.sizes(response.sizes_size() - 1).size()));
  }
  return absl::StrJoin(texts, ", ");
}

// "164 entities in 12 components: …", or why that is not known.
std::string SummaryText(const v1::FindComponentsResponse& response) {
  const int64_t count = response.component_count();
  const int64_t entities = response.entity_count();
  const bool is_known =
      count > 0 || response.completeness().outcome() == v1::OUTCOME_COMPLETE;
  std::string text = "No component is known yet. ";
  if (is_known) text = "No entity is in view. ";
  if (count > 0) {
    text = absl::StrCat(
        entities, entities == 1 ? " entity" : " entities", " in ", count,
        count == 1 ? " component: " : " components: ", SizesText(response),
        ". ");
  }
  return absl::StrCat(text, CompletenessText(response.completeness()), " (",
                      MomentText(response.moment()), ")");
}

void PrintTable(const v1::FindComponentsResponse& response, Session& session) {
  Table table({"ENTITIES", "KEY", "NAME", "LABELS"});
  for (const v1::Component& component : response.components()) {
    table.AddRow(Row(component));
  }
  if (!table.empty()) {
    if (session.in_color()) table.Paint({.keys = 1});
    table.Print(session.out(), session.width(), 0);
    session.out() << "\n";
  }
  session.Print(SummaryText(response));
  session.out() << ResumeText(response.completeness());
}

absl::StatusOr<Answer> RunComponents(const ComponentsArgs& args,
                                     Session& session) {
  v1::FindComponentsRequest request;
  *request.mutable_options() = ToProto(args.traversal.read, session);
  *request.mutable_traversal() = ToProto(args.traversal);
  request.set_min_size(args.min_size);
  request.set_resume_token(args.traversal.resume);
  ASSIGN_OR_RETURN(const v1::FindComponentsResponse response,
                   session.Connect().FindComponents(request));
  if (session.IsFormat("csv")) {
    Csv csv(session.out(), {"entities", "key", "name", "labels"});
    for (const v1::Component& component : response.components()) {
      csv.AddRow(Row(component));
    }
    session.err() << Printable(SummaryText(response)) << "\n";
    return Answer::kYes;
  }
  ASSIGN_OR_RETURN(const bool printed, session.PrintJson(response));
  if (!printed) PrintTable(response, session);
  return Answer::kYes;
}

}  // namespace

void AddComponents(CLI::App& app, Session& session) {
  auto args = std::make_shared<ComponentsArgs>();
  CLI::App* components = app.add_subcommand(
      "components", "Show which parts the graph falls into, the largest first");
  AddTraversalOptions(*components, args->traversal);
  components->add_option("--min-size", args->min_size,
                         "Entities of a part that is listed, 2 unless told");
  components->footer(
      "Each part stands under the smallest key in it.\n"
      "Example: guanxi components --types OWNS_SHARES_IN --min-size 3");
  components->callback(
      [args, &session] { session.Finish(RunComponents(*args, session)); });
}

}  // namespace guanxi::cli
