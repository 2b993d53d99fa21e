#include "tests/support/scenario.h"

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/base/status_macros.h"
#include "graph/text/parser.h"
#include "graph/value/date.h"
#include "graph/value/time.h"
#include "tests/support/answers.h"
#include "tests/support/read_file.h"
#include "tests/support/reference_diff.h"
#include "tests/support/reference_ledger.h"
#include "tests/support/reference_model.h"

namespace guanxi::test {
namespace {

using ::nlohmann::json;

absl::StatusOr<std::vector<Statement>> ParseLines(const std::string& lines) {
  return text::Parse("kg 1\n" + lines, {});
}

absl::Status Append(absl::StatusOr<std::vector<Statement>> parsed,
                    std::vector<Statement>& all) {
  RETURN_IF_ERROR(parsed.status());
  std::ranges::move(*parsed, std::back_inserter(all));
  return absl::OkStatus();
}

int64_t InstantOf(const json& text) {
  return DateTime::Parse(text.get<std::string>())->microseconds;
}

// A ledger with the history of a scenario.
struct Told {
  explicit Told(const std::vector<Declaration>& schema) : ledger(schema) {}

  ReferenceLedger ledger;
  std::vector<uint64_t> revisions;  // after each commit
  int64_t skipped = 0;
  bool as_expected = true;  // refused is what was to be refused, no more
};

absl::StatusOr<ReferenceLedger::Outcome> TellOne(const json& commit,
                                                 ReferenceLedger& ledger) {
  if (const auto purge = Scenario::Purge(commit)) return ledger.Purge(*purge);
  const auto statements = Scenario::Statements(commit);
  GUANXI_CHECK(statements.ok());  // what is refused is refused for its meaning
  return ledger.Commit(*statements, commit.value("import", false)
                                        ? ReferenceLedger::Arrival::kImport
                                        : ReferenceLedger::Arrival::kCommit);
}

void Tell(const Scenario& scenario, Told& told) {
  for (const json& commit : scenario.commits()) {
    const auto outcome = TellOne(commit, told.ledger);
    const bool refused = commit.value("refused", false);
    if (outcome.ok() == refused) told.as_expected = false;
    if (outcome.ok()) told.skipped += outcome->skipped;
    told.revisions.push_back(told.ledger.revision());
  }
}

json AnswerOf(const Told& told, const Scenario& scenario) {
  const std::string kind = scenario.kind();
  const std::string key = scenario.key();
  const std::string fact = scenario.fact();
  const Lens lens = scenario.GetLens();
  const ReferenceModel model(
      told.ledger, scenario.RevisionOf(scenario.ask(), told.revisions));
  if (kind == "entity") return ToJson(model.Entity(key, lens, fact));
  if (kind == "relationships") {
    return ToJson(model.Relationships(key, lens, fact));
  }
  if (kind == "cluster") return ToJson(model.Cluster(key, lens));
  if (kind == "history") return ToJson(model.History(key, fact));
  json answer = ToJson(model.Claims(key, fact));
  answer["skipped"] = told.skipped;
  return answer;
}

json DiffOf(const Told& told, const Scenario& scenario) {
  const auto moment = [&](const char* side) {
    const json& asked = scenario.ask()[side];
    return ReferenceMoment{
        .revision = scenario.RevisionOf(asked, told.revisions),
        .lens = scenario.LensOf(asked)};
  };
  return ToJson(
      Diff(told.ledger, scenario.key(), moment("from"), moment("to")));
}

json TombstoneOf(const Told& told, const std::string& id) {
  const Tombstone* tombstone = told.ledger.FindTombstone(id);
  if (tombstone == nullptr) return json::object();
  return {{"id", tombstone->id},
          {"purged", tombstone->revision},
          {"why", tombstone->why}};
}

}  // namespace

const json& LoadVectors(const std::string& file) {
  static std::map<std::string, json> loaded;
  json& vectors = loaded[file];
  if (vectors.is_null()) {
    vectors = json::parse(ReadSource("tests/vectors/" + file));
  }
  return vectors;
}

std::vector<Declaration> Scenario::Schema() const {
  const std::string text =
      ReadSource("seed/schema.kg").substr(sizeof("kg 1") - 1);
  const auto statements = ParseLines(text + one_.value("schema", ""));
  GUANXI_CHECK(statements.ok());
  std::vector<Declaration> schema;
  for (const Statement& statement : *statements) {
    schema.push_back(std::get<Declaration>(statement.body));
  }
  return schema;
}

absl::StatusOr<std::vector<Statement>> Scenario::Statements(
    const json& commit) {
  // The vectors' file names are those of the shared seed graph.
  static const std::map<std::string, std::string> kFiles = {
      {"seed.kg", "seed/cambricon.kg"}, {"context.kg", "seed/context.kg"}};
  std::vector<Statement> all;
  for (const json& file : commit.value("files", json::array())) {
    const std::string name = file;
    RETURN_IF_ERROR(
        Append(text::Parse(ReadSource(kFiles.at(name)), {.file = name}), all));
  }
  RETURN_IF_ERROR(Append(ParseLines(commit.value("kg", "")), all));
  for (const json& operation : commit.value("operations", json::array())) {
    if (!operation.contains("delete_entity")) continue;
    all.push_back({.body = DeleteEntityStatement{
                       operation["delete_entity"].get<std::string>()}});
  }
  return all;
}

absl::StatusOr<std::vector<Statement>> Scenario::AllStatements(
    const json& commit) {
  ASSIGN_OR_RETURN(std::vector<Statement> all, Statements(commit));
  if (const auto order = Purge(commit)) all.push_back(ToStatement(*order));
  return all;
}

std::optional<PurgeOrder> Scenario::Purge(const json& commit) {
  for (const json& operation : commit.value("operations", json::array())) {
    const PurgeOrder order = {.claim = operation.value("purge_claim", ""),
                              .entity = operation.value("purge_entity", ""),
                              .why = operation.value("why", "")};
    if (!order.claim.empty() || !order.entity.empty()) return order;
  }
  return std::nullopt;
}

Lens Scenario::LensOf(const json& moment) const {
  Lens lens;
  const std::string day = moment.value("valid_at", "any");
  if (day != "any") lens.valid_at = ParseDay(day).value();
  lens.certain = ask().value("certain", false);
  for (const json& name : ask().value("modes", json::array())) {
    lens.modes.Add(ParseMode(name.get<std::string>()).value());
  }
  return lens;
}

// Of an instant, the revision after the last commit at or before it.
std::optional<uint64_t> Scenario::RevisionOf(
    const json& moment, const std::vector<uint64_t>& revisions) const {
  if (!moment.contains("known_at")) return std::nullopt;
  const json& known_at = moment["known_at"];
  if (known_at.is_number()) return known_at.get<uint64_t>();
  uint64_t revision = 0;
  for (size_t i = 0; i < revisions.size(); ++i) {
    if (InstantOf(commits()[i]["time"]) <= InstantOf(known_at)) {
      revision = revisions[i];
    }
  }
  return revision;
}

json Scenario::Expected() const {
  json expected = one_["expect"];
  for (const char* list : {"relationships", "claims", "changes"}) {
    if (!expected.contains(list)) continue;
    auto items = expected[list].get<std::vector<json>>();
    std::ranges::sort(items);
    expected[list] = items;
  }
  if (kind() == "claims" && expected.contains("claims")) {
    expected["skipped"] = expected.value("skipped", 0);
  }
  return expected;
}

json AskModel(const Scenario& scenario) {
  Told told(scenario.Schema());
  Tell(scenario, told);
  if (!told.as_expected) return {{"refused", true}};
  if (scenario.kind() == "diff") return DiffOf(told, scenario);
  if (scenario.kind() == "tombstone") return TombstoneOf(told, scenario.key());
  return AnswerOf(told, scenario);
}

}  // namespace guanxi::test
