// The codecs of the file by random things and damaged bytes, and the store as
// its callers see it: what it keeps, what it refuses, what a snapshot sees.

#include "graph/store/store.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/base/error.h"
#include "graph/model/lineage.h"
#include "graph/store/claim_table.h"
#include "graph/store/fact_codec.h"
#include "graph/store/log.h"
#include "graph/store/schema_codec.h"
#include "graph/text/parser.h"
#include "tests/support/seed.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace guanxi::store {
namespace {

using ::guanxi::test::IsOkAndHolds;
using ::guanxi::test::StatusIs;
using ::guanxi::test::TempDir;
using ::testing::_;
using ::testing::Eq;
using ::testing::Ne;
using ::testing::Optional;
using ::testing::SizeIs;

constexpr int64_t kMaxBytes = 64 << 20;

// --- Random things ----------------------------------------------------------

class Random {
 public:
  Random() : engine_(seed_) { std::printf("GUANXI_TEST_SEED=%u\n", seed_); }

  uint64_t Below(uint64_t bound) { return engine_() % bound; }
  bool OneIn(uint64_t n) { return Below(n) == 0; }
  uint64_t Number() { return engine_() >> Below(64); }
  std::string Bytes(size_t size) {
    std::string bytes;
    while (bytes.size() < size) bytes += static_cast<char>(Below(256));
    return bytes;
  }
  std::string Name() { return OneIn(4) ? "" : Bytes(1 + Below(12)); }
  Revision SomeRevision() { return {1 + Number() / 2}; }

