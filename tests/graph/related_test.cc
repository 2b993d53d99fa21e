// Common neighbours and components are compared with what a slow search finds
// that looks at every relationship of the store, in both ways of walking, with
// entities that are one in every other graph. Answers in parts are compared
// with the whole.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/traverse/components.h"
#include "graph/traverse/partition.h"
#include "graph/traverse/shared_neighbours.h"
#include "graph/value/decimal.h"
#include "tests/support/both_ways.h"
#include "tests/support/random_graph.h"
#include "tests/support/slow_graph.h"
#include "tests/support/status_matchers.h"

namespace guanxi::traverse {
namespace {

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
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using topology::Ground;

constexpr int kGraphs = 300;
constexpr int kQuestions = 4;  // of each graph, of each kind

Statement Judge(Judgement judgement, std::string first, std::string second) {
  return {JudgementStatement{.judgement = judgement,
                             .first = std::move(first),
                             .second = std::move(second)},
          {}};
}

std::string RandomKey(Random& random) {
  return absl::StrCat("e", random.Below(8));
}

// With judgements that make some entities one, or forbid it, in every other.
std::vector<Statement> RandomRelated(Random& random) {
  std::vector<Statement> statements = RandomStatements(random);
  if (random.OneIn(2)) return statements;
  for (size_t i = 0; i <= random.Below(3); ++i) {
    const size_t first = random.Below(7);
    const size_t second = first + 1 + random.Below(7 - first);
    statements.push_back(
        Judge(random.OneIn(5) ? Judgement::kDifferent : Judgement::kSame,
              absl::StrCat("e", first), absl::StrCat("e", second)));
  }
  return statements;
}

// What is met and not shown.
using LeftOutSet = std::set<RelationshipId>;

int64_t CountOf(const LeftOut& left) {
  int64_t count = left.denied + left.unrecorded + left.uncertain +
                  left.low_confidence + left.hidden;
  for (const auto& [mode, relationships] : left.modes) count += relationships;
  return count;
}

// A slow graph in which entities that are one are one.
class SlowClusters {
 public:
  SlowClusters(const Snapshot& snapshot, const TraversalSpec& spec)
      : snapshot_(snapshot), spec_(spec), slow_(snapshot, spec) {}

  EntityId Canonical(EntityId id) const {
    return (*snapshot_.ClusterOf(id, spec_.lens))->canonical;
  }
  bool Carries(EntityId id) const { return slow_.Carries(id); }

  // Calls `take` with each admitted step from an entity to an admitted one: of
  // relationships that are folded, with the first one.
  template <typename Take>
  void ForEachStep(EntityId from, LeftOutSet& left_out, Take take) const {
    std::set<std::pair<EntityId, RelationshipId>> steps;
    const store::Cluster& cluster = **snapshot_.ClusterOf(from, spec_.lens);
    for (const EntityId member : cluster.members) {
      for (const test::Step& step : slow_.StepsFrom(member)) {
        const EntityId to = Canonical(step.to);
        if (!Carries(to)) continue;
        const store::Admitted admitted = slow_.Admit(step.edge);
        const bool shown = admitted.admission == store::Admission::kShown;
        const bool inside = to == from && cluster.merged();
        if (shown && !inside) {
          steps.emplace(to, admitted.relationship);
        } else if (shown || (!inside &&
                             admitted.admission != store::Admission::kAbsent)) {
          left_out.insert(admitted.relationship);
        }
      }
    }
    for (const auto& [to, id] : steps) take(to, id);
  }

  // The first of those that a relationship is folded with.
  RelationshipId First(RelationshipId id) const {
    return snapshot_.Admit(id, spec_.lens)->relationship;
  }

