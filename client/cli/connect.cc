#include <cstdint>
#include <map>
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
#include "client/cli/path_text.h"
#include "client/cli/prose.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

struct ConnectArgs {
  std::vector<std::string> entities;
  TraversalArgs traversal;
  int32_t max_distance = 0;
};

// A network as paths, each of which but the first begins at an entity of one
// before it.
std::vector<v1::Path> Unravel(const v1::Network& network) {
  std::vector<v1::Path> paths;
  std::map<std::string, v1::EntitySummary> met;
  const auto begin_at = [&](const v1::EntitySummary& entity) {
    *paths.emplace_back().add_entities() = entity;
  };
  for (int i = 0; i < network.entities_size(); ++i) {
    const v1::EntitySummary& entity = network.entities(i);
    met[entity.key()] = entity;
    if (i == 0) begin_at(entity);
    if (i == 0 || i > network.relationships_size()) continue;
    const v1::Relationship& relationship = network.relationships(i - 1);
    const std::string& from = relationship.key().subject() == entity.key()
                                  ? relationship.key().object()
                                  : relationship.key().subject();
    const v1::Path& last = paths.back();
    if (last.entities(last.entities_size() - 1).key() != from) {
      begin_at(met[from]);
    }
    *paths.back().add_relationships() = relationship;
    *paths.back().add_entities() = entity;
  }
  return paths;
}

void PrintNetwork(const v1::Network& network, Session& session) {
  const std::set<std::string> given(network.given().begin(),
                                    network.given().end());
  for (const v1::Path& path : Unravel(network)) {
    PrintPath(path, given, session);
  }
}

// One that stands alone has a row without a relationship.
void PrintCsv(const v1::ConnectResponse& response, Session& session) {
  Csv csv(session.out(), RelationshipHeadings({"network"}));
  for (int i = 0; i < response.networks_size(); ++i) {
    const v1::Network& network = response.networks(i);
    const std::string number = absl::StrCat(i + 1);
    for (const v1::Relationship& relationship : network.relationships()) {
      csv.AddRow(RelationshipCells({number}, relationship));
    }
    if (!network.relationships().empty()) continue;
    for (const std::string& alone : network.given()) {
      csv.AddRow({number, alone, "", "", "", "", ""});
    }
  }
}

Drawing Draw(const v1::ConnectResponse& response) {
  Drawing drawing;
  for (const v1::Network& network : response.networks()) {
    for (const v1::EntitySummary& entity : network.entities()) {
      drawing.Add(entity);
    }
    for (const v1::Relationship& relationship : network.relationships()) {
      drawing.Add(relationship);
    }
  }
  return drawing;
}

// "3 entities (*) in 2 networks, with 4 relationships. Complete. (on …)".
std::string SummaryText(const v1::ConnectResponse& response) {
  int entities = 0;
  int relationships = 0;
  for (const v1::Network& network : response.networks()) {
    entities += network.given_size();
    relationships += network.relationships_size();
  }
  const int networks = response.networks_size();
  return absl::StrCat(
      entities, " entities (*) in ", networks,
      networks == 1 ? " network" : " networks", ", with ", relationships,
      relationships == 1 ? " relationship. " : " relationships. ",
      CompletenessText(response.completeness()), " (",
      MomentText(response.moment()), ")");
}

absl::StatusOr<Answer> Judge(const v1::ConnectResponse& response) {
  for (const v1::Network& network : response.networks()) {
    if (network.given_size() > 1) return Answer::kYes;
  }
  if (response.completeness().outcome() == v1::OUTCOME_PROVEN_NONE) {
    return Answer::kNo;
  }
  return absl::ResourceExhaustedError(
      "the search ended before it connected any two or could rule that out; "
      "give it more, as in: --max-distance 32 --timeout 120");
}

absl::StatusOr<Answer> RunConnect(const ConnectArgs& args, Session& session) {
  v1::ConnectRequest request;
  request.mutable_entities()->Assign(args.entities.begin(),
                                     args.entities.end());
  *request.mutable_options() = ToProto(args.traversal.read, session);
  *request.mutable_traversal() = ToProto(args.traversal);
  request.set_max_distance(args.max_distance);
  request.set_evidence(v1::EVIDENCE_SHOWN);
  request.set_resume_token(args.traversal.resume);
  ASSIGN_OR_RETURN(const v1::ConnectResponse response,
                   session.Connect().Connect(request));
  const bool for_programs = PrintForPrograms(
      [&] { PrintCsv(response, session); }, [&] { return Draw(response); },
      SummaryText(response), session);
  if (for_programs) return Judge(response);
  ASSIGN_OR_RETURN(const bool printed, session.PrintJson(response));
  if (!printed) {
    for (const v1::Network& network : response.networks()) {
      PrintNetwork(network, session);
    }
    session.Print(SummaryText(response));
    session.out() << ResumeText(response.completeness());
  }
  return Judge(response);
}

}  // namespace

void AddConnect(CLI::App& app, Session& session) {
  auto args = std::make_shared<ConnectArgs>();
  CLI::App* connect = app.add_subcommand(
      "connect", "Show how several entities hang together, by few steps");
  connect
      ->add_option("entities", args->entities,
                   "Keys or unique names, 2 to 50, as in: cas smic deepseek")
      ->required();
  AddTraversalOptions(*connect, args->traversal);
  connect->add_option(
      "--max-distance", args->max_distance,
      "Steps from one of the entities to the next, 16 unless told, at most 64");
  connect->footer(
      "Exits with 1 if it is certain that no two of them are connected.\n"
      "Example: guanxi connect cas smic deepseek");
  connect->callback(
      [args, &session] { session.Finish(RunConnect(*args, session)); });
}

}  // namespace guanxi::cli
