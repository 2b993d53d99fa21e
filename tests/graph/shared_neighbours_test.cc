// Common neighbours are compared with what a slow search finds that looks at
// every relationship of the store, in both ways of walking, with entities that
// are one in every other graph. Answers in parts are compared with the whole.

#include "graph/traverse/shared_neighbours.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/value/decimal.h"
#include "tests/support/both_ways.h"
#include "tests/support/parts.h"
#include "tests/support/random_graph.h"
#include "tests/support/slow_clusters.h"
#include "tests/support/status_matchers.h"

namespace guanxi::traverse {
namespace {

using store::Snapshot;
using test::AskInParts;
using test::BothWays;
using test::CountOf;
using test::Entity;
using test::Find;
using test::Graph;
using test::Judge;
using test::LeftOutSet;
using test::Random;
using test::RandomBudget;
using test::RandomKey;
using test::RandomRelated;
using test::RandomTraversalOf;
using test::Relationship;
using test::SlowClusters;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using topology::Ground;

const int kGraphs = test::GraphCount(300);
constexpr int kQuestions = 4;  // of each graph

using Row =
    std::tuple<EntityId, std::vector<EntityId>, std::vector<RelationshipId>>;

std::vector<Row> Rows(const CommonNeighbours& answer) {
  std::vector<Row> rows;
  for (const CommonNeighbour& one : answer.neighbours) {
    rows.emplace_back(one.id, one.shared_by, one.relationships);
  }
  return rows;
}

// With relationships as the slow search names them, by id.
std::vector<Row> Folded(const SlowClusters& slow, std::vector<Row> rows) {
  for (Row& row : rows) {
    auto& relationships = std::get<std::vector<RelationshipId>>(row);
    for (RelationshipId& id : relationships) id = slow.First(id);
    std::ranges::sort(relationships);
  }
  return rows;
}

std::vector<Row> CommonSlowly(const SlowClusters& slow,
                              const Snapshot& snapshot,
                              const std::vector<EntityId>& given, size_t least,
                              LeftOutSet& left_out) {
  std::map<EntityId,
           std::pair<std::vector<EntityId>, std::vector<RelationshipId>>>
      met;
  for (const EntityId from : given) {
    slow.ForEachStep(from, left_out, [&](EntityId to, RelationshipId id) {
      if (to == from) return;
      auto& [shared_by, relationships] = met[to];
      if (shared_by.empty() || shared_by.back() != from) {
        shared_by.push_back(from);
      }
      relationships.push_back(id);
    });
  }
  std::vector<Row> rows;
  for (const auto& [id, shares] : met) {
    if (shares.first.size() < least) continue;
    rows.emplace_back(id, shares.first, shares.second);
  }
  std::ranges::sort(rows, [&](const Row& a, const Row& b) {
    const size_t shares_a = std::get<1>(a).size();
    const size_t shares_b = std::get<1>(b).size();
    if (shares_a != shares_b) return shares_a > shares_b;
    return *snapshot.EntityKey(std::get<0>(a)) <
           *snapshot.EntityKey(std::get<0>(b));
  });
  return Folded(slow, std::move(rows));
}

// Two to five of the entities, each once.
std::vector<EntityId> RandomGiven(Random& random, const SlowClusters& slow,
                                  const Snapshot& snapshot) {
  std::vector<EntityId> given;
  while (given.size() < 2 || (given.size() < 5 && random.OneIn(3))) {
    const EntityId id = slow.Canonical(Find(snapshot, RandomKey(random)));
    if (std::ranges::count(given, id) == 0) given.push_back(id);
  }
  return given;
}

CommonNeighboursSpec RandomCommon(Random& random, const Snapshot& snapshot) {
  CommonNeighboursSpec spec{.traversal = RandomTraversalOf(random, snapshot)};
  if (random.OneIn(2)) spec.min_shared = 2;
  return spec;
}

TEST(CommonNeighboursTest, RandomGraphsAreSearchedAsByHand) {
  Random random;
  size_t found = 0;
  for (int i = 0; i < kGraphs && !testing::Test::HasFailure(); ++i) {
    const Graph graph(RandomRelated(random));
    const Snapshot snapshot = graph.Read();
    const BothWays ways(snapshot);
    for (int j = 0; j < kQuestions && !testing::Test::HasFailure(); ++j) {
      SCOPED_TRACE(absl::StrCat("graph ", i, ", question ", j));
      const CommonNeighboursSpec spec = RandomCommon(random, snapshot);
      const SlowClusters slow(snapshot, spec.traversal);
      const std::vector<EntityId> given = RandomGiven(random, slow, snapshot);
      const size_t least = spec.min_shared == 0 ? given.size() : 2;
      LeftOutSet left_out;
      const std::vector<Row> expected =
          CommonSlowly(slow, snapshot, given, least, left_out);

      std::vector<std::vector<Row>> answers;
      for (const Ground& ground : ways) {
        ASSERT_OK_AND_ASSIGN(const CommonNeighbours answer,
                             FindCommonNeighbours(ground, given, spec));

        EXPECT_EQ(answer.completeness.outcome, Outcome::kComplete);
        EXPECT_EQ(CountOf(answer.completeness.left_out),
                  static_cast<int64_t>(left_out.size()));
        EXPECT_EQ(Folded(slow, Rows(answer)), expected);
        answers.push_back(Rows(answer));
      }
      EXPECT_EQ(answers[0], answers[1]);
      found += expected.size();
    }
  }
  EXPECT_GT(found, static_cast<size_t>(kGraphs / 4));
}

TEST(CommonNeighboursTest, PartsAreTheWhole) {
  Random random;
  int cut = 0;
  for (int i = 0; i < 100 && !testing::Test::HasFailure(); ++i) {
    const Graph graph(RandomRelated(random));
    const Snapshot snapshot = graph.Read();
    const BothWays ways(snapshot);
    for (int j = 0; j < kQuestions && !testing::Test::HasFailure(); ++j) {
      SCOPED_TRACE(absl::StrCat("graph ", i, ", question ", j));
      CommonNeighboursSpec spec = RandomCommon(random, snapshot);
      const std::vector<EntityId> given =
          RandomGiven(random, SlowClusters(snapshot, spec.traversal), snapshot);
      ASSERT_OK_AND_ASSIGN(const CommonNeighbours whole,
                           FindCommonNeighbours({snapshot}, given, spec));

      std::vector<Row> rows;
      LeftOut left_out;
      const int parts = AskInParts(
          random, spec.traversal,
          [&] { return FindCommonNeighbours(ways.Pick(random), given, spec); },
          [&](const CommonNeighbours& part) {
            for (const Row& row : Rows(part)) rows.push_back(row);
            left_out = part.completeness.left_out;
            return part.completeness.progress;
          });

      EXPECT_EQ(rows, Rows(whole));
      EXPECT_EQ(CountOf(left_out), CountOf(whole.completeness.left_out));
      cut += parts > 1;
    }
  }
  EXPECT_GT(cut, 20);
}

// Both ways take the same of each limit, to the last byte.
TEST(CommonNeighboursTest, BothWaysEndAtTheSamePlace) {
  Random random;
  for (int i = 0; i < 50 && !testing::Test::HasFailure(); ++i) {
    const Graph graph(RandomRelated(random));
    const Snapshot snapshot = graph.Read();
    const BothWays ways(snapshot);
    CommonNeighboursSpec spec = RandomCommon(random, snapshot);
    const std::vector<EntityId> given =
        RandomGiven(random, SlowClusters(snapshot, spec.traversal), snapshot);
    spec.traversal.budget = RandomBudget(random);

    std::vector<Completeness> ends;
    for (const Ground& ground : ways) {
      ASSERT_OK_AND_ASSIGN(const CommonNeighbours answer,
                           FindCommonNeighbours(ground, given, spec));
      ends.push_back(answer.completeness);
    }

    EXPECT_EQ(ends[0].reason, ends[1].reason);
    EXPECT_EQ(ends[0].where, ends[1].where);
    EXPECT_EQ(ends[0].progress, ends[1].progress);
  }
}

// "a" and "b" share "x" and "y", of which "x" by two relationships of "a".
std::vector<Statement> Shared() {
  std::vector<Statement> statements;
  for (const char* key : {"y", "x", "b", "a", "alone"}) {
    statements.push_back(Entity(key));
  }
  statements.push_back(Relationship("a", "ODD", "x"));
  statements.push_back(Relationship("x", "ODDER", "a"));
  statements.push_back(Relationship("b", "ODD", "x"));
  statements.push_back(Relationship("a", "ODD", "y"));
  statements.push_back(Relationship("y", "ODD", "b"));
  statements.push_back(Relationship("a", "ODD", "b"));
  statements.push_back(Relationship("a", "ODD", "a"));
  statements.push_back(Relationship("b", "ODD", "b"));
  return statements;
}

std::vector<std::string> Keys(const Snapshot& snapshot,
                              const CommonNeighbours& answer) {
  std::vector<std::string> keys;
  for (const CommonNeighbour& one : answer.neighbours) {
    keys.push_back(*snapshot.EntityKey(one.id));
  }
  return keys;
}

TEST(CommonNeighboursTest, DirectionIsThatOfTheGivenEntities) {
  const Graph graph(Shared());
  const Snapshot snapshot = graph.Read();
  const std::vector<EntityId> given = {Find(snapshot, "a"),
                                       Find(snapshot, "b")};

  for (const Ground& ground : BothWays(snapshot)) {
    CommonNeighboursSpec spec;
    ASSERT_OK_AND_ASSIGN(const CommonNeighbours both,
                         FindCommonNeighbours(ground, given, spec));
    spec.traversal.direction = Direction::kOut;
    ASSERT_OK_AND_ASSIGN(const CommonNeighbours out,
                         FindCommonNeighbours(ground, given, spec));

    EXPECT_THAT(Keys(snapshot, both), ElementsAre("x", "y"));
    EXPECT_THAT(both.neighbours[0].relationships, SizeIs(3));
    EXPECT_THAT(both.neighbours[0].shared_by, ElementsAre(given[0], given[1]));
    EXPECT_THAT(Keys(snapshot, out), ElementsAre("x"));
    EXPECT_THAT(out.neighbours[0].relationships, SizeIs(2));
  }
}

// "a" has a relationship with itself, and "b" and "x" have one with it.
TEST(CommonNeighboursTest, GivenEntityCanBeSharedByTheOthersAlone) {
  const Graph graph(Shared());
  const Snapshot snapshot = graph.Read();
  const std::vector<EntityId> given = {Find(snapshot, "x"), Find(snapshot, "a"),
                                       Find(snapshot, "b"),
                                       Find(snapshot, "x")};

  for (const Ground& ground : BothWays(snapshot)) {
    ASSERT_OK_AND_ASSIGN(
        const CommonNeighbours all,
        FindCommonNeighbours(ground, given, CommonNeighboursSpec()));
    ASSERT_OK_AND_ASSIGN(
        const CommonNeighbours two,
        FindCommonNeighbours(ground, given,
                             CommonNeighboursSpec{.min_shared = 2}));

    EXPECT_THAT(all.neighbours, IsEmpty());
    EXPECT_THAT(Keys(snapshot, two), ElementsAre("a", "b", "x", "y"));
    EXPECT_THAT(two.neighbours[0].shared_by, ElementsAre(given[0], given[2]));
    EXPECT_THAT(two.neighbours[0].relationships, SizeIs(3));
  }
}

TEST(CommonNeighboursTest, EntityWithoutRelationshipsSharesNothing) {
  const Graph graph(Shared());
  const Snapshot snapshot = graph.Read();

  for (const Ground& ground : BothWays(snapshot)) {
    ASSERT_OK_AND_ASSIGN(
        const CommonNeighbours answer,
        FindCommonNeighbours(ground,
                             {Find(snapshot, "a"), Find(snapshot, "alone")},
                             CommonNeighboursSpec()));

    EXPECT_THAT(answer.neighbours, IsEmpty());
    EXPECT_EQ(answer.completeness.outcome, Outcome::kComplete);
  }
}

// "x" and "x2" are one, and so are "b" and "b2", which have to do with each
// other; no relationship of "b" itself leads to "x".
TEST(CommonNeighboursTest, MergedEntitiesAreSharedAsOne) {
  std::vector<Statement> statements;
  for (const char* key : {"a", "b", "b2", "x", "x2"}) {
    statements.push_back(Entity(key));
  }
  statements.push_back(Relationship("a", "ODD", "x"));
  statements.push_back(Relationship("a", "ODD", "x2"));  // as the one before
  statements.push_back(Relationship("b2", "ODD", "x2"));
  statements.push_back(Relationship("b", "ODD", "b2"));
  statements.push_back(Judge(Judgement::kSame, "b", "b2"));
  statements.push_back(Judge(Judgement::kSame, "x", "x2"));
  const Graph graph(std::move(statements));
  const Snapshot snapshot = graph.Read();
  const std::vector<EntityId> given = {Find(snapshot, "a"),
                                       Find(snapshot, "b")};

  for (const Ground& ground : BothWays(snapshot)) {
    ASSERT_OK_AND_ASSIGN(
        const CommonNeighbours answer,
        FindCommonNeighbours(ground, given, CommonNeighboursSpec()));

    EXPECT_THAT(Keys(snapshot, answer), ElementsAre("x"));
    EXPECT_THAT(answer.neighbours[0].shared_by,
                ElementsAre(given[0], given[1]));
    EXPECT_THAT(answer.neighbours[0].relationships, SizeIs(2));
    EXPECT_EQ(answer.completeness.left_out.hidden, 1);
  }
}

// A hub does not use up the entities of the budget, whose neighbours nobody
// else may share; nor is each of them asked for its labels.
TEST(CommonNeighboursTest, HubCostsRelationshipsAlone) {
  constexpr int kLeaves = 3'000;
  std::vector<Statement> statements = {Entity("hub"), Entity("small")};
  for (int i = 0; i < kLeaves; ++i) {
    const std::string leaf = absl::StrCat("leaf", i);
    statements.push_back(Entity(leaf));
    statements.push_back(Relationship("hub", "ODD", leaf));
    if (i < 3) statements.push_back(Relationship("small", "ODD", leaf));
  }
  const Graph graph(std::move(statements));
  const Snapshot snapshot = graph.Read();
  const std::vector<EntityId> given = {Find(snapshot, "hub"),
                                       Find(snapshot, "small")};

  for (const Ground& ground : BothWays(snapshot)) {
    CommonNeighboursSpec spec;
    spec.traversal.budget.max_entities = 3;
    ASSERT_OK_AND_ASSIGN(const CommonNeighbours answer,
                         FindCommonNeighbours(ground, given, spec));
    spec.traversal.budget.max_relationships = 1'000;
    ASSERT_OK_AND_ASSIGN(const CommonNeighbours cut,
                         FindCommonNeighbours(ground, given, spec));

    EXPECT_THAT(Keys(snapshot, answer), ElementsAre("leaf0", "leaf1", "leaf2"));
    EXPECT_EQ(answer.completeness.outcome, Outcome::kComplete);
    EXPECT_THAT(cut.neighbours, IsEmpty());
    EXPECT_EQ(cut.completeness.reason, Stop::kRelationships);
    EXPECT_EQ(cut.completeness.where, "at hub");
    EXPECT_TRUE(cut.completeness.progress.has_value());
  }
}

TEST(CommonNeighboursTest, CancellationIsSeen) {
  std::vector<Statement> statements = {Entity("a"), Entity("b")};
  for (int i = 0; i < 600; ++i) {
    const std::string leaf = absl::StrCat("leaf", i);
    statements.push_back(Entity(leaf));
    statements.push_back(Relationship("a", "ODD", leaf));
    statements.push_back(Relationship("b", "ODD", leaf));
  }
  const Graph graph(std::move(statements));
  const Snapshot snapshot = graph.Read();
  const std::vector<EntityId> given = {Find(snapshot, "a"),
                                       Find(snapshot, "b")};

  for (const Ground& ground : BothWays(snapshot)) {
    for (int most = 0; most < 20; ++most) {
      int looks = 0;
      CommonNeighboursSpec spec;
      spec.traversal.budget.cancelled = [&] { return ++looks > most; };
      ASSERT_OK_AND_ASSIGN(const CommonNeighbours answer,
                           FindCommonNeighbours(ground, given, spec));

      EXPECT_EQ(answer.completeness.reason == Stop::kCancelled, looks > most);
      EXPECT_GE(looks, std::min(most + 1, 15));
    }
  }
}

TEST(CommonNeighboursTest, NumbersOutOfRangeAreRefused) {
  const Graph graph({Entity("a"), Entity("b")});
  const Snapshot snapshot = graph.Read();
  const EntityId a = Find(snapshot, "a");
  const EntityId b = Find(snapshot, "b");
  const auto reason = [&](const std::vector<EntityId>& given, int min_shared) {
    const auto answer = FindCommonNeighbours(
        {snapshot}, given, CommonNeighboursSpec{.min_shared = min_shared});
    return GetErrorInfo(answer.status())->reason;
  };

  EXPECT_EQ(reason({}, 0), "SPEC_INVALID");
  EXPECT_EQ(reason({a, a}, 0), "SPEC_INVALID");
  for (const int min_shared : {-1, 1, 3}) {
    EXPECT_EQ(reason({a, b}, min_shared), "SPEC_INVALID");
  }
}

}  // namespace
}  // namespace guanxi::traverse
