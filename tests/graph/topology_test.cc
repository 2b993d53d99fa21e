// The adjacency in memory against what it stands for: its lists against a
// std::map, the whole against cursors over the tables, and its cache against
// commits that come while it is asked.

#include "graph/topology/topology.h"

#include <atomic>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/store/key.h"
#include "graph/store/record_column.h"
#include "graph/store/store.h"
#include "graph/text/parser.h"
#include "graph/topology/adjacency.h"
#include "graph/topology/cache.h"
#include "graph/topology/column_cache.h"
#include "graph/topology/number_column.h"
#include "graph/topology/overlay.h"
#include "graph/topology/slot_list.h"
#include "tests/support/random_graph.h"
#include "tests/support/status_matchers.h"

namespace guanxi::topology {
namespace {

using store::OwnerKind;
using store::Snapshot;
using test::Entity;
using test::Find;
using test::Graph;
using test::Random;
using test::RandomStatements;
using test::Relationship;
using ::testing::IsEmpty;
using ::testing::NotNull;

// --- Lists ------------------------------------------------------------------

using Place = std::tuple<int, uint32_t, uint32_t>;
using Model = std::map<Place, uint16_t>;  // the kind of the slot at each place

PackedSlot RandomSlot(Random& random, unsigned neighbours) {
  const TypeId type{random.Below(3)};
  return {.neighbour = static_cast<uint32_t>(random.Below(neighbours)),
          .relationship = static_cast<uint32_t>(random.Below(2)),
          .kind = PackedSlot::KindOf(type, random.OneIn(2))};
}

Columns ToColumns(const Model& model) {
  Columns columns;
  for (const auto& [place, kind] : model) {
    columns.Append({std::get<1>(place), std::get<2>(place), kind});
  }
  return columns;
}

Model ToModel(const SlotList& list) {
  Model model;
  list.ForEachRun([&model](const Run& run) {
    for (size_t i = 0; i < run.size; ++i) {
      const auto [at, is_new] = model.emplace(run[i].place(), run[i].kind);
      EXPECT_TRUE(is_new);
      EXPECT_EQ(std::next(at), model.end()) << "slots do not ascend";
    }
    EXPECT_GT(run.size, 0U);
    return true;
  });
  return model;
}

// Changes a list and its model alike, `changes` times.
void ChangeBoth(Random& random, int changes, unsigned neighbours) {
  Model model;
  for (unsigned i = 0; i < neighbours; ++i) {
    const PackedSlot slot = RandomSlot(random, neighbours);
    model[slot.place()] = slot.kind;
  }
  const Columns base = ToColumns(model);
  SlotList list(base.run(0, base.size()));
  const SlotList before = list;
  const Model model_before = model;
  for (int i = 0; i < changes; ++i) {
    const PackedSlot slot = RandomSlot(random, neighbours);
    if (random.OneIn(3)) {
      list = list.Without(slot);
      model.erase(slot.place());
    } else {
      list = list.With(slot);
      model[slot.place()] = slot.kind;
    }
    const bool looks = i % 997 == 0 || neighbours < 50;
    if (looks && ToModel(list) != model) {
      FAIL() << "after " << i + 1 << " changes";
    }
  }
  EXPECT_EQ(ToModel(list), model);
  EXPECT_EQ(list.size(), model.size());
  EXPECT_EQ(ToModel(before), model_before) << "a copy changed its original";
}

TEST(SlotListTest, SmallListsChangeAsAMapDoes) {
  Random random;
  for (unsigned neighbours = 0; neighbours < 12; ++neighbours) {
    ChangeBoth(random, 300, neighbours + 1);
  }
}

TEST(SlotListTest, ListOfAHubChangesAsAMapDoes) {
  Random random;
  ChangeBoth(random, 5'000, 40'000);
}

TEST(SlotListTest, EmptiedListHasNoRun) {
  const PackedSlot slot = {.neighbour = 7, .relationship = 1, .kind = 2};

  const SlotList list = SlotList().With(slot).Without(slot);

  EXPECT_EQ(list.size(), 0U);
  EXPECT_THAT(ToModel(list), IsEmpty());
}

TEST(RunTest, SlotsOfOneTypeAreFoundAmongOthers) {
  Random random;
  Model model;
  for (int i = 0; i < 100; ++i) {
    const PackedSlot slot = RandomSlot(random, 60);
    model[slot.place()] = slot.kind;
  }
  const Columns columns = ToColumns(model);

  for (uint64_t type = 0; type < 4; ++type) {
    const auto run = columns.run(0, columns.size()).OfType({type});

    const auto wanted = [type](const auto& slot) {
      return PackedSlot::TypeOf(slot.second) == TypeId{type};
    };
    EXPECT_EQ(run.size,
              static_cast<size_t>(std::ranges::count_if(model, wanted)));
    for (size_t i = 0; i < run.size; ++i) {
      EXPECT_EQ(PackedSlot::TypeOf(run.kinds[i]), TypeId{type});
    }
  }
}

TEST(OverlayTest, CopiesKeepWhatTheyHad) {
  Random random;
  Overlay overlay;
  std::map<uint64_t, std::shared_ptr<const Entry>> model;
  std::vector<std::pair<Overlay, decltype(model)>> versions;
  constexpr uint64_t kEntities = 40'000;  // in several blocks
  for (int i = 0; i < 3'000; ++i) {
    const uint64_t entity = random.Below(kEntities);
    auto entry = std::make_shared<const Entry>();
    overlay.Set({entity}, entry);
    model[entity] = std::move(entry);
    if (i % 500 == 0) versions.emplace_back(overlay, model);
  }
  versions.emplace_back(overlay, model);

  for (const auto& [version, expected] : versions) {
    EXPECT_EQ(version.size(), expected.size());
    for (uint64_t entity = 0; entity < kEntities + 10'000; ++entity) {
      const auto found = expected.find(entity);
      const Entry* const wanted =
          found == expected.end() ? nullptr : found->second.get();
      ASSERT_EQ(version.Find({entity}), wanted) << "entity " << entity;
    }
  }
}

// --- The adjacency ----------------------------------------------------------

std::vector<Hop> HopsOf(const Ground& ground, EntityId entity) {
  const Topology topology(ground, Lens{});
  std::vector<Hop> hops;
  const auto take = [&hops](const Hop& hop) {
    hops.push_back(hop);
    return true;
  };
  for (const Direction direction :
       {Direction::kOut, Direction::kIn, Direction::kBoth}) {
    EXPECT_OK(topology.Expand(entity, direction, {}, take));
    EXPECT_OK(topology.ExpandDenied(entity, direction, {}, take));
    for (uint64_t type = 0; type < 8; ++type) {
      EXPECT_OK(topology.Expand(entity, direction, {TypeId{type}}, take));
    }
    EXPECT_OK(topology.Expand(entity, direction, {TypeId{3}, TypeId{5}}, take));
  }
  return hops;
}

// Both ways lead to the same from every entity that there can be.
void ExpectSameHops(const Snapshot& snapshot, const Adjacency& adjacency,
                    uint64_t entities) {
  for (uint64_t entity = 0; entity < entities + 2; ++entity) {
    ASSERT_EQ(HopsOf({snapshot, &adjacency}, {entity}),
              HopsOf({snapshot}, {entity}))
        << "entity " << entity;
  }
}

TEST(AdjacencyTest, RandomGraphsAreExpandedAsByCursors) {
  Random random;
  for (int i = 0; i < 200 && !testing::Test::HasFailure(); ++i) {
    const Graph graph(RandomStatements(random));
    const Snapshot snapshot = graph.Read();

    ASSERT_OK_AND_ASSIGN(const auto adjacency, Adjacency::Build(snapshot));

    EXPECT_EQ(adjacency->revision(), snapshot.revision());
    ExpectSameHops(snapshot, *adjacency, 12);
  }
}

TEST(AdjacencyTest, EmptyStoreHasNoHops) {
  const Graph graph({});
  const Snapshot snapshot = graph.Read();

  ASSERT_OK_AND_ASSIGN(const auto adjacency, Adjacency::Build(snapshot));

  ExpectSameHops(snapshot, *adjacency, 3);
}

TEST(AdjacencyTest, BuildKeepsToItsMemory) {
  const Graph graph({Entity("a"), Entity("b"), Relationship("a", "ODD", "b")});
  const Snapshot snapshot = graph.Read();
  ASSERT_OK_AND_ASSIGN(const auto adjacency, Adjacency::Build(snapshot));

  const auto enough =
      Adjacency::Build(snapshot, {.max_bytes = adjacency->bytes()});
  const auto too_little =
      Adjacency::Build(snapshot, {.max_bytes = adjacency->bytes() - 1});

  EXPECT_OK(enough.status());
  EXPECT_EQ(too_little.status().code(), absl::StatusCode::kOutOfRange);
}

// --- The cache --------------------------------------------------------------

class CacheTest : public testing::Test {
 protected:
  void Commit(std::vector<Statement> statements) {
    ASSERT_OK(graph_.store().Commit({.statements = std::move(statements)}));
  }
  Snapshot Read() { return graph_.Read(); }