 private:
  const Snapshot& snapshot_;
  const TraversalSpec& spec_;
  const SlowGraph slow_;
};

// One limit is small, now and then several; the others are out of the way.
Budget RandomBudget(Random& random) {
  Budget budget;
  const auto some = [&random](size_t most) {
    return static_cast<int64_t>(1 + random.Below(most));
  };
  do {
    if (random.OneIn(3)) budget.max_entities = some(5);
    if (random.OneIn(3)) budget.max_relationships = some(20);
    if (random.OneIn(3)) budget.max_results = some(3);
    if (random.OneIn(3)) budget.max_bytes = some(600);
  } while (random.OneIn(4));
  return budget;
}

// Asks for part after part, each under a budget of its own, until one cannot be
// continued; `join` puts each behind what was there. Returns how many.
template <typename Ask, typename Join>
int AskInParts(Random& random, TraversalSpec& spec, Ask ask, Join join) {
  constexpr int kMostParts = 2'000;
  int parts = 0;
  for (std::optional<Progress> progress = Progress();
       progress.has_value() && parts < kMostParts; ++parts) {
    spec.done = *progress;
    spec.budget = RandomBudget(random);
    progress = join(*ask());
    EXPECT_NE(progress, spec.done) << "no progress in part " << parts;
  }
  spec.done = {};
  return parts;
}

// --- Common neighbours -------------------------------------------------------

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
  CommonNeighboursSpec spec{.traversal = RandomTraversal(random)};
  if (random.OneIn(4)) {
    const EntityId id = Find(snapshot, RandomKey(random));
    spec.traversal.exclude_entities = {
        (*snapshot.ClusterOf(id, spec.traversal.lens))->canonical};
  }
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
  EXPECT_GT(found, size_t{kGraphs} / 4);
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

// --- Components --------------------------------------------------------------

// Entities and the key of the representative, as they are listed.
using Part = std::pair<int64_t, std::string>;

std::vector<Part> Parts(const Snapshot& snapshot, const Components& answer) {
  std::vector<Part> parts;
  for (const Component& one : answer.components) {
    parts.emplace_back(one.entities, *snapshot.EntityKey(one.representative));
  }
  return parts;
}

std::vector<std::pair<int64_t, int64_t>> Sizes(const Components& answer) {
  std::vector<std::pair<int64_t, int64_t>> sizes;
  for (const SizeCount& one : answer.sizes) {
    sizes.emplace_back(one.size, one.count);
  }
  return sizes;
}

// Components of any size, as the key of each entity under that of its
// representative.
using Membership = std::map<std::string, std::string>;

Membership ComponentsSlowly(const SlowClusters& slow, const Snapshot& snapshot,
                            const Lens& lens, LeftOutSet& left_out) {
  std::map<EntityId, std::set<EntityId>> joined;
  for (EntityId id{1}; id.value < snapshot.entity_bound(); ++id.value) {
    if (slow.Canonical(id) != id || !slow.Carries(id)) continue;
    joined[id];
    slow.ForEachStep(id, left_out, [&](EntityId to, RelationshipId) {
      joined[id].insert(to);
      joined[to].insert(id);
    });
  }
  Membership membership;
  for (const auto& [id, others] : joined) {
    const auto view = snapshot.ReadEntity(id, lens, Evidence::kNone);
    if (!others.empty() || view->in_view) {
      membership.emplace(*snapshot.EntityKey(id), *snapshot.EntityKey(id));
    }
  }
  // The smallest key goes along relationships until nothing changes.
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& [id, others] : joined) {
      for (const EntityId other : others) {
        std::string& one = membership[*snapshot.EntityKey(id)];
        const std::string& another = membership[*snapshot.EntityKey(other)];
        if (another >= one) continue;
        one = another;
        changed = true;
      }
    }
  }
  return membership;
}

