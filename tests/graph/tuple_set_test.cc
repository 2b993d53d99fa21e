// Sets of tuples are tested against std::set by long random histories, after
// each part of which the blocks themselves are looked at; and with blocks that
// are damaged in any way.

#include "graph/store/tuple_set.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/kv/env.h"
#include "graph/store/tuple_block.h"
#include "graph/store/tuple_cursor.h"
#include "tests/support/seed.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace guanxi::store {
namespace {

using ::guanxi::test::IsOkAndHolds;
using ::guanxi::test::StatusIs;
using ::testing::ElementsAre;

constexpr const char* kTables[] = {"sets"};
constexpr uint64_t kMax = kMaxColumnValue;

template <size_t N>
using Model = std::set<Tuple<N>>;

// A copy on the heap without a byte to spare, so that the sanitizer sees a read
// past the end.
class Exact {
 public:
  explicit Exact(absl::string_view bytes) : bytes_(bytes.begin(), bytes.end()) {
    bytes_.shrink_to_fit();
  }
  absl::string_view view() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::vector<char> bytes_;
};

class Random {
 public:
  // Prints the seed, since a crash leaves no trace of a scope.
  Random() { std::printf("GUANXI_TEST_SEED=%u\n", seed_); }

  uint64_t Below(uint64_t bound) { return engine_() % bound; }
  bool OneIn(uint64_t n) { return Below(n) == 0; }

