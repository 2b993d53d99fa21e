// What the check finds: nothing in sound stores, and in a store that is damaged
// on purpose that which was damaged.

#include "graph/store/verify.h"

#include <cstdio>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/store/claim_table.h"
#include "graph/store/counters.h"
#include "graph/store/log.h"
#include "graph/store/placement.h"
#include "graph/store/store.h"
#include "graph/store/tombstone.h"
#include "graph/store/tuple_set.h"
#include "graph/store/value_key.h"
#include "tests/support/random_world.h"
#include "tests/support/read_file.h"
#include "tests/support/seed.h"
#include "tests/support/small_store.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/support/twin.h"

namespace guanxi::store {
namespace {

using ::guanxi::test::kSmallSchema;
using ::guanxi::test::kSmallSecond;
using ::guanxi::test::kSmallWorld;
using ::guanxi::test::kStoreBytes;
using ::guanxi::test::MakePast;
using ::guanxi::test::MakeStore;
using ::guanxi::test::ParseAll;
using ::guanxi::test::RandomWorld;
using ::guanxi::test::StatusIs;
using ::guanxi::test::TempDir;
using ::guanxi::test::Twin;
using ::testing::_;
using ::testing::ElementsAreArray;

std::string Show(const VerifyReport& report) {
  std::string text = report.complete ? "" : "incomplete\n";
  for (const Violation& one : report.violations) {
    absl::StrAppend(&text, one.rule, " [", one.where, "] ", one.message, "\n");
  }
  return text;
}

// The rules that are violated, each with where: "slot_missing relationship 1".
std::set<std::string> Found(const VerifyReport& report) {
  std::set<std::string> found;
  for (const Violation& one : report.violations) {
    found.insert(absl::StrCat(one.rule, " ", one.where));
  }
  return found;
}

// ---- sound stores -----------------------------------------------------------

TEST(VerifyTest, SeedsAreClean) {
  TempDir dir;
  const std::string path = dir.path() + "/graph.db";
  MakeStore(path, test::ReadSource("seed/schema.kg"),
            {test::ReadSource("seed/cambricon.kg"),
             test::ReadSource("seed/context.kg")});

  ASSERT_OK_AND_ASSIGN(const VerifyReport report, Store::Check(path, {}));

  EXPECT_TRUE(report.clean()) << Show(report);
  EXPECT_EQ(report.revision, Revision{2});
  EXPECT_GT(report.rows, 500);
}

TEST(VerifyTest, RandomHistoriesAreClean) {
  const unsigned seed = test::Seed();
  std::printf("GUANXI_TEST_SEED=%u\n", seed);
  RandomWorld world(seed, {.verbs = true, .judgements = true, .purges = true});
  Twin twin(RandomWorld::Schema());
  // Whether the store agrees with the model is another test's question.
  twin.Commit(world.First());
  constexpr int kCommits = 300;
  for (int i = 1; i <= kCommits; ++i) {
    twin.Commit(world.Next(twin.ledger()));
    if (i % 50 != 0) continue;
    ASSERT_EQ(twin.CheckStore(), "") << "commit " << i;
  }
}

TEST(VerifyTest, WhatOneCommitBelievesAndTakesBackIsClean) {
  TempDir dir;
  const std::string path = dir.path() + "/graph.db";
  MakeStore(path, "kg 1\n",
            {"kg 1\nsource s {kind: digest}\n(ada :Person)\n"
             "(ada).age = 40 from s id a\nend a at 2024-05-01\nretract a\n"
             "(ada).age = 40 from s id a\nretract a\n",
             "kg 1\n(ada).age = 40 from s id a\n"});

  ASSERT_OK_AND_ASSIGN(const VerifyReport report, Store::Check(path, {}));

  EXPECT_TRUE(report.clean()) << Show(report);
}

// What an export leaves out, a claim in it may still supersede.
TEST(VerifyTest, ImportedCorrectionOfWhatIsNotThereIsClean) {
  TempDir dir;
  const std::string path = dir.path() + "/graph.db";
  {
    const auto store = *Store::Open(path, {.max_bytes = kStoreBytes});
    ASSERT_OK(store->Commit(
        {.statements = ParseAll("kg 1\nsource s {kind: digest}\n(ada :Person)\n"
                                "(ada).age = 40 from s supersedes b id a\n"),
         .origin = Origin::kImport,
         .name = RequestName{"r1", "digest"}}));
  }

  ASSERT_OK_AND_ASSIGN(const VerifyReport report, Store::Check(path, {}));

  EXPECT_TRUE(report.clean()) << Show(report);
}

// A relationship that is made for it has an id and nothing else.
TEST(VerifyTest, ImportThatSkipsWhatWasPurgedIsClean) {
  TempDir dir;
  const std::string path = dir.path() + "/graph.db";
  const std::string text =
      "kg 1\nsource s {kind: digest}\n(ada :Person)\n(birch :Company)\n"
      "(ada)-[:OWNS]->(birch) from s\n";
  MakeStore(path, "kg 1\n", {text});
  {
    const auto store = *Store::Open(path, {.max_bytes = kStoreBytes});
    const PurgeEntityStatement purge{.key = "birch", .why = "a person"};
    ASSERT_OK(store->Commit({.statements = {{.body = purge}}}));
    ASSERT_OK(store->Commit(
        {.statements = ParseAll(text), .origin = Origin::kImport}));
  }

  ASSERT_OK_AND_ASSIGN(const VerifyReport report, Store::Check(path, {}));

  EXPECT_TRUE(report.clean()) << Show(report);
  EXPECT_EQ(report.revision, Revision{3});
}

TEST(VerifyTest, LargeSetsAreClean) {
  TempDir dir;
  const std::string path = dir.path() + "/graph.db";
  std::string text = "kg 1\n(hub :Hub)\n";
  for (int i = 0; i < 1500; ++i) {
    absl::StrAppend(&text, "(n", i, " :Node)\n(hub)-[:TO]->(n", i, ")\n");
  }
  MakeStore(path, "kg 1\n", {text});

  ASSERT_OK_AND_ASSIGN(const VerifyReport report, Store::Check(path, {}));

  EXPECT_TRUE(report.clean()) << Show(report);
}

TEST(VerifyTest, ProgressCanEndIt) {
  TempDir dir;
  const std::string path = dir.path() + "/graph.db";
  MakeStore(path, test::ReadSource("seed/schema.kg"),
            {test::ReadSource("seed/cambricon.kg")});
  std::vector<std::string> tables;
  VerifyOptions options;
  options.progress = [&tables](const VerifyProgress& progress) {
    tables.push_back(progress.table);
    return progress.table != "relationship";
  };

  EXPECT_THAT(Store::Check(path, options),
              StatusIs(absl::StatusCode::kCancelled, _));
  EXPECT_EQ(tables.front(), "meta");
  EXPECT_EQ(tables.back(), "relationship");
}

TEST(VerifyTest, NoStoreIsAnError) {
  TempDir dir;

  EXPECT_THAT(Store::Check(dir.path() + "/none.db", {}),
              StatusIs(absl::StatusCode::kNotFound, _));
}

// ---- stores damaged on purpose ----------------------------------------------

constexpr EntityId kAda{1};
constexpr EntityId kBirch{2};
constexpr EntityId kCedar{3};

// One kind of damage and all that the check is to find.
struct Damage {
  const char* what;
  std::function<void()> make;
  std::vector<std::string> found;
};

class DamageTest : public testing::Test {
 protected:
  enum class Past { kShort, kLong };