void ExpectSame(const Snapshot& snapshot, const Components& answer,
                const Membership& expected, int64_t min_size) {
  std::map<std::string, int64_t> entities;
  for (const auto& [key, representative] : expected) ++entities[representative];
  std::map<int64_t, int64_t> sizes;
  std::vector<Part> parts;
  for (const auto& [representative, count] : entities) {
    ++sizes[count];
    if (count >= min_size) parts.emplace_back(count, representative);
  }
  std::ranges::sort(parts, [](const Part& a, const Part& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  EXPECT_EQ(Parts(snapshot, answer), parts);
  EXPECT_THAT(Sizes(answer), ElementsAreArray(sizes));
}

ComponentsSpec RandomComponents(Random& random, const Snapshot& snapshot) {
  ComponentsSpec spec{.traversal = RandomCommon(random, snapshot).traversal,
                      .min_size = static_cast<int64_t>(1 + random.Below(4))};
  spec.traversal.direction = Direction::kBoth;
  return spec;
}

TEST(ComponentsTest, RandomGraphsFallApartAsByHand) {
  Random random;
  for (int i = 0; i < kGraphs && !testing::Test::HasFailure(); ++i) {
    const Graph graph(RandomRelated(random));
    const Snapshot snapshot = graph.Read();
    const BothWays ways(snapshot);
    for (int j = 0; j < kQuestions && !testing::Test::HasFailure(); ++j) {
      SCOPED_TRACE(absl::StrCat("graph ", i, ", question ", j));
      const ComponentsSpec spec = RandomComponents(random, snapshot);
      const SlowClusters slow(snapshot, spec.traversal);
      LeftOutSet left_out;
      const Membership expected =
          ComponentsSlowly(slow, snapshot, spec.traversal.lens, left_out);

      for (const Ground& ground : ways) {
        ASSERT_OK_AND_ASSIGN(const Components answer,
                             FindComponents(ground, spec));

        EXPECT_EQ(answer.completeness.outcome, Outcome::kComplete);
        EXPECT_EQ(CountOf(answer.completeness.left_out),
                  static_cast<int64_t>(left_out.size()));
        ExpectSame(snapshot, answer, expected, spec.min_size);
      }
    }
  }
}

TEST(ComponentsTest, PartsAreTheWhole) {
  Random random;
  int cut = 0;
  for (int i = 0; i < 100 && !testing::Test::HasFailure(); ++i) {
    const Graph graph(RandomRelated(random));
    const Snapshot snapshot = graph.Read();
    const BothWays ways(snapshot);
    for (int j = 0; j < kQuestions && !testing::Test::HasFailure(); ++j) {
      SCOPED_TRACE(absl::StrCat("graph ", i, ", question ", j));
      ComponentsSpec spec = RandomComponents(random, snapshot);
      ASSERT_OK_AND_ASSIGN(const Components whole,
                           FindComponents({snapshot}, spec));

      std::vector<Part> listed;
      Components last;
      const int parts = AskInParts(
          random, spec.traversal,
          [&] { return FindComponents(ways.Pick(random), spec); },
          [&](const Components& part) {
            for (const Part& one : Parts(snapshot, part)) {
              listed.push_back(one);
            }
            last = part;
            return part.completeness.progress;
          });

      EXPECT_EQ(listed, Parts(snapshot, whole));
      EXPECT_EQ(Sizes(last), Sizes(whole));
      EXPECT_EQ(CountOf(last.completeness.left_out),
                CountOf(whole.completeness.left_out));
      cut += parts > 1;
    }
  }
  EXPECT_GT(cut, 20);
}

TEST(ComponentsTest, BothWaysEndAtTheSamePlace) {
  Random random;
  for (int i = 0; i < 50 && !testing::Test::HasFailure(); ++i) {
    const Graph graph(RandomRelated(random));
    const Snapshot snapshot = graph.Read();
    ComponentsSpec spec = RandomComponents(random, snapshot);
    spec.traversal.budget = RandomBudget(random);

    std::vector<Completeness> ends;
    for (const Ground& ground : BothWays(snapshot)) {
      ASSERT_OK_AND_ASSIGN(const Components answer,
                           FindComponents(ground, spec));
      ends.push_back(answer.completeness);
    }

    EXPECT_EQ(ends[0].reason, ends[1].reason);
    EXPECT_EQ(ends[0].where, ends[1].where);
    EXPECT_EQ(ends[0].progress, ends[1].progress);
  }
}

// "c" - "b" - "d" and "f" - "e"; "a" has a relationship with itself, "g" has
// none.
std::vector<Statement> Apart() {
  std::vector<Statement> statements;
  for (const char* key : {"f", "e", "d", "c", "b", "a"}) {
    statements.push_back(Entity(key));
  }
  Tail planned;
  planned.mode = Mode::kPlanned;
  planned.by = "somebody";
  statements.push_back(Relationship("c", "ODD", "b"));
  statements.push_back(Relationship("d", "ODD", "b"));
  statements.push_back(Relationship("f", "ODDER", "e"));
  statements.push_back(Relationship("e", "ODD", "d", planned));
  statements.push_back(Relationship("a", "ODD", "a"));
  statements.push_back(Entity("g"));
  return statements;
}

TEST(ComponentsTest, LargestComesFirstUnderItsSmallestKey) {
  const Graph graph(Apart());
  const Snapshot snapshot = graph.Read();

  for (const Ground& ground : BothWays(snapshot)) {
    ASSERT_OK_AND_ASSIGN(const Components two, FindComponents(ground, {}));
    ASSERT_OK_AND_ASSIGN(const Components one,
                         FindComponents(ground, {.min_size = 1}));
    ASSERT_OK_AND_ASSIGN(const Components four,
                         FindComponents(ground, {.min_size = 4}));

    EXPECT_THAT(Parts(snapshot, two), ElementsAre(Part(3, "b"), Part(2, "e")));
    EXPECT_THAT(Parts(snapshot, one), ElementsAre(Part(3, "b"), Part(2, "e"),
                                                  Part(1, "a"), Part(1, "g")));
    EXPECT_THAT(four.components, IsEmpty());
    for (const Components& answer : {two, one, four}) {
      EXPECT_THAT(Sizes(answer), ElementsAre(std::pair(1, 2), std::pair(2, 1),
                                             std::pair(3, 1)));
      EXPECT_EQ(answer.completeness.left_out.modes.at(Mode::kPlanned), 1);
    }
  }
}

// Whom no admitted relationship touches is in view by a fact, or by any shown
// relationship; "e" is by no fact.
TEST(ComponentsTest, EntityIsAloneIfItIsInViewAllTheSame) {
  Tail later;
  later.valid = ValidTime::During(*When::Parse("2022/.."));
  const Graph graph({{EntityStatement{.key = "e", .tail = later}, {}},
                     {EntityStatement{.key = "f", .tail = later}, {}},
                     Entity("g"),
                     Relationship("e", "ODD", "g")});
  const Snapshot snapshot = graph.Read();

  for (const Ground& ground : BothWays(snapshot)) {
    ComponentsSpec spec{.min_size = 1};
    spec.traversal.types = {"ODDER"};
    spec.traversal.lens.valid_at = *ParseDay("2020-01-01");
    ASSERT_OK_AND_ASSIGN(const Components before, FindComponents(ground, spec));
    spec.traversal.lens.valid_at = *ParseDay("2023-01-01");
    ASSERT_OK_AND_ASSIGN(const Components after, FindComponents(ground, spec));

    EXPECT_THAT(Parts(snapshot, before),
                ElementsAre(Part(1, "e"), Part(1, "g")));
    EXPECT_THAT(Parts(snapshot, after),
                ElementsAre(Part(1, "e"), Part(1, "f"), Part(1, "g")));
  }
}

// "b" and "z" are one under the key that is pinned, and so hold "c" and "y"
// together.
TEST(ComponentsTest, MergedEntitiesAreOneMember) {
  std::vector<Statement> statements = {
      Entity("b"),
      Entity("c"),
      Entity("y"),
      {EntityStatement{.key = "z", .properties = {{"canonical", Value(true)}}},
       {}}};
  statements.push_back(Relationship("c", "ODD", "b"));
  statements.push_back(Relationship("z", "ODD", "y"));
  statements.push_back(Relationship("b", "ODD", "z"));
  statements.push_back(Judge(Judgement::kSame, "b", "z"));
  const Graph graph(std::move(statements));
  const Snapshot snapshot = graph.Read();

  for (const Ground& ground : BothWays(snapshot)) {
    ComponentsSpec spec;
    ASSERT_OK_AND_ASSIGN(const Components whole, FindComponents(ground, spec));
    spec.traversal.exclude_entities = {Find(snapshot, "c")};
    ASSERT_OK_AND_ASSIGN(const Components rest, FindComponents(ground, spec));

    EXPECT_THAT(Parts(snapshot, whole), ElementsAre(Part(3, "c")));
    EXPECT_EQ(whole.completeness.left_out.hidden, 1);
    EXPECT_THAT(Parts(snapshot, rest), ElementsAre(Part(2, "y")));
  }
}

TEST(ComponentsTest, PastKnowsNothingOfWhatCameLater) {
  Graph graph(Apart());
  EXPECT_OK(graph.store().Commit(
      {.statements = {Entity("new"), Relationship("new", "ODD", "b"),
                      Relationship("e", "ODD", "b")}}));
  Snapshot snapshot = graph.Read();
  ASSERT_OK_AND_ASSIGN(const Components now, FindComponents({snapshot}, {}));
  EXPECT_OK(snapshot.GoTo({.revision = Revision{1}}));

  ComponentsSpec spec;
  spec.traversal.budget.max_entities = 7;  // as many as there were
  ASSERT_OK_AND_ASSIGN(const Components past, FindComponents({snapshot}, spec));

  EXPECT_THAT(Parts(snapshot, now), ElementsAre(Part(6, "b")));
  EXPECT_THAT(Parts(snapshot, past), ElementsAre(Part(3, "b"), Part(2, "e")));
  EXPECT_EQ(past.completeness.outcome, Outcome::kComplete);
  EXPECT_THAT(past.sizes, SizeIs(3));
}

TEST(ComponentsTest, BudgetEndsTheSearchOrTheList) {
  const Graph graph(Apart());
  const Snapshot snapshot = graph.Read();

  for (const Ground& ground : BothWays(snapshot)) {
    ComponentsSpec spec;
    spec.traversal.budget.max_entities = 4;
    ASSERT_OK_AND_ASSIGN(const Components search, FindComponents(ground, spec));
    spec.traversal.budget = {.max_results = 1};
    ASSERT_OK_AND_ASSIGN(const Components list, FindComponents(ground, spec));
    spec.traversal.budget = {.max_bytes = 10};
    ASSERT_OK_AND_ASSIGN(const Components memory, FindComponents(ground, spec));

    EXPECT_THAT(search.components, IsEmpty());
    EXPECT_THAT(search.sizes, IsEmpty());
    EXPECT_EQ(search.completeness.reason, Stop::kEntities);
    EXPECT_EQ(search.completeness.where, "at b");  // stored as the fifth
    EXPECT_THAT(Parts(snapshot, list), ElementsAre(Part(3, "b")));
    EXPECT_THAT(list.sizes, SizeIs(3));
    EXPECT_EQ(list.completeness.reason, Stop::kResults);
    EXPECT_EQ(list.completeness.where, "at e");
    EXPECT_EQ(memory.completeness.reason, Stop::kBytes);
  }
}

// Entities without relationships, a hub with many, and their keys.
TEST(ComponentsTest, CancellationIsSeen) {
  std::vector<Statement> statements = {Entity("hub")};
  for (int i = 0; i < 1'500; ++i) {
    statements.push_back(Entity(absl::StrCat("leaf", i)));
    statements.push_back(Entity(absl::StrCat("alone", i)));
    statements.push_back(Relationship("hub", "ODD", absl::StrCat("leaf", i)));
  }
  const Graph graph(std::move(statements));
  const Snapshot snapshot = graph.Read();

  for (const Ground& ground : BothWays(snapshot)) {
    for (int most = 0; most < 60; most += 3) {
      int looks = 0;
      ComponentsSpec spec{.min_size = 1};
      spec.traversal.budget.cancelled = [&] { return ++looks > most; };
      ASSERT_OK_AND_ASSIGN(const Components answer,
                           FindComponents(ground, spec));

      EXPECT_EQ(answer.completeness.reason == Stop::kCancelled, looks > most);
      EXPECT_GE(looks, std::min(most + 1, 40));
    }
  }
}

TEST(ComponentsTest, DirectionAndSizeAreRefused) {
  const Graph graph({Entity("a")});
  const Snapshot snapshot = graph.Read();
  ComponentsSpec out;
  out.traversal.direction = Direction::kOut;

  for (const ComponentsSpec& spec : {out, ComponentsSpec{.min_size = 0}}) {
    const auto answer = FindComponents({snapshot}, spec);

    EXPECT_EQ(GetErrorInfo(answer.status())->reason, "SPEC_INVALID");
  }
}

TEST(PartitionTest, AgreesWithASlowOne) {
  constexpr uint32_t kIds = 60;
  Random random;
  for (int i = 0; i < 200; ++i) {
    Partition sets(kIds);
    std::vector<std::optional<uint32_t>> model(kIds);
    std::vector<uint32_t> members;
    for (uint32_t id = 0; id < kIds; ++id) {
      if (random.OneIn(4)) continue;
      sets.Add({id});
      model[id] = id;
      members.push_back(id);
    }
    for (size_t j = 0; j < random.Below(50); ++j) {
      const uint32_t one = random.Pick(members);
      std::vector<uint32_t> others;
      while (others.empty() || random.OneIn(2)) {
        others.push_back(random.Pick(members));
      }
      sets.JoinAll({one}, others);
      for (const uint32_t other : others) {
        const auto smaller = std::min(model[one], model[other]);
        const auto larger = std::max(model[one], model[other]);
        std::ranges::replace(model, larger, smaller);
      }
    }

    for (const uint32_t id : members) sets.Count({id});

    for (uint32_t id = 0; id < kIds; ++id) {
      ASSERT_EQ(sets.Has({id}), model[id].has_value());
      if (!model[id].has_value()) continue;
      EXPECT_EQ(sets.SetOf({id}).value, *model[id]);
      EXPECT_EQ(sets.SizeOf({id}), std::ranges::count(model, model[id]));
    }
    EXPECT_FALSE(sets.Has({kIds}));
  }
}

}  // namespace
}  // namespace guanxi::traverse
