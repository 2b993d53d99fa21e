#include <algorithm>
#include <cstdint>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "graph/base/check.h"
#include "graph/model/extent.h"
#include "graph/model/identifier.h"
#include "graph/model/resolve.h"
#include "graph/model/view.h"
#include "graph/store/snapshot.h"
#include "graph/store/store.h"
#include "graph/text/parser.h"
#include "graph/value/date.h"
#include "graph/value/time.h"
#include "tests/support/answers.h"
#include "tests/support/reference_ledger.h"
#include "tests/support/reference_model.h"
#include "tests/support/status_matchers.h"
#include "tests/support/store_answers.h"
#include "tests/support/temp_dir.h"

namespace guanxi {
namespace {

using ::guanxi::test::ReferenceLedger;
using ::guanxi::test::ReferenceModel;
using ::nlohmann::json;

constexpr int64_t kMapBytes = int64_t{1} << 30;

std::string ReadFile(const std::string& path) {
  std::ifstream file(std::string(GUANXI_SOURCE_DIR "/") + path);
  GUANXI_CHECK(file.good());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

const json& Vectors(const char* file) {
  static std::map<std::string, json> loaded;
  json& vectors = loaded[file];
  if (vectors.is_null()) {
    vectors = json::parse(ReadFile(std::string("tests/vectors/") + file));
  }
  return vectors;
}

// The cases of domain.json whose id starts so.
std::vector<json> DomainCases(const std::string& prefix) {
  std::vector<json> cases;
  for (const json& one : Vectors("domain.json")) {
    if (one["id"].get<std::string>().starts_with(prefix)) cases.push_back(one);
  }
  GUANXI_CHECK(!cases.empty());
  return cases;
}

Day DayOf(const json& text) {
  const auto day = ParseDay(text.get<std::string>());
  GUANXI_CHECK(day.ok());
  return *day;
}

std::vector<Statement> ParseLines(const std::string& lines) {
  auto statements = text::Parse("kg 1\n" + lines, {});
  EXPECT_OK(statements);
  return statements.ok() ? *std::move(statements) : std::vector<Statement>();
}

// ---- identifiers -----------------------------------------------------------

TEST(IdentifierVectorsTest, ChecksFit) {
  for (const json& one : Vectors("identifiers.json")) {
    const std::string identifier = one["value"].get<std::string>();
    EXPECT_EQ(!IdentifierProblem(identifier).has_value(),
              one["valid"].get<bool>())
        << one["id"] << " " << identifier;
  }
}

TEST(DomainVectorsTest, IsinsAreChecked) {
  for (const json& one : DomainCases("ISIN-")) {
    const std::string isin = one["value"].get<std::string>();
    EXPECT_EQ(!IdentifierProblem("ISIN:" + isin).has_value(),
              one["expect"].get<bool>())
        << one["id"];
  }
}

TEST(DomainVectorsTest, UsccsGetTheirCheckCharacter) {
  for (const json& one : DomainCases("USCC-make")) {
    const std::string base = one["base"].get<std::string>();
    const std::optional<char> check = UsccCheckCharacter(base);
    ASSERT_TRUE(check.has_value());
    EXPECT_EQ(base + *check, one["expect"].get<std::string>());
    EXPECT_EQ(IdentifierProblem("USCC:" + base + *check), std::nullopt);
  }
}

// ---- domain.json ------------------------------------------------------------

TEST(DomainVectorsTest, DatesCoverTheirDays) {
  for (const json& one : DomainCases("DATE-")) {
    SCOPED_TRACE(one["id"]);
    ASSERT_OK_AND_ASSIGN(const Date date,
                         Date::Parse(one["literal"].get<std::string>()));

    EXPECT_EQ(date.days().first, DayOf(one["expect"][0]));
    EXPECT_EQ(After(date.days().last), DayOf(one["expect"][1]));
  }
}

TEST(DomainVectorsTest, IntervalsHoldOnTheirDays) {
  for (const json& one : DomainCases("HOLDS-")) {
    SCOPED_TRACE(one["id"]);
    ASSERT_OK_AND_ASSIGN(const When when,
                         When::Parse(one["interval"].get<std::string>()));

    const Holds holds = when.During().HoldsOn(DayOf(one["day"]));

    EXPECT_EQ(std::string(ToString(holds)), one["expect"].get<std::string>());
  }
}

Value NumberOf(const json& text) {
  const std::string literal = text.get<std::string>();
  if (auto decimal = Decimal::Parse(literal); decimal.ok()) {
    return Value(*decimal);
  }
  auto quantity = Quantity::Parse(literal);
  GUANXI_CHECK(quantity.ok());
  return Value(*std::move(quantity));
}

TEST(DomainVectorsTest, ValuesAreCompatibleWithinTheirPrintedPrecision) {
  for (const json& one : DomainCases("COMPAT-")) {
    SCOPED_TRACE(one["id"]);

    const bool compatible = Compatible(NumberOf(one["a"]), NumberOf(one["b"]));

    EXPECT_EQ(compatible, one["expect"].get<bool>());
  }
}

Standing StandingOf(const json& sources, const std::string& source) {
  Standing standing;
  const json& description = sources[source];
  standing.roots = {description.value("derived_from", json::array({source}))[0]
                        .get<std::string>()};
  const std::string reliability =
      sources[standing.roots[0]]["reliability"].get<std::string>();
  standing.tier = reliability == "primary" ? Standing::Tier::kPrimary
                                           : Standing::Tier::kSecondary;
  return standing;
}

TEST(DomainVectorsTest, RevenueClaimsGroupInTheOrderOfTheirSources) {
  for (const json& one : DomainCases("REVENUE-H1")) {
    SCOPED_TRACE(one["id"]);
    std::vector<Claim> claims;
    std::vector<Value> values;
    std::vector<Standing> standings;
    for (const json& said : one["claims"]) {
      if (said["known_from"] > one["known_at"]) continue;
      Claim claim;
      claim.id = said["id"].get<std::string>();
      claim.citation.source = said["source"].get<std::string>();
      claim.valid = ValidTime::During(When::Parse("2025-H1").value());
      claims.push_back(claim);
      values.push_back(NumberOf(said["value"]));
      standings.push_back(StandingOf(one["sources"], claim.citation.source));
    }
    std::vector<Candidate> candidates;
    for (size_t i = 0; i < claims.size(); ++i) {
      candidates.push_back({&claims[i], &values[i], &standings[i]});
    }

    const std::vector<Group> groups =
        CompetingGroups({.kind = TimeKind::kPeriod}, candidates,
                        Mode::kAsserted, DayOf("2025-09-30"));

    json actual = json::array();
    for (const Group& group : groups) {
      json ids = json::array();
      for (const size_t i : group.candidates) ids.push_back(claims[i].id);
      actual.push_back({{"claims", ids},
                        {"authority", static_cast<int>(group.tier)},
                        {"independent_roots", group.roots}});
    }
    EXPECT_EQ(actual, one["expect"]);
  }
}

// ---- moments.json -----------------------------------------------------------

// One scenario: its commits as statements, and what is asked.
class Scenario {
 public:
  explicit Scenario(const json& one) : one_(one) {}

  std::vector<Declaration> Schema() const {
    std::vector<Declaration> schema;
    const std::string more = one_.value("schema", "");
    for (const Statement& statement : ParseLines(
             ReadFile("seed/schema.kg").substr(sizeof("kg 1") - 1) + more)) {
      schema.push_back(std::get<Declaration>(statement.body));
    }
    return schema;
  }

  // The vectors' file names are those of the shared seed graph.
  static std::vector<Statement> Statements(const json& commit) {
    static const std::map<std::string, std::string> kFiles = {
        {"seed.kg", "seed/cambricon.kg"}, {"context.kg", "seed/context.kg"}};
    std::vector<Statement> all;
    for (const json& file : commit.value("files", json::array())) {
      auto parsed = text::Parse(ReadFile(kFiles.at(file.get<std::string>())),
                                {.file = file.get<std::string>()});
      EXPECT_OK(parsed);
      if (parsed.ok()) all.insert(all.end(), parsed->begin(), parsed->end());
    }
    const auto lines = ParseLines(commit.value("kg", ""));
    all.insert(all.end(), lines.begin(), lines.end());
    return all;
  }

  const json& commits() const { return one_["commits"]; }
  std::string kind() const { return one_["ask"]["kind"]; }
  std::string key() const { return one_["ask"]["key"]; }
  std::string fact() const { return one_["ask"].value("fact", ""); }

  Lens GetLens() const {
    const json& ask = one_["ask"];
    Lens lens;
    const std::string day = ask.value("valid_at", "any");
    if (day != "any") lens.valid_at = DayOf(day);
    lens.certain = ask.value("certain", false);
    for (const json& name : ask.value("modes", json::array())) {
      lens.modes.Add(ParseMode(name.get<std::string>()).value());
    }
    return lens;
  }

  // The expectation in the form of the answers: lists in a fixed order, and
  // quantities as they are printed.
  json Expected() const {
    json expected = one_["expect"];
    for (const char* list : {"relationships", "claims"}) {
      if (!expected.contains(list)) continue;
      auto items = expected[list].get<std::vector<json>>();
      std::ranges::sort(items);
      expected[list] = items;
    }
    if (kind() == "claims") expected["skipped"] = expected.value("skipped", 0);
    return expected;
  }

 private:
  const json& one_;
};

// The parameter is the id of a case.
class MomentsTest : public ::testing::TestWithParam<std::string> {
 protected:
  const json& one() const {
    for (const json& one : Vectors("moments.json")) {
      if (one["id"] == GetParam()) return one;
    }
    GUANXI_CHECK(false);
  }
};

std::vector<std::string> MomentIds() {
  std::vector<std::string> ids;
  for (const json& one : Vectors("moments.json")) ids.push_back(one["id"]);
  return ids;
}

// What the reference model answers.
json AskModel(const Scenario& scenario) {
  ReferenceLedger ledger(scenario.Schema());
  int64_t skipped = 0;
  for (const json& commit : scenario.commits()) {
    const auto outcome = ledger.Commit(Scenario::Statements(commit),
                                       commit.value("import", false)
                                           ? ReferenceLedger::Arrival::kImport
                                           : ReferenceLedger::Arrival::kCommit);
    if (!outcome.ok()) return {{"refused", true}};
    skipped += outcome->skipped;
  }
  const ReferenceModel model(ledger);
  const Lens lens = scenario.GetLens();
  if (scenario.kind() == "entity") {
    return ToJson(model.Entity(scenario.key(), lens, scenario.fact()));
  }
  if (scenario.kind() == "relationships") {
    return ToJson(model.Relationships(scenario.key(), lens, scenario.fact()));
  }
  json answer = test::ToJson(model.Claims(scenario.key(), scenario.fact()));
  answer["skipped"] = skipped;
  return answer;
}

absl::StatusOr<json> AskSnapshot(const store::Snapshot& snapshot,
                                 const Scenario& scenario, int64_t skipped) {
  const test::Question question = {.lens = scenario.GetLens()};
  if (scenario.kind() == "entity") {
    ASSIGN_OR_RETURN(const auto answer,
                     test::ReadEntityAnswer(snapshot, scenario.key(), question,
                                            scenario.fact()));
    return ToJson(answer);
  }
  if (scenario.kind() == "relationships") {
    ASSIGN_OR_RETURN(const auto answer,
                     test::ReadRelationshipsAnswer(snapshot, scenario.key(),
                                                   question, scenario.fact()));
    return ToJson(answer);
  }
  ASSIGN_OR_RETURN(
      const auto claims,
      test::ReadClaimAnswers(snapshot, scenario.key(), scenario.fact()));
  json answer = test::ToJson(claims);
  answer["skipped"] = skipped;
  return answer;
}

// Commits the scenario to a fresh store and asks it.
absl::StatusOr<json> AskStore(const Scenario& scenario) {
  const test::TempDir dir;
  int64_t now = 0;
  ASSIGN_OR_RETURN(const auto store,
                   store::Store::Open(dir.path() + "/graph.guanxi",
                                      {.schema = scenario.Schema(),
                                       .max_bytes = kMapBytes,
                                       .clock = [&now] { return now; }}));
  int64_t skipped = 0;
  for (const json& commit : scenario.commits()) {
    now = DateTime::Parse(commit["time"].get<std::string>())->microseconds;
    ASSIGN_OR_RETURN(const auto result,
                     store->Commit({.statements = Scenario::Statements(commit),
                                    .origin = commit.value("import", false)
                                                  ? store::Origin::kImport
                                                  : store::Origin::kCommit}));
    skipped += result.claims_skipped;
  }
  ASSIGN_OR_RETURN(const auto snapshot, store->BeginSnapshot());
  return AskSnapshot(snapshot, scenario, skipped);
}

// `end` and `retract` come with slice 2; until then no such commit is taken.
bool NeedsMissingVerb(const Scenario& scenario) {
  for (const json& commit : scenario.commits()) {
    for (const Statement& statement : Scenario::Statements(commit)) {
      if (std::holds_alternative<EndStatement>(statement.body) ||
          std::holds_alternative<RetractStatement>(statement.body)) {
        return true;
      }
    }
  }
  return false;
}

TEST_P(MomentsTest, AnswersAsTheRulesSay) {
  const Scenario scenario(one());
  SCOPED_TRACE(one()["why"].get<std::string>());
  if (one()["slice"] != 1) {
    if (NeedsMissingVerb(scenario)) {
      EXPECT_THAT(
          AskStore(scenario),
          test::StatusIs(absl::StatusCode::kUnimplemented, ::testing::_));
    }
    GTEST_SKIP() << "slice 2, not built yet: " << one()["id"];
  }

  const json expected = scenario.Expected();
  const json by_model = AskModel(scenario);
  const auto by_store = AskStore(scenario);

  EXPECT_EQ(by_model, expected) << "by the reference model";
  if (expected == json({{"refused", true}})) {
    EXPECT_FALSE(by_store.ok());
    return;
  }
  ASSERT_OK(by_store);
  EXPECT_EQ(*by_store, expected) << "by the store";
}

std::string NameOf(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, MomentsTest, ::testing::ValuesIn(MomentIds()),
                         NameOf);

}  // namespace
}  // namespace guanxi