  Graph graph_{{Entity("a"), Entity("b"), Relationship("a", "ODD", "b")}};
};

TEST_F(CacheTest, FollowsCommits) {
  Cache cache(graph_.store());
  ASSERT_OK(cache.Build());
  for (int i = 0; i < 20; ++i) {
    const std::string key = absl::StrCat("n", i);
    Commit({Entity(key), Relationship("a", "ODD", key),
            Relationship(key, "EVEN", "b")});
    const Snapshot snapshot = Read();

    const auto adjacency = cache.Find(snapshot);

    ASSERT_THAT(adjacency, NotNull());
    EXPECT_EQ(adjacency->revision(), snapshot.revision());
    ExpectSameHops(snapshot, *adjacency, 24);
  }
}

TEST_F(CacheTest, ServesSnapshotsThatBeganBeforeTheLastCommits) {
  Cache cache(graph_.store());
  ASSERT_OK(cache.Build());
  const Snapshot old = Read();
  Commit({Entity("c"), Relationship("a", "ODD", "c")});
  ASSERT_THAT(cache.Find(Read()), NotNull());

  const auto adjacency = cache.Find(old);

  ASSERT_THAT(adjacency, NotNull());
  EXPECT_EQ(adjacency->revision(), old.revision());
  ExpectSameHops(old, *adjacency, 4);
}

TEST_F(CacheTest, LeavesThePastToCursors) {
  Cache cache(graph_.store());
  ASSERT_OK(cache.Build());
  Commit({Entity("c")});
  ASSERT_OK_AND_ASSIGN(const Snapshot past,
                       graph_.store().BeginSnapshot({.revision = Revision{1}}));

  EXPECT_EQ(cache.Find(past), nullptr);
}

TEST_F(CacheTest, WithoutMemoryKeepsNothing) {
  Cache cache(graph_.store(), {.max_bytes = 0});

  for (int i = 0; i < 3; ++i) EXPECT_EQ(cache.Find(Read()), nullptr);
}

TEST_F(CacheTest, BuildsInTheBackgroundOnceAsked) {
  Cache cache(graph_.store());
  const Snapshot snapshot = Read();

  EXPECT_EQ(cache.Find(snapshot), nullptr);

  std::shared_ptr<const Adjacency> adjacency;
  while (adjacency == nullptr) {
    std::this_thread::yield();
    adjacency = cache.Find(snapshot);
  }
  ExpectSameHops(snapshot, *adjacency, 3);
}

TEST_F(CacheTest, ReadersAgreeWithCursorsWhileCommitsGoOn) {
  Cache cache(graph_.store());
  std::atomic<bool> done = false;
  std::atomic<int> served = 0;
  const auto read = [&] {
    while (!done || served == 0) {
      const Snapshot snapshot = Read();
      const auto adjacency = cache.Find(snapshot);
      if (adjacency == nullptr) continue;
      ++served;
      const EntityId hub = Find(snapshot, "a");
      EXPECT_EQ(HopsOf({snapshot, adjacency.get()}, hub),
                HopsOf({snapshot}, hub));
    }
  };
  std::thread one(read);
  std::thread two(read);
  for (int i = 0; i < 200; ++i) {
    const std::string key = absl::StrCat("n", i);
    Commit({Entity(key), Relationship("a", "ODD", key)});
  }
  done = true;
  one.join();
  two.join();
}

// --- Columns of numbers -----------------------------------------------------

std::vector<Statement> ReadStatements(const std::string& kg) {
  return text::Parse(absl::StrCat("kg 1\n", kg), {}).value();
}

class ColumnTest : public testing::Test {
 protected:
  void Commit(const std::string& kg) {
    ASSERT_OK(graph_.store().Commit({.statements = ReadStatements(kg)}));
  }
  // What the column of the weights says of the n-th relationship.
  std::optional<NumberRange> Ask(ColumnCache& cache, uint64_t relationship) {
    const auto column = cache.FindNumbers(graph_.Read(), "weight");
    if (column == nullptr) return std::nullopt;
    return column->Find({relationship});
  }

