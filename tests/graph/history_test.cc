#include <cstdlib>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "graph/base/check.h"
#include "graph/base/error.h"
#include "graph/store/adjacency.h"
#include "graph/store/request_table.h"
#include "graph/store/store.h"
#include "graph/store/verify.h"
#include "graph/text/parser.h"
#include "graph/traverse/neighbourhood.h"
#include "tests/support/answers.h"
#include "tests/support/random_world.h"
#include "tests/support/reference_ledger.h"
#include "tests/support/seed.h"
#include "tests/support/status_matchers.h"
#include "tests/support/store_answers.h"
#include "tests/support/temp_dir.h"

namespace guanxi::store {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int64_t kMapBytes = int64_t{1} << 28;
constexpr int64_t kSecond = 1'000'000;

std::vector<Statement> Kg(absl::string_view text) {
  auto statements = text::Parse(absl::StrCat("kg 1\n", text, "\n"), {});
  EXPECT_OK(statements);
  return statements.ok() ? *std::move(statements) : std::vector<Statement>();
}

class HistoryTest : public ::testing::Test {
 protected:
  HistoryTest()
      : store_(*Store::Open(dir_.path() + "/graph.guanxi",
                            {.schema = test::RandomWorld::Schema(),
                             .max_bytes = kMapBytes,
                             .clock = [this] { return now_; }})) {}

  // Each commit a second after the one before.
  absl::StatusOr<CommitResult> Commit(std::vector<Statement> statements) {
    now_ += kSecond;
    return store_->Commit({.statements = std::move(statements)});
  }
  absl::StatusOr<CommitResult> Commit(absl::string_view kg) {
    return Commit(Kg(kg));
  }

  Snapshot At(const KnownAt& known_at) const {
    auto snapshot = store_->BeginSnapshot(known_at);
    GUANXI_CHECK(snapshot.ok());
    return *std::move(snapshot);
  }

  static json Ask(const Snapshot& snapshot, const std::string& key,
                  const test::Question& question) {
    const auto entity = test::ReadEntityAnswer(snapshot, key, question);
    const auto around =
        test::ReadRelationshipsAnswer({snapshot}, key, question);
    if (!entity.ok()) return entity.status().ToString();
    if (!around.ok()) return around.status().ToString();
    return {test::ToJson(*entity), test::ToJson(*around)};
  }

  // What the whole small world answers to some questions.
  static json AskAll(const Snapshot& snapshot,
                     const std::vector<test::Question>& questions) {
    json all = json::array();
    for (const std::string& key : test::RandomWorld::Entities()) {
      for (const test::Question& question : questions) {
        all.push_back(Ask(snapshot, key, question));
      }
    }
    return all;
  }

  // Every byte of every table.
  std::string Dump() const {
    const Snapshot snapshot = At({});
    const Tables& tables = snapshot.tables();
    std::string dump;
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
        absl::StrAppend(&dump, cursor.key(), cursor.value(), "\n");
      }
      EXPECT_OK(cursor.status());
    }
    return dump;
  }

  test::TempDir dir_;
  int64_t now_ = 0;
  std::unique_ptr<Store> store_;
};

// `end`, or `retract`, of some claim; fails now and then, as may be.
std::string RandomVerb(const std::vector<std::string>& claims,
                       std::mt19937& random) {
  const std::string& claim = claims[random() % claims.size()];
  return random() % 2 == 0
             ? absl::StrCat("retract \"", claim, "\" note \"wrong\"")
             : absl::StrCat("end \"", claim, "\" at ", 2020 + random() % 6);
}