 private:
  const unsigned seed_ = guanxi::test::Seed();
  std::mt19937_64 engine_{seed_};
};

// Kinds of numbers that columns hold.
enum class Shape { kSmall, kWide, kTop, kOutliers, kCount };

uint64_t RandomValue(Random& random, Shape shape) {
  switch (shape) {
    case Shape::kSmall:
      return random.Below(20);
    case Shape::kWide:
      return random.Below(kMax + 1);
    case Shape::kTop:
      return kMax - random.Below(300);
    default:
      return random.OneIn(50) ? kMax - random.Below(2) : random.Below(2000);
  }
}

Shape RandomShape(Random& random) {
  return static_cast<Shape>(random.Below(static_cast<uint64_t>(Shape::kCount)));
}

template <size_t N>
Tuple<N> RandomTuple(Random& random, Shape shape) {
  Tuple<N> tuple;
  for (uint64_t& value : tuple) value = RandomValue(random, shape);
  // One column of each tuple may be of another kind, the last one often is.
  if (random.OneIn(2)) tuple[N - 1] = RandomValue(random, Shape::kWide);
  return tuple;
}

template <size_t N>
std::vector<Tuple<N>> RandomTuples(Random& random) {
  Model<N> tuples;
  const Shape shape = RandomShape(random);
  const uint64_t count = random.OneIn(4) ? 1 : 1 + random.Below(300);
  for (uint64_t i = 0; i < count; ++i) {
    tuples.insert(RandomTuple<N>(random, shape));
  }
  return {tuples.begin(), tuples.end()};
}

template <size_t N>
void RoundTrip(Random& random) {
  const std::vector<Tuple<N>> tuples = RandomTuples<N>(random);
  const bool has_next = random.OneIn(2);
  const Exact bytes(EncodeBlock<N>(tuples, has_next));
  EXPECT_EQ(EncodedBytes<N>(tuples), bytes.view().size());

  ASSERT_OK_AND_ASSIGN(const Block<N> block, DecodeBlock<N>(bytes.view()));
  EXPECT_EQ(block.tuples, tuples);
  EXPECT_EQ(block.has_next, has_next);
  ASSERT_OK_AND_ASSIGN(const auto view, BlockView<N>::Parse(bytes.view()));
  const Tuple<N> bound = random.OneIn(2)
                             ? tuples[random.Below(tuples.size())]
                             : RandomTuple<N>(random, RandomShape(random));
  const auto at = std::ranges::lower_bound(tuples, bound) - tuples.begin();
  EXPECT_EQ(view.LowerBound(bound), static_cast<size_t>(at));
}

TEST(TupleBlockTest, RandomBlocksRoundTrip) {
  Random random;
  for (int i = 0; i < 300 && !testing::Test::HasFailure(); ++i) {
    RoundTrip<1>(random);
    RoundTrip<2>(random);
    RoundTrip<3>(random);
    RoundTrip<4>(random);
  }
}

TEST(TupleBlockTest, BytesAreThoseOfTheFormat) {
  const std::vector<Tuple<2>> tuples = {{7, 300}, {7, 1000}};

  EXPECT_EQ(EncodeBlock<2>(tuples, true),
            absl::string_view("\x02\x80"      // two tuples, and has next
                              "\x00\x02"      // widths
                              "\x07\xAC\x02"  // bases 7 and 300
                              "\x00\x00\xBC\x02",
                              11));
}

TEST(TupleBlockTest, EqualColumnsCostNothing) {
  std::vector<Tuple<4>> tuples;
  for (uint64_t i = 0; i < 200; ++i) tuples.push_back({kMax, kMax, i, kMax});
  EXPECT_LT(EncodedBytes<4>(tuples), 230U);
}

TEST(TupleBlockTest, KeysSortAsTuplesDo) {
  Random random;
  for (int i = 0; i < 2000; ++i) {
    const auto a = RandomTuple<3>(random, RandomShape(random));
    const auto b = RandomTuple<3>(random, RandomShape(random));
    EXPECT_EQ(a < b, BlockKey<3>("p", a) < BlockKey<3>("p", b));
  }
}

// Reads all there is to read; a view that was parsed must bear it.
template <size_t N>
void ReadAll(absl::string_view bytes) {
  static_cast<void>(DecodeBlock<N>(bytes));
  const auto view = BlockView<N>::Parse(bytes);
  if (!view.ok()) {
    EXPECT_EQ(GetErrorInfo(view.status())->reason, "STORE_DAMAGED");
    return;
  }
  // Few bytes make little work.
  EXPECT_LE(view->count(), bytes.size());
  for (size_t i = 0; i < view->count(); ++i) {
    for (const uint64_t value : view->tuple(i)) EXPECT_LE(value, kMax);
  }
  EXPECT_LE(view->LowerBound({}), view->count());
}

template <size_t N>
void DamageAndRead(Random& random) {
  const std::vector<Tuple<N>> tuples = RandomTuples<N>(random);
  const std::string whole = EncodeBlock<N>(tuples, random.OneIn(2));
  EXPECT_FALSE(BlockView<N>::Parse(Exact(whole + "x").view()).ok());
  for (int i = 0; i < 20; ++i) {
    const Exact cut(
        absl::string_view(whole).substr(0, random.Below(whole.size())));
    EXPECT_FALSE(BlockView<N>::Parse(cut.view()).ok());
    std::string flipped = whole;
    for (uint64_t flips = 1 + random.Below(3); flips > 0; --flips) {
      const size_t range =
          random.OneIn(2) ? std::min<size_t>(12, whole.size()) : whole.size();
      flipped[random.Below(range)] ^= static_cast<char>(1 << random.Below(8));
    }
    ReadAll<N>(Exact(flipped).view());
  }
}

TEST(TupleBlockTest, DamagedBlocksAreReadWithinTheirBytes) {
  Random random;
  for (int i = 0; i < 150 && !testing::Test::HasFailure(); ++i) {
    DamageAndRead<1>(random);
    DamageAndRead<2>(random);
    DamageAndRead<4>(random);
  }
}

TEST(TupleBlockTest, ShortRandomBytesAreReadWithinThem) {
  Random random;
  for (int i = 0; i < 20000; ++i) {
    std::string bytes(random.Below(40), '\0');
    for (char& byte : bytes) {
      byte = static_cast<char>(random.OneIn(2) ? random.Below(4)
                                               : random.Below(256));
    }
    ReadAll<1>(Exact(bytes).view());
    ReadAll<4>(Exact(bytes).view());
  }
}

class TupleSetTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK_AND_ASSIGN(env_, kv::Env::Open(dir_.path() + "/graph.db", kTables,
                                             {.max_bytes = 1 << 30,
                                              .sync = false,
                                              .create_if_missing = true}));
  }

  kv::Table table() const { return env_->table(0); }
  TupleSet Set(absl::string_view prefix) const { return {table(), prefix}; }

  guanxi::test::TempDir dir_;
  std::unique_ptr<kv::Env> env_;
};