  explicit DamageTest(Past past = Past::kShort) {
    const std::string path = dir_.path() + "/graph.db";
    MakeStore(path, kSmallSchema, {kSmallWorld, kSmallSecond});
    if (past == Past::kLong) MakePast(path);
    env_ = *kv::Env::Open(path, kTableNames, {.max_bytes = kStoreBytes});
    tables_ = std::make_unique<Tables>(*env_);
    Begin();
  }

  // Undoes all damage.
  void Begin() {
    txn_.reset();
    txn_.emplace(*env_->BeginWrite());
  }

  std::string Get(kv::Table table, const std::string& key) {
    const auto found = txn_->Get(table, key);
    GUANXI_CHECK(found.ok() && found->has_value());
    return std::string(**found);
  }
  void Put(kv::Table table, const std::string& key, const std::string& value) {
    GUANXI_CHECK(txn_->Put(table, key, value).ok());
  }
  void Remove(kv::Table table, const std::string& key) {
    EXPECT_TRUE(*txn_->Delete(table, key));
  }
  template <size_t N>
  void Insert(kv::Table table, const std::string& prefix,
              const Tuple<N>& tuple) {
    EXPECT_TRUE(*InsertTuple(*txn_, {table, prefix}, tuple));
  }
  template <size_t N>
  void Erase(kv::Table table, const std::string& prefix,
             const Tuple<N>& tuple) {
    EXPECT_TRUE(*EraseTuple(*txn_, {table, prefix}, tuple));
  }
  std::string FirstKey(kv::Table table) {
    kv::Cursor cursor = txn_->Walk(table);
    cursor.Seek("");
    return std::string(cursor.key());
  }