TEST_F(HistoryTest, ThePastAnswersAsItDidThen) {
  constexpr int kCommits = 160;
  constexpr int kVerbEvery = 4;
  const unsigned seed = test::Seed();
  SCOPED_TRACE(absl::StrCat("GUANXI_TEST_SEED=", seed));
  test::RandomWorld world(seed);
  std::mt19937 random(seed);
  test::ReferenceLedger ledger(test::RandomWorld::Schema());
  std::vector<test::Question> questions = {
      {world.RandomLens(std::nullopt), Evidence::kShown},
      {world.RandomLens(world.RandomDay()), Evidence::kAll},
      {world.RandomLens(world.RandomDay()), Evidence::kNone}};
  std::vector<json> then;  // by revision
  std::vector<std::string> claims;

  then.push_back(AskAll(At({}), questions));
  for (int i = 0; i < kCommits; ++i) {
    test::Plan plan = i == 0 ? world.First() : world.Next(ledger);
    if (i % kVerbEvery == 3 && !claims.empty()) {
      plan.lines = {RandomVerb(claims, random)};
    }
    // What is declared is not part of the past.
    std::erase_if(plan.lines, [](const std::string& line) {
      return absl::StartsWith(line, "label ");
    });
    const auto statements = test::ToStatements(plan);
    ASSERT_OK(statements);
    const auto result = Commit(*statements);
    if (!result.ok() || !result->changed) continue;
    for (const auto& ids : result->claim_ids) {
      claims.insert(claims.end(), ids.begin(), ids.end());
    }
    ASSERT_EQ(result->revision.number, then.size());
    then.push_back(AskAll(At({}), questions));
  }

  ASSERT_GT(then.size(), kCommits / 2);
  for (size_t revision = 0; revision < then.size(); ++revision) {
    EXPECT_EQ(AskAll(At({.revision = Revision{revision}}), questions),
              then[revision])
        << "at revision " << revision;
  }
}

// Who stands on a slot may look at other entities before going on.
TEST_F(HistoryTest, AWalkThroughThePastSurvivesWalksWithinIt) {
  ASSERT_OK(Commit("(hub)\n(a)\n(b)\n(c)"));
  ASSERT_OK(
      Commit("(hub)-[:OWNS]->(a)\n(hub)-[:OWNS]->(b)\n(hub)-[:OWNS]->(c)\n"
             "(a)-[:OWNS]->(b)\n(b)-[:OWNS]->(c)"));
  ASSERT_OK(Commit({{DeleteEntityStatement{"hub"}, {}},
                    {DeleteEntityStatement{"a"}, {}},
                    {DeleteEntityStatement{"b"}, {}}}));
  const Snapshot past = At({.revision = Revision{2}});
  const Standpoint at = past.standpoint();
  const auto visit_none = [](const Slot&) { return true; };

  std::vector<EntityId> seen;
  const auto visit = [&](const Slot& slot) {
    seen.push_back(slot.other);
    return WalkSlots(at, slot.other, {}, {}, visit_none).value_or(false);
  };
  ASSERT_OK_AND_ASSIGN(const auto hub, past.FindEntity("hub"));
  ASSERT_OK_AND_ASSIGN(const bool all, WalkSlots(at, *hub, {}, {}, visit));

  EXPECT_TRUE(all);
  std::vector<EntityId> expected;
  for (const char* key : {"a", "b", "c"}) {
    ASSERT_OK_AND_ASSIGN(const auto entity, past.FindEntity(key));
    expected.push_back(*entity);
  }
  EXPECT_EQ(seen, expected);
}

TEST_F(HistoryTest, AnInstantMeansTheLastCommitUntilThen) {
  ASSERT_OK(Commit("(ada :Person)"));
  ASSERT_OK(Commit("(bea :Person)"));
  const int64_t second = now_;
  ASSERT_OK(Commit("(cleo :Person)"));

  EXPECT_EQ(At({.time = 0}).revision(), Revision{0});
  EXPECT_EQ(At({.time = second - 1}).revision(), Revision{1});
  EXPECT_EQ(At({.time = second}).revision(), Revision{2});
  EXPECT_EQ(At({.time = second + 1}).revision(), Revision{2});
  EXPECT_EQ(At({.time = second * 1000}).revision(), Revision{3});
  const auto later = store_->BeginSnapshot({.revision = Revision{4}});
  ASSERT_FALSE(later.ok());
  EXPECT_EQ(GetErrorInfo(later.status())->reason, "REVISION_NOT_YET");
}