template <size_t N>
std::vector<Tuple<N>> ReadSet(const kv::Txn& txn, TupleSet set) {
  std::vector<Tuple<N>> tuples;
  TupleCursor<N> cursor(txn, set);
  for (cursor.SeekFirst(); cursor.Valid(); cursor.Next()) {
    tuples.push_back(cursor.tuple());
  }
  EXPECT_OK(cursor.status());
  return tuples;
}

// What must hold of the blocks of one set, beside their contents. Returns how
// many there are.
template <size_t N>
size_t CheckBlocks(const kv::Txn& txn, TupleSet set) {
  size_t blocks = 0;
  bool has_next = false;
  kv::Cursor cursor = txn.Walk(set.table);
  for (cursor.Seek(set.prefix); cursor.InPrefix(set.prefix); cursor.Next()) {
    EXPECT_TRUE(blocks == 0 || has_next);
    EXPECT_LE(cursor.value().size(), kMaxBlockBytes);
    EXPECT_LE(cursor.key().size() + cursor.value().size(), 2030U);
    const auto block = DecodeBlock<N>(cursor.value());
    EXPECT_OK(block);
    EXPECT_EQ(cursor.key(), blocks == 0
                                ? std::string(set.prefix)
                                : BlockKey<N>(set.prefix, block->tuples[0]));
    has_next = block->has_next;
    ++blocks;
  }
  EXPECT_OK(cursor.status());
  EXPECT_FALSE(has_next);
  return blocks;
}

// Where Seek() must stand, for some bounds within and without the set.
template <size_t N>
void CheckSeeks(const kv::Txn& txn, TupleSet set, const Model<N>& model,
                Random& random) {
  TupleCursor<N> cursor(txn, set);
  for (int i = 0; i < 30; ++i) {
    Tuple<N> bound = RandomTuple<N>(random, RandomShape(random));
    if (random.OneIn(10)) bound[random.Below(N)] = ~uint64_t{0};
    if (!model.empty() && random.OneIn(2)) {
      const auto near = model.lower_bound(bound);
      bound = near == model.end() ? *model.rbegin() : *near;
      bound[N - 1] += random.Below(3);
    }
    cursor.Seek(bound);
    for (auto want = model.lower_bound(bound);; ++want, cursor.Next()) {
      ASSERT_EQ(cursor.Valid(), want != model.end());
      if (!cursor.Valid()) break;
      ASSERT_EQ(cursor.tuple(), *want);
      ASSERT_EQ(cursor.value(N - 1), (*want)[N - 1]);
      if (random.OneIn(200)) break;
    }
  }
  ASSERT_OK(cursor.status());
}

template <size_t N>
void CheckSet(const kv::Txn& txn, TupleSet set, const Model<N>& model,
              Random& random) {
  EXPECT_EQ(ReadSet<N>(txn, set),
            std::vector<Tuple<N>>(model.begin(), model.end()));
  EXPECT_THAT(CountTuples(txn, set), IsOkAndHolds(model.size()));
  EXPECT_EQ(CheckBlocks<N>(txn, set) == 0, model.empty());
  CheckSeeks<N>(txn, set, model, random);
}

// One of the ways in which a set grows or shrinks.
enum class Trend { kAscending, kDescending, kRandom, kShrinking, kCount };