  Graph graph_{ReadStatements(R"(source s1 {reliability: primary}
(a :Company)
(b :Company)
(a)-[:ODD {weight: 3}]->(b)
(b)-[:ODD {weight: 25..50%}]->(a)
(a)-[:EVEN {weight: "heavy"}]->(b)
(b)-[:EVEN {weight: 2}]->(a) during 2020/2022 from s1
)")};
};

TEST_F(ColumnTest, TellsWhatHoldsUnderEveryLens) {
  ColumnCache cache(graph_.store());
  ASSERT_OK(cache.BuildAnew("weight"));

  EXPECT_EQ(Ask(cache, 1), (NumberRange{3, 3}));
  EXPECT_EQ(Ask(cache, 2), (NumberRange{0.25, 0.5}));
  EXPECT_EQ(Ask(cache, 3), NumberRange());
  EXPECT_EQ(Ask(cache, 4), std::nullopt) << "it depends on the day";
  EXPECT_EQ(Ask(cache, 5), std::nullopt) << "there is none";
}

TEST_F(ColumnTest, WhatChangesIsToBeReadFromThenOn) {
  ColumnCache cache(graph_.store());
  ASSERT_OK(cache.BuildAnew("weight"));
  const Snapshot before = graph_.Read();
  Commit("(a)-[:ODD {weight: 4}]->(b)");

  EXPECT_EQ(Ask(cache, 1), std::nullopt);
  EXPECT_EQ(Ask(cache, 2), (NumberRange{0.25, 0.5}));
  EXPECT_TRUE(cache.FindNumbers(before, "weight")->Covers(before.revision()));
}

TEST_F(ColumnTest, IsBuiltAnewWhenASourceWeighsOtherwise) {
  ColumnCache cache(graph_.store());
  ASSERT_OK(cache.BuildAnew("weight"));
  Commit("source s2 {reliability: weak}");
  EXPECT_EQ(Ask(cache, 1), (NumberRange{3, 3})) << "a new source is no matter";
  Commit("source s1 {reliability: weak}");

  EXPECT_EQ(cache.FindNumbers(graph_.Read(), "weight"), nullptr);

  while (cache.FindNumbers(graph_.Read(), "weight") == nullptr) {
    std::this_thread::yield();
  }
  EXPECT_EQ(Ask(cache, 1), (NumberRange{3, 3}));
}

TEST_F(ColumnTest, LeavesThePastAndUnknownPropertiesToRecords) {
  ColumnCache cache(graph_.store());
  ASSERT_OK(cache.BuildAnew("weight"));
  ASSERT_OK(cache.BuildAnew("height"));
  Commit("(c :Company)");
  ASSERT_OK_AND_ASSIGN(const Snapshot past,
                       graph_.store().BeginSnapshot({.revision = Revision{1}}));

  EXPECT_EQ(cache.FindNumbers(past, "weight"), nullptr);
  EXPECT_EQ(cache.FindNumbers(graph_.Read(), "height"), nullptr);
}

TEST_F(ColumnTest, TellsOfKeysAndOfWhatNobodySays) {
  Commit(
      "rel TRADES : Company -> Company {amount: int, rate: int} key (amount)");
  Commit("(a)-[:TRADES {amount: 7}]->(b)");
  Commit("(a).rate = 3");
  ColumnCache cache(graph_.store());
  ASSERT_OK(cache.BuildAnew("amount"));
  ASSERT_OK(cache.BuildAnew("rate"));
  const Snapshot snapshot = graph_.Read();
  const RelationshipId trade{5};

  EXPECT_EQ(cache.FindNumbers(snapshot, "amount")->Find(trade),
            (NumberRange{7, 7}));
  EXPECT_EQ(cache.FindNumbers(snapshot, "rate")->Find(trade), NumberRange());
  EXPECT_LT(cache.FindNumbers(snapshot, "rate")->bytes(),
            cache.FindNumbers(snapshot, "amount")->bytes());
}

TEST_F(ColumnTest, ManyCommitsAreFollowedInTheBackground) {
  ColumnCache cache(graph_.store());
  ASSERT_OK(cache.BuildAnew("weight"));
  const auto before = cache.FindNumbers(graph_.Read(), "weight");
  std::string kg;
  for (int i = 0; i < Adjacency::kMaxEntries; ++i) {
    absl::StrAppend(&kg, "(n", i, ")\n");
  }
  Commit(kg + "(a)-[:ODD {weight: 4}]->(b)\n");

  EXPECT_EQ(cache.FindNumbers(graph_.Read(), "weight"), nullptr);

  while (cache.FindNumbers(graph_.Read(), "weight") == nullptr) {
    std::this_thread::yield();
  }
  EXPECT_EQ(cache.FindNumbers(graph_.Read(), "weight"), before);
  EXPECT_EQ(Ask(cache, 1), std::nullopt);
  EXPECT_EQ(Ask(cache, 2), (NumberRange{0.25, 0.5}));
}

TEST_F(ColumnTest, WornColumnIsBuiltAnew) {
  ColumnCache cache(graph_.store());
  ASSERT_OK(cache.BuildAnew("weight"));
  const auto before = cache.FindNumbers(graph_.Read(), "weight");
  std::string kg;
  for (int i = 0; i < 600; ++i) {
    absl::StrAppend(&kg, "(a)-[n", i, ":NEW {weight: ", i, "}]->(b)\n");
  }
  Commit(kg);
  ASSERT_EQ(cache.FindNumbers(graph_.Read(), "weight"), before)
      << "it serves still";

  while (cache.FindNumbers(graph_.Read(), "weight") == before) {
    std::this_thread::yield();
  }

  EXPECT_EQ(Ask(cache, 500), (NumberRange{495, 495}));
}

TEST_F(ColumnTest, OfTwoThatDoNotFitTheOneAskedForStays) {
  Commit("(a)-[:ODD {height: 7}]->(b)");
  const Snapshot snapshot = graph_.Read();
  const int64_t bytes =
      NumberColumn::Build(snapshot, "weight").value()->bytes();
  ColumnCache cache(graph_.store(), {.max_bytes = bytes * 3 / 2});
  ASSERT_OK(cache.BuildAnew("weight"));
  ASSERT_THAT(cache.FindNumbers(snapshot, "weight"), NotNull());

  EXPECT_EQ(cache.BuildAnew("height").code(), absl::StatusCode::kOutOfRange);
  EXPECT_OK(cache.BuildAnew("weight")) << "its own one goes first";
  EXPECT_THAT(cache.FindNumbers(snapshot, "weight"), NotNull());
  for (int i = 0; i < 100; ++i) cache.FindNumbers(snapshot, "height");
  EXPECT_OK(cache.BuildAnew("height")) << "nobody asks for the other any more";
  EXPECT_EQ(cache.FindNumbers(snapshot, "weight"), nullptr);
}

TEST_F(ColumnTest, WhatDoesNotFitAtAllIsRefused) {
  ColumnCache cache(graph_.store(), {.max_bytes = 16});

  EXPECT_EQ(cache.BuildAnew("weight").code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(cache.FindNumbers(graph_.Read(), "weight"), nullptr);
}

TEST_F(ColumnTest, ReadersAgreeWithRecordsWhileCommitsGoOn) {
  ColumnCache cache(graph_.store());
  std::atomic<bool> done = false;
  std::atomic<int> served = 0;
  const auto read = [&] {
    while (!done || served == 0) {
      const Snapshot snapshot = graph_.Read();
      const auto column = cache.FindNumbers(snapshot, "weight");
      if (column == nullptr) continue;
      const std::optional<NumberRange> range = column->Find({1});
      if (!range.has_value()) continue;
      ++served;
      const auto views =
          snapshot.ReadRelationship({1}, Lens{}, Evidence::kNone).value();
      const Value said = views[0].properties[0].value;
      EXPECT_EQ(NumberRangeOf(said), range);
    }
  };
  std::thread one(read);
  std::thread two(read);
  for (int i = 0; i < 100; ++i) {
    Commit(absl::StrCat("(a)-[:ODD {weight: ", i, "}]->(b)"));
    if (i % 10 == 0) {
      EXPECT_OK(cache.BuildAnew("weight"));
    }
  }
  EXPECT_OK(cache.BuildAnew("weight"));
  done = true;
  one.join();
  two.join();
}

// --- Records in memory ------------------------------------------------------

class RecordsTest : public ColumnTest {
 protected:
  RecordsTest() { EXPECT_OK(cache_.BuildAnew(ColumnCache::kRecords)); }

  // A snapshot that reads records in memory.
  Snapshot ReadInMemory() {
    Snapshot snapshot = graph_.Read();
    auto records = cache_.FindRecords(snapshot);
    if (records == nullptr) {
      ADD_FAILURE() << "the records are not at hand";
    } else {
      snapshot.Use(std::move(records));
    }
    return snapshot;
  }

  std::string Weight(const Snapshot& snapshot, uint64_t relationship) const {
    const auto views =
        snapshot.ReadRelationship({relationship}, Lens{}, Evidence::kNone)
            .value();
    return views.at(0).properties.at(0).value.ToString();
  }

  ColumnCache cache_{graph_.store()};
};

TEST_F(RecordsTest, HoldsThemAllAndNoOthers) {
  const Snapshot snapshot = graph_.Read();
  const auto records = cache_.FindRecords(snapshot);
  const auto stored = [&](kv::Table table, uint64_t id) {
    return snapshot.txn().Get(table, store::IdKey(id)).value();
  };

  for (const uint64_t id : {1U, 2U}) {
    EXPECT_EQ(records->Find({OwnerKind::kEntity, id}),
              stored(snapshot.tables().entity, id));
  }
  for (const uint64_t id : {1U, 2U, 3U, 4U}) {
    EXPECT_EQ(records->Find({OwnerKind::kRelationship, id}),
              stored(snapshot.tables().relationship, id));
  }
  EXPECT_EQ(records->Find({OwnerKind::kEntity, 0}), "");
  EXPECT_EQ(records->Find({OwnerKind::kEntity, 3}), std::nullopt);
  EXPECT_EQ(records->Find({OwnerKind::kRelationship, 5}), std::nullopt);
}

TEST_F(RecordsTest, EachSnapshotReadsItsOwnState) {
  const Snapshot before = ReadInMemory();
  Commit("(a)-[:ODD {weight: 4}]->(b)\n(c)");
  const Snapshot after = ReadInMemory();

  EXPECT_EQ(Weight(before, 1), "3");
  EXPECT_EQ(Weight(after, 1), "4");
  EXPECT_EQ(Weight(after, 2), Weight(before, 2));
  EXPECT_EQ(after.EntityKey({3}).value(), "c");
}

TEST_F(RecordsTest, ThePastIsReadByThem) {
  Commit("(a)-[:ODD {weight: 4}]->(b)");
  Snapshot snapshot = ReadInMemory();

  ASSERT_OK(snapshot.GoTo({.revision = Revision{1}}));

  EXPECT_EQ(Weight(snapshot, 1), "3");
  EXPECT_EQ(Weight(snapshot, 2), "25..50%");
}

TEST_F(RecordsTest, WhatIsPurgedDoesNotStayInMemory) {
  Commit("(secret)\n(secret)-[:ODD]->(a)");
  ASSERT_OK(cache_.BuildAnew(ColumnCache::kRecords));
  const Snapshot before = ReadInMemory();
  ASSERT_OK(graph_.store().Commit(
      {.statements = {{PurgeEntityStatement{.key = "secret", .why = "law"}}}}));

  EXPECT_EQ(cache_.FindRecords(graph_.Read()), nullptr);

  while (cache_.FindRecords(graph_.Read()) == nullptr) {
    std::this_thread::yield();
  }
  EXPECT_EQ(ReadInMemory().EntityKey({3}).value(), "");
  EXPECT_EQ(before.EntityKey({3}).value(), "secret");
}

TEST_F(RecordsTest, WhatDoesNotFitIsReadFromTheFile) {
  ColumnCache small(graph_.store(), {.max_bytes = 100});

  EXPECT_EQ(small.BuildAnew(ColumnCache::kRecords).code(),
            absl::StatusCode::kOutOfRange);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(small.FindRecords(graph_.Read()), nullptr);
    std::this_thread::yield();
  }
}

TEST_F(RecordsTest, APurgedClaimDoesNotStayEither) {
  Commit("(a)-[:ODD {weight: 5}]->(b) from s1 id whisper");
  ASSERT_OK(cache_.BuildAnew(ColumnCache::kRecords));
  ASSERT_THAT(cache_.FindRecords(graph_.Read()), NotNull());

  ASSERT_OK(graph_.store().Commit({.statements = {{PurgeClaimStatement{
                                       .claim = "whisper", .why = "law"}}}}));

  EXPECT_EQ(cache_.FindRecords(graph_.Read()), nullptr);
}

TEST_F(RecordsTest, NothingPurgedStaysInOtherColumns) {
  ASSERT_OK(cache_.BuildAnew("weight"));
  Commit("(secret)");
  const std::weak_ptr<const NumberColumn> weights =
      cache_.FindNumbers(graph_.Read(), "weight");
  ASSERT_FALSE(weights.expired());
  ASSERT_OK(graph_.store().Commit(
      {.statements = {{PurgeEntityStatement{.key = "secret", .why = "law"}}}}));

  EXPECT_EQ(cache_.FindRecords(graph_.Read()), nullptr);

  EXPECT_TRUE(weights.expired());
}

TEST_F(RecordsTest, ASourceThatWeighsAsBeforeIsNoMatter) {
  const auto before = cache_.FindRecords(graph_.Read());
  Commit("source s1 {reliability: primary, title: \"A title\"}");
  EXPECT_EQ(cache_.FindRecords(graph_.Read()), before);
  Commit("source s1 {reliability: weak, title: \"A title\"}");
  EXPECT_EQ(cache_.FindRecords(graph_.Read()), nullptr);
}

TEST_F(RecordsTest, ReadersAgreeWithTheFileWhileCommitsGoOn) {
  std::atomic<bool> done = false;
  std::atomic<int> served = 0;
  const auto read = [&] {
    while (!done || served == 0) {
      Snapshot snapshot = graph_.Read();
      auto records = cache_.FindRecords(snapshot);
      if (records == nullptr) continue;
      const std::string in_file = Weight(snapshot, 1) + Weight(snapshot, 2);
      snapshot.Use(std::move(records));
      EXPECT_EQ(Weight(snapshot, 1) + Weight(snapshot, 2), in_file);
      ++served;
    }
  };
  std::thread one(read);
  std::thread two(read);
  for (int i = 0; i < 100; ++i) {
    Commit(absl::StrCat("(a)-[:ODD {weight: ", i, "}]->(b)"));
    if (i % 10 == 0) {
      EXPECT_OK(cache_.BuildAnew(ColumnCache::kRecords));
    }
  }
  done = true;
  one.join();
  two.join();
}

TEST_F(RecordsTest, BytesAreThoseOfTheRecordsAndTheirPlaces) {
  const Snapshot snapshot = graph_.Read();
  constexpr int64_t kPlaces = (3 + 5 + 2) * sizeof(uint64_t);

  const int64_t bytes = cache_.FindRecords(snapshot)->bytes();

  EXPECT_GT(bytes, kPlaces);
  EXPECT_EQ(ColumnCache(graph_.store(), {.max_bytes = bytes})
                .BuildAnew(ColumnCache::kRecords),
            absl::OkStatus());
}

}  // namespace
}  // namespace guanxi::topology