TEST_F(HistoryTest, WhatCameLaterIsFoundNeitherByLabelNorByName) {
  ASSERT_OK(
      Commit("prop name : string index\n"
             "(ada :Person {name: \"Ada\"})"));
  ASSERT_OK(Commit("(bea :Person {name: \"Bea\"})"));

  const Snapshot then = At({.revision = Revision{1}});

  ASSERT_OK_AND_ASSIGN(const std::vector<EntityId> by_label,
                       then.ListByLabel("Person", std::nullopt, 9));
  EXPECT_EQ(by_label.size(), 1);
  ASSERT_OK_AND_ASSIGN(const std::vector<EntityId> by_name,
                       then.FindByName("Bea", {}, 9));
  EXPECT_TRUE(by_name.empty());
  ASSERT_OK_AND_ASSIGN(const std::vector<EntityId> now,
                       At({}).FindByName("Bea", {}, 9));
  EXPECT_EQ(now.size(), 1);
}

TEST_F(HistoryTest, AnEndedClaimKeepsItsIdAndIsKnownToReloading) {
  constexpr absl::string_view kText =
      "(ada :Person)\n(bea :Company)\n"
      "(ada)-[:WORKS_FOR]->(bea) at 2018 id job\n"
      "end job at 2022-06-30 note \"left\"";
  ASSERT_OK(Commit(kText));

  now_ += kSecond;
  ASSERT_OK_AND_ASSIGN(
      const CommitResult again,
      store_->Commit({.statements = Kg(kText), .origin = Origin::kImport}));

  EXPECT_FALSE(again.changed);
  const json shown = Ask(At({}), "ada", {.lens = {}});
  EXPECT_THAT(shown.dump(), HasSubstr("2022-06-30"));
  const auto event =
      Commit("(ada)-[:FOUNDED]->(bea) at 2019 id start\nend start at 2020");
  ASSERT_FALSE(event.ok());
  EXPECT_EQ(GetErrorInfo(event.status())->reason, "TIME_KIND");
  const auto before_start = Commit(
      "(ada)-[:WORKS_FOR]->(bea) during 2024/.. id again\n"
      "end again at 2023-05");
  ASSERT_FALSE(before_start.ok());
  EXPECT_EQ(GetErrorInfo(before_start.status())->reason, "END_BEFORE_START");
}

TEST_F(HistoryTest, APurgedClaimLeavesNoByteAndAGapInThePast) {
  ASSERT_OK(
      Commit("source s1 {kind: filing}\n(ada :Person) from s1\n"
             "(ada).motto = \"SECRET\" from s1 id said"));
  ASSERT_OK(Commit("(ada).motto = \"open\" from s1 supersedes said"));
  ASSERT_OK(Commit("(ada :Person) note \"SECRET kept elsewhere\""));
  const json before = Ask(At({.revision = Revision{1}}), "ada", {});
  ASSERT_THAT(before.dump(), HasSubstr("SECRET"));

  ASSERT_OK_AND_ASSIGN(
      const CommitResult purged,
      Commit({{PurgeClaimStatement{"said", "court order"}, {}}}));

  EXPECT_EQ(purged.claims_purged, 1);
  EXPECT_THAT(Dump(), Not(HasSubstr("\"SECRET\"")));
  EXPECT_THAT(Dump(), HasSubstr("court order"));
  EXPECT_THAT(Ask(At({.revision = Revision{1}}), "ada", {}).dump(),
              Not(HasSubstr("SECRET")));
  EXPECT_THAT(Ask(At({}), "ada", {}).dump(), HasSubstr("open"));
  const auto again = Commit("(ada).motto = \"SECRET\" from s1");
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(GetErrorInfo(again.status())->reason, "CLAIM_PURGED");
}

