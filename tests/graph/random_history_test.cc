#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "graph/model/view.h"
#include "tests/support/random_world.h"
#include "tests/support/seed.h"
#include "tests/support/twin.h"

namespace guanxi {
namespace {

using ::guanxi::test::Plan;
using ::guanxi::test::Question;
using ::guanxi::test::RandomWorld;
using ::guanxi::test::Twin;

// A change is judged by one history, which has shown a difference before; long
// runs draw others, and meet what is left to be found.
constexpr unsigned kUsualSeed = 1125102378;
constexpr int kCommits = 400;
constexpr int kCommitsWhenLong = 10'000;  // GUANXI_TEST_LONG
constexpr int kCommitsBetweenFullComparisons = 500;
constexpr int kCommitsBetweenClaimLists = 5;
constexpr int kCommitsBetweenChecks = 100;
constexpr int kCommitsBetweenReopenings = 2'000;
constexpr int kDaysCompared = 3;
constexpr std::chrono::minutes kPatienceToShrink{2};

// All that there is.
constexpr RandomWorld::Options kOptions = {
    .verbs = true, .judgements = true, .purges = true, .past = true};

using History = std::vector<Plan>;

// `any` and three random days; losers are asked for on the last one.
std::vector<Question> RandomQuestions(RandomWorld& world, uint64_t latest) {
  std::vector<Question> questions = {
      {world.RandomLens(std::nullopt), Evidence::kShown}};
  for (int i = 0; i < kDaysCompared; ++i) {
    questions.push_back(
        {world.RandomLens(world.RandomDay()), Evidence::kShown});
  }
  questions.back().evidence = Evidence::kAll;
  questions.front().revision = world.RandomRevision(latest);
  questions.back().revision = world.RandomRevision(latest);
  return questions;
}

// The same with losers throughout.
std::vector<Question> WithLosers(std::vector<Question> questions) {
  for (Question& question : questions) question.evidence = Evidence::kAll;
  return questions;
}

// How store and model differ after a history, or "".
std::string Replay(const History& history, std::vector<Question> questions) {
  Twin twin(RandomWorld::Schema());
  for (const Plan& plan : history) {
    std::string difference = twin.Commit(plan);
    if (!difference.empty()) return difference;
  }
  // A shorter history has fewer revisions.
  for (Question& question : questions) {
    if (!question.revision.has_value()) continue;
    question.revision = std::min(*question.revision, twin.ledger().revision());
  }
  return twin.CompareAll(questions) + twin.CheckStore();
}

// Leaves out commits, then lines, for as long as a difference of the same sort
// remains.
class Shrinker {
 public:
  Shrinker(History history, std::vector<Question> questions)
      : history_(std::move(history)),
        questions_(std::move(questions)),
        sort_(SortOf(Replay(history_, questions_))) {}

  std::string Run() {
    if (sort_.empty()) return "it does not differ when replayed";
    for (size_t chunk = history_.size(); chunk > 0; chunk /= 2) {
      for (size_t at = 0; at < history_.size();) {
        if (!Without(at, chunk)) at += chunk;
      }
    }
    for (size_t i = 0; i < history_.size(); ++i) LeaveOutLines(i);
    std::string text = absl::StrCat("shrunk to:\n");
    for (const Plan& plan : history_) absl::StrAppend(&text, plan.ToString());
    return absl::StrCat(text, "which gives\n", Replay(history_, questions_));
  }

 private:
  static std::string SortOf(const std::string& difference) {
    constexpr size_t kSortBytes = 9;
    return difference.substr(0, kSortBytes);
  }

  bool StillDiffers(const History& history) {
    return std::chrono::steady_clock::now() - start_ < kPatienceToShrink &&
           SortOf(Replay(history, questions_)) == sort_;
  }

  bool Without(size_t at, size_t count) {
    History shorter = history_;
    const auto from = shorter.begin() + static_cast<ptrdiff_t>(at);
    shorter.erase(from, from + static_cast<ptrdiff_t>(
                                   std::min(count, history_.size() - at)));
    if (!StillDiffers(shorter)) return false;
    history_ = std::move(shorter);
    return true;
  }

  void LeaveOutLines(size_t plan) {
    for (size_t line = history_[plan].lines.size(); line-- > 0;) {
      if (history_[plan].lines.size() == 1) return;
      History shorter = history_;
      auto& lines = shorter[plan].lines;
      lines.erase(lines.begin() + static_cast<ptrdiff_t>(line));
      if (StillDiffers(shorter)) history_ = std::move(shorter);
    }
  }

  History history_;
  std::vector<Question> questions_;
  std::string sort_;
  const std::chrono::steady_clock::time_point start_ =
      std::chrono::steady_clock::now();
};

TEST(RandomHistoryTest, StoreAgreesWithTheRulesAfterEveryCommit) {
  const bool is_long = std::getenv("GUANXI_TEST_LONG") != nullptr;
  const bool is_drawn = is_long || std::getenv("GUANXI_TEST_SEED") != nullptr;
  const unsigned seed = is_drawn ? test::Seed() : kUsualSeed;
  const int commits = is_long ? kCommitsWhenLong : kCommits;
  RandomWorld world(seed, kOptions);
  RandomWorld eye(seed + 1, kOptions);  // looking leaves the history as it is
  Twin twin(RandomWorld::Schema());
  History history;
  size_t operations = 0;

  for (int i = 1; i <= commits; ++i) {
    history.push_back(i == 1 ? world.First() : world.Next(twin.ledger()));
    operations += std::max<size_t>(1, history.back().lines.size());
    const std::vector<Question> questions =
        RandomQuestions(eye, twin.ledger().revision());
    std::string difference = twin.Commit(history.back());
    if (difference.empty()) difference = twin.CompareTouched(questions);
    if (difference.empty() && i % kCommitsBetweenClaimLists == 0) {
      difference = twin.CompareTouchedClaims();
    }
    if (i % kCommitsBetweenReopenings == 0) twin.Reopen();
    if (difference.empty() && twin.ledger().touched().everything) {
      difference = twin.CompareAll({questions[1]});  // sources or schema
    }
    if (difference.empty() && i % kCommitsBetweenFullComparisons == 0) {
      difference = twin.CompareAll(WithLosers(questions));
    }
    if (difference.empty() && i % kCommitsBetweenChecks == 0) {
      difference = twin.CheckStore();
    }
    if (difference.empty()) continue;
    ADD_FAILURE() << "GUANXI_TEST_SEED=" << seed << ", commit " << i << ":\n"
                  << history.back().ToString() << difference;
    FAIL() << Shrinker(history, WithLosers(questions)).Run();
  }
  EXPECT_GT(twin.numbers_told(), commits);
  EXPECT_GT(twin.records_told(), commits);
  std::printf("%d commits of %zu operations agree\n", commits, operations);
}

}  // namespace
}  // namespace guanxi
