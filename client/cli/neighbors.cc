#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <CLI/CLI.hpp>

#include "client/cli/commands.h"
#include "client/cli/csv.h"
#include "client/cli/drawing.h"
#include "client/cli/hop_text.h"
#include "client/cli/options.h"
#include "client/cli/path_text.h"
#include "client/cli/prose.h"
#include "client/cli/table.h"
#include "client/cli/value_text.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

struct NeighborsArgs {
  std::string entity;
  TraversalArgs traversal;
  int32_t depth = 0;
  int64_t max_per_entity = 0;
  bool denied = false;
  std::vector<std::string> hops;
  std::string hubs;
};

// What to ask of an answer while it is printed.
class Surroundings {
 public:
  // `start` is empty in a later part, which does not have it.
  Surroundings(const v1::NeighbourhoodResponse& response, std::string start)
      : response_(response), start_(std::move(start)) {
    for (const v1::Neighbour& neighbour : response.entities()) {
      entities_.emplace(neighbour.entity().key(), neighbour.entity());
    }
  }

  const std::string& start() const { return start_; }

  // Entities beyond what was visited are known by their key alone.
  std::string Name(const std::string& key) const {
    const auto entity = entities_.find(key);
    return entity == entities_.end() ? key : ToText(entity->second);
  }

  const v1::ResolvedMoment& moment() const { return response_.moment(); }

  bool TouchesStart(const v1::Relationship& relationship) const {
    return relationship.key().subject() == start() ||
           relationship.key().object() == start();
  }

 private:
  const v1::NeighbourhoodResponse& response_;
  const std::string start_;
  std::map<std::string, v1::EntitySummary> entities_;
};

// Key properties and the others: "role: foundry, >50%".
std::string DetailsText(const v1::Relationship& relationship) {
  const std::string keys = ToText(relationship.key().keys());
  const std::string properties = PropertiesText(relationship);
  if (keys.empty() || properties.empty()) return keys + properties;
  return absl::StrCat(properties, ", ", keys);
}

std::string TimeText(const v1::Relationship& relationship,
                     const v1::ResolvedMoment& moment) {
  if (relationship.has_date()) return relationship.date().date().literal();
  // As the claim says whose value stands beside it.
  return relationship.properties().empty()
             ? WhenText(relationship.showing(), moment)
             : WhenText(relationship.properties(0).showing(), moment);
}

using Cells = std::vector<std::string>;
constexpr int kFlagsColumn = 4;

Cells MakeRow(const std::string& name, const v1::Relationship& relationship,
              const Surroundings& around) {
  return {name, DetailsText(relationship),
          TimeText(relationship, around.moment()), SourceText(relationship),
          FlagsText(relationship)};
}

// The relationships of the start of one type and direction.
struct Group {
  std::string arrow;
  std::vector<Cells> rows;
};

// By type, then direction, as the counts are.
using Groups = std::map<std::pair<std::string, v1::Direction>, Group>;

Groups GroupByType(const v1::NeighbourhoodResponse& response,
                   const Surroundings& around) {
  Groups groups;
  for (const v1::Relationship& relationship : response.relationships()) {
    if (!around.TouchesStart(relationship)) continue;
    const v1::RelationshipKey& key = relationship.key();
    const bool at_subject = key.subject() == around.start();
    const bool outward = at_subject || relationship.symmetric();
    Group& group =
        groups[{key.type(), outward ? v1::DIRECTION_OUT : v1::DIRECTION_IN}];
    group.arrow = Arrow(relationship, !outward, "");
    const std::string& other = at_subject ? key.object() : key.subject();
    group.rows.push_back(MakeRow(around.Name(other), relationship, around));
  }
  return groups;
}

int64_t CountOf(const v1::NeighbourhoodResponse& response,
                const std::string& type, v1::Direction direction) {
  for (const v1::TypeCount& count : response.counts()) {
    if (count.type() == type && count.direction() == direction) {
      return count.count();
    }
  }
  return 0;
}

// "1 entity", "2 entities".
std::string CountText(int count, absl::string_view one,
                      absl::string_view several) {
  return absl::StrCat(count, " ", count == 1 ? one : several);
}

// "2", or "2 of 5" where not all are shown.
std::string ShownText(size_t shown, int64_t all) {
  const bool is_all = all <= static_cast<int64_t>(shown);
  return is_all ? absl::StrCat(shown) : absl::StrCat(shown, " of ", all);
}