TEST_F(HistoryTest, APurgeLeavesWhatOthersSaidOfARelationshipInThePast) {
  ASSERT_OK(Commit("source s1 {kind: filing}\n(ada) from s1\n(bea) from s1"));
  ASSERT_OK(Commit("(ada)-[:OWNS]->(bea) from s1:1 id one"));
  ASSERT_OK(Commit("(ada)-[:OWNS]->(bea) from s1:2 id two"));
  ASSERT_OK(Commit("retract one"));
  ASSERT_OK(Commit({{PurgeClaimStatement{"two", "court order"}, {}}}));

  const test::Question any{.lens = {}, .evidence = Evidence::kNone};
  const auto count = [&](uint64_t revision) {
    const Snapshot past = At({.revision = Revision{revision}});
    const auto around = test::ReadRelationshipsAnswer({past}, "ada", any);
    EXPECT_OK(around);
    return around.ok() ? around->relationships.size() : 99;
  };
  EXPECT_EQ(count(2), 1);
  EXPECT_EQ(count(3), 1);
  EXPECT_EQ(count(4), 0);
  EXPECT_EQ(count(5), 0);
  const Snapshot now = At({});
  ASSERT_OK_AND_ASSIGN(const VerifyReport report,
                       Verify(now.txn(), now.tables(), {}));
  EXPECT_EQ(report.violation_count, 0);
}

TEST_F(HistoryTest, APurgeLeavesNothingOfAClaimThatWasAloneInThePast) {
  ASSERT_OK(Commit("source s1 {kind: filing}\n(ada) from s1\n(bea) from s1"));
  ASSERT_OK(Commit("(ada)-[:OWNS]->(bea) from s1:1 id one"));
  ASSERT_OK(Commit("(ada)-[:OWNS]->(bea) from s1:2 id two"));
  ASSERT_OK(Commit({{PurgeClaimStatement{"one", "court order"}, {}}}));

  const Snapshot past = At({.revision = Revision{2}});
  ASSERT_OK_AND_ASSIGN(const auto ada, past.FindEntity("ada"));
  ASSERT_OK_AND_ASSIGN(const auto found,
                       traverse::FindNeighbourhood({past}, *ada, {}));
  EXPECT_THAT(found.entities, testing::SizeIs(1));
}

TEST_F(HistoryTest, APurgeErasesWhatWasWrittenWithoutASourceAndDeleted) {
  ASSERT_OK(Commit("(ada)\n(ada).motto = \"x\""));
  ASSERT_OK(Commit({{DeleteEntityStatement{"ada"}, {}}}));
  ASSERT_OK(Commit({{PurgeEntityStatement{"ada", "court order"}, {}}}));

  const Snapshot past = At({.revision = Revision{1}});
  ASSERT_OK_AND_ASSIGN(const auto ada, past.FindEntity("ada"));
  EXPECT_FALSE(ada.has_value());
  ASSERT_OK_AND_ASSIGN(const EntityView view,
                       past.ReadEntity(EntityId{1}, {}, Evidence::kNone, {}));
  EXPECT_THAT(view.properties, testing::IsEmpty());
}

// The past says of each place whether it was symmetric.
TEST_F(HistoryTest, ATypeThatWasUsedStaysSymmetricOrNot) {
  ASSERT_OK(Commit("(ada)\n(bea)"));
  ASSERT_OK(Commit("(ada)-[:WATCHES]->(bea)"));
  ASSERT_OK(Commit({{DeleteEntityStatement{"ada"}, {}}}));

  EXPECT_EQ(
      Commit("rel WATCHES : Entity -> Entity state symmetric").status().code(),
      absl::StatusCode::kFailedPrecondition);
}

TEST_F(HistoryTest, WhatWasOncePurgedIsNoEntityToPurge) {
  ASSERT_OK(Commit("(ada)"));
  ASSERT_OK(Commit({{PurgeEntityStatement{"ada", "court order"}, {}}}));

  EXPECT_EQ(
      Commit({{PurgeEntityStatement{"ada", "again"}, {}}}).status().code(),
      absl::StatusCode::kNotFound);
}