template <size_t N>
class History {
 public:
  History(kv::Table table, std::vector<std::string> prefixes)
      : table_(table), prefixes_(std::move(prefixes)) {}

  // Some hundreds of changes, all sets in turn, each with a trend of its own.
  void Change(kv::WriteTxn& txn, Random& random) {
    std::vector<Trend> trends;
    std::vector<Shape> shapes;
    for (size_t i = 0; i < prefixes_.size(); ++i) {
      trends.push_back(static_cast<Trend>(
          random.Below(static_cast<uint64_t>(Trend::kCount))));
      shapes.push_back(RandomShape(random));
    }
    for (uint64_t n = random.Below(2000); n > 0; --n) {
      const size_t i = random.Below(prefixes_.size());
      ASSERT_NO_FATAL_FAILURE(
          ChangeOne(txn, prefixes_[i], trends[i], shapes[i], random));
    }
  }

  void Empty(kv::WriteTxn& txn, const std::string& prefix, Random& random) {
    Model<N>& model = models_[prefix];
    std::vector<Tuple<N>> order(model.begin(), model.end());
    if (random.OneIn(2)) std::ranges::reverse(order);
    for (const Tuple<N>& tuple : order) {
      ASSERT_NO_FATAL_FAILURE(Erase(txn, prefix, tuple));
    }
  }

  void Check(const kv::Txn& txn, Random& random) {
    for (const std::string& prefix : prefixes_) {
      SCOPED_TRACE(absl::CHexEscape(prefix));
      CheckSet<N>(txn, {table_, prefix}, models_[prefix], random);
    }
  }

  size_t LargestSet() const {
    size_t largest = 0;
    for (const auto& [prefix, model] : models_) {
      largest = std::max(largest, model.size());
    }
    return largest;
  }

 private:
  void ChangeOne(kv::WriteTxn& txn, const std::string& prefix, Trend trend,
                 Shape shape, Random& random) {
    const Model<N>& model = models_[prefix];
    Tuple<N> tuple = RandomTuple<N>(random, shape);
    const bool shrinks = trend == Trend::kShrinking;
    if (random.OneIn(shrinks ? 2 : 10) || (shrinks && !random.OneIn(10))) {
      const auto near = model.lower_bound(tuple);
      if (near != model.end() && !random.OneIn(10)) tuple = *near;
      Erase(txn, prefix, tuple);
      return;
    }
    if (trend == Trend::kAscending && !model.empty()) {
      tuple = *model.rbegin();
      tuple[N - 1] += tuple[N - 1] < kMax - 8 ? 1 + random.Below(8) : 0;
    } else if (trend == Trend::kDescending && !model.empty()) {
      tuple = *model.begin();
      tuple[N - 1] -= tuple[N - 1] > 8 ? 1 + random.Below(8) : 0;
    }
    if (random.OneIn(20)) {
      InsertMany(txn, prefix, tuple, random);
    } else {
      Insert(txn, prefix, tuple);
    }
  }

  // Some that were there, and some from a tuple on.
  void InsertMany(kv::WriteTxn& txn, const std::string& prefix,
                  const Tuple<N>& from, Random& random) {
    Model<N>& model = models_[prefix];
    Model<N> many = {from};
    const auto near = model.lower_bound(from);
    if (near != model.end()) many.insert(*near);
    for (uint64_t left = random.Below(50); left > 0; --left) {
      Tuple<N> next = *many.rbegin();
      next[N - 1] = std::min(kMax, next[N - 1] + 1 + random.Below(100));
      many.insert(next);
    }
    const std::vector<Tuple<N>> tuples(many.begin(), many.end());
    ASSERT_OK(InsertTuples<N>(txn, {table_, prefix}, tuples));
    model.merge(many);
  }

  void Insert(kv::WriteTxn& txn, const std::string& prefix,
              const Tuple<N>& tuple) {
    ASSERT_THAT(InsertTuple<N>(txn, {table_, prefix}, tuple),
                IsOkAndHolds(models_[prefix].insert(tuple).second));
  }