void PrintRows(const std::vector<Cells>& rows, Session& session) {
  Table table({});
  for (const Cells& row : rows) table.AddRow(row);
  if (session.in_color()) table.Paint({.keys = 0, .flags = kFlagsColumn});
  table.Print(session.out(), session.width(), kIndent);
}

void PrintGroups(const v1::NeighbourhoodResponse& response,
                 const Surroundings& around, Session& session) {
  for (const auto& [kind, group] : GroupByType(response, around)) {
    const auto& [type, direction] = kind;
    const int64_t all = CountOf(response, type, direction);
    session.out() << "\n";
    session.Print(
        absl::StrCat(group.arrow, "  ", ShownText(group.rows.size(), all)));
    PrintRows(group.rows, session);
  }
}

void PrintFurther(const v1::NeighbourhoodResponse& response,
                  const Surroundings& around, Session& session) {
  const char* title = around.start().empty() ? "More" : "Further away";
  std::vector<Cells> rows;
  for (const v1::Relationship& relationship : response.relationships()) {
    if (around.TouchesStart(relationship)) continue;
    const v1::RelationshipKey& key = relationship.key();
    const std::string step = absl::StrCat(around.Name(key.subject()), " ",
                                          Arrow(relationship, false, ""), " ",
                                          around.Name(key.object()));
    rows.push_back(MakeRow(step, relationship, around));
  }
  if (rows.empty()) return;
  session.out() << "\n" << title << "  " << rows.size() << "\n";
  PrintRows(rows, session);
}

void PrintDenied(const v1::NeighbourhoodResponse& response,
                 const Surroundings& around, Session& session) {
  if (response.denied().empty()) return;
  std::vector<Cells> rows;
  for (const v1::Relationship& relationship : response.denied()) {
    const v1::RelationshipKey& key = relationship.key();
    rows.push_back({absl::StrCat(around.Name(key.subject()), " ",
                                 Arrow(relationship, false, ""), " ",
                                 around.Name(key.object())),
                    DetailsText(relationship), SourceText(relationship)});
  }
  session.out() << "\nDenied  " << rows.size() << "\n";
  PrintRows(rows, session);
}

std::string HubText(const v1::Hub& hub, v1::HubAction action) {
  const std::string where =
      absl::StrCat("at ", hub.depth(), hub.depth() == 1 ? " step" : " steps");
  switch (action) {
    case v1::HUB_ACTION_SKIP:
      return absl::StrCat(where, ", skipped");
    case v1::HUB_ACTION_CAP:
      return absl::StrCat(where, ", ", hub.left_out(),
                          " of its relationships left out");
    default:
      return absl::StrCat(where, ", not gone on from");
  }
}

void PrintHubs(const v1::NeighbourhoodResponse& response,
               const v1::HubPolicy& policy, Session& session) {
  if (response.hubs().empty()) return;
  std::vector<Cells> rows;
  for (const v1::Hub& hub : response.hubs()) {
    rows.push_back({ToText(hub.entity()), HubText(hub, policy.action())});
  }
  session.out() << "\nHubs  " << rows.size() << "\n";
  PrintRows(rows, session);
}

void PrintSummary(const v1::NeighbourhoodResponse& response, bool is_first,
                  Session& session) {
  const int entities = response.entities_size() - (is_first ? 1 : 0);
  const std::string counts = absl::StrCat(
      CountText(response.relationships_size(), "relationship", "relationships"),
      ", ", CountText(entities, "entity", "entities"));
  session.out() << "\n";
  session.Print(absl::StrCat(counts, is_first ? " around it. " : " more. ",
                             CompletenessText(response.completeness()), " (",
                             MomentText(response.moment()), ")"));
  session.out() << ResumeText(response.completeness());
}

void PrintPart(const v1::NeighbourhoodResponse& response, Session& session) {
  const Surroundings around(response, "");
  PrintFurther(response, around, session);
  PrintDenied(response, around, session);
}

void PrintStart(const v1::NeighbourhoodResponse& response, Session& session) {
  if (response.entities().empty()) return;
  const Surroundings around(response, response.entities(0).entity().key());
  session.Print(around.Name(around.start()));
  PrintGroups(response, around, session);
  PrintFurther(response, around, session);
  PrintDenied(response, around, session);
}

std::vector<std::string> CsvRow(const v1::Relationship& relationship,
                                const v1::ResolvedMoment& moment) {
  const v1::RelationshipKey& key = relationship.key();
  return {key.subject(),
          key.type(),
          key.object(),
          DetailsText(relationship),
          TimeText(relationship, moment),
          SourceText(relationship),
          FlagsText(relationship)};
}