TEST_F(HistoryTest, AnImportThatStatesOnlyWhatWasPurgedChangesNothing) {
  const std::string file =
      "(ada :Person) from s1\n(bea :Company) from s1\n"
      "(ada)-[:WORKS_FOR]->(bea) from s1\nsame (ada) (bea) from s1 at 2020";
  ASSERT_OK(Commit("source s1 {kind: filing}\n" + file));
  ASSERT_OK(Commit({{PurgeEntityStatement{"bea", "court order"}, {}}}));
  ASSERT_OK(Commit("(bea) from s1 by \"another\""));

  ASSERT_OK_AND_ASSIGN(
      const CommitResult again,
      store_->Commit({.statements = Kg(file), .origin = Origin::kImport}));

  EXPECT_FALSE(again.changed);
  const auto skipped =
      std::ranges::count(again.notices, NoticeKind::kSkipped, &Notice::kind);
  EXPECT_EQ(skipped, 4);
}

TEST_F(HistoryTest, AnEntityGoesWithItsLastRelationshipWithinACommitToo) {
  ASSERT_OK(
      Commit("source s1 {kind: filing}\n(ada :Person) from s1\n"
             "(bea :Company) from s1\n(ada)-[:OWNS]->(bea) from s1 id stake"));
  ASSERT_OK(Commit({{DeleteEntityStatement{"bea"}, {}}}));
  // The import does not revive what was deleted, the new claim it takes.
  ASSERT_OK(store_->Commit({.statements = Kg("(bea :Company) from s1\n"
                                             "(ada)-[:OWNS]->(bea) from s1:2 "
                                             "id other"),
                            .origin = Origin::kImport}));
  ASSERT_OK(Commit("same (ada) (bea) id judged"));
  ASSERT_OK(Commit("retract judged"));

  const auto refused = Commit("retract other\nsame (ada) (bea)");

  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(GetErrorInfo(refused.status())->reason, "ENTITY_NOT_FOUND");
}

TEST_F(HistoryTest, AnEntityThatOnlyAJudgementNamesIsFound) {
  ASSERT_OK(
      Commit("source s1 {kind: filing}\n(ada :Person) from s1\n"
             "(bea :Person) from s1"));
  ASSERT_OK(Commit({{DeleteEntityStatement{"bea"}, {}}}));
  const std::string file = "(bea :Person) from s1\nsame (ada) (bea) id judged";
  ASSERT_OK(
      store_->Commit({.statements = Kg(file), .origin = Origin::kImport}));

  EXPECT_THAT(Ask(At({}), "bea", {}).dump(), HasSubstr("Person"));
  ASSERT_OK(Commit("retract judged"));
  EXPECT_THAT(At({}).FindEntity("bea"), test::IsOkAndHolds(std::nullopt));
  EXPECT_THAT(Ask(At({.revision = Revision{3}}), "bea", {}).dump(),
              HasSubstr("Person"));
}