  void Erase(kv::WriteTxn& txn, const std::string& prefix,
             const Tuple<N>& tuple) {
    ASSERT_THAT(EraseTuple<N>(txn, {table_, prefix}, tuple),
                IsOkAndHolds(models_[prefix].erase(tuple) == 1));
  }

  const kv::Table table_;
  const std::vector<std::string> prefixes_;
  std::map<std::string, Model<N>> models_;
};

template <size_t N>
void RunHistory(kv::Env& env, std::vector<std::string> prefixes) {
  Random random;
  History<N> history(env.table(0), prefixes);
  for (int step = 0; step < 20; ++step) {
    ASSERT_OK_AND_ASSIGN(kv::WriteTxn txn, env.BeginWrite());
    ASSERT_NO_FATAL_FAILURE(history.Change(txn, random));
    ASSERT_NO_FATAL_FAILURE(history.Check(txn, random));
    ASSERT_OK(std::move(txn).Commit());
    ASSERT_FALSE(testing::Test::HasFailure());
  }
  EXPECT_GT(history.LargestSet(), 500U);
  for (const std::string& prefix : prefixes) {
    ASSERT_OK_AND_ASSIGN(kv::WriteTxn txn, env.BeginWrite());
    ASSERT_NO_FATAL_FAILURE(history.Empty(txn, prefix, random));
    ASSERT_NO_FATAL_FAILURE(history.Check(txn, random));
    ASSERT_OK(std::move(txn).Commit());
  }
  ASSERT_OK_AND_ASSIGN(const kv::EnvStat stat, env.Stat());
  EXPECT_EQ(stat.table_entries[0], 0U);
}

const std::vector<std::string> kPrefixes = {"aaaaa", "aaaab", "aaab\xFF",
                                            "\xFF\xFF\xFF\xFF\xFF"};

TEST_F(TupleSetTest, HistoryOfOneColumnMatchesSet) {
  RunHistory<1>(*env_, kPrefixes);
}

TEST_F(TupleSetTest, HistoryOfTwoColumnsMatchesSet) {
  RunHistory<2>(*env_, kPrefixes);
}

TEST_F(TupleSetTest, HistoryOfFourColumnsMatchesSet) {
  RunHistory<4>(*env_, kPrefixes);
}

TEST_F(TupleSetTest, HistoryUnderTheLongestPrefixesMatchesSet) {
  RunHistory<1>(*env_, {std::string(506, 'a'), std::string(506, 'b')});
}

TEST_F(TupleSetTest, AscendingInsertsFillBlocks) {
  ASSERT_OK_AND_ASSIGN(kv::WriteTxn txn, env_->BeginWrite());
  size_t bytes = 0;
  for (uint64_t i = 0; i < 10000; ++i) {
    ASSERT_OK(InsertTuple<1>(txn, Set("p"), {i}));
  }

  const size_t blocks = CheckBlocks<1>(txn, Set("p"));
  kv::Cursor cursor = txn.Walk(table());
  for (cursor.Seek("p"); cursor.Valid(); cursor.Next()) {
    bytes += cursor.value().size();
  }

  EXPECT_GT(bytes / blocks, kMaxBlockBytes * 85 / 100);
}

TEST_F(TupleSetTest, ErasesJoinBlocks) {
  ASSERT_OK_AND_ASSIGN(kv::WriteTxn txn, env_->BeginWrite());
  for (uint64_t i = 0; i < 5000; ++i) {
    ASSERT_OK(InsertTuple<1>(txn, Set("p"), {i * 1000}));
  }
  for (uint64_t i = 0; i < 5000; ++i) {
    if (i % 50 == 0) continue;
    ASSERT_OK(EraseTuple<1>(txn, Set("p"), {i * 1000}));
  }

  EXPECT_LE(CheckBlocks<1>(txn, Set("p")), 2U);
}

