// What a question about the past costs beside the same question about the
// present, in a store where each relationship was changed ten times.

#include <cstdint>
#include <functional>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"

#include "bench/measure.h"
#include "bench/report.h"
#include "graph/base/check.h"
#include "graph/model/statement.h"
#include "graph/store/store.h"
#include "graph/traverse/neighbourhood.h"
#include "graph/value/date.h"
#include "graph/value/quantity.h"
#include "tests/support/temp_dir.h"

namespace guanxi::bench {
namespace {

using store::KnownAt;
using store::Snapshot;
using store::Store;

constexpr int kEntities = 20'000;
constexpr int kRelationships = 100'000;
constexpr int kChanges = 1'000'000;
constexpr int kChangesPerCommit = 10'000;
constexpr int kQuestions = 2'000;
constexpr int kRounds = 11;
constexpr double kMostTimesThePresent = 3;
constexpr int64_t kMaxBytes = int64_t{16} << 30;
constexpr double kMicrosecond = 1e-6;

std::string EntityKey(int entity) { return absl::StrCat("e", entity); }

// The stakes of a random graph, and what becomes of them: claims are corrected,
// retracted and stated again.
class World {
 public:
  // All entities and the first claim of each stake.
  std::vector<Statement> Begin() {
    std::vector<Statement> statements;
    statements.push_back(
        {SourceStatement{"register", {{"kind", Value::String("filing")}}}, {}});
    for (int i = 0; i < kEntities; ++i) {
      statements.push_back(
          {EntityStatement{.key = EntityKey(i), .labels = {"Company"}}, {}});
    }
    for (int i = 0; i < kRelationships; ++i) {
      stakes_.push_back({.owner = SkewedEntity(), .owned = RandomEntity()});
      statements.push_back(StateAnew(stakes_.back()));
    }
    return statements;
  }

  // The next changes, each of another stake.
  std::vector<Statement> Change() {
    std::vector<Statement> statements;
    for (int i = 0; i < kChangesPerCommit; ++i) {
      Stake& stake = stakes_[next_];
      next_ = (next_ + kStride) % stakes_.size();
      statements.push_back(ChangeOf(stake));
    }
    return statements;
  }

  std::vector<std::string> SomeEntities() {
    std::vector<std::string> keys;
    for (int i = 0; i < kQuestions; ++i)
      keys.push_back(EntityKey(RandomEntity()));
    return keys;
  }

 private:
  struct Stake {
    int owner = 0;
    int owned = 0;
    std::string claim;  // the believed one; empty: none
  };
  static constexpr size_t kStride = 61'001;  // prime: meets every stake

  int RandomEntity() { return Below(kEntities); }
  // Low numbers are drawn more often, so that some own much.
  int SkewedEntity() { return Below(1 + Below(kEntities)); }
  int Below(int end) {
    return std::uniform_int_distribution<int>(0, end - 1)(random_);
  }

  // Every tenth is retracted, to be stated again the next time; the others are
  // corrected.
  Statement ChangeOf(Stake& stake) {
    if (stake.claim.empty() || Below(10) > 0) return StateAnew(stake);
    return {RetractStatement{std::exchange(stake.claim, ""), {}}, {}};
  }

  // Half of the claims say when.
  Statement StateAnew(Stake& stake) {
    const std::string old =
        std::exchange(stake.claim, absl::StrCat("c", ++claims_));
    const Citation entry{
        .source = "register", .first_line = claims_, .last_line = claims_};
    Tail tail{.from = {entry}, .id = stake.claim};
    if (!old.empty()) tail.supersedes = old;
    if (Below(2) == 0) {
      tail.valid = ValidTime::At(*When::Parse(absl::StrCat(2001 + Below(20))));
    }
    const std::string percent = absl::StrCat(1 + Below(99), "%");
    RelationshipStatement body{.subject = EntityKey(stake.owner),
                               .type = "OWNS_SHARES_IN",
                               .object = EntityKey(stake.owned)};
    body.properties.emplace("percent", Value(*Quantity::Parse(percent)));
    body.tail = std::move(tail);
    return {std::move(body), {}};
  }

