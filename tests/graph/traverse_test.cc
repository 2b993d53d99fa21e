// Traversals over random small graphs are compared with slow, obvious ones that
// look at every relationship of the store and ask the lens about each.

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/store/snapshot.h"
#include "graph/traverse/neighbourhood.h"
#include "graph/traverse/path.h"
#include "tests/support/both_ways.h"
#include "tests/support/random_graph.h"
#include "tests/support/slow_graph.h"
#include "tests/support/status_matchers.h"

namespace guanxi::traverse {
namespace {

using store::Admission;
using store::Admitted;
using store::Snapshot;
using test::BothWays;
using test::Entity;
using test::Find;
using test::Graph;
using test::Random;
using test::RandomStatements;
using test::RandomTraversal;
using test::Relationship;
using test::SlowGraph;
using test::Step;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using topology::Ground;

const int kGraphs = test::GraphCount(300);
constexpr int kBudgetGraphs = 15;

// --- The slow versions ------------------------------------------------------

struct Expected {
  std::map<EntityId, int> entities;             // with their depths
  std::map<RelationshipId, int> relationships;  // with the depth they are met
  std::set<RelationshipId> denied;
  std::map<std::pair<std::string, Direction>, int64_t> counts;
  LeftOut left_out;
};

auto Tie(const LeftOut& left) {
  return std::tie(left.denied, left.unrecorded, left.uncertain,
                  left.low_confidence, left.modes);
}

LeftOut Count(const std::map<RelationshipId, Admitted>& passed_over) {
  LeftOut left;
  for (const auto& [id, admitted] : passed_over) {
    left.denied += admitted.admission == Admission::kDenied;
    left.unrecorded += admitted.admission == Admission::kUnrecorded;
    left.uncertain += admitted.admission == Admission::kUncertain;
    left.low_confidence += admitted.admission == Admission::kLowConfidence;
    if (admitted.admission == Admission::kOtherMode)
      ++left.modes[admitted.mode];
  }
  return left;
}

class Slow : public SlowGraph {
 public:
  using SlowGraph::SlowGraph;

  Expected Neighbourhood(EntityId start, int depth) const {
    Expected expected{.entities = {{start, 0}}};
    std::map<RelationshipId, Admitted> passed_over;
    for (int at = 0; at < depth; ++at) {
      const std::map<EntityId, int> reached = expected.entities;
      for (const auto& [id, reached_at] : reached) {
        if (reached_at != at) continue;
        for (const Step& step : StepsFrom(id)) {
          Take(step, at, expected, passed_over);
        }
      }
    }
    expected.left_out = Count(passed_over);
    return expected;
  }

  // The length of a shortest path, if there is any.
  std::optional<int> Distance(EntityId from, EntityId to) const {
    std::map<EntityId, int> reached = {{from, 0}};
    std::vector<EntityId> queue = {from};
    for (size_t i = 0; i < queue.size(); ++i) {
      for (const Step& step : StepsFrom(queue[i])) {
        const bool passable = step.to == to || Carries(step.to);
        if (!passable || !Shows(step.edge)) continue;
        if (reached.try_emplace(step.to, reached[queue[i]] + 1).second) {
          queue.push_back(step.to);
        }
      }
    }
    const auto found = reached.find(to);
    if (found == reached.end()) return std::nullopt;
    return found->second;
  }

  void ExpectValid(const Path& path, EntityId from, EntityId to) const {
    ASSERT_THAT(path.entities, SizeIs(path.relationships.size() + 1));
    EXPECT_EQ(path.entities.front(), from);
    EXPECT_EQ(path.entities.back(), to);
    for (size_t i = 0; i < path.relationships.size(); ++i) {
      const EntityId next = path.entities[i + 1];
      const std::vector<Step> steps = StepsFrom(path.entities[i]);
      EXPECT_TRUE(std::ranges::any_of(steps,
                                      [&](const Step& step) {
                                        return step.edge.id ==
                                                   path.relationships[i] &&
                                               step.to == next &&
                                               Shows(step.edge);
                                      }))
          << "step " << i;
      EXPECT_TRUE(next == to || Carries(next)) << "step " << i;
    }
  }