// One tuple that widens every column of a full block makes more than two.
TEST_F(TupleSetTest, OutlierSplitsABlockIntoSeveral) {
  ASSERT_OK_AND_ASSIGN(kv::WriteTxn txn, env_->BeginWrite());
  Model<4> model;
  for (uint64_t i = 0; CheckBlocks<4>(txn, Set("p")) < 2; ++i) {
    model.insert({0, i / 10, i % 10, 0});
    ASSERT_OK(InsertTuple<4>(txn, Set("p"), {0, i / 10, i % 10, 0}));
  }

  const Tuple<4> outlier = {0, 43, kMax, kMax};
  model.insert(outlier);
  ASSERT_OK(InsertTuple<4>(txn, Set("p"), outlier));

  EXPECT_EQ(CheckBlocks<4>(txn, Set("p")), 4U);
  EXPECT_EQ(ReadSet<4>(txn, Set("p")),
            std::vector<Tuple<4>>(model.begin(), model.end()));
}

// A tuple that is far from all others is never joined with them, as that would
// make their columns wide: it ends alone in a block.
class LoneTupleTest : public TupleSetTest {
 protected:
  // Puts in `lone` between the numbers below 800 and those above kMax - 500,
  // or one of the two, and expects that it can be taken out of its own block.
  void Check(bool low, uint64_t lone, bool high) {
    ASSERT_OK_AND_ASSIGN(kv::WriteTxn txn, env_->BeginWrite());
    Model<1> model;
    for (uint64_t i = 0; low && i < 940; ++i) Insert(txn, model, i);
    Insert(txn, model, lone);
    for (uint64_t i = 940; high && i-- > 0;) Insert(txn, model, kMax - i);
    for (uint64_t i = 940; low && i-- > 800;) Erase(txn, model, i);
    for (uint64_t i = 940; high && i-- > 500;) Erase(txn, model, kMax - i);
    const std::string key = low ? BlockKey<1>("p", {lone}) : "p";
    ASSERT_OK_AND_ASSIGN(const auto bytes, txn.Get(table(), key));
    ASSERT_TRUE(bytes.has_value());
    ASSERT_THAT(DecodeBlock<1>(*bytes)->tuples, ElementsAre(Tuple<1>{lone}));

    Erase(txn, model, lone);

    CheckBlocks<1>(txn, Set("p"));
    EXPECT_EQ(ReadSet<1>(txn, Set("p")),
              std::vector<Tuple<1>>(model.begin(), model.end()));
  }

 private:
  void Insert(kv::WriteTxn& txn, Model<1>& model, uint64_t value) {
    model.insert({value});
    ASSERT_THAT(InsertTuple<1>(txn, Set("p"), {value}), IsOkAndHolds(true));
  }

  void Erase(kv::WriteTxn& txn, Model<1>& model, uint64_t value) {
    model.erase({value});
    ASSERT_THAT(EraseTuple<1>(txn, Set("p"), {value}), IsOkAndHolds(true));
  }
};

TEST_F(LoneTupleTest, EmptiedLastBlockLeavesNoNext) {
  Check(true, kMax, false);
}

TEST_F(LoneTupleTest, EmptiedFirstBlockIsReplacedByTheSecond) {
  Check(false, 0, true);
}

TEST_F(LoneTupleTest, EmptiedBlockInTheMiddleGoes) {
  Check(true, kMax / 2, true);
}

TEST_F(LoneTupleTest, EmptiedOnlyBlockLeavesNothing) { Check(false, 5, false); }

TEST_F(TupleSetTest, CursorIsSoughtAnewAfterAWrite) {
  ASSERT_OK_AND_ASSIGN(kv::WriteTxn txn, env_->BeginWrite());
  std::vector<Tuple<1>> seen;
  {
    TupleCursor<1> cursor(txn, Set("p"));
    for (uint64_t i = 0; i < 2000; ++i) {
      ASSERT_OK(InsertTuple<1>(txn, Set("p"), {i}));
      cursor.Seek({i});
      ASSERT_TRUE(cursor.Valid());
      seen.push_back(cursor.tuple());
    }
  }
  EXPECT_EQ(seen, ReadSet<1>(txn, Set("p")));
}