 private:
  unsigned seed_ = test::Seed();
  std::mt19937_64 engine_;
};

Day RandomDay(Random& random) {
  if (random.OneIn(5)) return kBeginningOfTime;
  if (random.OneIn(5)) return kEndOfTime;
  return Day{static_cast<int32_t>(random.Below(40'000)) - 10'000};
}

When RandomWhen(Random& random) {
  constexpr const char* kWhens[] = {"2016",       "2025-H1~", "2025-Q3?",
                                    "2025-09-30", "2022/..",  "/2023-05",
                                    "../2024~?",  "2020/2021"};
  return *When::Parse(kWhens[random.Below(std::size(kWhens))]);
}

Decimal RandomDecimal(Random& random) {
  return *Decimal::Make(static_cast<int64_t>(random.Number()),
                        static_cast<int>(random.Below(40)) - 20,
                        static_cast<int>(random.Below(10)));
}

Map RandomMap(Random& random, int depth);

Value RandomValue(Random& random, int depth = 0) {
  switch (random.Below(depth < 3 ? 14 : 12)) {
    case 0:
      return Value();
    case 1:
      return Value(random.OneIn(2));
    case 2:
      return Value(static_cast<int64_t>(random.Number()));
    case 3:
      return Value(0.1 * static_cast<double>(random.Below(100)));
    case 4:
      return Value(RandomDecimal(random));
    case 5:
      return Value::String(random.Name(), random.OneIn(2) ? "en" : "");
    case 6:
      return Value(Bytes{random.Name()});
    case 7:
      return Value(Date::FromYear(static_cast<int>(1 + random.Below(9'999))));
    case 8:
      return Value(RandomWhen(random));
    case 9:
      return Value(DateTime{static_cast<int64_t>(random.Below(1ULL << 50))});
    case 10:
      return Value(Duration{.months = 3, .days = 14, .seconds = 15});
    case 11:
      return Value(Quantity(QuantityOp::kNearly, RandomDecimal(random), "CNY"));
    case 12: {
      List list;
      while (!random.OneIn(3)) list.push_back(RandomValue(random, depth + 1));
      return Value(std::move(list));
    }
    default:
      return Value(RandomMap(random, depth + 1));
  }
}

Map RandomMap(Random& random, int depth = 0) {
  Map map;
  while (!random.OneIn(3)) {
    map.emplace(random.Name(), RandomValue(random, depth));
  }
  return map;
}

FactKey RandomFactKey(Random& random) {
  FactKey key{.kind = static_cast<FactKind>(random.Below(4))};
  if (key.kind == FactKind::kLabel || key.kind == FactKind::kProperty) {
    key.name = absl::StrCat("name", random.Below(4));
  }
  key.time = static_cast<ValidTime::Kind>(random.Below(3));
  if (key.time != ValidTime::Kind::kNone) {
    key.days = {RandomDay(random), RandomDay(random)};
  }
  if (random.OneIn(3)) key.qualifiers = RandomMap(random);
  if (random.OneIn(3)) key.unit = random.Name();
  if (random.OneIn(3)) key.language = random.Name();
  if (random.OneIn(3)) key.element = RandomValue(random);
  return key;
}

RecordFact RandomFact(Random& random) {
  RecordFact fact{.key = RandomFactKey(random)};
  if (random.OneIn(3)) {
    fact.implicit = ImplicitClaim{.since = random.SomeRevision(),
                                  .value = RandomValue(random),
                                  .qualifiers = RandomMap(random)};
  }
  while (!random.OneIn(3)) {
    fact.winners.push_back({.claim = static_cast<uint32_t>(random.Number()),
                            .mode = static_cast<Mode>(random.Below(8)),
                            .value = RandomValue(random)});
    if (random.OneIn(2)) fact.winners.back().confidence = 0.25;
    if (random.OneIn(2)) fact.winners.back().qualifiers = RandomMap(random);
  }
  while (!random.OneIn(3)) {
    Slice slice{.mode_class = static_cast<Mode>(random.Below(8)),
                .presence = static_cast<Presence>(
                    fact.winners.empty() ? 0 : random.Below(3)),
                .conflict = random.OneIn(2),
                .disputed = random.OneIn(2),
                .undated = random.OneIn(2)};
    if (random.OneIn(2)) slice.days = {RandomDay(random), RandomDay(random)};
    if (!fact.winners.empty()) slice.winner = random.Below(fact.winners.size());
    fact.slices.push_back(slice);
  }
  return fact;
}

// In the order of FactKey, as records are read.
std::vector<RecordFact> RandomFacts(Random& random) {
  std::map<FactKey, RecordFact> facts;
  while (!random.OneIn(8)) {
    RecordFact fact = RandomFact(random);
    facts.emplace(fact.key, fact);
  }
  std::vector<RecordFact> sorted;
  for (auto& [key, fact] : facts) sorted.push_back(std::move(fact));
  return sorted;
}

void ExpectSame(const RecordFact& actual, const RecordFact& expected) {
  EXPECT_EQ(actual.key, expected.key);
  ASSERT_EQ(actual.implicit.has_value(), expected.implicit.has_value());
  if (actual.implicit.has_value()) {
    EXPECT_EQ(actual.implicit->since, expected.implicit->since);
    EXPECT_EQ(actual.implicit->value, expected.implicit->value);
    EXPECT_EQ(actual.implicit->qualifiers, expected.implicit->qualifiers);
  }
  EXPECT_EQ(actual.slices, expected.slices);
  ASSERT_THAT(actual.winners, SizeIs(expected.winners.size()));
  const auto tie = [](const Winner& winner) {
    return std::tie(winner.claim, winner.mode, winner.confidence, winner.value,
                    winner.qualifiers);
  };
  for (size_t i = 0; i < actual.winners.size(); ++i) {
    EXPECT_TRUE(tie(actual.winners[i]) == tie(expected.winners[i])) << i;
  }
}

// --- Records ----------------------------------------------------------------

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

TEST(RecordTest, RandomEntitiesRoundTrip) {
  Random random;
  Catalog catalog;
  for (int i = 0; i < 200 && !testing::Test::HasFailure(); ++i) {
    const EntityHead head{.key = random.Name()};
    const std::vector<RecordFact> facts = RandomFacts(random);
    const Exact bytes(*EncodeEntity(head, facts, catalog));

    ASSERT_OK_AND_ASSIGN(const RecordView record,
                         RecordView::Parse(bytes.view()));
    ASSERT_OK_AND_ASSIGN(const std::vector<RecordFact> read,
                         ReadFacts(record, catalog));

    EXPECT_EQ(record.entity_key(), head.key);
    ASSERT_THAT(read, SizeIs(facts.size()));
    for (size_t j = 0; j < read.size(); ++j) ExpectSame(read[j], facts[j]);
  }
}

TEST(RecordTest, RandomRelationshipsRoundTrip) {
  Random random;
  Catalog catalog;
  for (int i = 0; i < 100 && !testing::Test::HasFailure(); ++i) {
    const RelationshipHead head{.subject = {1 + random.Below(kMaxId)},
                                .object = {1 + random.Below(kMaxId)},
                                .type = {random.Below(1ULL << 32)},
                                .created = random.SomeRevision(),
                                .name = random.Name(),
                                .keys = RandomMap(random)};
    const Exact bytes(*EncodeRelationship(head, RandomFacts(random), catalog));

    ASSERT_OK_AND_ASSIGN(const RecordView record,
                         RecordView::Parse(bytes.view()));
    ASSERT_OK_AND_ASSIGN(const RelationshipHead read,
                         record.ReadRelationshipHead());

    const auto tie = [](const RelationshipHead& one) {
      return std::tie(one.subject, one.object, one.type, one.created, one.name,
                      one.keys);
    };
    EXPECT_TRUE(tie(read) == tie(head));
  }
}

TEST(RecordTest, FindTellsTheFactsOfOneName) {
  Random random;
  Catalog catalog;
  for (int i = 0; i < 30 && !testing::Test::HasFailure(); ++i) {
    const std::vector<RecordFact> facts = RandomFacts(random);
    const Exact bytes(*EncodeEntity({.key = "x"}, facts, catalog));
    ASSERT_OK_AND_ASSIGN(const RecordView record,
                         RecordView::Parse(bytes.view()));
    for (int name = 0; name < 4; ++name) {
      const std::string wanted = absl::StrCat("name", name);
      const PropertyId id = catalog.properties.Intern(wanted);

      const RecordView::Range range =
          record.Find(FactKind::kProperty, id.value);

      const auto count =
          std::ranges::count_if(facts, [&](const RecordFact& fact) {
            return fact.key.kind == FactKind::kProperty &&
                   fact.key.name == wanted;
          });
      EXPECT_EQ(range.end - range.begin, static_cast<size_t>(count));
      for (size_t at = range.begin; at < range.end; ++at) {
        EXPECT_EQ(record.ReadFact(at, catalog)->key.name, wanted);
      }
    }
  }
}

// Reads all that there is; returns whether everything could be read.
bool ReadAll(absl::string_view bytes, const Catalog& catalog) {
  const Exact exact(bytes);
  const absl::StatusOr<RecordView> record = RecordView::Parse(exact.view());
  if (!record.ok()) {
    EXPECT_THAT(record, StatusIs(absl::StatusCode::kDataLoss, _));
    return false;
  }
  bool ok = record->ReadRelationshipHead().ok();
  for (size_t i = 0; i < record->fact_count(); ++i) {
    const absl::StatusOr<RecordFact> fact = record->ReadFact(i, catalog);
    ok &= fact.ok();
    if (!fact.ok()) continue;
    for (const Slice& slice : fact->slices) {
      EXPECT_TRUE(slice.presence == Presence::kUnrecorded ||
                  slice.winner < fact->winners.size());
    }
    record->Find(fact->key.kind, 0);
  }
  for (const uint32_t index : record->Order(kAllFacts, catalog)) {
    SoleFact sole;
    const absl::StatusOr<bool> is_sole =
        record->ReadSoleFact(index, catalog, sole);
    EXPECT_TRUE(is_sole.ok() || absl::IsDataLoss(is_sole.status()));
    if (!is_sole.ok() || !*is_sole) continue;
    for (const Slice& slice : sole.slices) {
      EXPECT_TRUE(slice.presence == Presence::kUnrecorded || slice.winner == 0);
    }
  }
  return ok;
}

TEST(RecordTest, DamagedBytesAreSaidOrReadButNeverReadBeyond) {
  Random random;
  Catalog catalog;
  for (int i = 0; i < 40 && !testing::Test::HasFailure(); ++i) {
    const std::string bytes =
        *EncodeRelationship({.subject = {1},
                             .object = {2},
                             .name = random.Name(),
                             .keys = RandomMap(random)},
                            {RandomFact(random), RandomFact(random)}, catalog);
    ASSERT_TRUE(ReadAll(bytes, catalog));

    for (int j = 0; j < 100; ++j) {
      const size_t size = random.Below(bytes.size());
      EXPECT_FALSE(ReadAll(bytes.substr(0, size), catalog)) << size;

      std::string flipped = bytes;
      const size_t bit = random.Below(bytes.size() * 8);
      flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
      ReadAll(flipped, catalog);
    }
  }
}

// --- Tables -----------------------------------------------------------------

class TableTest : public testing::Test {
 protected:
  TableTest()
      : env_(*kv::Env::Open(dir_.path() + "/graph.db", kTableNames,
                            {.max_bytes = kMaxBytes,
                             .sync = false,
                             .create_if_missing = true})),
        tables_(*env_) {}

  TempDir dir_;
  std::unique_ptr<kv::Env> env_;
  Tables tables_;
};

StoredClaim RandomClaim(Random& random, uint32_t ordinal) {
  StoredClaim stored{.ordinal = ordinal,
                     .fact = RandomFactKey(random),
                     .identity = random.Bytes(16)};
  Claim& claim = stored.claim;
  claim.named = random.OneIn(2);
  claim.id = claim.named ? absl::StrCat("claim ", ordinal)
                         : ClaimIdText(stored.identity);
  if (random.OneIn(2)) {
    claim.citation = {random.Name(), static_cast<uint32_t>(random.Below(99)),
                      static_cast<uint32_t>(random.Number())};
  }
  claim.value = RandomValue(random);
  claim.properties = RandomMap(random);
  claim.qualifiers = RandomMap(random);
  if (random.OneIn(3)) claim.valid = ValidTime::At(RandomWhen(random));
  if (random.OneIn(3)) claim.valid = ValidTime::During(RandomWhen(random));
  claim.mode = static_cast<Mode>(random.Below(8));
  claim.rank = static_cast<Rank>(random.Below(3));
  if (random.OneIn(2)) claim.confidence = RandomDecimal(random);
  claim.by = random.Name();
  claim.note = random.Name();
  claim.supersedes = random.Name();
  stored.stated_valid = claim.valid;
  for (uint64_t at = 1; at == 1 || random.OneIn(2); at += 2) {
    stored.Believe(claim, {at});
    stored.Close({at + 1}, StoredClaim::Closing::kRetracted,
                 {.by = random.Name(), .note = random.Name()});
  }
  if (random.OneIn(3)) {
    stored.EndOn(Date::FromDay({static_cast<int32_t>(random.Below(9'999))}),
                 {100});
  } else if (random.OneIn(2)) {
    stored.beliefs.back().to.reset();
  }
  return stored;
}

void ExpectSame(const StoredClaim& actual, const StoredClaim& expected) {
  const auto tie = [](const StoredClaim& stored) {
    const Claim& claim = stored.claim;
    return std::tie(stored.ordinal, stored.fact, stored.identity, claim.id,
                    claim.named, claim.citation, claim.value, claim.properties,
                    claim.qualifiers, claim.valid, claim.mode, claim.rank,
                    claim.confidence, claim.by, claim.note, claim.supersedes,
                    claim.implicit);
  };
  EXPECT_TRUE(tie(actual) == tie(expected)) << expected.ordinal;
  ASSERT_THAT(actual.beliefs, SizeIs(expected.beliefs.size()));
  for (size_t i = 0; i < actual.beliefs.size(); ++i) {
    const StoredClaim::Belief& belief = actual.beliefs[i];
    EXPECT_EQ(belief.from, expected.beliefs[i].from);
    EXPECT_EQ(belief.to, expected.beliefs[i].to);
    EXPECT_EQ(belief.end, expected.beliefs[i].end);
    if (!belief.to.has_value()) continue;
    EXPECT_EQ(belief.closing, expected.beliefs[i].closing);
    EXPECT_EQ(belief.reason, expected.beliefs[i].reason);
  }
}

TEST_F(TableTest, RandomClaimsRoundTripAndAreFound) {
  Random random;
  const Owner owner = Owner::Of(EntityId{7});
  std::vector<StoredClaim> claims;
  ASSERT_OK_AND_ASSIGN(kv::WriteTxn txn, env_->BeginWrite());
  for (uint32_t ordinal = 1; ordinal <= 100; ++ordinal) {
    claims.push_back(RandomClaim(random, ordinal));
    ASSERT_OK(WriteClaim(owner, claims.back(), tables_, txn));
  }

  ASSERT_OK_AND_ASSIGN(const std::vector<StoredClaim> all,
                       ReadClaims(txn, tables_, owner));

  ASSERT_THAT(all, SizeIs(claims.size()));
  for (size_t i = 0; i < claims.size(); ++i) {
    ExpectSame(all[i], claims[i]);
    const ClaimRef ref{owner, claims[i].ordinal};
    ASSERT_OK_AND_ASSIGN(const std::optional<StoredClaim> one,
                         ReadClaim(txn, tables_, ref));
    ExpectSame(one.value(), claims[i]);
    EXPECT_THAT(FindClaimByIdentity(txn, tables_, claims[i].identity),
                IsOkAndHolds(Optional(ref)));
    EXPECT_THAT(FindClaimById(txn, tables_, claims[i].claim.id),
                IsOkAndHolds(Optional(ref)));
  }
  EXPECT_THAT(FindClaimById(txn, tables_, "claim-zz"),
              IsOkAndHolds(Eq(std::nullopt)));
}

TEST_F(TableTest, RandomLogRowsRoundTripAndShowDamage) {
  Random random;
  for (uint64_t number = 1; number <= 30; ++number) {
    LogRow row{.revision = {number},
               .time = static_cast<int64_t>(random.Number()),
               .author = random.Name(),
               .note = random.Name()};
    const uint64_t entries = random.OneIn(5) ? 60'000 : random.Below(20);
    for (uint64_t i = 0; i < entries; ++i) {
      row.entries.push_back(
          {static_cast<LogOperation>(1 + random.Below(7)),
           {static_cast<OwnerKind>(random.Below(3)), random.Below(kMaxId)},
           random.Number()});
    }
    ASSERT_OK_AND_ASSIGN(kv::WriteTxn txn, env_->BeginWrite());
    ASSERT_OK(WriteLog(row, tables_, txn));

    ASSERT_OK_AND_ASSIGN(const std::optional<LogRow> read,
                         ReadLog(txn, tables_, row.revision));

    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->revision, row.revision);
    EXPECT_EQ(read->time, row.time);
    EXPECT_EQ(read->author, row.author);
    EXPECT_EQ(read->note, row.note);
    EXPECT_TRUE(read->entries == row.entries);
    EXPECT_THAT(ReadLog(txn, tables_, {number + 1}),
                IsOkAndHolds(Eq(std::nullopt)));

    std::string key;
    std::string damaged;
    {
      kv::Cursor cursor = txn.Walk(tables_.log);
      cursor.Seek("");
      key = std::string(cursor.key());
      damaged = std::string(cursor.value());
    }
    damaged[random.Below(damaged.size())] ^= 4;
    ASSERT_OK(txn.Put(tables_.log, key, damaged));
    EXPECT_THAT(ReadLog(txn, tables_, row.revision),
                StatusIs(absl::StatusCode::kDataLoss, _));
  }
}

std::vector<std::string> RandomNames(Random& random) {
  std::vector<std::string> names;
  while (!random.OneIn(3)) names.push_back(random.Name());
  return names;
}

Type RandomType(Random& random) {
  return {.base = static_cast<BaseType>(random.Below(19)),
          .list = random.OneIn(2),
          .choices = RandomNames(random)};
}

Declaration RandomDeclaration(Random& random) {
  std::vector<Field> fields;
  while (!random.OneIn(3))
    fields.push_back({random.Name(), RandomType(random)});
  std::optional<Duration> stale_after;
  if (random.OneIn(2)) stale_after = Duration{.months = 18, .seconds = 5};
  const auto kind = static_cast<TimeKind>(random.Below(3));
  switch (random.Below(3)) {
    case 0:
      return LabelDeclaration{.name = random.Name(),
                              .parents = RandomNames(random),
                              .comment = random.Name()};
    case 1:
      return PropertyDeclaration{.name = random.Name(),
                                 .type = RandomType(random),
                                 .qualifiers = std::move(fields),
                                 .kind = kind,
                                 .keys = RandomNames(random),
                                 .index = random.OneIn(2),
                                 .unique = random.OneIn(2),
                                 .stale_after = stale_after,
                                 .comment = random.Name()};
    default:
      return RelationshipDeclaration{.name = random.Name(),
                                     .from = random.Name(),
                                     .to = random.Name(),
                                     .properties = std::move(fields),
                                     .kind = kind,
                                     .keys = RandomNames(random),
                                     .symmetric = random.OneIn(2),
                                     .stale_after = stale_after,
                                     .comment = random.Name()};
  }
}

TEST(SchemaCodecTest, RandomDeclarationsRoundTripAndNoPrefixDoes) {
  Random random;
  for (int i = 0; i < 100 && !testing::Test::HasFailure(); ++i) {
    const Declaration declaration = RandomDeclaration(random);

    const std::string bytes = EncodeDeclaration(declaration);

    EXPECT_THAT(DecodeDeclaration(bytes), IsOkAndHolds(Eq(declaration)));
    for (size_t size = 0; size < bytes.size(); ++size) {
      EXPECT_THAT(DecodeDeclaration(Exact(bytes.substr(0, size)).view()),
                  StatusIs(absl::StatusCode::kDataLoss, _));
    }
  }
}

// --- Lineage ----------------------------------------------------------------

TEST(LineageTest, RootsAreWhereNothingLeadsOut) {
  struct Case {
    const char* what;
    Lineage lineage;
    std::string source;
    std::vector<std::string> roots;
  };
  const Case cases[] = {
      {"alone", {{"a", {}}}, "a", {"a"}},
      {"not in the lineage", {}, "a", {"a"}},
      {"chain", {{"a", {"b"}}, {"b", {"c"}}, {"c", {}}}, "a", {"c"}},
      {"two roots", {{"a", {"z", "b"}}, {"b", {"c"}}}, "a", {"c", "z"}},
      {"two ways to one",
       {{"a", {"b", "c"}}, {"b", {"d"}}, {"c", {"d"}}},
       "a",
       {"d"}},
      {"cycle", {{"b", {"c"}}, {"c", {"b"}}}, "c", {"b"}},
      {"into a cycle", {{"a", {"c"}}, {"c", {"b"}}, {"b", {"c"}}}, "a", {"b"}},
      {"of itself", {{"a", {"a"}}}, "a", {"a"}},
      {"of itself and another", {{"a", {"a", "b"}}}, "a", {"b"}},
      {"cycle that leads out", {{"a", {"b"}}, {"b", {"a", "c"}}}, "a", {"c"}},
      {"cycle and root",
       {{"a", {"b", "r"}}, {"b", {"d"}}, {"d", {"b"}}},
       "a",
       {"b", "r"}},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(LineageRoots(one.lineage, one.source), one.roots) << one.what;
  }
}

// --- The store --------------------------------------------------------------

std::vector<Statement> Kg(absl::string_view text) {
  auto statements = text::Parse(absl::StrCat("kg 1\n", text, "\n"), {});
  EXPECT_OK(statements);
  return statements.ok() ? *std::move(statements) : std::vector<Statement>();
}

constexpr absl::string_view kWorld = R"(
label Company "who trades"
prop age : int event
prop revenue : money { scope: string } period key (scope)
prop founded : date
rel KNOWS : Person -> Person symmetric
rel FOUNDED : Person -> Company { role: string } event
source s1 {kind: news_article, reliability: secondary}
source s2 {derived_from: [s1]}
(ada :Person {name: "Ada"}) from s1:1
(birch :Company)
(birch).founded = 2016 from s2:2 id founded-1
(birch).founded = 2017 from s2:3 id founded-2 supersedes founded-1
(birch).revenue = 4e9 CNY during 2024 {scope: group} from s1:4
(ada)-[:FOUNDED {role: "lead"}]->(birch) at 2016 from s1
(ada)-[first:ODD]->(birch) mode planned conf 0.5 note "n" id odd-1
same (ada) (birch) from s1
)";

class StoreTest : public testing::Test {
 protected:
  StoreTest() { Open(); }

  void Open() {
    store_.reset();
    auto opened =
        Store::Open(dir_.path() + "/graph.db",
                    {.max_bytes = kMaxBytes, .clock = FixedClock(1'000'000)});
    GUANXI_CHECK(opened.ok());
    store_ = *std::move(opened);
  }

  absl::StatusOr<CommitResult> Commit(std::vector<Statement> statements) {
    return store_->Commit({.statements = std::move(statements)});
  }
  absl::StatusOr<CommitResult> CommitKg(absl::string_view text) {
    return Commit(Kg(text));
  }

  Snapshot Read() const { return *store_->BeginSnapshot(); }

  // Every byte of every table of a state.
  static std::string Dump(const Snapshot& snapshot) {
    const Tables& tables = snapshot.tables();
    std::string dump = absl::StrCat(snapshot.revision().number, "\n");
    for (const kv::Table table : {tables.meta,
                                  tables.name,
                                  tables.schema,
                                  tables.entity,
                                  tables.entity_key,
                                  tables.relationship,
                                  tables.adjacency_out,
                                  tables.adjacency_in,
                                  tables.aside,
                                  tables.label,
                                  tables.type,
                                  tables.property,
                                  tables.claim,
                                  tables.claim_id,
                                  tables.source,
                                  tables.source_use,
                                  tables.log,
                                  tables.history,
                                  tables.adjacency_history,
                                  tables.tombstone,
                                  tables.request}) {
      kv::Cursor cursor = snapshot.txn().Walk(table);
      for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
        absl::StrAppend(&dump, cursor.key().size(), " ", cursor.key(), " ",
                        cursor.value().size(), " ", cursor.value(), "\n");
      }
      EXPECT_OK(cursor.status());
    }
    return dump;
  }
  std::string Dump() const { return Dump(Read()); }

  // What a view shows of the entity's property.
  static std::string Shown(const Snapshot& snapshot, absl::string_view key,
                           absl::string_view property) {
    const auto id = snapshot.FindEntity(key);
    if (!id.ok() || !id->has_value()) return "no entity";
    const auto view = snapshot.ReadEntity(**id, {}, Evidence::kShown);
    for (const PropertyView& one : view->properties) {
      if (one.key.name == property) return one.value.ToDisplay();
    }
    return "not shown";
  }

  TempDir dir_;
  std::unique_ptr<Store> store_;
};

TEST_F(StoreTest, ReopeningKeepsEverything) {
  ASSERT_OK(CommitKg(kWorld));
  const std::string dump = Dump();
  const Schema schema = Read().schema();

  Open();

  EXPECT_EQ(Dump(), dump);
  EXPECT_EQ(Read().schema(), schema);
  EXPECT_EQ(Read().revision(), Revision{1});
  EXPECT_EQ(Shown(Read(), "birch", "founded"), "2017");
  EXPECT_OK(CommitKg("(ada).age = 40 at 2024-05-01 from s1:9"));
  EXPECT_EQ(Read().revision(), Revision{2});
}

TEST_F(StoreTest, CommitThatSaysNothingNewMakesNoRevision) {
  ASSERT_OK(CommitKg(kWorld));
  ASSERT_OK(CommitKg("(ada).name = \"A\""));
  const std::string dump = Dump();

  for (const char* text :
       {"", "label Company \"who trades\"", "source s2 {derived_from: [s1]}",
        "(ada :Person {name: \"Ada\"}) from s1:1", "(birch :Company)",
        "(ada).name = \"A\"", "same (birch) (ada) from s1",
        "(ada)-[first:ODD]->(birch) mode planned conf 0.5 note \"n\" id odd-1",
        // Known with another confidence: skipped.
        "(ada)-[first:ODD]->(birch) mode planned conf 0.6 id odd-1"}) {
    ASSERT_OK_AND_ASSIGN(const CommitResult result, CommitKg(text));
    EXPECT_FALSE(result.changed) << text;
    EXPECT_EQ(result.revision, Revision{2}) << text;
    EXPECT_EQ(result.claims_added, 0) << text;
    EXPECT_EQ(Dump(), dump) << text;
  }
}

TEST_F(StoreTest, SnapshotSeesItsOwnRevisionWhileCommitsHappen) {
  ASSERT_OK(CommitKg(kWorld));
  const Snapshot first = Read();
  const std::string dump = Dump(first);

  ASSERT_OK(
      CommitKg("(birch).founded = 2018 supersedes founded-2 id f3\n"
               "(new :NewLabel {newly: 1})\n"));
  const Snapshot second = Read();
  ASSERT_OK(Commit({{DeleteEntityStatement{"birch"}, {}}}));
  ASSERT_OK(CommitKg("prop another : int"));
  const Snapshot last = Read();

  EXPECT_EQ(Dump(first), dump);
  EXPECT_EQ(first.revision(), Revision{1});
  EXPECT_EQ(Shown(first, "birch", "founded"), "2017");
  EXPECT_EQ(Shown(first, "new", "newly"), "no entity");
  EXPECT_EQ(first.schema().FindProperty("another"), nullptr);
  EXPECT_EQ(second.revision(), Revision{2});
  EXPECT_EQ(Shown(second, "birch", "founded"), "2018");
  EXPECT_EQ(last.revision(), Revision{4});
  EXPECT_EQ(Shown(last, "birch", "founded"), "no entity");
  EXPECT_NE(last.schema().FindProperty("another"), nullptr);
}

struct Refusal {
  const char* reason;
  std::vector<Statement> statements;
};

std::vector<Refusal> Refusals() {
  const std::string long_name(401, 'x');
  return {
      {"ENTITY_NOT_FOUND", Kg("(nobody).age = 40 at 2024")},
      {"ENTITY_NOT_FOUND", Kg("(ada)-[:KNOWS]->(nobody)")},
      {"ENTITY_NOT_FOUND", Kg("same (nobody) (ada)")},
      {"ENTITY_NOT_FOUND", {{DeleteEntityStatement{"nobody"}, {}}}},
      {"SOURCE_NOT_FOUND", Kg("(ada :Person) from s9:1")},
      {"SOURCE_NOT_FOUND", Kg("source s3 {derived_from: [s9]}")},
      {"CLAIM_NOT_FOUND", Kg("(birch).founded = 2018 supersedes nothing")},
      {"CLAIM_NOT_BELIEVED", Kg("(birch).founded = 2018 supersedes founded-1")},
      {"CLAIM_ID_TAKEN", Kg("(birch).founded = 2018 from s1 id founded-2")},
      {"VALUE_TYPE", Kg("(ada).age = \"forty\" at 2024")},
      {"TIME_KIND", Kg("(ada).age = 40 during 2024")},
      {"TIME_KIND", Kg("(ada)-[:FOUNDED]->(birch) during 2024")},
      {"SCHEMA_IN_USE", Kg("prop founded : string")},
      {"SCHEMA_IN_USE",
       Kg("rel FOUNDED : Person -> Company { role: string } state")},
      {"SCHEMA_INVALID",
       {{PropertyDeclaration{.name = "p", .keys = {"no field"}}, {}}}},
      {"SCHEMA_INVALID", Kg("label A < B\nlabel B < A")},
      {"STATEMENT_INVALID", {{EntityStatement{.key = long_name}, {}}}},
      {"STATEMENT_INVALID",
       {{PropertyStatement{.key = "ada", .property = "age"}, {}}}},
      {"STATEMENT_INVALID",
       {{PropertyStatement{
             .key = "ada", .property = "age", .value = Value(List{})},
         {}}}},
      {"STATEMENT_INVALID",
       {{EntityStatement{.key = "ada", .labels = {"Bank", "Bank"}}, {}}}},
      {"STATEMENT_INVALID",
       {{EntityStatement{.key = "ada", .tail = {.mode = Mode::kInferred}},
         {}}}},
      {"STATEMENT_INVALID",
       {{LabelDeclaration{.name = "Fund", .parents = {"Bank", "Bank"}}, {}}}},
      {"STATEMENT_INVALID",
       {{PropertyDeclaration{
             .name = "p",
             .type = {.base = BaseType::kEnum, .choices = {"yes", "yes"}}},
         {}}}},
      {"SELF_JUDGEMENT", Kg("same (ada) (ada)")},
      {"CLAIM_NOT_BELIEVED", Kg("end founded-1 at 2020")},
      {"CLAIM_NOT_FOUND", Kg("end nothing at 2020")},
      {"STATEMENT_INVALID",
       {{RetractStatement{"founded-2", {.rank = Rank::kPreferred}}, {}}}},
      {"CLAIM_NOT_BELIEVED", Kg("retract founded-1")},
      {"CLAIM_NOT_FOUND", Kg("retract nothing")},
      {"SOURCE_NOT_FOUND", Kg("retract odd-1 from s9")},
      {"CLAIM_NOT_FOUND", {{PurgeClaimStatement{"nothing", "by order"}, {}}}},
      {"ENTITY_NOT_FOUND", {{PurgeEntityStatement{"nobody", "by order"}, {}}}},
      {"STATEMENT_INVALID", {{PurgeClaimStatement{"founded-2", ""}, {}}}},
      {"RELATIONSHIP_NOT_FOUND",
       {{DeleteRelationshipStatement{"ada", "KNOWS", "birch", "", {}}, {}}}},
  };
}

TEST_F(StoreTest, RefusedCommitLeavesNoTrace) {
  ASSERT_OK(CommitKg(kWorld));
  const std::string dump = Dump();
  const Schema schema = Read().schema();
  for (const Refusal& refusal : Refusals()) {
    SCOPED_TRACE(refusal.reason);
    std::vector<Statement> statements =
        Kg("prop fresh : int\n"
           "source s1 {title: \"changed\"}\n"
           "(fresh :Fresh {fresh: 1})\n"
           "(birch).founded = 2019 supersedes founded-2\n"
           "(fresh)-[:FRESH]->(ada) from s1");
    // So that each refusal stands for itself.
    if (absl::StrContains(refusal.reason, "CLAIM")) statements.clear();
    for (const Statement& one : refusal.statements) statements.push_back(one);

    const auto result = Commit(statements);

    ASSERT_FALSE(result.ok());
    const std::optional<ErrorInfo> info = GetErrorInfo(result.status());
    ASSERT_TRUE(info.has_value()) << result.status();
    EXPECT_EQ(info->reason, refusal.reason) << result.status();
    EXPECT_TRUE(info->metadata.contains("index"));
    const Snapshot snapshot = Read();
    EXPECT_EQ(snapshot.revision(), Revision{1});
    EXPECT_EQ(Dump(snapshot), dump);
    EXPECT_EQ(snapshot.schema(), schema);
    EXPECT_FALSE(snapshot.catalog().labels.Find("Fresh").has_value());
    EXPECT_THAT(snapshot.FindEntity("fresh"), IsOkAndHolds(Eq(std::nullopt)));
    EXPECT_EQ(Shown(snapshot, "birch", "founded"), "2017");
  }

  EXPECT_OK(CommitKg("(fresh :Fresh {fresh: 1})"));
  EXPECT_EQ(Shown(Read(), "fresh", "fresh"), "1");
}

// A name of each kind, in a commit of its own.
std::map<std::string, std::vector<Statement>> StatementsNaming(
    const std::string& name) {
  Tail id;
  id.id = name;
  Tail from;
  from.from = {{.source = name}};
  const std::string key = "e";
  return {
      {"entity", {{EntityStatement{.key = name}, {}}}},
      {"source",
       {{SourceStatement{name, {}}, {}},
        {EntityStatement{.key = key, .tail = from}, {}}}},
      {"claim",
       {{EntityStatement{.key = key}, {}},
        {PropertyStatement{key, "p", Value(true), id}, {}}}},
      {"label", {{EntityStatement{.key = key, .labels = {name}}, {}}}},
      {"type",
       {{EntityStatement{.key = key}, {}},
        {RelationshipStatement{.subject = key, .type = name, .object = key},
         {}}}},
      {"property",
       {{EntityStatement{.key = key}, {}},
        {PropertyStatement{key, name, Value::String("v"), {}}, {}}}},
      {"declared label", {{LabelDeclaration{.name = name}, {}}}},
      {"declared property",
       {{PropertyDeclaration{.name = name, .index = true}, {}}}},
      {"declared type", {{RelationshipDeclaration{.name = name}, {}}}},
  };
}

TEST_F(StoreTest, NamesHaveOneTo400Bytes) {
  for (const size_t size :
       {size_t{0}, size_t{401}, size_t{511}, size_t{70'000}}) {
    for (auto& [what, statements] : StatementsNaming(std::string(size, 'n'))) {
      const auto result = Commit(std::move(statements));
      const std::optional<ErrorInfo> info = GetErrorInfo(result.status());
      ASSERT_TRUE(info.has_value()) << what << ", " << size;
      EXPECT_EQ(info->reason, "STATEMENT_INVALID") << what << ", " << size;
    }
  }
  EXPECT_EQ(Read().revision(), Revision{0});
}

TEST_F(StoreTest, NamesOf400BytesWorkAndAreKept) {
  const std::string name(400, 'n');

  for (auto& [what, statements] : StatementsNaming(name)) {
    EXPECT_OK(Commit(std::move(statements))) << what;
  }
  Open();

  const Snapshot snapshot = Read();
  EXPECT_EQ(snapshot.revision(), Revision{9});
  EXPECT_THAT(snapshot.FindEntity(name), IsOkAndHolds(Ne(std::nullopt)));
  EXPECT_THAT(snapshot.FindSource(name), IsOkAndHolds(Ne(std::nullopt)));
  EXPECT_THAT(FindClaimById(snapshot.txn(), snapshot.tables(), name),
              IsOkAndHolds(Ne(std::nullopt)));
  EXPECT_THAT(snapshot.ListByLabel(name, std::nullopt, 9),
              IsOkAndHolds(SizeIs(1)));
  EXPECT_TRUE(snapshot.catalog().types.Find(name).has_value());
  EXPECT_EQ(Shown(snapshot, "e", name), "v");
}

}  // namespace
}  // namespace guanxi::store
