#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
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
#include "graph/value/date.h"
#include "graph/value/time.h"
#include "tests/support/answers.h"
#include "tests/support/scenario.h"
#include "tests/support/status_matchers.h"
#include "tests/support/store_answers.h"
#include "tests/support/temp_dir.h"

namespace guanxi {
namespace {

using ::guanxi::test::LoadVectors;
using ::guanxi::test::Scenario;
using ::nlohmann::json;

constexpr int64_t kMapBytes = int64_t{1} << 30;

// The cases of domain.json whose id starts so.
std::vector<json> DomainCases(const std::string& prefix) {
  std::vector<json> cases;
  for (const json& one : LoadVectors("domain.json")) {
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

// ---- identifiers -----------------------------------------------------------

TEST(IdentifierVectorsTest, ChecksFit) {
  for (const json& one : LoadVectors("identifiers.json")) {
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

// ---- moments.json, rules.json -----------------------------------------------

// The parameter is a case.
class MomentsTest : public ::testing::TestWithParam<json> {
 protected:
  const json& one() const { return GetParam(); }
};

std::vector<json> MomentCases() {
  std::vector<json> all;
  for (const char* file : {"moments.json", "rules.json"}) {
    for (const json& one : LoadVectors(file)) all.push_back(one);
  }
  return all;
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
                     test::ReadRelationshipsAnswer({snapshot}, scenario.key(),
                                                   question, scenario.fact()));
    return ToJson(answer);
  }
  if (scenario.kind() == "cluster") {
    ASSIGN_OR_RETURN(
        const auto answer,
        test::ReadClusterAnswer(snapshot, scenario.key(), question.lens));
    return ToJson(answer);
  }
  if (scenario.kind() == "history") {
    ASSIGN_OR_RETURN(
        const auto claims,
        test::ReadHistoryAnswers(snapshot, scenario.key(), scenario.fact()));
    return ToJson(claims);
  }
  ASSIGN_OR_RETURN(
      const auto claims,
      test::ReadClaimAnswers(snapshot, scenario.key(), scenario.fact()));
  json answer = test::ToJson(claims);
  answer["skipped"] = skipped;
  return answer;
}

// Asks how the two moments of the scenario differ.
absl::StatusOr<json> AskBoth(const store::Store& store,
                             const Scenario& scenario,
                             const std::vector<uint64_t>& revisions) {
  const auto begin = [&](const char* side) {
    store::KnownAt known_at;
    const json& asked = scenario.ask()[side];
    if (const auto revision = scenario.RevisionOf(asked, revisions)) {
      known_at.revision = Revision{*revision};
    }
    return store.BeginSnapshot(known_at);
  };
  ASSIGN_OR_RETURN(const store::Snapshot before, begin("from"));
  ASSIGN_OR_RETURN(const store::Snapshot after, begin("to"));
  const Lens lens_before = scenario.LensOf(scenario.ask()["from"]);
  const Lens lens_after = scenario.LensOf(scenario.ask()["to"]);
  ASSIGN_OR_RETURN(const auto changes,
                   test::ReadChanges({before, lens_before}, {after, lens_after},
                                     scenario.key()));
  return test::ToJson(changes);
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
  std::vector<uint64_t> revisions;
  for (const json& commit : scenario.commits()) {
    now = DateTime::Parse(commit["time"].get<std::string>())->microseconds;
    ASSIGN_OR_RETURN(auto statements, Scenario::AllStatements(commit));
    const auto result = store->Commit({.statements = std::move(statements),
                                       .origin = commit.value("import", false)
                                                     ? store::Origin::kImport
                                                     : store::Origin::kCommit});
    if (result.ok() == commit.value("refused", false)) {
      return json({{"refused", true}});
    }
    if (result.ok()) skipped += result->claims_skipped;
    revisions.push_back(store->BeginSnapshot()->revision().number);
  }
  if (scenario.kind() == "diff") return AskBoth(*store, scenario, revisions);
  store::KnownAt known_at;
  if (const auto revision = scenario.RevisionOf(scenario.ask(), revisions)) {
    known_at.revision = Revision{*revision};
  }
  ASSIGN_OR_RETURN(const auto snapshot, store->BeginSnapshot(known_at));
  return AskSnapshot(snapshot, scenario, skipped);
}

TEST_P(MomentsTest, AnswersAsTheRulesSay) {
  const Scenario scenario(one());
  SCOPED_TRACE(one()["why"].get<std::string>());
  const json expected = scenario.Expected();
  EXPECT_EQ(test::AskModel(scenario), expected) << "by the reference model";
  if (scenario.kind() == "tombstone") {
    GTEST_SKIP() << "the store keeps no name of what was purged by which a "
                    "tombstone could be asked for (docs/decisions/0013)";
  }

  const auto by_store = AskStore(scenario);

  ASSERT_OK(by_store);
  EXPECT_EQ(*by_store, expected) << "by the store";
}

std::string NameOf(const ::testing::TestParamInfo<json>& info) {
  std::string name = info.param["id"];
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, MomentsTest, ::testing::ValuesIn(MomentCases()),
                         NameOf);

}  // namespace
}  // namespace guanxi
