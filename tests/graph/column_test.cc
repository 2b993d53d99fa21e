// What is kept in memory by owner, numbers and records, against what the file
// says, and its cache against commits that come while it is asked.

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
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
#include "graph/topology/column_cache.h"
#include "graph/topology/number_column.h"
#include "tests/support/random_graph.h"
#include "tests/support/status_matchers.h"

namespace guanxi::topology {
namespace {

using store::OwnerKind;
using store::Snapshot;
using test::Graph;
using ::testing::NotNull;

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