void PrintCsv(const v1::NeighbourhoodResponse& response, Session& session) {
  Csv csv(session.out(), {"subject", "type", "object", "properties", "when",
                          "source", "notes"});
  for (const v1::Relationship& relationship : response.relationships()) {
    csv.AddRow(CsvRow(relationship, response.moment()));
  }
  for (const v1::Relationship& relationship : response.denied()) {
    std::vector<std::string> row = CsvRow(relationship, response.moment());
    row.back() = "denied";
    csv.AddRow(row);
  }
}

Drawing Draw(const v1::NeighbourhoodResponse& response) {
  Drawing drawing;
  for (const v1::Neighbour& neighbour : response.entities()) {
    drawing.Add(neighbour.entity());
  }
  for (const v1::Relationship& relationship : response.relationships()) {
    drawing.Add(relationship);
  }
  return drawing;
}

absl::StatusOr<v1::NeighbourhoodRequest> MakeRequest(const NeighborsArgs& args,
                                                     Session& session) {
  v1::NeighbourhoodRequest request;
  request.set_entity(args.entity);
  *request.mutable_options() = ToProto(args.traversal.read, session);
  *request.mutable_traversal() = ToProto(args.traversal);
  request.set_depth(args.depth);
  request.set_max_per_entity(args.max_per_entity);
  request.set_include_denied(args.denied);
  for (const std::string& text : args.hops) {
    ASSIGN_OR_RETURN(const std::vector<v1::HopSpec> hops, ParseHops(text));
    for (const v1::HopSpec& hop : hops) *request.add_hops() = hop;
  }
  if (!args.hubs.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_hubs(), ParseHubs(args.hubs));
  }
  request.set_evidence(v1::EVIDENCE_SHOWN);
  request.set_resume_token(args.traversal.resume);
  return request;
}

absl::StatusOr<Answer> RunNeighbors(const NeighborsArgs& args,
                                    Session& session) {
  ASSIGN_OR_RETURN(const v1::NeighbourhoodRequest request,
                   MakeRequest(args, session));
  ASSIGN_OR_RETURN(const v1::NeighbourhoodResponse response,
                   session.Connect().Neighbourhood(request));
  const bool for_programs = PrintForPrograms(
      [&] { PrintCsv(response, session); }, [&] { return Draw(response); },
      absl::StrCat(CompletenessText(response.completeness()), " (",
                   MomentText(response.moment()), ")"),
      session);
  if (for_programs) return Answer::kYes;
  ASSIGN_OR_RETURN(const bool printed, session.PrintJson(response));
  if (printed) return Answer::kYes;
  const bool is_first = args.traversal.resume.empty();
  is_first ? PrintStart(response, session) : PrintPart(response, session);
  PrintHubs(response, request.hubs(), session);
  PrintSummary(response, is_first, session);
  return Answer::kYes;
}

}  // namespace

void AddNeighbors(CLI::App& app, Session& session) {
  auto args = std::make_shared<NeighborsArgs>();
  CLI::App* neighbors = app.add_subcommand(
      "neighbors", "Show what surrounds an entity, by relationship type");
  neighbors
      ->add_option("entity", args->entity,
                   "Key or unique name, as in: cambricon")
      ->required();
  AddTraversalOptions(*neighbors, args->traversal);
  neighbors->add_option("--depth", args->depth,
                        "Steps to go, 1 or one for each --hop unless told, at "
                        "most 16");
  neighbors->add_option("--max-per-entity", args->max_per_entity,
                        "Take so many relationships of each entity at most");
  neighbors
      ->add_option("--hop", args->hops,
                   "What the next step is, as in: '-[:OWNS_SHARES_IN]->"
                   "(:Company) each 5 by percent'; may be repeated, the last "
                   "one serves all further steps")
      ->allow_extra_args(false);
  neighbors->add_option("--hubs", args->hubs,
                        "What to do where an entity has more relationships, as "
                        "in: skip:1000, stop:1000, or cap:1000:20 to keep 20");
  neighbors->add_flag("--denied", args->denied,
                      "List what sources deny and nobody claims");
  neighbors->footer("Example: guanxi neighbors cambricon --types SUPPLIES");
  neighbors->callback(
      [args, &session] { session.Finish(RunNeighbors(*args, session)); });
}

}  // namespace guanxi::cli
