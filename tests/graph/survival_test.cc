// Questions that no engine can answer whole: they end within their budget, say
// so, and look at the clock on the way.

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/traverse/neighbourhood.h"
#include "graph/traverse/path.h"
#include "graph/traverse/reach.h"
#include "tests/support/both_ways.h"
#include "tests/support/random_graph.h"
#include "tests/support/status_matchers.h"

namespace guanxi::traverse {
namespace {

using store::Snapshot;
using test::BothWays;
using test::Entity;
using test::Find;
using test::Graph;
using test::Relationship;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using topology::Ground;

// Relationships of a hub: so many more where GUANXI_TEST_LONG asks for it.
int HubDegree(int when_long) {
  return std::getenv("GUANXI_TEST_LONG") != nullptr ? when_long : 4'000;
}

// Every entity knows every other one.
std::vector<Statement> CompleteGraph(int entities) {
  std::vector<Statement> statements;
  for (int i = 0; i < entities; ++i) {
    statements.push_back(Entity(absl::StrCat("k", i)));
    for (int j = 0; j < i; ++j) {
      statements.push_back(
          Relationship(absl::StrCat("k", j), "ODD", absl::StrCat("k", i)));
    }
  }
  return statements;
}

// Some hubs, each with entities of its own around it.
std::vector<Statement> Hubs(int hubs, int degree) {
  std::vector<Statement> statements;
  for (int hub = 0; hub < hubs; ++hub) {
    const std::string key = absl::StrCat("hub", hub);
    statements.push_back(Entity(key));
    for (int i = 0; i < degree; ++i) {
      const std::string leaf = absl::StrCat(key, "-", i);
      statements.push_back(Entity(leaf));
      statements.push_back(Relationship(key, "ODD", leaf));
    }
  }
  return statements;
}

// 10 to the power of 16 simple paths.
TEST(SurvivalTest, AllPathsOfACompleteGraphEndWithTheBudget) {
  constexpr int64_t kLooked = 300'000;
  const Graph graph(CompleteGraph(50));
  const Snapshot snapshot = graph.Read();
  const PathEnds ends = {{Find(snapshot, "k0")}, {Find(snapshot, "k49")}};
  const BothWays ways(snapshot);
  for (const Ground& ground : ways) {
    PathSpec spec;
    spec.mode = PathMode::kAll;
    spec.max_length = 10;
    ASSERT_OK_AND_ASSIGN(const PathAnswer full, FindPaths(ground, ends, spec));
    spec.traversal.budget.max_relationships = kLooked;
    spec.traversal.budget.max_results = int64_t{1} << 40;
    int64_t looks = 0;
    spec.traversal.budget.cancelled = [&looks] { return ++looks < 0; };
    ASSERT_OK_AND_ASSIGN(const PathAnswer cut, FindPaths(ground, ends, spec));

    EXPECT_EQ(full.completeness.outcome, Outcome::kTruncated);
    EXPECT_EQ(full.completeness.reason, Stop::kResults);
    EXPECT_THAT(full.paths, SizeIs(Budget().max_results));
    EXPECT_EQ(cut.completeness.outcome, Outcome::kTruncated);
    EXPECT_THAT(cut.completeness.reason,
                testing::AnyOf(Stop::kRelationships, Stop::kBytes));
    EXPECT_TRUE(cut.completeness.progress.has_value());
    const int64_t steps = cut.completeness.progress->used.relationships;
    EXPECT_GE(looks, steps / Meter::kStepsBetweenLooks);
  }
}

// The cheapest of them are found at once.
TEST(SurvivalTest, FirstPathsOfACompleteGraphAreFoundAtOnce) {
  const Graph graph(CompleteGraph(50));
  const Snapshot snapshot = graph.Read();
  const PathEnds ends = {{Find(snapshot, "k0")}, {Find(snapshot, "k49")}};
  PathSpec spec;
  spec.mode = PathMode::kKShortest;
  spec.max_paths = 60;

  ASSERT_OK_AND_ASSIGN(const PathAnswer by_length,
                       FindPaths({snapshot}, ends, spec));
  spec.cost.emplace();
  ASSERT_OK_AND_ASSIGN(const PathAnswer by_cost,
                       FindPaths({snapshot}, ends, spec));

  for (const PathAnswer& answer : {by_length, by_cost}) {
    EXPECT_EQ(answer.completeness.outcome, Outcome::kComplete);
    ASSERT_THAT(answer.paths, SizeIs(60));
    EXPECT_THAT(answer.paths[0].relationships, SizeIs(1));
    EXPECT_THAT(answer.paths[48].relationships, SizeIs(2));
    EXPECT_THAT(answer.paths[59].relationships, SizeIs(3));
  }
}

TEST(SurvivalTest, NoPathBetweenHubsIsProvenOrTheBudgetEnds) {
  const int degree = HubDegree(100'000);
  const Graph graph(Hubs(2, degree));
  const Snapshot snapshot = graph.Read();
  const PathEnds ends = {{Find(snapshot, "hub0")}, {Find(snapshot, "hub1")}};
  const BothWays ways(snapshot);
  for (const Ground& ground : ways) {
    for (const bool by_cost : {false, true}) {
      PathSpec spec;
      if (by_cost) spec.cost.emplace();
      spec.traversal.budget.max_entities = degree / 2;
      ASSERT_OK_AND_ASSIGN(const PathAnswer cut, FindPaths(ground, ends, spec));
      spec.traversal.budget.max_entities = 4 * int64_t{degree};
      spec.traversal.budget.max_bytes = int64_t{1} << 30;
      ASSERT_OK_AND_ASSIGN(const PathAnswer none,
                           FindPaths(ground, ends, spec));

      EXPECT_THAT(cut.paths, IsEmpty());
      EXPECT_EQ(cut.completeness.outcome, Outcome::kTruncated);
      EXPECT_EQ(cut.completeness.reason, Stop::kEntities);
      EXPECT_THAT(none.paths, IsEmpty());
      EXPECT_EQ(none.completeness.outcome, Outcome::kProvenNone);
    }
  }
}

// Adds "hub0" and so many entities around it, in as many commits as that takes.
void AddHub(int degree, Graph& graph) {
  constexpr size_t kPerCommit = 50'000;
  std::vector<Statement> some;
  for (Statement& statement : Hubs(1, degree)) {
    some.push_back(std::move(statement));
    if (some.size() < kPerCommit) continue;
    EXPECT_OK(graph.store().Commit({.statements = std::exchange(some, {})}));
  }
  EXPECT_OK(graph.store().Commit({.statements = std::move(some)}));
}

TEST(SurvivalTest, AHubIsShownAsFarAsTheBudgetGoes) {
  constexpr int64_t kResults = 1'000;
  Graph graph({});
  AddHub(HubDegree(1'000'000), graph);
  const Snapshot snapshot = graph.Read();
  const EntityId hub = Find(snapshot, "hub0");
  const BothWays ways(snapshot);
  for (const Ground& ground : ways) {
    NeighbourhoodSpec around;
    around.traversal.budget.max_results = kResults;
    ReachSpec reach;
    reach.traversal.budget.max_bytes = 4'096;

    ASSERT_OK_AND_ASSIGN(const Neighbourhood shown,
                         FindNeighbourhood(ground, hub, around));
    ASSERT_OK_AND_ASSIGN(const Reach reached, FindReach(ground, {hub}, reach));

    EXPECT_THAT(shown.relationships, SizeIs(kResults));
    EXPECT_EQ(shown.completeness.reason, Stop::kResults);
    EXPECT_EQ(reached.completeness.reason, Stop::kBytes);
    EXPECT_LT(reached.entities.size(), size_t{4'096} / sizeof(EntityId));
  }
}

}  // namespace
}  // namespace guanxi::traverse
