// An answer that is given in parts, cut at random budgets, is the answer that
// is given at once. A part comes over the adjacency in memory or by cursors: a
// token goes on in either.

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/traverse/connection.h"
#include "graph/traverse/neighbourhood.h"
#include "graph/traverse/path.h"
#include "graph/traverse/reach.h"
#include "tests/support/both_ways.h"
#include "tests/support/parts.h"
#include "tests/support/path_oracle.h"
#include "tests/support/random_graph.h"
#include "tests/support/status_matchers.h"

namespace guanxi::traverse {
namespace {

using store::Snapshot;
using test::Append;
using test::AskInParts;
using test::BothWays;
using test::Entity;
using test::Find;
using test::Graph;
using test::Random;
using test::RandomStatements;
using test::RandomTraversal;
using test::Relationship;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const int kGraphs = test::GraphCount(100);
constexpr int kQuestions = 10;  // of each graph, of each kind

auto Tie(const LeftOut& left) {
  return std::tie(left.denied, left.unrecorded, left.uncertain,
                  left.low_confidence, left.modes);
}

void ExpectSame(const Completeness& one, const Completeness& other) {
  EXPECT_EQ(one.outcome, other.outcome);
  EXPECT_EQ(one.reason, other.reason);
  EXPECT_EQ(one.where, other.where);
  EXPECT_EQ(Tie(one.left_out), Tie(other.left_out));
  EXPECT_EQ(one.progress, other.progress);
}

auto Rows(const std::vector<VisitedEntity>& entities) {
  std::vector<std::tuple<EntityId, int, EntityId>> rows;
  for (const VisitedEntity& one : entities) {
    rows.emplace_back(one.id, one.depth, one.parent);
  }
  return rows;
}

auto Rows(const std::vector<ReachedEntity>& entities) {
  std::vector<std::pair<EntityId, int>> rows;
  for (const ReachedEntity& one : entities) {
    rows.emplace_back(one.id, one.depth);
  }
  return rows;
}

auto Rows(const std::vector<TypeCount>& counts) {
  std::vector<std::tuple<std::string, Direction, int64_t>> rows;
  for (const TypeCount& one : counts) {
    rows.emplace_back(one.type, one.direction, one.count);
  }
  return rows;
}

// Asks for part after part; the lists of the answer are then those of all
// parts.
template <typename Answer, typename Ask, typename Join>
Answer JoinParts(Random& random, TraversalSpec& spec, Ask ask, Join join,
                 int* parts) {
  Answer whole;
  *parts = AskInParts(random, spec, ask, [&](const Answer& part) {
    join(whole, part);
    if (part.completeness.progress.has_value()) {
      EXPECT_EQ(part.completeness.outcome, Outcome::kTruncated);
    }
    return part.completeness.progress;
  });
  return whole;
}

TEST(ResumeTest, NeighbourhoodInPartsIsTheWhole) {
  Random random;
  int parts = 0;
  int cut = 0;
  for (int i = 0; i < kGraphs && !testing::Test::HasFailure(); ++i) {
    const Graph graph(RandomStatements(random));
    const Snapshot snapshot = graph.Read();
    const BothWays ways(snapshot);
    for (int j = 0; j < kQuestions && !testing::Test::HasFailure(); ++j) {
      SCOPED_TRACE(absl::StrCat("graph ", i, ", question ", j));
      const EntityId start = Find(snapshot, absl::StrCat("e", random.Below(8)));
      NeighbourhoodSpec spec{.traversal = RandomTraversal(random),
                             .depth = static_cast<int>(1 + random.Below(4)),
                             .include_denied = random.OneIn(2)};
      if (random.OneIn(3)) {
        spec.max_per_entity = static_cast<int64_t>(1 + random.Below(4));
      }
      ASSERT_OK_AND_ASSIGN(const Neighbourhood whole,
                           FindNeighbourhood({snapshot}, start, spec));

      const auto joined = JoinParts<Neighbourhood>(
          random, spec.traversal,
          [&] { return FindNeighbourhood(ways.Pick(random), start, spec); },
          [](Neighbourhood& all, const Neighbourhood& part) {
            Append(part.entities, all.entities);
            Append(part.relationships, all.relationships);
            Append(part.denied, all.denied);
            all.counts = part.counts;
            all.counts_complete = part.counts_complete;
            all.completeness = part.completeness;
          },
          &parts);

      ExpectSame(joined.completeness, whole.completeness);
      EXPECT_EQ(Rows(joined.entities), Rows(whole.entities));
      EXPECT_EQ(joined.relationships, whole.relationships);
      EXPECT_EQ(joined.denied, whole.denied);
      EXPECT_EQ(Rows(joined.counts), Rows(whole.counts));
      EXPECT_TRUE(joined.counts_complete);
      cut += parts > 1;
    }
  }
  EXPECT_GT(cut, kGraphs);
}

TEST(ResumeTest, PathsInPartsAreTheWhole) {
  Random random;
  int parts = 0;
  int cut = 0;
  for (int i = 0; i < kGraphs && !testing::Test::HasFailure(); ++i) {
    const Graph graph(RandomStatements(random));
    const Snapshot snapshot = graph.Read();
    const BothWays ways(snapshot, graph.store(), "weight");
    for (int j = 0; j < kQuestions && !testing::Test::HasFailure(); ++j) {
      SCOPED_TRACE(absl::StrCat("graph ", i, ", question ", j));
      PathEnds ends{{Find(snapshot, absl::StrCat("e", random.Below(8)))},
                    {Find(snapshot, absl::StrCat("e", random.Below(8)))}};
      const bool by_cost = random.OneIn(3);
      PathSpec spec =
          by_cost ? test::RandomCostSpec(random) : test::RandomPathSpec(random);
      const bool cycles = !by_cost && random.OneIn(3);
      const bool lists =
          spec.mode == PathMode::kAll || spec.mode == PathMode::kKShortest;
      if (!by_cost && !cycles && lists && random.OneIn(2)) {
        ends = {.from = ends.from, .anywhere = true};
      }
      const bool counts =
          spec.mode == PathMode::kAll || spec.mode == PathMode::kAllShortest;
      spec.counts_only = counts && !by_cost && random.OneIn(3);
      const auto ask = [&](const topology::Ground& ground) {
        return cycles ? FindCycles(ground, ends.from[0], spec)
                      : FindPaths(ground, ends, spec);
      };
      ASSERT_OK_AND_ASSIGN(const PathAnswer whole, ask({snapshot}));

      const auto joined = JoinParts<PathAnswer>(
          random, spec.traversal, [&] { return ask(ways.Pick(random)); },
          [](PathAnswer& all, const PathAnswer& part) {
            Append(part.paths, all.paths);
            all.counts = part.counts;
            all.completeness = part.completeness;
          },
          &parts);

      ExpectSame(joined.completeness, whole.completeness);
      EXPECT_EQ(joined.paths, whole.paths);
      EXPECT_EQ(joined.counts, whole.counts);
      cut += parts > 1;
    }
  }
  EXPECT_GT(cut, kGraphs);
}

TEST(ResumeTest, ReachInPartsIsTheWhole) {
  Random random;
  int parts = 0;
  int cut = 0;
  for (int i = 0; i < kGraphs && !testing::Test::HasFailure(); ++i) {
    const Graph graph(RandomStatements(random));
    const Snapshot snapshot = graph.Read();
    const BothWays ways(snapshot);
    for (int j = 0; j < kQuestions && !testing::Test::HasFailure(); ++j) {
      SCOPED_TRACE(absl::StrCat("graph ", i, ", question ", j));
      const std::vector<EntityId> starts = {
          Find(snapshot, absl::StrCat("e", random.Below(8)))};
      ReachSpec spec{.traversal = RandomTraversal(random),
                     .max_depth = static_cast<int>(1 + random.Below(5))};
      ASSERT_OK_AND_ASSIGN(const Reach whole,
                           FindReach({snapshot}, starts, spec));

      const auto joined = JoinParts<Reach>(
          random, spec.traversal,
          [&] { return FindReach(ways.Pick(random), starts, spec); },
          [](Reach& all, const Reach& part) {
            Append(part.entities, all.entities);
            all.counts = part.counts;
            all.completeness = part.completeness;
          },
          &parts);

      ExpectSame(joined.completeness, whole.completeness);
      EXPECT_EQ(Rows(joined.entities), Rows(whole.entities));
      EXPECT_EQ(joined.counts, whole.counts);
      cut += parts > 1;
    }
  }
  EXPECT_GT(cut, kGraphs);
}

std::set<RelationshipId> RelationshipsOf(const Connections& answer) {
  std::set<RelationshipId> all;
  for (const Network& network : answer.networks) {
    all.insert(network.relationships.begin(), network.relationships.end());
  }
  return all;
}

// A part is what is certain so far, the last one the whole.
TEST(ResumeTest, ConnectionsGrowPartByPartToTheWhole) {
  Random random;
  int parts = 0;
  int cut = 0;
  for (int i = 0; i < kGraphs && !testing::Test::HasFailure(); ++i) {
    const Graph graph(RandomStatements(random));
    const Snapshot snapshot = graph.Read();
    const BothWays ways(snapshot);
    for (int j = 0; j < kQuestions && !testing::Test::HasFailure(); ++j) {
      SCOPED_TRACE(absl::StrCat("graph ", i, ", question ", j));
      const std::vector<EntityId> given = {
          Find(snapshot, "e0"), Find(snapshot, "e1"), Find(snapshot, "e2")};
      ConnectionSpec spec{
          .traversal = RandomTraversal(random),
          .max_distance = static_cast<int>(1 + random.Below(9))};
      spec.traversal.direction = Direction::kBoth;
      ASSERT_OK_AND_ASSIGN(const Connections whole,
                           FindConnections({snapshot}, given, spec));
      std::set<RelationshipId> known;

      const auto last = JoinParts<Connections>(
          random, spec.traversal,
          [&] { return FindConnections(ways.Pick(random), given, spec); },
          [&known](Connections& all, const Connections& part) {
            all = part;
            const std::set<RelationshipId> more = RelationshipsOf(part);
            EXPECT_TRUE(std::ranges::includes(more, known));
            known = more;
          },
          &parts);

      ExpectSame(last.completeness, whole.completeness);
      EXPECT_EQ(last.networks, whole.networks);
      cut += parts > 1;
    }
  }
  EXPECT_GT(cut, kGraphs);
}

std::vector<Statement> Star(int leaves) {
  std::vector<Statement> statements = {Entity("hub")};
  for (int i = 0; i < leaves; ++i) {
    const std::string leaf = absl::StrCat("leaf", i);
    statements.push_back(Entity(leaf));
    statements.push_back(Relationship("hub", "ODD", leaf));
  }
  return statements;
}

// The walk is interrupted before it is where the part before ended.
TEST(ResumeTest, PartThatComesToNothingLosesNoGround) {
  const Graph graph(Star(600));
  const Snapshot snapshot = graph.Read();
  const EntityId hub = Find(snapshot, "hub");
  NeighbourhoodSpec spec;
  spec.traversal.budget.max_results = 500;
  ASSERT_OK_AND_ASSIGN(const Neighbourhood first,
                       FindNeighbourhood({snapshot}, hub, spec));
  spec.traversal.done = *first.completeness.progress;
  spec.traversal.budget.deadline = std::chrono::steady_clock::time_point::min();

  ASSERT_OK_AND_ASSIGN(const Neighbourhood second,
                       FindNeighbourhood({snapshot}, hub, spec));

  EXPECT_THAT(second.relationships, IsEmpty());
  EXPECT_EQ(second.completeness.reason, Stop::kDeadline);
  ASSERT_EQ(second.completeness.progress, first.completeness.progress);
  spec.traversal.budget = Budget();
  ASSERT_OK_AND_ASSIGN(const Neighbourhood third,
                       FindNeighbourhood({snapshot}, hub, spec));
  EXPECT_THAT(third.relationships, SizeIs(100));
  EXPECT_EQ(third.completeness.outcome, Outcome::kComplete);
}

TEST(ResumeTest, WhatALargerBudgetDoesNotHelpHasNoNextPart) {
  const Graph graph(Star(5));
  const Snapshot snapshot = graph.Read();
  const EntityId hub = Find(snapshot, "hub");

  ASSERT_OK_AND_ASSIGN(
      const Neighbourhood answer,
      FindNeighbourhood({snapshot}, hub, {.max_per_entity = 2}));

  EXPECT_EQ(answer.completeness.outcome, Outcome::kTruncated);
  EXPECT_FALSE(answer.completeness.progress.has_value());
}

}  // namespace
}  // namespace guanxi::traverse