TEST_F(HistoryTest, ARelationshipSeenOnlyAloneBringsNobodyIntoView) {
  ASSERT_OK(
      Commit("source s1 {kind: filing}\n(ada :Person) from s1\n"
             "(bea :Person) from s1\n(cleo :Person) from s1\n"
             "(cleo)-[:MET {place: \"Rome\"}]->(ada)\n"
             "(cleo)-[:MET]->(bea) from s1 at 2021-05-10\n"
             "same (ada) (bea) from s1 id judged"));
  ASSERT_OK(Commit({{DeleteEntityStatement{"cleo"}, {}}}));
  const std::string file =
      "(cleo :Person) from s1\n(cleo)-[:MET]->(ada)\n"
      "(cleo)-[:MET]->(bea) from s1:2 at 2021-05-10";
  ASSERT_OK(
      store_->Commit({.statements = Kg(file), .origin = Origin::kImport}));
  const test::Question before{{.valid_at = Day{18'000}}, Evidence::kNone};

  EXPECT_FALSE(Ask(At({}), "cleo", before)[0]["in_view"]);
}

TEST_F(HistoryTest, AClaimThatIsBelievedAgainKeepsItsId) {
  ASSERT_OK(
      Commit("source s1 {kind: filing}\n(ada :Person) from s1\n"
             "(ada).motto = \"on\" from s1 id first\n"
             "(ada).motto = \"off\" from s1 id other"));
  ASSERT_OK(Commit("retract first"));

  ASSERT_OK_AND_ASSIGN(const CommitResult again,
                       Commit("(ada).motto = \"on\" from s1 id second"));

  ASSERT_EQ(again.notices.size(), 1);
  EXPECT_EQ(again.notices[0].kind, NoticeKind::kKeepsId);
  EXPECT_THAT(again.claim_ids[0], testing::ElementsAre("first"));
  ASSERT_OK(Commit("retract first"));
  const auto taken = Commit("(ada).motto = \"on\" from s1 id other");
  EXPECT_EQ(GetErrorInfo(taken.status())->reason, "CLAIM_ID_TAKEN");
}

TEST_F(HistoryTest, APurgedEntityLeavesNoByteOfItsOwn) {
  ASSERT_OK(
      Commit("source s1 {kind: filing}\n(\"Jane SECRET\" :Person) from s1\n"
             "(bea :Company) from s1\n"
             "(\"Jane SECRET\")-[:WORKS_FOR]->(bea) from s1 note \"SECRET\"\n"
             "(\"Jane SECRET\").motto = \"SECRET\""));
  ASSERT_OK(Commit("(\"Jane SECRET\").motto = \"SECRET 2\""));

  ASSERT_OK(Commit({{PurgeEntityStatement{"Jane SECRET", "her wish"}, {}}}));

  EXPECT_THAT(Dump(), Not(HasSubstr("SECRET")));
  for (uint64_t revision = 1; revision <= 3; ++revision) {
    const Snapshot snapshot = At({.revision = Revision{revision}});
    EXPECT_THAT(snapshot.FindEntity("Jane SECRET"),
                test::IsOkAndHolds(std::nullopt));
    EXPECT_EQ(Ask(snapshot, "bea", {})[1]["relationships"], json::array());
  }
  ASSERT_OK(Commit("(\"Jane SECRET\" :Person) from s1 by \"another\""));
  EXPECT_OK(At({}).FindEntity("Jane SECRET"));
}

// A random world in which nothing is judged to be the same.
void FillWithoutJudgements(test::RandomWorld& world, Store& store) {
  constexpr int kCommits = 60;
  test::ReferenceLedger ledger(test::RandomWorld::Schema());
  for (int i = 0; i < kCommits; ++i) {
    test::Plan plan = i == 0 ? world.First() : world.Next(ledger);
    std::erase_if(plan.lines, [](const std::string& line) {
      return absl::StartsWith(line, "same ") ||
             absl::StartsWith(line, "different ");
    });
    const auto statements = test::ToStatements(plan);
    ASSERT_OK(statements);
    // Some are wrong on purpose.
    store.Commit({.statements = *statements}).IgnoreError();
  }
}

TEST_F(HistoryTest, MergingAndSplittingRestoresEveryAnswer) {
  const int rounds = std::getenv("GUANXI_TEST_LONG") ? 1000 : 60;
  const unsigned seed = test::Seed();
  SCOPED_TRACE(absl::StrCat("GUANXI_TEST_SEED=", seed));
  test::RandomWorld world(seed);
  std::mt19937 random(seed);
  FillWithoutJudgements(world, *store_);
  const std::vector<std::string>& keys = test::RandomWorld::Entities();
  int changed = 0;
  for (int round = 0; round < rounds; ++round) {
    const std::vector<test::Question> questions = {
        {world.RandomLens(world.RandomDay()), Evidence::kAll}};
    const std::string& one = keys[random() % keys.size()];
    const std::string& other = keys[random() % keys.size()];
    if (one == other) continue;
    const json before = AskAll(At({}), questions);
    const auto merged =
        Commit(absl::StrCat("same (\"", one, "\") (\"", other, "\") by \"r",
                            round, "\" id j", round));
    if (!merged.ok()) continue;  // one of them is not there

    changed += AskAll(At({}), questions) != before ? 1 : 0;
    ASSERT_OK(Commit(absl::StrCat("retract j", round)));

    EXPECT_EQ(AskAll(At({}), questions), before) << one << " " << other;
  }
  EXPECT_GT(changed, rounds / 4);
}

TEST_F(HistoryTest, AStakeHeldByTwoNamesOfOneHolderIsCountedOnce) {
  ASSERT_OK(
      Commit("source s1 {kind: filing}\nsource s2 {kind: news_article}\n"
             "(arbor :Company) from s1\n(ARBOR-AG :Company) from s2\n"
             "(birch :Company) from s1\n"
             "(arbor)-[:OWNS_SHARES_IN {percent: 30%}]->(birch) from s1\n"
             "(ARBOR-AG)-[:OWNS_SHARES_IN {percent: 30.4%}]->(birch) from s2\n"
             "(ARBOR-AG)-[:CONTROLS]->(arbor) from s2\n"
             "same (arbor) (ARBOR-AG) from s1 id j1"));

  for (const char* key : {"arbor", "ARBOR-AG"}) {
    const json around = Ask(At({}), key, {})[1];
    ASSERT_EQ(around["relationships"].size(), 1U) << around;
    EXPECT_EQ(around["relationships"][0]["from"], "ARBOR-AG");
    EXPECT_EQ(around["left_out"]["hidden"], 1);
  }
  ASSERT_OK(Commit("(arbor).canonical = true from s1"));
  EXPECT_EQ(Ask(At({}), "birch", {})[1]["relationships"][0]["from"], "arbor");
  ASSERT_OK(Commit("different (ARBOR-AG) (arbor) from s2"));
  EXPECT_EQ(Ask(At({}), "birch", {})[1]["relationships"].size(), 2U);
}

TEST_F(HistoryTest, ARequestSentAgainIsAppliedOnceEvenAfterReopening) {
  ASSERT_OK(Commit("(ada :Person)"));
  const CommitRequest request{.statements = Kg("(ada).motto = \"a\" id said"),
                              .name = RequestName{"r1", "digest"}};
  ASSERT_OK_AND_ASSIGN(const CommitResult first, store_->Commit(request));
  ASSERT_OK(Commit("retract said"));
  store_.reset();
  store_ =
      *Store::Open(dir_.path() + "/graph.guanxi",
                   {.max_bytes = kMapBytes, .clock = [this] { return now_; }});

  ASSERT_OK_AND_ASSIGN(const CommitResult again, store_->Commit(request));

  EXPECT_EQ(again.revision, first.revision);
  EXPECT_EQ(again.claim_ids, first.claim_ids);
  EXPECT_EQ(again.claims_added, 1);
  EXPECT_EQ(At({}).revision(), Revision{3});
  CommitRequest other = request;
  other.name->digest = "another";
  const auto taken = store_->Commit(other);
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(GetErrorInfo(taken.status())->reason, "REQUEST_ID_TAKEN");
  now_ += kRequestWindowMicros + kSecond;
  ASSERT_OK_AND_ASSIGN(const CommitResult later, store_->Commit(other));
  EXPECT_EQ(later.revision, Revision{4});
}

TEST_F(HistoryTest, AnAnswerIsKeptWithNoticesOfEachKind) {
  ASSERT_OK(Commit("(ada :Person)\n(ada).motto = \"a\" id said"));
  ASSERT_OK(Commit("retract said"));
  const CommitRequest request{
      .statements = Kg("(\"LEI:5493001KJTIIGC8Y1R13\")\n"
                       "(ada).motto = \"a\" id other"),
      .name = RequestName{"r1", "digest"}};
  const auto kinds = [](const CommitResult& result) {
    std::vector<NoticeKind> all;
    for (const Notice& notice : result.notices) all.push_back(notice.kind);
    return all;
  };

  ASSERT_OK_AND_ASSIGN(const CommitResult first, store_->Commit(request));
  ASSERT_OK_AND_ASSIGN(const CommitResult again, store_->Commit(request));

  EXPECT_THAT(kinds(first), testing::ElementsAre(NoticeKind::kIdentifierInvalid,
                                                 kLastNoticeKind));
  EXPECT_EQ(kinds(again), kinds(first));
}

TEST_F(HistoryTest, ValidateOnlyAnswersAndAppliesNothing) {
  ASSERT_OK(Commit("(ada :Person)"));
  const std::string dump = Dump();

  ASSERT_OK_AND_ASSIGN(const CommitResult result,
                       store_->Commit({.statements = Kg("(bea :Unheard)"),
                                       .name = RequestName{"r1", ""},
                                       .validate_only = true}));

  EXPECT_TRUE(result.changed);
  EXPECT_EQ(result.claims_added, 2);
  EXPECT_EQ(result.revision, Revision{1});
  EXPECT_EQ(Dump(), dump);
}

struct Condition {
  Precondition::Target target;
  std::optional<Precondition::Presence> presence;
  uint64_t unchanged_since = 0;
  absl::StatusCode code = absl::StatusCode::kOk;
};

TEST_F(HistoryTest, PreconditionsLookAtWhatWasThereBefore) {
  ASSERT_OK(
      Commit("(ada :Person) note \"n\"\n(bea :Company)\n"
             "(ada)-[:WORKS_FOR]->(bea) id job\n(ada).motto = \"a\" id said"));
  ASSERT_OK(
      Commit("(ada).motto = \"b\" supersedes said\n"
             "(eve :Person)\n(eve)-[:WORKS_FOR]->(bea)"));
  constexpr auto kExists = Precondition::Presence::kExists;
  constexpr auto kAbsent = Precondition::Presence::kAbsent;
  constexpr auto kFailed = absl::StatusCode::kFailedPrecondition;
  constexpr auto kAborted = absl::StatusCode::kAborted;
  const RelationshipKey job{
      .subject = "ada", .type = "WORKS_FOR", .object = "bea"};
  const RelationshipKey later{
      .subject = "eve", .type = "WORKS_FOR", .object = "bea"};
  const std::vector<Condition> conditions = {
      {Precondition::Entity{"eve"}, std::nullopt, 1, kAborted},
      {Precondition::Entity{"eve"}, std::nullopt, 2},
      {later, std::nullopt, 1, kAborted},
      {later, std::nullopt, 2},
      {Precondition::Entity{"ada"}, kExists},
      {Precondition::Entity{"ada"}, kAbsent, 0, kFailed},
      {Precondition::Entity{"cleo"}, kAbsent},
      {Precondition::Entity{"cleo"}, kExists, 0, kFailed},
      {Precondition::Entity{"bea"}, std::nullopt, 1},
      {Precondition::Entity{"ada"}, std::nullopt, 1, kAborted},
      {Precondition::Entity{"ada"}, std::nullopt, 2},
      {Precondition::Property{"ada", "motto"}, kExists},
      {Precondition::Property{"ada", "motto"}, std::nullopt, 1, kAborted},
      {Precondition::Property{"ada", "alias"}, std::nullopt, 1},
      {job, kExists, 1},
      {job, kAbsent, 0, kFailed},
      {Precondition::Claim{"job"}, kExists, 1},
      {Precondition::Claim{"said"}, kAbsent},
      {Precondition::Claim{"said"}, std::nullopt, 1, kAborted},
  };
  for (size_t i = 0; i < conditions.size(); ++i) {
    const Condition& one = conditions[i];
    Precondition precondition{.target = one.target, .presence = one.presence};
    if (one.unchanged_since != 0) {
      precondition.unchanged_since = Revision{one.unchanged_since};
    }

    const auto result = store_->Commit({.statements = Kg("(dora :Person)"),
                                        .preconditions = {precondition},
                                        .validate_only = true});

    EXPECT_EQ(result.status().code(), one.code) << i << result.status();
  }
}

}  // namespace
}  // namespace guanxi::store