// Blocks that are sound one by one, but whose chain is not.

class BrokenChainTest : public TupleSetTest {
 protected:
  // Makes a set of several blocks, does `damage` to its table and expects all
  // readers to notice. A tuple of the last block is {9000}.
  template <typename F>
  void ExpectDamageFound(F damage) {
    ASSERT_OK_AND_ASSIGN(kv::WriteTxn txn, env_->BeginWrite());
    for (uint64_t i = 0; i < 10000; ++i) {
      ASSERT_OK(InsertTuple<1>(txn, Set("p"), {i}));
    }
    damage(txn);
    TupleCursor<1> cursor(txn, Set("p"));
    cursor.SeekFirst();
    while (cursor.Valid()) cursor.Next();
    EXPECT_THAT(cursor.status(),
                StatusIs(absl::StatusCode::kDataLoss, testing::_));
    cursor.SeekFirst();
    EXPECT_FALSE(cursor.Valid());
  }

  std::string LastKey(const kv::Txn& txn) {
    kv::Cursor cursor = txn.Walk(table());
    cursor.SeekAtOrBefore(BlockKey<1>("p", {kMax}));
    return std::string(cursor.key());
  }
};

TEST_F(BrokenChainTest, MissingLastBlockIsFound) {
  ExpectDamageFound([&](kv::WriteTxn& txn) {
    ASSERT_OK(txn.Delete(table(), LastKey(txn)));
    EXPECT_THAT(CountTuples(txn, Set("p")),
                StatusIs(absl::StatusCode::kDataLoss, testing::_));
  });
}

TEST_F(BrokenChainTest, WrongKeyIsFound) {
  ExpectDamageFound([&](kv::WriteTxn& txn) {
    const std::string key = LastKey(txn);
    ASSERT_OK_AND_ASSIGN(const auto value, txn.Get(table(), key));
    const std::string bytes(*value);
    ASSERT_OK(txn.Delete(table(), key));
    ASSERT_OK(txn.Put(table(), BlockKey<1>("p", {9990}), bytes));
    EXPECT_THAT(InsertTuple<1>(txn, Set("p"), {9999}),
                StatusIs(absl::StatusCode::kDataLoss, testing::_));
  });
}

TEST_F(BrokenChainTest, TuplesOutOfOrderAreFoundByAWrite) {
  ASSERT_OK_AND_ASSIGN(kv::WriteTxn txn, env_->BeginWrite());
  std::string bytes =
      EncodeBlock<1>(std::vector<Tuple<1>>{{1}, {2}, {3}}, false);
  std::swap(bytes[bytes.size() - 1], bytes[bytes.size() - 2]);
  ASSERT_OK(txn.Put(table(), "p", bytes));

  EXPECT_THAT(InsertTuple<1>(txn, Set("p"), {0}),
              StatusIs(absl::StatusCode::kDataLoss, testing::_));
}

TEST_F(BrokenChainTest, OverlappingBlocksAreFoundByAWriteOfMany) {
  ASSERT_OK_AND_ASSIGN(kv::WriteTxn txn, env_->BeginWrite());
  const std::vector<Tuple<1>> first = {{1}, {100}};
  const std::vector<Tuple<1>> second = {{50}, {200}};
  ASSERT_OK(txn.Put(table(), "p", EncodeBlock<1>(first, true)));
  ASSERT_OK(
      txn.Put(table(), BlockKey<1>("p", {50}), EncodeBlock<1>(second, false)));

  EXPECT_THAT(InsertTuples<1>(txn, Set("p"), std::vector<Tuple<1>>{{60}, {61}}),
              StatusIs(absl::StatusCode::kDataLoss, testing::_));
}