 private:
  void Take(const Step& step, int at, Expected& expected,
            std::map<RelationshipId, Admitted>& passed_over) const {
    const Admitted admitted = Admit(step.edge);
    if (admitted.admission == Admission::kShown && at == 0) {
      ++expected.counts[{step.edge.type, step.direction}];
    }
    if (!Carries(step.to)) return;
    if (admitted.admission != Admission::kShown) {
      passed_over.emplace(step.edge.id, admitted);
      if (admitted.admission == Admission::kDenied) {
        expected.denied.insert(step.edge.id);
      }
      return;
    }
    expected.relationships.try_emplace(step.edge.id, at);
    expected.entities.try_emplace(step.to, at + 1);
  }
};

// --- Neighbourhoods ---------------------------------------------------------

void ExpectSame(const Neighbourhood& actual, const Expected& expected,
                const Slow& slow) {
  EXPECT_EQ(actual.completeness.outcome, Outcome::kComplete);
  EXPECT_EQ(Tie(actual.completeness.left_out), Tie(expected.left_out));

  std::map<EntityId, int> entities;
  int depth = 0;
  for (const VisitedEntity& entity : actual.entities) {
    EXPECT_TRUE(entities.emplace(entity.id, entity.depth).second);
    EXPECT_GE(entity.depth, depth);
    depth = entity.depth;
    if (depth == 0) {
      EXPECT_EQ(entity.parent, entity.id);
      continue;
    }
    EXPECT_EQ(entities[entity.parent], depth - 1);
    const std::vector<Step> steps = slow.StepsFrom(entity.parent);
    EXPECT_TRUE(std::ranges::any_of(steps, [&](const Step& step) {
      return step.to == entity.id && slow.Shows(step.edge);
    }));
  }
  EXPECT_EQ(entities, expected.entities);

  std::map<RelationshipId, int> relationships;
  int met = 0;
  for (const RelationshipId id : actual.relationships) {
    const auto found = expected.relationships.find(id);
    const int met_now =
        found == expected.relationships.end() ? met : found->second;
    EXPECT_TRUE(relationships.emplace(id, met_now).second);
    EXPECT_GE(met_now, met);
    met = met_now;
  }
  EXPECT_EQ(relationships, expected.relationships);

  std::map<std::pair<std::string, Direction>, int64_t> counts;
  for (const TypeCount& count : actual.counts) {
    counts[{count.type, count.direction}] = count.count;
  }
  EXPECT_EQ(counts, expected.counts);
}

TEST(NeighbourhoodTest, RandomGraphsAreWalkedAsByHand) {
  Random random;
  for (int i = 0; i < kGraphs && !testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE(absl::StrCat("graph ", i));
    const Graph graph(RandomStatements(random));
    const Snapshot snapshot = graph.Read();
    const BothWays ways(snapshot);
    for (int j = 0; j < 8 && !testing::Test::HasFailure(); ++j) {
      SCOPED_TRACE(absl::StrCat("question ", j));
      const EntityId start = Find(snapshot, absl::StrCat("e", random.Below(8)));
      NeighbourhoodSpec spec{.traversal = RandomTraversal(random),
                             .depth = static_cast<int>(1 + random.Below(3))};
      spec.include_denied = random.OneIn(2);
      const Slow slow(snapshot, spec.traversal);

      const Expected expected = slow.Neighbourhood(start, spec.depth);

      for (const Ground& ground : ways) {
        ASSERT_OK_AND_ASSIGN(const Neighbourhood answer,
                             FindNeighbourhood(ground, start, spec));

        ExpectSame(answer, expected, slow);
        std::set<RelationshipId> denied(answer.denied.begin(),
                                        answer.denied.end());
        EXPECT_THAT(answer.denied, SizeIs(denied.size()));
        EXPECT_EQ(denied, spec.include_denied ? expected.denied
                                              : std::set<RelationshipId>());
      }
    }
  }
}

TEST(NeighbourhoodTest, DepthOutOfRangeIsRefused) {
  const Graph graph({Entity("a", {"Person"})});
  const Snapshot snapshot = graph.Read();

  for (const int depth : {-1, 0, NeighbourhoodSpec::kMaxDepth + 1}) {
    const auto answer =
        FindNeighbourhood({snapshot}, Find(snapshot, "a"), {.depth = depth});
    EXPECT_EQ(GetErrorInfo(answer.status())->reason, "SPEC_INVALID");
  }
}

std::vector<Statement> Star(const std::string& hub, int leaves) {
  std::vector<Statement> statements = {Entity(hub)};
  for (int i = 0; i < leaves; ++i) {
    const std::string leaf = absl::StrCat(hub, "-", i);
    statements.push_back(Entity(leaf));
    statements.push_back(Relationship(hub, "ODD", leaf));
  }
  return statements;
}

TEST(NeighbourhoodTest, EntityWithMoreThanItsShareIsSaid) {
  const Graph graph(Star("hub", 5));
  const Snapshot snapshot = graph.Read();
  const EntityId hub = Find(snapshot, "hub");

  for (int share = 1; share <= 6; ++share) {
    ASSERT_OK_AND_ASSIGN(
        const Neighbourhood answer,
        FindNeighbourhood({snapshot}, hub,
                          {.depth = 2, .max_per_entity = share}));

    const bool cut = share < 5;
    EXPECT_EQ(answer.completeness.outcome,
              cut ? Outcome::kTruncated : Outcome::kComplete);
    EXPECT_EQ(answer.completeness.reason, cut ? Stop::kPerEntity : Stop::kNone);
    EXPECT_THAT(answer.relationships, SizeIs(std::min(share, 5)));
    EXPECT_EQ(answer.counts.at(0).count, 5);
  }
}

// A relationship of an entity with itself is met from both of its ends.
TEST(NeighbourhoodTest, LoopCountsOnceInTheShareOfItsEntity) {
  const Graph graph({Entity("a"), Entity("b"), Relationship("a", "ODD", "a"),
                     Relationship("a", "ODD", "b")});
  const Snapshot snapshot = graph.Read();

  ASSERT_OK_AND_ASSIGN(const Neighbourhood answer,
                       FindNeighbourhood({snapshot}, Find(snapshot, "a"),
                                         {.max_per_entity = 2}));

  EXPECT_THAT(answer.relationships, SizeIs(2));
  EXPECT_EQ(answer.completeness.outcome, Outcome::kComplete);
}

// --- Paths ------------------------------------------------------------------

TEST(PathTest, RandomGraphsHaveThePathsFoundByHand) {
  Random random;
  int found = 0;
  int none = 0;
  int too_long = 0;
  for (int i = 0; i < kGraphs && !testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE(absl::StrCat("graph ", i));
    const Graph graph(RandomStatements(random));
    const Snapshot snapshot = graph.Read();
    for (int j = 0; j < 8 && !testing::Test::HasFailure(); ++j) {
      SCOPED_TRACE(absl::StrCat("question ", j));
      const EntityId from = Find(snapshot, absl::StrCat("e", random.Below(8)));
      const EntityId to = Find(snapshot, absl::StrCat("e", random.Below(8)));
      PathSpec spec{.traversal = RandomTraversal(random)};
      if (random.OneIn(2))
        spec.max_length = static_cast<int>(1 + random.Below(3));
      const Slow slow(snapshot, spec.traversal);
      const std::optional<int> distance = slow.Distance(from, to);

      ASSERT_OK_AND_ASSIGN(const PathAnswer answer,
                           FindPaths({snapshot}, {{from}, {to}}, spec));

      const Completeness& completeness = answer.completeness;
      if (distance.has_value() && *distance <= spec.max_length) {
        ++found;
        EXPECT_EQ(completeness.outcome, Outcome::kComplete);
        ASSERT_THAT(answer.paths, SizeIs(1));
        EXPECT_THAT(answer.paths[0].relationships,
                    SizeIs(static_cast<size_t>(*distance)));
        slow.ExpectValid(answer.paths[0], from, to);
        continue;
      }
      EXPECT_THAT(answer.paths, IsEmpty());
      const bool proven = completeness.outcome == Outcome::kProvenNone;
      if (distance.has_value()) {
        ++too_long;
        EXPECT_FALSE(proven);
      } else if (spec.max_length >= 14) {  // longer than any of these
        ++none;
        EXPECT_TRUE(proven);
      }
      if (proven) continue;
      EXPECT_EQ(completeness.outcome, Outcome::kTruncated);
      EXPECT_EQ(completeness.reason, Stop::kLength);
      EXPECT_FALSE(completeness.where.empty());
    }
  }
  EXPECT_GT(std::min({found, none, too_long}), 50);
}

TEST(PathTest, LengthOutOfRangeIsRefused) {
  const Graph graph({Entity("a", {"Person"})});
  const Snapshot snapshot = graph.Read();
  const EntityId a = Find(snapshot, "a");

  for (const int length : {-1, 0, PathSpec::kMaxLength + 1}) {
    const auto answer =
        FindPaths({snapshot}, {{a}, {a}}, {.max_length = length});
    EXPECT_EQ(GetErrorInfo(answer.status())->reason, "SPEC_INVALID");
  }
}

// --- Budgets ----------------------------------------------------------------

struct Limit {
  Stop reason;
  int64_t Budget::*field;
  int64_t unit = 1;
};
constexpr Limit kLimits[] = {
    {Stop::kRelationships, &Budget::max_relationships},
    {Stop::kEntities, &Budget::max_entities},
    {Stop::kResults, &Budget::max_results},
    {Stop::kBytes, &Budget::max_bytes, 64},
};
constexpr int64_t kEnough = 250;  // of anything, for every one of these graphs

std::vector<EntityId> Ids(const Neighbourhood& answer) {
  std::vector<EntityId> ids;
  for (const VisitedEntity& entity : answer.entities) ids.push_back(entity.id);
  return ids;
}

template <typename T>
bool IsWithin(std::vector<T> part, std::vector<T> whole) {
  std::ranges::sort(part);
  std::ranges::sort(whole);
  return std::ranges::includes(whole, part);
}

TEST(BudgetTest, NeighbourhoodIsWholeOrSaysWhatEndedIt) {
  Random random;
  for (int i = 0; i < kBudgetGraphs && !testing::Test::HasFailure(); ++i) {
    const Graph graph(RandomStatements(random));
    const Snapshot snapshot = graph.Read();
    const EntityId start = Find(snapshot, "e0");
    NeighbourhoodSpec spec{.traversal = RandomTraversal(random), .depth = 3};
    spec.include_denied = random.OneIn(2);
    ASSERT_OK_AND_ASSIGN(const Neighbourhood full,
                         FindNeighbourhood({snapshot}, start, spec));
    for (const Limit& limit : kLimits) {
      spec.traversal.budget = Budget();
      for (int64_t k = 1; k <= kEnough; ++k) {
        SCOPED_TRACE(absl::StrCat("graph ", i, ", reason ",
                                  static_cast<int>(limit.reason), ", at ", k));
        spec.traversal.budget.*limit.field = k * limit.unit;

        ASSERT_OK_AND_ASSIGN(const Neighbourhood answer,
                             FindNeighbourhood({snapshot}, start, spec));

        if (answer.completeness.outcome == Outcome::kComplete) {
          EXPECT_EQ(Ids(answer), Ids(full));
          EXPECT_EQ(answer.relationships, full.relationships);
          EXPECT_EQ(answer.denied, full.denied);
          EXPECT_TRUE(answer.counts_complete);
          EXPECT_EQ(Tie(answer.completeness.left_out),
                    Tie(full.completeness.left_out));
          break;
        }
        ASSERT_EQ(answer.completeness.outcome, Outcome::kTruncated);
        ASSERT_EQ(answer.completeness.reason, limit.reason);
        ASSERT_FALSE(answer.completeness.where.empty());
        ASSERT_TRUE(IsWithin(Ids(answer), Ids(full)));
        ASSERT_TRUE(IsWithin(answer.relationships, full.relationships));
        ASSERT_LT(k, kEnough);
      }
    }
  }
}

TEST(BudgetTest, PathIsWholeOrSaysWhatEndedIt) {
  Random random;
  for (int i = 0; i < kBudgetGraphs && !testing::Test::HasFailure(); ++i) {
    const Graph graph(RandomStatements(random));
    const Snapshot snapshot = graph.Read();
    const EntityId from = Find(snapshot, "e0");
    const EntityId to = Find(snapshot, "e7");
    PathSpec spec{.traversal = RandomTraversal(random)};
    ASSERT_OK_AND_ASSIGN(const PathAnswer full,
                         FindPaths({snapshot}, {{from}, {to}}, spec));
    for (const Limit& limit : kLimits) {
      spec.traversal.budget = Budget();
      for (int64_t k = 0; k <= kEnough; ++k) {
        SCOPED_TRACE(absl::StrCat("graph ", i, ", reason ",
                                  static_cast<int>(limit.reason), ", at ", k));
        spec.traversal.budget.*limit.field = k * limit.unit;

        ASSERT_OK_AND_ASSIGN(const PathAnswer answer,
                             FindPaths({snapshot}, {{from}, {to}}, spec));

        if (answer.completeness.outcome != Outcome::kTruncated) {
          EXPECT_EQ(answer.completeness.outcome, full.completeness.outcome);
          EXPECT_EQ(answer.paths, full.paths);
          break;
        }
        ASSERT_THAT(answer.paths, IsEmpty());
        ASSERT_EQ(answer.completeness.reason, limit.reason);
        ASSERT_LT(k, kEnough);
      }
    }
  }
}

TEST(BudgetTest, BudgetOfNothingIsSaidAsWell) {
  const Graph graph(Star("hub", 2));
  const Snapshot snapshot = graph.Read();
  const EntityId hub = Find(snapshot, "hub");

  for (const Limit& limit : kLimits) {
    NeighbourhoodSpec spec;
    spec.traversal.budget.*limit.field = 0;
    ASSERT_OK_AND_ASSIGN(const Neighbourhood answer,
                         FindNeighbourhood({snapshot}, hub, spec));
    EXPECT_EQ(answer.completeness.outcome, Outcome::kTruncated);
    EXPECT_EQ(answer.completeness.reason, limit.reason);
  }
}

// Two stars that nothing connects, of 2,000 relationships. A budget of as many
// relationships as there are steps between two looks would say so if the work
// went on beyond the first look.
class InterruptionTest : public testing::Test {
 protected:
  InterruptionTest() : graph_(Stars()), snapshot_(graph_.Read()) {
    spec_.budget.max_relationships = Meter::kStepsBetweenLooks;
  }

