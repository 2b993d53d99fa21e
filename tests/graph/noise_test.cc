// Whatever bytes a store holds: reading and writing it ends, and not with the
// process.

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/base/clock.h"
#include "graph/store/counters.h"
#include "graph/store/entity_condition.h"
#include "graph/store/exporter.h"
#include "graph/store/fact_history.h"
#include "graph/store/log.h"
#include "graph/store/record_column.h"
#include "graph/store/store.h"
#include "graph/topology/topology.h"
#include "graph/traverse/diff.h"
#include "graph/traverse/neighbourhood.h"
#include "tests/support/read_file.h"
#include "tests/support/seed.h"
#include "tests/support/small_store.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace guanxi::store {
namespace {

using ::guanxi::test::kSmallSchema;
using ::guanxi::test::kSmallSecond;
using ::guanxi::test::kSmallWorld;
using ::guanxi::test::kStoreBytes;
using ::guanxi::test::kStoreTime;
using ::guanxi::test::MakePast;
using ::guanxi::test::MakeStore;
using ::guanxi::test::ParseAll;
using ::guanxi::test::StatusIs;
using ::guanxi::test::TempDir;
using ::testing::_;

// Asks all that can be asked of a state; what cannot be read is said to be
// damaged, and hardly anything else goes wrong.
class Reader {
 public:
  explicit Reader(const Snapshot& snapshot) : snapshot_(snapshot) {}

  void ReadAll(uint64_t entities, uint64_t relationships) {
    for (uint64_t id = 1; id < entities; ++id) ReadEntity(EntityId{id});
    for (uint64_t id = 1; id < relationships; ++id) {
      ReadRelationship(RelationshipId{id});
    }
    for (const char* name : {"cambricon", "Cambricon", "cas", "ada"}) {
      Take(snapshot_.FindEntity(name));
      Take(snapshot_.FindByName(name, {}, 10));
    }
    for (const char* source : {"a000", "a004", "s1"}) {
      Take(snapshot_.FindSource(source));
    }
    Take(snapshot_.ListByLabel("Company", std::nullopt, 1000));
    CopyRecords();
    Take(Export(snapshot_, {},
                [](const Statement::Body&) { return absl::OkStatus(); }));
    for (uint64_t revision = 1; revision < 4; ++revision) {
      Take(ReadLog(snapshot_.txn(), snapshot_.tables(), {revision}));
    }
  }

