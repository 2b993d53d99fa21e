// Components are compared with what a slow search finds that looks at every
// relationship of the store, in both ways of walking, with entities that are
// one in every other graph. Answers in parts are compared with the whole.

#include "graph/traverse/components.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/traverse/partition.h"
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
using test::RandomRelated;
using test::RandomTraversalOf;
using test::Relationship;
using test::SlowClusters;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using topology::Ground;

const int kGraphs = test::GraphCount(300);
constexpr int kQuestions = 4;  // of each graph

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
  ComponentsSpec spec{.traversal = RandomTraversalOf(random, snapshot),
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
            test::Append(Parts(snapshot, part), listed);
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
