// The worked cases against the plain model of the rules, and that model against
// itself: before either is held against the store.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "graph/model/view.h"
#include "graph/value/value.h"
#include "tests/support/answers.h"
#include "tests/support/random_world.h"
#include "tests/support/reference_ledger.h"
#include "tests/support/reference_model.h"
#include "tests/support/scenario.h"
#include "tests/support/seed.h"

namespace guanxi {
namespace {

using ::guanxi::test::ClaimAnswer;
using ::guanxi::test::ClusterAnswer;
using ::guanxi::test::LedgerClaim;
using ::guanxi::test::LoadVectors;
using ::guanxi::test::Plan;
using ::guanxi::test::PurgeOrder;
using ::guanxi::test::RandomWorld;
using ::guanxi::test::ReferenceLedger;
using ::guanxi::test::ReferenceModel;
using ::guanxi::test::Scenario;
using ::nlohmann::json;

constexpr const char* kFiles[] = {"moments.json", "rules.json"};

class ReferenceTest : public ::testing::TestWithParam<json> {};

std::vector<json> AllCases() {
  std::vector<json> all;
  for (const char* file : kFiles) {
    for (const json& one : LoadVectors(file)) all.push_back(one);
  }
  return all;
}

TEST_P(ReferenceTest, ModelAnswersAsTheCaseSays) {
  const Scenario scenario(GetParam());
  SCOPED_TRACE(GetParam()["why"].get<std::string>());

  const json answer = test::AskModel(scenario);

  EXPECT_EQ(answer.dump(1), scenario.Expected().dump(1));
}

std::string NameOf(const ::testing::TestParamInfo<json>& info) {
  std::string name = info.param["id"];
  for (char& c : name) {
    if (c == '-') c = '_';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, ReferenceTest, ::testing::ValuesIn(AllCases()),
                         NameOf);

// ---- random histories -------------------------------------------------------

constexpr RandomWorld::Options kEverything = {.verbs = true,
                                              .judgements = true,
                                              .purges = false,
                                              .past = true,
                                              .schema = false};
constexpr int kCommits = 300;
constexpr int kCommitsBetweenRecords = 25;

// A ledger to which a random world happens; unnamed claims get ids as if an
// engine had made them.
class RandomPast {
 public:
  RandomPast(unsigned seed, const RandomWorld::Options& options)
      : world_(seed, options), ledger_(RandomWorld::Schema()) {
    Apply(world_.First());
  }

  const ReferenceLedger& ledger() const { return ledger_; }
  RandomWorld& world() { return world_; }
  int refused() const { return refused_; }

  // Whether the line was accepted as a commit of its own.
  bool Say(const std::string& line) {
    const int refused = refused_;
    Apply({.lines = {line}});
    return refused == refused_;
  }

  // Returns what was purged, if it was a purge.
  std::optional<PurgeOrder> Next() {
    const Plan plan = world_.Next(ledger_);
    Apply(plan);
    return plan.purge;
  }

 private:
  void Apply(const Plan& plan) {
    if (plan.purge.has_value()) {
      if (!ledger_.Purge(*plan.purge).ok()) ++refused_;
      return;
    }
    const auto statements = ToStatements(plan);
    ASSERT_TRUE(statements.ok());
    const auto outcome = ledger_.Commit(
        *statements, plan.import ? ReferenceLedger::Arrival::kImport
                                 : ReferenceLedger::Arrival::kCommit);
    if (!outcome.ok()) ++refused_;
    if (!outcome.ok()) return;
    for (const auto& stated : outcome->stated) {
      for (LedgerClaim* const claim : stated) {
        if (!claim->claim.id.starts_with('~')) continue;
        ledger_.LearnId(*claim, "claim-" + std::to_string(next_id_++));
      }
    }
  }

  RandomWorld world_;
  ReferenceLedger ledger_;
  int next_id_ = 0;
  int refused_ = 0;
};

// All that is shown through a lens.
std::string Everything(const ReferenceModel& model, const Lens& lens) {
  std::string text;
  for (const std::string& key : RandomWorld::Entities()) {
    text += test::ToJson(model.Entity(key, lens)).dump() +
            test::ToJson(model.Relationships(key, lens)).dump() +
            test::ToJson(model.Cluster(key, lens)).dump() + "\n";
  }
  return text;
}

TEST(ReferenceHistoryTest, WhatWasShownAtARevisionIsShownAtItEverAfter) {
  const unsigned seed = test::Seed();
  SCOPED_TRACE("GUANXI_TEST_SEED=" + std::to_string(seed));
  struct Record {
    uint64_t revision;
    Lens lens;
    std::string shown;
  };
  std::vector<Record> records;
  RandomPast past(seed, kEverything);
  RandomWorld eye(seed + 1, kEverything);

  for (int i = 1; i <= kCommits; ++i) {
    past.Next();
    if (i % kCommitsBetweenRecords != 0) continue;
    const std::optional<Day> day = i % (2 * kCommitsBetweenRecords) == 0
                                       ? std::nullopt
                                       : std::optional<Day>(eye.RandomDay());
    const Lens lens = eye.RandomLens(day);
    records.push_back({past.ledger().revision(), lens,
                       Everything(ReferenceModel(past.ledger()), lens)});
  }

  EXPECT_LT(past.refused(), kCommits / 3);
  for (const Record& record : records) {
    const ReferenceModel then(past.ledger(), record.revision);
    EXPECT_EQ(Everything(then, record.lens), record.shown)
        << "at revision " << record.revision;
  }
}

TEST(ReferenceHistoryTest, ClustersAreSmallAndTheSameFromEachMember) {
  const unsigned seed = test::Seed();
  SCOPED_TRACE("GUANXI_TEST_SEED=" + std::to_string(seed));
  RandomPast past(seed, kEverything);
  const ReferenceModel model(past.ledger());
  std::set<size_t> sizes;

  for (int i = 1; i <= kCommits; ++i) {
    past.Next();
    const Lens lens = {.valid_at = past.world().RandomDay()};
    for (const std::string& key : RandomWorld::Entities()) {
      const ClusterAnswer cluster = model.Cluster(key, lens);
      sizes.insert(cluster.members.size());
      for (const std::string& member : cluster.members) {
        ASSERT_EQ(test::ToJson(model.Cluster(member, lens)).dump(),
                  test::ToJson(cluster).dump());
      }
    }
  }

  EXPECT_THAT(sizes, ::testing::IsSupersetOf({1U, 2U}));
  EXPECT_LE(*sizes.rbegin(), 4U);
}

TEST(ReferenceHistoryTest, RetractedJudgementRestoresTheOldAnswers) {
  const unsigned seed = test::Seed();
  SCOPED_TRACE("GUANXI_TEST_SEED=" + std::to_string(seed));
  RandomPast past(seed, kEverything);
  const ReferenceModel model(past.ledger());
  const auto& keys = RandomWorld::Entities();
  int merged = 0;

  for (int i = 1; i <= kCommits; ++i) {
    past.Next();
    if (i % kCommitsBetweenRecords != 0) continue;
    const Lens lens = past.world().RandomLens(past.world().RandomDay());
    const std::string before = Everything(model, lens);
    const std::string id = "j" + std::to_string(i);
    const auto at = static_cast<size_t>(i);
    const std::string pair = "(" + QuoteString(keys[at % keys.size()]) + ") (" +
                             QuoteString(keys[(at + 1) % keys.size()]) + ")";
    // Judgements of the world may block or have made this one.
    if (!past.Say("same " + pair + " from s0:77 id " + id)) continue;
    if (Everything(model, lens) != before) ++merged;
    ASSERT_TRUE(past.Say("retract " + id));
    EXPECT_EQ(Everything(model, lens), before);
  }

  EXPECT_GT(merged, 0);
}

TEST(ReferenceHistoryTest, NothingOfAPurgedClaimIsKnownAtAnyRevision) {
  const unsigned seed = test::Seed();
  SCOPED_TRACE("GUANXI_TEST_SEED=" + std::to_string(seed));
  RandomWorld::Options options = kEverything;
  options.purges = true;
  RandomPast past(seed, options);
  const Lens any_day;

  for (int i = 1; i <= kCommits; ++i) {
    const auto purge = past.Next();
    if (!purge.has_value()) continue;
    for (uint64_t at = 0; at <= past.ledger().revision(); at += 10) {
      const ReferenceModel then(past.ledger(), at);
      for (const std::string& key : RandomWorld::Entities()) {
        for (const ClaimAnswer& known : then.History(key, "")) {
          const bool named = !known.claim.id.empty();
          EXPECT_FALSE(named && known.claim.id == purge->claim)
              << known.claim.id << " at revision " << at;
        }
      }
      if (purge->entity.empty()) continue;
      EXPECT_FALSE(then.Entity(purge->entity, any_day).in_view);
      EXPECT_TRUE(
          then.Relationships(purge->entity, any_day).relationships.empty());
      EXPECT_TRUE(then.History(purge->entity, "").empty());
    }
  }
}

}  // namespace
}  // namespace guanxi