  // Tells what changed since an earlier moment.
  void CompareWith(const Snapshot& past) {
    Lens day;
    day.valid_at = Day{20'000};
    Take(traverse::FindChanges({past, day}, {snapshot_, day}, {}));
  }

 private:
  template <typename Result>
  static void Take(const Result& result) {
    const absl::Status status = test::StatusOf(result);
    // Noise can say of many entities that they are one.
    if (!status.ok() &&
        !absl::StrContains(status.message(), "to be the same")) {
      EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    }
  }

  // Noise can say that there are ids beyond all measure.
  void CopyRecords() {
    constexpr int64_t kMaxBytes = int64_t{1} << 26;
    if (snapshot_.revision() != snapshot_.latest_revision()) return;
    const auto records =
        store::RecordColumn::Build(snapshot_, {.max_bytes = kMaxBytes});
    if (!absl::IsOutOfRange(records.status())) Take(records);
  }

  void ReadEntity(EntityId id) {
    Lens any;
    Lens day;
    day.valid_at = Day{20'000};
    Take(snapshot_.EntityKey(id));
    Take(snapshot_.ReadEntity(id, any, Evidence::kAll));
    Take(snapshot_.ReadEntity(id, day, Evidence::kShown));
    Take(snapshot_.ReadEntity(id, any, Evidence::kNone));
    Take(snapshot_.ReadEntity(id, day, Evidence::kNone));
    Take(snapshot_.ReadSummary(id, day));
    Take(store::EntityCondition(snapshot_, day, {.labels = {"Company"}})
             .Judge(id));
    Take(snapshot_.EntityClaims(id, day, ""));
    const auto going = [] { return absl::OkStatus(); };
    Take(ReadHistory(snapshot_, day, {.entity = id}, {.limit = 100}, going));
    const topology::Topology topology({snapshot_}, day);
    const auto visit = [](const topology::Hop&) { return true; };
    Take(topology.Expand(id, Direction::kBoth, {}, visit));
    Take(topology.ExpandDenied(id, Direction::kBoth, {}, visit));
    if (id.value > 3) return;
    traverse::NeighbourhoodSpec spec;
    spec.depth = 2;
    Take(traverse::FindNeighbourhood({snapshot_}, id, spec));
  }

  void ReadRelationship(RelationshipId id) {
    Lens any;
    Lens day;
    day.valid_at = Day{20'000};
    Take(snapshot_.Admit(id, day));
    Take(snapshot_.ReadRelationship(id, any, Evidence::kAll));
    Take(snapshot_.ReadRelationship(id, any, Evidence::kNone));
    Take(snapshot_.ReadRelationship(id, day, Evidence::kNone));
    Take(snapshot_.ReadRelationship(id, day, Evidence::kNone,
                                    {.property = "percent"}));
    Take(snapshot_.RelationshipClaims(id, day));
  }

  const Snapshot& snapshot_;
};

// So many, or 2,000 where GUANXI_TEST_LONG asks for it.
int Rounds(int usual) {
  return std::getenv("GUANXI_TEST_LONG") != nullptr ? 2000 : usual;
}

class NoiseTest : public testing::Test {
 protected:
  NoiseTest() : seed_(test::Seed()), random_(seed_) {
    std::printf("GUANXI_TEST_SEED=%u\n", seed_);
  }

  uint64_t Below(uint64_t bound) { return random_() % bound; }

  // Changes some bytes of one row; returns which, for a person.
  std::string DamageRow(const std::string& path) {
    const auto env = *kv::Env::Open(path, kTableNames,
                                    {.max_bytes = kStoreBytes, .sync = false});
    kv::WriteTxn txn = *env->BeginWrite();
    const size_t number = Below(kTableNames.size());
    const kv::Table table = env->table(number);
    std::string key;
    std::string value;
    {
      const uint64_t count = env->Stat()->table_entries[number];
      if (count == 0) return "";
      kv::Cursor cursor = txn.Walk(table);
      cursor.Seek("");
      for (uint64_t skip = Below(count); skip > 0; --skip) cursor.Next();
      key = std::string(cursor.key());
      value = std::string(cursor.value());
    }
    Damage(value);
    if (Below(10) == 0) {
      GUANXI_CHECK(*txn.Delete(table, key));
      key[Below(key.size())] = static_cast<char>(Below(256));
    }
    GUANXI_CHECK(txn.Put(table, key, value).ok());
    GUANXI_CHECK(std::move(txn).Commit().ok());
    return absl::StrCat(kTableNames[number], " ", absl::BytesToHexString(key));
  }

  void Damage(std::string& value) {
    if (value.empty()) return;
    const uint64_t times = 1 + Below(3);
    for (uint64_t i = 0; i < times; ++i) {
      const uint64_t at = Below(value.size());
      const char old = value[at];
      value[at] = static_cast<char>(
          Below(2) == 0 ? old ^ (1 << Below(8)) : static_cast<int>(Below(256)));
    }
    if (Below(10) == 0) value.resize(Below(value.size()) + 1);
  }

  // Reads, checks and writes the store as it is now.
  void UseAll(const std::string& path, const std::string& change) {
    const absl::StatusOr<VerifyReport> report = Store::Check(path, {});
    if (!report.ok()) {
      // Another format is what it says.
      EXPECT_THAT(report, StatusIs(absl::StatusCode::kFailedPrecondition, _));
    }
    auto store = Store::Open(
        path, {.max_bytes = kStoreBytes, .clock = FixedClock(kStoreTime)});
    if (!store.ok()) return;
    const auto snapshot = (*store)->BeginSnapshot();
    if (snapshot.ok()) Reader(*snapshot).ReadAll(entities_, relationships_);
    for (uint64_t revision = 1; revision < 4; ++revision) {
      const auto past = (*store)->BeginSnapshot({.revision = {{revision}}});
      if (!past.ok()) continue;
      Reader(*past).ReadAll(entities_, relationships_);
      if (snapshot.ok()) Reader(*snapshot).CompareWith(*past);
    }
    // Whether it is stored is all the same: it ends.
    const RequestName name{"r1", "digest"};
    (*store)
        ->Commit({.statements = ParseAll(change), .name = name})
        .IgnoreError();
    (*store)->Commit({.statements = ParseAll(change)}).IgnoreError();
    for (const Statement::Body& body :
         {Statement::Body(PurgeClaimStatement{.claim = "age-2"}),
          Statement::Body(PurgeEntityStatement{.key = "cedar"})}) {
      (*store)->Commit({.statements = {{.body = body}}}).IgnoreError();
    }
  }

  void Run(const std::string& original, int rounds, const std::string& change) {
    {
      const auto store = *Store::Open(original, {.max_bytes = kStoreBytes});
      const Snapshot snapshot = *store->BeginSnapshot();
      const Counters counters =
          *LoadCounters(snapshot.txn(), snapshot.tables());
      entities_ = counters.next_entity;
      relationships_ = counters.next_relationship;
    }
    const std::string path = dir_.path() + "/damaged.db";
    for (int i = 0; i < rounds && !HasFailure(); ++i) {
      std::filesystem::copy_file(
          original, path, std::filesystem::copy_options::overwrite_existing);
      SCOPED_TRACE(absl::StrCat("round ", i, ": ", DamageRow(path)));
      UseAll(path, change);
    }
  }

  TempDir dir_;
  const unsigned seed_;
  std::mt19937_64 random_;
  uint64_t entities_ = 0;
  uint64_t relationships_ = 0;
};

// Found by noise: what was in hand of an entity went, and was used, when its id
// was given to another one.
TEST(DamagedCountersTest, AnIdThatIsGivenTwiceIsDamage) {
  const TempDir dir;
  const std::string path = dir.path() + "/graph";
  MakeStore(path, kSmallSchema, {kSmallWorld});
  {
    const auto env =
        *kv::Env::Open(path, kTableNames, {.max_bytes = kStoreBytes});
    const Tables tables(*env);
    kv::WriteTxn txn = *env->BeginWrite();
    Counters counters = *LoadCounters(txn, tables);
    counters.next_entity = 1;
    counters.next_relationship = 1;
    ASSERT_OK(SaveCounters(counters, tables, txn));
    ASSERT_OK(std::move(txn).Commit());
  }
  const auto store = *Store::Open(path, {.max_bytes = kStoreBytes});

  EXPECT_THAT(
      store->Commit({.statements = ParseAll(
                         "kg 1\n(ada).age = 50 from s1\n(new :Person)")}),
      StatusIs(absl::StatusCode::kDataLoss, _));
  EXPECT_THAT(store->Commit(
                  {.statements = ParseAll(
                       "kg 1\n(ada)-[:OWNS {percent: 9%}]->(birch) from s1:9\n"
                       "(ada)-[:PEER]->(birch) from s1")}),
              StatusIs(absl::StatusCode::kDataLoss, _));
}

TEST_F(NoiseTest, NeverEndsTheProcess) {
  const std::string path = dir_.path() + "/small.db";
  MakeStore(path, kSmallSchema, {kSmallWorld, kSmallSecond});
  MakePast(path);

  Run(path, Rounds(500),
      "kg 1\nsource s1 {kind: digest, reliability: weak}\n"
      "(ada).age = 42 at 2025 from s2 supersedes age-2\n"
      "(ada)-[:OWNS {percent: 17%}]->(birch) from s2\n"
      "end own-1 at 2025-03-31\nretract age-2\n"
      "(new :Person) from lone\n");
}

TEST_F(NoiseTest, NeverEndsTheProcessWithTheSeeds) {
  const std::string path = dir_.path() + "/seeds.db";
  MakeStore(path, test::ReadSource("seed/schema.kg"),
            {test::ReadSource("seed/cambricon.kg"),
             test::ReadSource("seed/context.kg")});

  Run(path, Rounds(30),
      "kg 1\nsource a000 {kind: digest, reliability: weak}\n"
      "(cas)-[:OWNS_SHARES_IN {percent: 17%}]->(cambricon) from a000\n");
}

}  // namespace
}  // namespace guanxi::store