  // Reads, changes and writes the claim with this name.
  void ChangeClaim(const std::string& name,
                   const std::function<void(StoredClaim&)>& change) {
    const ClaimRef ref = **FindClaimById(*txn_, *tables_, name);
    StoredClaim stored = **ReadClaim(*txn_, *tables_, ref);
    change(stored);
    GUANXI_CHECK(WriteClaim(ref.owner, stored, *tables_, *txn_).ok());
  }
  std::string KeyOfClaim(const std::string& name) {
    return ClaimKey(**FindClaimById(*txn_, *tables_, name));
  }
  std::string IdentityKeyOf(const std::string& name) {
    const ClaimRef ref = **FindClaimById(*txn_, *tables_, name);
    return "H" + (**ReadClaim(*txn_, *tables_, ref)).identity;
  }
  void ChangeCounters(const std::function<void(Counters&)>& change) {
    Counters counters = *LoadCounters(*txn_, *tables_);
    change(counters);
    GUANXI_CHECK(SaveCounters(counters, *tables_, *txn_).ok());
  }
  // Changes the facts of an entity in its record.
  void ChangeRecord(
      EntityId id,
      const std::function<void(std::vector<RecordFact>&)>& change) {
    Catalog catalog = *LoadCatalog(*txn_, *tables_);
    const std::string bytes = Get(tables_->entity, IdKey(id));
    const RecordView record = *RecordView::Parse(bytes);
    std::vector<RecordFact> facts = *ReadFacts(record, catalog);
    change(facts);
    Put(tables_->entity, IdKey(id),
        *EncodeEntity({std::string(record.entity_key())}, facts, catalog));
  }

  VerifyReport Check() {
    const auto report = Verify(*txn_, *tables_, {});
    GUANXI_CHECK(report.ok());
    return *report;
  }

  void ExpectFound(const std::vector<Damage>& damages) {
    for (const Damage& damage : damages) {
      SCOPED_TRACE(damage.what);
      Begin();
      damage.make();

      const VerifyReport report = Check();

      EXPECT_THAT(Found(report), ElementsAreArray(std::set<std::string>(
                                     damage.found.begin(), damage.found.end())))
          << Show(report);
      EXPECT_TRUE(report.complete);
    }
  }

