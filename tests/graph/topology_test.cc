// The adjacency in memory against what it stands for: its lists against a
// std::map, the whole against cursors over the tables, and its cache against
// commits that come while it is asked.

#include "graph/topology/topology.h"

#include <atomic>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/store/store.h"
#include "graph/topology/adjacency.h"
#include "graph/topology/cache.h"
#include "graph/topology/overlay.h"
#include "graph/topology/slot_list.h"
#include "tests/support/random_graph.h"
#include "tests/support/status_matchers.h"

namespace guanxi::topology {
namespace {

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

}  // namespace
}  // namespace guanxi::topology