TEST_F(TupleSetTest, AnyDamageToTheTableIsSurvived) {
  Random random;
  for (int round = 0; round < 30; ++round) {
    ASSERT_OK_AND_ASSIGN(kv::WriteTxn txn, env_->BeginWrite());
    for (uint64_t i = 0; i < 1200; ++i) {
      ASSERT_OK(InsertTuple<2>(txn, Set("p"), {i / 3, random.Below(kMax)}));
    }
    std::vector<std::pair<std::string, std::string>> blocks;
    {
      kv::Cursor cursor = txn.Walk(table());
      for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
        blocks.emplace_back(cursor.key(), cursor.value());
      }
    }
    for (int i = 0; i < 3; ++i) {
      auto& [key, value] = blocks[random.Below(blocks.size())];
      if (value.empty()) continue;  // it was cut already
      const size_t front = std::min<size_t>(value.size(), 10);
      value[random.Below(random.OneIn(2) ? front : value.size())] ^=
          static_cast<char>(1 << random.Below(8));
      if (random.OneIn(4)) value.resize(random.Below(value.size()));
      ASSERT_OK(txn.Put(table(), key, value));
    }
    for (int i = 0; i < 50; ++i) {
      const Tuple<2> tuple = {random.Below(400), random.Below(kMax)};
      static_cast<void>(InsertTuple<2>(txn, Set("p"), tuple));
      const std::vector<Tuple<2>> many = {{tuple[0] + 1, 0}, {tuple[0] + 9, 0}};
      static_cast<void>(InsertTuples<2>(txn, Set("p"), many));
      static_cast<void>(CountTuples(txn, Set("p")));
      TupleCursor<2> cursor(txn, Set("p"));
      cursor.Seek(tuple);
      for (int n = 0; n < 20 && cursor.Valid(); ++n) cursor.Next();
      if (cursor.Valid()) {
        static_cast<void>(EraseTuple<2>(txn, Set("p"), cursor.tuple()));
      }
    }
  }
}

using TupleSetDeathTest = TupleSetTest;

TEST_F(TupleSetDeathTest, ValueThatIsTooLargeIsABug) {
  ASSERT_OK_AND_ASSIGN(kv::WriteTxn txn, env_->BeginWrite());
  EXPECT_DEATH((void)InsertTuple<1>(txn, Set("p"), {kMax + 1}),
               "kMaxColumnValue");
}

TEST_F(TupleSetDeathTest, ManyThatDoNotAscendAreABug) {
  ASSERT_OK_AND_ASSIGN(kv::WriteTxn txn, env_->BeginWrite());
  const std::vector<Tuple<1>> twice = {{1}, {1}};
  EXPECT_DEATH((void)InsertTuples<1>(txn, Set("p"), twice), "greater_equal");
}

TEST_F(TupleSetTest, ManyTuplesAtOnceFillBlocks) {
  ASSERT_OK_AND_ASSIGN(kv::WriteTxn txn, env_->BeginWrite());
  std::vector<Tuple<1>> many;
  for (uint64_t i = 0; i < 100'000; ++i) many.push_back({3 * i});

  ASSERT_OK(InsertTuples<1>(txn, Set("p"), many));

  EXPECT_THAT(CountTuples(txn, Set("p")), IsOkAndHolds(many.size()));
  EXPECT_LT(CheckBlocks<1>(txn, Set("p")), 130U);
}

TEST_F(TupleSetDeathTest, PrefixThatCannotBeIsABug) {
  ASSERT_OK_AND_ASSIGN(kv::WriteTxn txn, env_->BeginWrite());
  const std::string prefix(507, 'p');
  EXPECT_DEATH((void)InsertTuple<1>(txn, Set(""), {1}), "prefix");
  EXPECT_DEATH((void)InsertTuple<1>(txn, Set(prefix), {1}), "prefix");
}

}  // namespace
}  // namespace guanxi::store
