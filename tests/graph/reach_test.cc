// What can be reached is compared with a slow search that looks at every
// relationship of the store, in both ways of walking.

#include "graph/traverse/reach.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/traverse/entity_set.h"
#include "graph/value/decimal.h"
#include "tests/support/both_ways.h"
#include "tests/support/random_graph.h"
#include "tests/support/slow_clusters.h"
#include "tests/support/slow_graph.h"
#include "tests/support/status_matchers.h"

namespace guanxi::traverse {
namespace {

using store::Snapshot;
using test::BothWays;
using test::CountOf;
using test::Entity;
using test::Find;
using test::Graph;
using test::Random;
using test::RandomStatements;
using test::RandomTraversal;
using test::Relationship;
using test::SlowGraph;
using ::testing::ElementsAre;
using topology::Ground;

struct Expected {
  std::map<EntityId, int> depths;
  std::set<RelationshipId> left_out;  // met and not shown
};

// Whether a step is taken; notes what is met and not shown.
bool Takes(const SlowGraph& slow, const test::Step& step, Expected& expected) {
  if (!slow.Carries(step.to)) return false;
  const auto admission = slow.Admit(step.edge).admission;
  if (admission == store::Admission::kShown) return true;
  if (admission != store::Admission::kAbsent) {
    expected.left_out.insert(step.edge.id);
  }
  return false;
}

Expected ReachSlowly(const SlowGraph& slow, const std::vector<EntityId>& starts,
                     int max_depth) {
  Expected expected;
  std::vector<EntityId> queue;
  const auto reach = [&](EntityId id, int depth) {
    if (expected.depths.emplace(id, depth).second) queue.push_back(id);
  };
  for (const EntityId start : starts) reach(start, 0);
  for (size_t i = 0; i < queue.size(); ++i) {
    const int depth = expected.depths[queue[i]];
    if (depth == max_depth) break;
    for (const test::Step& step : slow.StepsFrom(queue[i])) {
      if (Takes(slow, step, expected)) reach(step.to, depth + 1);
    }
  }
  return expected;
}

void ExpectSame(const Reach& answer, const Expected& expected) {
  EXPECT_EQ(answer.completeness.outcome, Outcome::kComplete);
  EXPECT_EQ(CountOf(answer.completeness.left_out),
            static_cast<int64_t>(expected.left_out.size()));
  std::map<EntityId, int> depths;
  std::vector<int64_t> counts;
  int depth = 0;
  for (const ReachedEntity& reached : answer.entities) {
    EXPECT_TRUE(depths.emplace(reached.id, reached.depth).second);
    EXPECT_GE(reached.depth, depth);
    depth = reached.depth;
    counts.resize(static_cast<size_t>(depth) + 1);
    ++counts.back();
  }
  EXPECT_EQ(depths, expected.depths);
  EXPECT_EQ(answer.counts, counts);
}

TEST(ReachTest, RandomGraphsAreReachedAsByHand) {
  const int graphs = test::GraphCount(300);
  constexpr int kQuestions = 8;
  Random random;
  for (int i = 0; i < graphs && !testing::Test::HasFailure(); ++i) {
    const Graph graph(RandomStatements(random));
    const Snapshot snapshot = graph.Read();
    const BothWays ways(snapshot);
    for (int j = 0; j < kQuestions && !testing::Test::HasFailure(); ++j) {
      SCOPED_TRACE(absl::StrCat("graph ", i, ", question ", j));
      const ReachSpec spec{
          .traversal = RandomTraversal(random),
          .max_depth = random.OneIn(3) ? ReachSpec::kMaxDepth
                                       : static_cast<int>(1 + random.Below(3))};
      std::vector<EntityId> starts;
      do {
        starts.push_back(Find(snapshot, absl::StrCat("e", random.Below(8))));
      } while (random.OneIn(3));
      const SlowGraph slow(snapshot, spec.traversal);
      const Expected expected = ReachSlowly(slow, starts, spec.max_depth);

      for (const Ground& ground : ways) {
        ASSERT_OK_AND_ASSIGN(const Reach answer,
                             FindReach(ground, starts, spec));

        ExpectSame(answer, expected);
      }
    }
  }
}

// Long runs are taken in pieces, plain ones without looking at each slot.
TEST(ReachTest, HubIsReachedWhole) {
  constexpr int kLeaves = 2'500;
  std::vector<Statement> statements = {Entity("hub")};
  for (int i = 0; i < kLeaves; ++i) {
    statements.push_back(Entity(absl::StrCat("leaf", i)));
    Tail tail;
    if (i % 500 == 7) tail.confidence = *Decimal::Parse("0.5");
    statements.push_back(Relationship("hub", i % 2 == 0 ? "ODD" : "KNOWS",
                                      absl::StrCat("leaf", i), tail));
  }
  const Graph graph(std::move(statements));
  const Snapshot snapshot = graph.Read();
  const EntityId hub = Find(snapshot, "hub");

  for (const Ground& ground : BothWays(snapshot)) {
    ReachSpec spec;
    spec.traversal.lens.min_confidence = 0.9;
    ASSERT_OK_AND_ASSIGN(const Reach all, FindReach(ground, {hub}, spec));
    spec.traversal.budget.max_entities = 1'500;
    ASSERT_OK_AND_ASSIGN(const Reach some, FindReach(ground, {hub}, spec));

    EXPECT_THAT(all.counts, ElementsAre(1, kLeaves - 5));
    EXPECT_EQ(all.completeness.left_out.low_confidence, 5);
    EXPECT_THAT(some.counts, ElementsAre(1, 1'500));
    EXPECT_EQ(some.completeness.reason, Stop::kEntities);
    EXPECT_EQ(some.completeness.where, "at depth 0, at hub");
  }
}

// The leaves have nothing to go on to, and no step of them is free.
TEST(ReachTest, CancellationIsSeenAmongEntitiesWithoutRelationships) {
  std::vector<Statement> statements = {Entity("hub")};
  for (int i = 0; i < 1'000; ++i) {
    statements.push_back(Entity(absl::StrCat("leaf", i)));
    statements.push_back(Relationship("hub", "ODD", absl::StrCat("leaf", i)));
  }
  const Graph graph(std::move(statements));
  const Snapshot snapshot = graph.Read();

  for (const Ground& ground : BothWays(snapshot)) {
    int looks = 0;
    ReachSpec spec;
    spec.traversal.direction = Direction::kOut;
    spec.traversal.budget.cancelled = [&looks] { return ++looks > 9; };
    ASSERT_OK_AND_ASSIGN(const Reach answer,
                         FindReach(ground, {Find(snapshot, "hub")}, spec));

    EXPECT_EQ(answer.completeness.reason == Stop::kCancelled, looks > 9);
    EXPECT_GE(looks, 3);
  }
}

TEST(ReachTest, DepthOutOfRangeIsRefused) {
  const Graph graph({Entity("a")});
  const Snapshot snapshot = graph.Read();

  for (const int depth : {-1, 0, ReachSpec::kMaxDepth + 1}) {
    const auto answer =
        FindReach({snapshot}, {Find(snapshot, "a")}, {.max_depth = depth});

    EXPECT_EQ(GetErrorInfo(answer.status())->reason, "SPEC_INVALID");
  }
}

// Merged entities are reached as one, and their relationships taken together.
TEST(ReachTest, MergedEntitiesAreReachedAsOne) {
  std::vector<Statement> statements;
  for (const char* key : {"a", "b", "b2", "c", "d"}) {
    statements.push_back(Entity(key));
  }
  statements.push_back(Relationship("a", "ODD", "b"));
  statements.push_back(Relationship("b2", "ODD", "c"));
  statements.push_back(Relationship("b", "ODD", "b2"));
  statements.push_back(Relationship("c", "ODD", "d"));
  statements.push_back({JudgementStatement{
      .judgement = Judgement::kSame, .first = "b", .second = "b2"}});
  const Graph graph(std::move(statements));
  const Snapshot snapshot = graph.Read();

  for (const Ground& ground : BothWays(snapshot)) {
    ReachSpec spec;
    spec.traversal.direction = Direction::kOut;
    ASSERT_OK_AND_ASSIGN(const Reach answer,
                         FindReach(ground, {Find(snapshot, "a")}, spec));

    EXPECT_THAT(answer.counts, ElementsAre(1, 1, 1, 1));
    EXPECT_EQ(answer.completeness.left_out.hidden, 1);
  }
}

TEST(EntitySetTest, AgreesWithASet) {
  Random random;
  for (int i = 0; i < 20; ++i) {  // each finds what the one before has left
    EntitySet set;
    set.Reserve(10'000);
    std::set<uint64_t> model;
    std::vector<uint64_t> order;
    const auto note = [&](uint64_t id) {
      if (model.insert(id).second) order.push_back(id);
    };
    for (int j = 0; j < 200; ++j) {
      std::vector<uint32_t> some(random.Below(40));
      for (uint32_t& id : some) {
        id = static_cast<uint32_t>(random.Below(10'000));
      }
      const size_t before = model.size();
      for (const uint32_t id : some) note(id);
      EXPECT_EQ(set.InsertAll(some), model.size() - before);
      const uint64_t other = random.Below(50'000);  // above what was reserved
      EXPECT_EQ(set.Insert({other}), !model.contains(other));
      note(other);
    }
    ASSERT_EQ(set.size(), order.size());
    for (size_t j = 0; j < order.size(); ++j) {
      ASSERT_EQ(set[j], EntityId{order[j]});
    }
    for (uint64_t id = 0; id < 60'000; ++id) {
      ASSERT_EQ(set.Has({id}), model.contains(id));
    }
  }
}

}  // namespace
}  // namespace guanxi::traverse