  static std::vector<Statement> Stars() {
    std::vector<Statement> statements = Star("left", 1'000);
    for (Statement& more : Star("right", 1'000)) {
      statements.push_back(std::move(more));
    }
    return statements;
  }

  void ExpectStops(Stop reason) {
    const EntityId left = Find(snapshot_, "left");
    const EntityId right = Find(snapshot_, "right");

    ASSERT_OK_AND_ASSIGN(
        const Neighbourhood around,
        FindNeighbourhood({snapshot_}, left, {.traversal = spec_, .depth = 2}));
    ASSERT_OK_AND_ASSIGN(
        const PathAnswer path,
        FindPaths({snapshot_}, {{left}, {right}}, {.traversal = spec_}));

    for (const Completeness& completeness :
         {around.completeness, path.completeness}) {
      EXPECT_EQ(completeness.outcome, Outcome::kTruncated);
      EXPECT_EQ(completeness.reason, reason);
    }
    EXPECT_LE(around.relationships.size(), size_t{Meter::kStepsBetweenLooks});
    EXPECT_THAT(path.paths, IsEmpty());
  }

  Graph graph_;
  Snapshot snapshot_;
  TraversalSpec spec_;
};

TEST_F(InterruptionTest, CancelledWorkStopsAtTheFirstLook) {
  int looks = 0;
  spec_.budget.cancelled = [&looks] {
    ++looks;
    return true;
  };

  ExpectStops(Stop::kCancelled);

  EXPECT_EQ(looks, 2);  // of the counts of the start and of the path
}

TEST_F(InterruptionTest, WorkStopsSoonAfterItsDeadline) {
  spec_.budget.deadline = std::chrono::steady_clock::time_point::min();

  ExpectStops(Stop::kDeadline);
}

TEST_F(InterruptionTest, WorkGoesOnWhereNothingStopsIt) {
  spec_.budget = Budget();
  spec_.budget.cancelled = [] { return false; };

  ASSERT_OK_AND_ASSIGN(
      const PathAnswer path,
      FindPaths({snapshot_},
                {{Find(snapshot_, "left")}, {Find(snapshot_, "right")}},
                {.traversal = spec_}));

  EXPECT_EQ(path.completeness.outcome, Outcome::kProvenNone);
}

}  // namespace
}  // namespace guanxi::traverse