  std::mt19937 random_{20250930};  // the same graph in every run
  std::vector<Stake> stakes_;
  size_t next_ = 0;
  uint32_t claims_ = 0;
};

// A store in a folder of its own, which goes after it.
class History {
 public:
  History() {
    auto store =
        Store::Open(dir_.path() + "/graph.guanxi", {.max_bytes = kMaxBytes});
    GUANXI_CHECK(store.ok());
    store_ = *std::move(store);
    Commit(world_.Begin());
    for (int i = 0; i < kChanges; i += kChangesPerCommit) {
      Commit(world_.Change());
    }
  }
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  const Store& store() const { return *store_; }
  World& world() { return world_; }

 private:
  void Commit(std::vector<Statement> statements) {
    const auto result = store_->Commit({.statements = std::move(statements)});
    GUANXI_CHECK(result.ok());
  }

  test::TempDir dir_;
  World world_;
  std::unique_ptr<Store> store_;
};

enum class Views { kLeft, kRead };

// How many relationships the entities have, each asked for as the server does
// it, in a snapshot of its own.
int64_t Ask(const Store& store, const KnownAt& known_at,
            const std::vector<std::string>& keys, Views views) {
  traverse::NeighbourhoodSpec spec;
  spec.traversal.lens.valid_at = *ParseDay("2025-09-30");
  int64_t found = 0;
  for (const std::string& key : keys) {
    const Snapshot snapshot = *store.BeginSnapshot(known_at);
    const auto entity = *snapshot.FindEntity(key);
    const auto around = *traverse::FindNeighbourhood({snapshot}, *entity, spec);
    for (const RelationshipId id : around.relationships) {
      if (views == Views::kRead) {
        GUANXI_CHECK(
            snapshot.ReadRelationship(id, spec.traversal.lens, Evidence::kNone)
                .ok());
      }
      ++found;
    }
  }
  return found;
}

void Compare(History& history, Views views, absl::string_view what,
             Report& report) {
  const Store& store = history.store();
  const uint64_t latest = store.BeginSnapshot()->revision().number;
  const std::vector<std::string> keys = history.world().SomeEntities();
  const std::vector<uint64_t> percents = {90, 50, 10};  // of the history
  std::vector<KnownAt> moments = {{}};
  for (const uint64_t percent : percents) {
    moments.push_back({.revision = Revision{latest * percent / 100}});
  }
  std::vector<std::function<void()>> works;
  std::vector<int64_t> found(moments.size());
  for (size_t i = 0; i < moments.size(); ++i) {
    works.emplace_back(
        [&, i] { found[i] = Ask(store, moments[i], keys, views); });
  }
  const std::vector<double> seconds = MedianCpuSeconds(kRounds, works);

  const std::string present = absl::StrCat("past.", what, ".present");
  const double to_question = 1 / kMicrosecond / kQuestions;
  report.Say(absl::StrCat(what, ": ", kQuestions, " entities; relationships: ",
                          absl::StrJoin(found, ", ")));
  report.Add(
      {.name = present, .value = seconds[0] * to_question, .unit = "us"});
  for (size_t i = 0; i < percents.size(); ++i) {
    const std::string name =
        absl::StrCat("past.", what, ".at_", percents[i], "_percent");
    report.Add(
        {.name = name, .value = seconds[i + 1] * to_question, .unit = "us"});
    report.Add({.name = name + ".times_present",
                .value = seconds[i + 1] / seconds[0],
                .unit = "ratio",
                .demand = kMostTimesThePresent});
  }
}

int Run(std::ostream& out) {
  Report report("past", out);
  report.Say(absl::StrCat("building: ", kRelationships, " relationships, ",
                          kChanges, " changes in commits of ",
                          kChangesPerCommit));
  History history;
  Compare(history, Views::kLeft, "one_hop", report);
  Compare(history, Views::kRead, "one_hop_with_views", report);
  return report.all_met() ? 0 : 1;
}

}  // namespace
}  // namespace guanxi::bench

int main() { return guanxi::bench::Run(std::cout); }