  TempDir dir_;
  std::unique_ptr<kv::Env> env_;
  std::unique_ptr<Tables> tables_;
  std::optional<kv::WriteTxn> txn_;
};

TEST_F(DamageTest, IsNamed) {
  const Tables& t = *tables_;
  constexpr uint64_t kOwnsType = 3;  // after the judgements
  constexpr uint64_t kName = 1;      // after age
  const std::string ada_name = ValueKey({kName}, Value::String("ada"));
  const std::string person = BigEndian(0, 4);
  const std::string company = BigEndian(1, 4);
  const std::string owns = BigEndian(kOwnsType, 4);
  const Tuple<4> slot = {kOwnsType, 2, 1, kPlain};
  const std::string last_log = BigEndian(2, 8) + BigEndian(0, 4);
  const std::vector<Damage> damages = {
      {"nothing", [] {}, {}},
      // Adjacency.
      {"slot of a subject lost",
       [&] { Remove(t.adjacency_out, IdKey(kAda)); },
       {"slot_missing relationship 1"}},
      {"slot of an object lost",
       [&] {
         Erase<4>(t.adjacency_in, IdKey(kBirch), {kOwnsType, 1, 1, 0});
       },
       {"slot_missing relationship 1"}},
      {"slot of a denial lost",
       [&] { Remove(t.aside, IdKey(kAda)); },
       {"slot_missing relationship 3"}},
      {"slot in another state",
       [&] {
         Erase(t.adjacency_out, IdKey(kAda), slot);
         Insert<4>(t.adjacency_out, IdKey(kAda), {kOwnsType, 2, 1, kResolved});
       },
       {"slot_missing relationship 1", "slot_extra adjacency_out of entity 1"}},
      {"slot of no relationship",
       [&] {
         Insert<4>(t.adjacency_out, IdKey(kAda), {kOwnsType, 2, 9, 0});
       },
       {"slot_extra adjacency_out of entity 1"}},
      {"slot of another's relationship",
       [&] { Insert(t.adjacency_in, IdKey(kCedar), slot); },
       {"slot_extra adjacency_in of entity 3"}},
      {"judgement expanded",
       [&] {
         Insert<4>(t.adjacency_out, IdKey(kBirch), {0, 3, 4, 1});
       },
       {"slot_extra adjacency_out of entity 2"}},
      // Blocks.
      {"block of noise",
       [&] { Put(t.adjacency_out, IdKey(kAda), "noise"); },
       {"block adjacency_out 0000000001"}},
      {"block that announces another",
       [&] {
         std::string bytes = Get(t.adjacency_out, IdKey(kAda));
         bytes[1] = static_cast<char>(bytes[1] | 0x80);
         Put(t.adjacency_out, IdKey(kAda), bytes);
       },
       {"block adjacency_out 0000000001"}},
      {"block that nothing announces",
       [&] {
         Put(t.label, BlockKey<1>(person, {7}), EncodeBlock<1>({{7}}, false));
       },
       {"block label 00000000", "index_extra label 00000000"}},
      {"key of no block", [&] { Put(t.type, "x", "y"); }, {"block type 78"}},
      // Indexes.
      {"label index lost",
       [&] { Remove(t.label, person); },
       {"index_missing entity 1"}},
      {"label index with another",
       [&] { Insert<1>(t.label, company, {9}); },
       {"index_extra label 00000001"}},
      {"type index lost",
       [&] { Remove(t.type, owns); },
       {"index_missing relationship 1"}},
      {"type index with another",
       [&] { Insert<1>(t.type, owns, {2}); },
       {"index_extra type 00000003"}},
      {"property index lost",
       [&] { Remove(t.property, ada_name); },
       {"index_missing entity 1"}},
      {"property index with another",
       [&] { Insert<1>(t.property, ada_name, {3}); },
       {absl::StrCat("index_extra property ",
                     absl::BytesToHexString(ada_name))}},
      {"count of facts wrong",
       [&] { Put(t.meta, "F" + BigEndian(kName, 4), std::string(1, '\7')); },
       {"fact_count property name"}},
      // Entities and relationships.
      {"entity lost",
       [&] { Remove(t.entity, IdKey(kCedar)); },
       {"id_gap entity 3", "entity_key_extra key 'cedar'",
        "end_missing relationship 2", "end_missing relationship 3",
        "end_missing relationship 4", "index_extra label 00000001",
        "claim_owner claim 1 of entity 3"}},
      {"entity of noise",
       [&] { Put(t.entity, IdKey(kAda), "noise"); },
       {"record entity 1"}},
      {"entity with a fact too little known",
       [&] {
         ChangeRecord(kAda, [](std::vector<RecordFact>& facts) {
           facts.back().slices.front().disputed ^= true;
         });
       },
       {"record_stale entity 1"}},
      {"implicit claim of a revision to come",
       [&] {
         ChangeRecord(kBirch, [](std::vector<RecordFact>& facts) {
           for (RecordFact& fact : facts) {
             if (fact.implicit) fact.implicit->since.number = 99;
           }
         });
       },
       {"revision entity 2"}},
      {"key that is no id",
       [&] { Put(t.entity, "x", "y"); },
       {"key entity after 3"}},
      {"entity key lost",
       [&] { Remove(t.entity_key, "ada"); },
       {"entity_key_missing entity 1"}},
      {"entity key too many",
       [&] { Put(t.entity_key, "eve", IdKey(kAda)); },
       {"entity_key_extra key 'eve'"}},
      {"relationship lost",
       [&] { Remove(t.relationship, IdKey(3)); },
       {"slot_extra aside of entity 1", "slot_extra aside of entity 3",
        "index_extra type 00000005", "claim_owner claim 1 of relationship 3",
        "log_entry revision 1"}},
      // Claims.
      {"claim lost",
       [&] { Remove(t.claim, KeyOfClaim("own-1")); },
       {"record_stale relationship 1", "log_entry revision 1",
        absl::StrCat("claim_id_extra claim id ",
                     absl::CHexEscape(IdentityKeyOf("own-1"))),
        "claim_id_extra claim id Nown-1", "source_use_extra source 1"}},
      {"claim of noise",
       [&] { Put(t.claim, KeyOfClaim("own-1"), "noise"); },
       {"claim claim 1 of relationship 1"}},
      {"claim with another value",
       [&] {
         ChangeClaim("age-2", [](StoredClaim& stored) {
           stored.claim.value = Value(int64_t{7});
         });
       },
       {"record_stale entity 1",
        absl::StrCat("claim_identity ", "claim 5 of entity 1")}},
      {"claim of another rank",
       [&] {
         ChangeClaim("age-2", [](StoredClaim& stored) {
           stored.beliefs.back().rank = Rank::kDeprecated;
         });
       },
       {"record_stale entity 1"}},
      {"claim believed from a revision to come",
       [&] {
         ChangeClaim("own-1", [](StoredClaim& stored) {
           stored.beliefs.front().from.number = 9;
         });
       },
       {"belief claim 1 of relationship 1", "log_entry revision 1"}},
      {"claim believed again by nobody",
       [&] {
         ChangeClaim("age-1",
                     [](StoredClaim& stored) { stored.beliefs[0].to.reset(); });
       },
       {"record_stale entity 1", "log_entry revision 2"}},
      {"claim without its digest",
       [&] { Remove(t.claim_id, IdentityKeyOf("own-1")); },
       {"claim_id_missing claim 1 of relationship 1"}},
      {"claim without its name",
       [&] { Remove(t.claim_id, "Nown-1"); },
       {"claim_name_missing claim 1 of relationship 1"}},
      {"name of another claim",
       [&] { Put(t.claim_id, "Nmine", KeyOfClaim("own-1")); },
       {"claim_id_extra claim id Nmine"}},
      {"claim of no owner's key",
       [&] { Put(t.claim, std::string(10, '\xff'), ""); },
       {"key claim ffffffffffffffffffff"}},
      // Sources.
      {"source without its name",
       [&] { Remove(t.source, "Nlone"); },
       {"source_name_missing source 3"}},
      {"source lost",
       [&] { Remove(t.source, "I" + IdKey(3)); },
       {"id_gap source 3", "source_name_extra source 'lone'",
        "log_entry revision 1"}},
      {"source of noise",
       [&] { Put(t.source, "I" + IdKey(3), "noise"); },
       {"source source 3"}},
      {"source name too many",
       [&] { Put(t.source, "Nmine", IdKey(3)); },
       {"source_name_extra source 'mine'"}},
      {"cited source without its name",
       [&] { Remove(t.source, "Ns2"); },
       {"source_name_missing source 2", "source_missing claim 1 of entity 3",
        "source_missing claim 2 of entity 3",
        "source_missing claim 1 of relationship 2"}},
      {"source that forgets who cites it",
       [&] {
         Erase<2>(t.source_use, IdKey(2), {0, 3});
       },
       {"source_use_missing claim 1 of entity 3",
        "source_use_missing claim 2 of entity 3"}},
      {"source that forgets what derives from it",
       [&] {
         Erase<2>(t.source_use, IdKey(1), {2, 2});
       },
       {"source_use_missing source 2"}},
      {"source that is not cited by whom it says",
       [&] {
         Insert<2>(t.source_use, IdKey(2), {0, 2});
       },
       {"source_use_extra source 2"}},
      {"source that is used by nothing there is",
       [&] {
         Insert<2>(t.source_use, IdKey(3), {2, 8});
       },
       {"source_use_extra source 3"}},
      // Log and counters.
      {"last commit lost",
       [&] { Remove(t.log, last_log); },
       {"log_gap revision 2"}},
      {"log of noise",
       [&] { Put(t.log, last_log, "noise"); },
       {"log revision 2"}},
      {"part of the log lost",
       [&] {
         Put(t.log, BigEndian(2, 8) + BigEndian(1, 4), Get(t.log, last_log));
         Remove(t.log, last_log);
       },
       {"log_gap revision 2"}},
      {"log of what was not",
       [&] {
         LogRow row = **ReadLog(*txn_, t, Revision{2});
         row.entries.push_back(
             {LogOperation::kClaimEnded, Owner::Of(kCedar), 1});
         GUANXI_CHECK(WriteLog(row, t, *txn_).ok());
       },
       {"log_entry revision 2"}},
      {"counter too small",
       [&] { ChangeCounters([](Counters& c) { c.next_entity = 3; }); },
       {"counter entity 3", "counters meta counters"}},
      {"counter too large",
       [&] { ChangeCounters([](Counters& c) { c.next_source = 6; }); },
       {"id_gap source 4"}},
      {"time that is not that of the log",
       [&] { ChangeCounters([](Counters& c) { ++c.time; }); },
       {"counters meta counters"}},
      {"counters of noise",
       [&] { Put(t.meta, "counters", "noise"); },
       {"counters meta counters"}},
      {"meta of another",
       [&] { Put(t.meta, "mine", "x"); },
       {"meta meta mine"}},
      {"format lost", [&] { Remove(t.meta, "format"); }, {"meta meta format"}},
      {"count of no property",
       [&] { Put(t.meta, "Fx", "x"); },
       {"meta meta Fx"}},
      // Names and schema.
      {"declaration under another's key",
       [&] { Put(t.schema, "Pfame", Get(t.schema, "Pname")); },
       {"schema declaration Pfame"}},
  };
  ExpectFound(damages);
  EXPECT_GE(damages.size(), 50u);
}

// A full store must not be taken for a fresh one.
TEST(LostFormatTest, StoreDoesNotOpen) {
  const test::TempDir dir;
  const std::string path = dir.path() + "/graph.db";
  MakeStore(path, kSmallSchema, {kSmallWorld});
  {
    const auto env =
        *kv::Env::Open(path, kTableNames, {.max_bytes = kStoreBytes});
    kv::WriteTxn txn = *env->BeginWrite();
    ASSERT_TRUE(*txn.Delete(Tables(*env).meta, "format"));
    ASSERT_OK(std::move(txn).Commit());
  }

  const auto opened = Store::Open(path, {.max_bytes = kStoreBytes});

  EXPECT_EQ(opened.status().code(), absl::StatusCode::kDataLoss);
}

class PastDamageTest : public DamageTest {
 protected:
  PastDamageTest() : DamageTest(Past::kLong) {}

  // The first key of a table that begins with this byte.
  std::string KeyThatBegins(kv::Table table, char kind) {
    kv::Cursor cursor = txn_->Walk(table);
    cursor.Seek(std::string(1, kind));
    GUANXI_CHECK(cursor.Valid());
    return std::string(cursor.key());
  }
};

TEST_F(PastDamageTest, IsNamed) {
  const Tables& t = *tables_;
  constexpr uint64_t kOwnsType = 3;
  const auto image = [](EntityId id, uint64_t end) {
    return OwnerKey(Owner::Of(id)) + BigEndian(end, 8);
  };
  const std::string tombstone = "C" + ClaimKey({Owner::Of(kCedar), 3});
  const std::string digest = KeyThatBegins(t.tombstone, 'H');
  const std::string found_digest = absl::StrCat(
      "tombstone digest ", absl::BytesToHexString(digest.substr(1)));
  const std::string time = KeyThatBegins(t.request, 'T');
  const std::vector<Damage> damages = {
      {"nothing", [] {}, {}},
      {"image of noise",
       [&] { Put(t.history, image(kCedar, 3), "noise"); },
       {"image image of entity 3 before revision 3"}},
      {"image of another",
       [&] { Put(t.history, image(kCedar, 3), Get(t.entity, IdKey(kAda))); },
       {"image image of entity 3 before revision 3"}},
      {"image that shows what was not believed",
       [&] { Put(t.history, image(kAda, 2), Get(t.entity, IdKey(kAda))); },
       {"image image of entity 1 before revision 2"}},
      {"image that shows what was written later",
       [&] { Put(t.history, image(kBirch, 3), Get(t.entity, IdKey(kBirch))); },
       {"image image of entity 2 before revision 3"}},
      {"image from before there was anything",
       [&] { Put(t.history, image(kCedar, 1), Get(t.entity, IdKey(kCedar))); },
       {"image image of entity 3 before revision 1"}},
      {"image before a revision to come",
       [&] { Put(t.history, image(kCedar, 99), Get(t.entity, IdKey(kCedar))); },
       {"revision image of entity 3 before revision 99"}},
      {"image of no entity",
       [&] { Put(t.history, image({9}, 3), Get(t.entity, IdKey(kCedar))); },
       {"image image of entity 9 before revision 3"}},
      {"key of no image",
       [&] { Put(t.history, "x", "y"); },
       {"key history 78"}},
      {"past slot lost",
       [&] { Remove(t.adjacency_history, IdKey(kAda)); },
       {"past_slot relationship 1 with entity 1",
        "past_slot relationship 5 with entity 1"}},
      {"past slots of noise",
       [&] { Put(t.adjacency_history, IdKey(kAda), "noise"); },
       {"block adjacency_history 0000000001"}},
      {"past slot of no relationship",
       [&] {
         Insert<5>(t.adjacency_history, IdKey(kBirch), {kOwnsType, 3, 9, 4, 5});
       },
       {"past_slot relationship 9 with entity 2"}},
      {"past slot until a revision to come",
       [&] {
         Insert<5>(t.adjacency_history, IdKey(kAda), {kOwnsType, 2, 1, 99, 5});
         Insert<5>(t.adjacency_history, IdKey(kBirch),
                   {kOwnsType, 1, 1, 99, 4});
       },
       {"past_slot relationship 1 with entity 1",
        "past_slot relationship 1 with entity 2"}},
      {"past slot of another's relationship",
       [&] {
         Insert<5>(t.adjacency_history, IdKey(kBirch), {kOwnsType, 3, 5, 4, 5});
       },
       {"past_slot relationship 5 with entity 2"}},
      {"tombstone of noise",
       [&] { Put(t.tombstone, tombstone, "noise"); },
       {"tombstone tombstone 3 of entity 3"}},
      {"tombstone lost",
       [&] { Remove(t.tombstone, tombstone); },
       {found_digest, "log_entry revision 3", "log_entry revision 5"}},
      {"tombstone of a revision to come",
       [&] {
         const ClaimRef ref{Owner::Of(kCedar), 3};
         GUANXI_CHECK(
             WriteTombstone(ref, digest.substr(1), {Revision{99}}, t, *txn_)
                 .ok());
       },
       {"revision tombstone 3 of entity 3"}},
      {"number of a purged claim given again",
       [&] {
         Put(t.claim, ClaimKey({Owner::Of(kCedar), 3}),
             Get(t.claim, ClaimKey({Owner::Of(kCedar), 1})));
       },
       {"tombstone tombstone 3 of entity 3",
        "claim_id_missing claim 3 of entity 3"}},
      {"digest of a purged claim lost",
       [&] { Remove(t.tombstone, digest); },
       {"tombstone tombstone 3 of entity 3"}},
      {"purged claim stored again",
       [&] {
         Put(t.claim_id, digest, ClaimKey({Owner::Of(kCedar), 1}));
       },
       {found_digest,
        absl::StrCat("claim_id_extra claim id ", absl::CHexEscape(digest))}},
      {"key of no tombstone",
       [&] { Put(t.tombstone, "x", "y"); },
       {"key tombstone 78"}},
      {"answer of noise",
       [&] { Put(t.request, "Ir1", "noise"); },
       {"request answer 'r1'"}},
      {"answer that tells of a revision to come",
       [&] {
         std::string bytes = Get(t.request, "Ir1");
         const std::string request_digest = "digest";
         const size_t at = bytes.find(request_digest) + request_digest.size();
         bytes[at] = 99;  // behind it stands the revision
         Put(t.request, "Ir1", bytes);
       },
       {"request answer 'r1'"}},
      {"answer lost",
       [&] { Remove(t.request, "Ir1"); },
       {absl::StrCat("request request ", absl::BytesToHexString(time))}},
      {"time of an answer lost",
       [&] { Remove(t.request, time); },
       {"request answer 'r1'"}},
      {"key of no request",
       [&] { Put(t.request, "x", "y"); },
       {"key request 78"}},
      {"next ids that shrink",
       [&] {
         LogRow row = **ReadLog(*txn_, t, Revision{4});
         row.next_entity = 2;
         GUANXI_CHECK(WriteLog(row, t, *txn_).ok());
       },
       {"log revision 4"}},
      {"closing without its source",
       [&] {
         ChangeClaim("own-2", [](StoredClaim& stored) {
           stored.beliefs.back().reason.from.front().source = "none";
         });
       },
       {"source_missing claim 1 of relationship 5"}},
      {"end that nothing follows",
       [&] {
         ChangeClaim("own-1",
                     [](StoredClaim& stored) { stored.beliefs.pop_back(); });
       },
       {"belief claim 1 of relationship 1", "record_stale relationship 1",
        "log_entry revision 4"}},
      {"beliefs that overlap",
       [&] {
         ChangeClaim("own-1", [](StoredClaim& stored) {
           stored.beliefs.front().to = Revision{5};
         });
       },
       {"belief claim 1 of relationship 1"}},
      {"end that was not",
       [&] {
         ChangeClaim("own-1", [](StoredClaim& stored) {
           stored.beliefs.back().end.reset();
         });
       },
       {"record_stale relationship 1", "log_entry revision 4"}},
  };
  ExpectFound(damages);
}

// Without names and schema the rest cannot be told, and the report says so.
TEST_F(DamageTest, OfTheCatalogLeavesTheReportIncomplete) {
  const Tables& t = *tables_;
  const std::vector<Damage> damages = {
      {"gap in the names",
       [&] { Put(t.name, "L" + BigEndian(7, 4), "Late"); },
       {"name name L 7"}},
      {"name twice",
       [&] { Put(t.name, "L" + BigEndian(2, 4), "Person"); },
       {"name name L 2"}},
      {"judgement by another name",
       [&] { Put(t.name, "T" + BigEndian(0, 4), "=odd"); },
       {"claim_identity claim 1 of relationship 4", "name name T 0"}},
      {"declaration of noise",
       [&] { Put(t.schema, "Pname", "noise"); },
       {"schema declaration Pname"}},
  };
  for (const Damage& damage : damages) {
    SCOPED_TRACE(damage.what);
    Begin();
    damage.make();

    const VerifyReport report = Check();

    EXPECT_THAT(Found(report), ElementsAreArray(damage.found)) << Show(report);
    EXPECT_FALSE(report.clean());
  }
}

TEST_F(PastDamageTest, OfTheCatalogLeavesTheReportIncomplete) {
  Put(tables_->schema, "Pname", "noise");

  const VerifyReport report = Check();

  EXPECT_THAT(Found(report), ElementsAreArray({"schema declaration Pname"}))
      << Show(report);
  EXPECT_FALSE(report.complete);
}

TEST_F(DamageTest, IsCountedBeyondWhatIsReported) {
  for (const EntityId id : {kAda, kBirch, kCedar}) {
    Put(tables_->entity, IdKey(id), "noise");
  }
  VerifyOptions options;
  options.max_violations = 2;

  ASSERT_OK_AND_ASSIGN(const VerifyReport report,
                       Verify(*txn_, *tables_, options));

  EXPECT_EQ(report.violations.size(), 2u);
  EXPECT_EQ(report.violation_count, 3);
}

}  // namespace
}  // namespace guanxi::store
