// Commits of many threads at once: which of them share a transaction, what one
// that fails does to the others, and who waits how long.

#include "graph/store/committer.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/base/mutex.h"
#include "graph/store/store.h"
#include "tests/support/small_store.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace guanxi::store {
namespace {

using ::guanxi::test::ParseAll;
using ::guanxi::test::StatusIs;
using ::guanxi::test::TempDir;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::_;
using ::testing::Each;
using ::testing::HasSubstr;

// A clock that stops who asks it while it is held: the committer, in the midst
// of its work.
class HeldClock {
 public:
  Clock clock() {
    return [this] { return Read(); };
  }

  void Hold() {
    MutexLock lock(mutex_);
    held_ = true;
  }
  void Release() {
    MutexLock lock(mutex_);
    held_ = false;
    changed_.Signal();
  }
  void WaitUntilItStops() {
    MutexLock lock(mutex_);
    while (!stopped_) stopped_now_.Wait(mutex_);
  }

 private:
  int64_t Read() {
    MutexLock lock(mutex_);
    stopped_ = held_;
    stopped_now_.Signal();
    while (held_) changed_.Wait(mutex_);
    stopped_ = false;
    return test::kStoreTime;
  }

  Mutex mutex_;
  CondVar changed_;
  CondVar stopped_now_;
  bool held_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
};

class CommitterTest : public testing::Test {
 protected:
  using Answer = absl::StatusOr<CommitResult>;

  CommitterTest() {
    auto store =
        Store::Open(dir_.path() + "/graph",
                    {.max_bytes = test::kStoreBytes, .clock = clock_.clock()});
    GUANXI_CHECK(store.ok());
    store_ = *std::move(store);
  }

  // Begins to commit in a thread of its own.
  void Begin(CommitRequest request) {
    answers_.push_back(std::make_unique<std::optional<Answer>>());
    threads_.emplace_back(
        [this, request = std::move(request), answer = answers_.back().get()] {
          *answer = store_->Commit(request);
        });
  }
  void Begin(const std::string& kg) {
    Begin(CommitRequest{.statements = ParseAll("kg 1\n" + kg)});
  }

  // Stops the committer within a commit, so that all that begins now gathers.
  void HoldBehindFirst() {
    clock_.Hold();
    Begin("(first :Company)");
    clock_.WaitUntilItStops();
  }

  // Lets the committer go on once `count` commits gather behind the first;
  // returns the answers to them.
  std::vector<Answer> ReleaseAfter(size_t count) {
    while (waiting() < count) std::this_thread::yield();
    clock_.Release();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
    std::vector<Answer> answers;
    for (auto& answer : answers_) answers.push_back(**answer);
    answers.erase(answers.begin());
    return answers;
  }

  size_t waiting() const {
    return static_cast<size_t>(store_->commit_statistics().waiting);
  }

  // How many transactions there have been.
  uint64_t transactions() const { return store_->BeginSnapshot()->txn().id(); }
  bool Has(const std::string& key) const {
    return store_->BeginSnapshot()->FindEntity(key)->has_value();
  }
  void ExpectSound() const {
    ASSERT_OK_AND_ASSIGN(const VerifyReport report, store_->Verify({}));
    EXPECT_TRUE(report.clean());
  }

  TempDir dir_;
  HeldClock clock_;
  std::unique_ptr<Store> store_;
  std::vector<std::thread> threads_;
  std::vector<std::unique_ptr<std::optional<Answer>>> answers_;
};

TEST_F(CommitterTest, WhatGathersSharesOneTransaction) {
  const uint64_t before = transactions();
  HoldBehindFirst();
  for (int i = 0; i < 20; ++i) Begin(absl::StrCat("(e", i, " :Company)"));

  std::vector<Answer> answers = ReleaseAfter(20);

  EXPECT_EQ(transactions(), before + 2);
  std::vector<uint64_t> revisions;
  for (const Answer& answer : answers) {
    ASSERT_OK(answer);
    revisions.push_back(answer->revision.number);
  }
  std::ranges::sort(revisions);
  for (size_t i = 0; i < revisions.size(); ++i) {
    EXPECT_EQ(revisions[i], i + 2);  // one each
  }
  ExpectSound();
}

TEST_F(CommitterTest, OneThatFailsLeavesTheOthersAlone) {
  HoldBehindFirst();
  for (int i = 0; i < 10; ++i) {
    // The statement before the bad one leaves no trace either.
    Begin(absl::StrCat("(good", i, " :Company)"));
    Begin(absl::StrCat("(bad", i, " :Company)\nretract no-such-claim"));
  }

  const std::vector<Answer> answers = ReleaseAfter(20);

  for (size_t i = 0; i < answers.size(); ++i) {
    const std::string number = absl::StrCat(i / 2);
    if (i % 2 == 0) {
      EXPECT_OK(answers[i]);
      EXPECT_TRUE(Has("good" + number));
    } else {
      EXPECT_THAT(answers[i], StatusIs(absl::StatusCode::kNotFound, _));
      EXPECT_FALSE(Has("bad" + number));
    }
  }
  ExpectSound();
}

TEST_F(CommitterTest, EachSeesWhatTheOnesBeforeItInItsBatchHaveDone) {
  HoldBehindFirst();
  const CommitRequest named{.statements = ParseAll("kg 1\n(x :Company)"),
                            .name = RequestName{"once", "digest"}};
  Begin("prop size: int\n(y :Company {size: 3})");
  while (waiting() < 1) std::this_thread::yield();
  Begin("(y).size = \"wide\"");
  while (waiting() < 2) std::this_thread::yield();
  Begin(named);
  while (waiting() < 3) std::this_thread::yield();
  Begin(named);

  const std::vector<Answer> answers = ReleaseAfter(4);

  EXPECT_OK(answers[0]);
  EXPECT_THAT(answers[1], StatusIs(absl::StatusCode::kInvalidArgument, _));
  ASSERT_OK(answers[2]);
  ASSERT_OK(answers[3]);
  EXPECT_EQ(answers[2]->revision, answers[3]->revision);
  EXPECT_EQ(store_->BeginSnapshot()->revision(), answers[2]->revision);
  ExpectSound();
}

TEST_F(CommitterTest, WhatOnlyAsksOrChangesNothingMakesNoTransaction) {
  Begin("(x :Company)");
  ReleaseAfter(0);
  answers_.clear();
  const uint64_t before = transactions();
  HoldBehindFirst();
  Begin({.statements = ParseAll("kg 1\n(y :Company)"), .validate_only = true});
  Begin("(x :Company)");

  EXPECT_THAT(ReleaseAfter(2), Each(test::IsOk()));

  EXPECT_EQ(transactions(), before + 1);
  EXPECT_FALSE(Has("y"));
}

TEST_F(CommitterTest, ALargeCommitIsABatchByItself) {
  const uint64_t before = transactions();
  HoldBehindFirst();
  std::string many;
  for (size_t i = 0; i <= Committer::kMaxBatchStatements; ++i) {
    absl::StrAppend(&many, "(m", i, " :Company)\n");
  }
  Begin("(a :Company)");
  while (waiting() < 1) std::this_thread::yield();
  Begin(many);
  while (waiting() < 2) std::this_thread::yield();
  Begin("(b :Company)");

  EXPECT_THAT(ReleaseAfter(3), Each(test::IsOk()));

  EXPECT_EQ(transactions(), before + 4);
}

TEST_F(CommitterTest, WhoseTurnDoesNotComeInTimeHasAppliedNothing) {
  HoldBehindFirst();
  Begin({.statements = ParseAll("kg 1\n(late :Company)"),
         .deadline = steady_clock::now() + milliseconds(20)});
  Begin({.statements = ParseAll("kg 1\n(gone :Company)"),
         .cancelled = [] { return true; }});
  threads_[1].join();
  threads_[2].join();
  threads_.resize(1);

  const std::vector<Answer> answers = ReleaseAfter(0);

  EXPECT_THAT(answers[0], StatusIs(absl::StatusCode::kDeadlineExceeded,
                                   HasSubstr("nothing was applied")));
  EXPECT_THAT(answers[1], StatusIs(absl::StatusCode::kCancelled,
                                   HasSubstr("nothing was applied")));
  EXPECT_TRUE(Has("first"));
  EXPECT_FALSE(Has("late"));
  EXPECT_FALSE(Has("gone"));
}

// Each thread makes and breaks claims about entities that all share.
TEST_F(CommitterTest, ManyThreadsLeaveASoundStore) {
  constexpr int kThreads = 8;
  constexpr int kCommits = 60;
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([this, thread] {
      for (int i = 0; i < kCommits; ++i) {
        const std::string id = absl::StrCat("c", thread, "-", i);
        const std::string other = absl::StrCat("e", (i * 7 + thread) % 10);
        std::string kg = absl::StrCat(
            "kg 1\nsource s", thread, " {kind: digest}\n(hub :Company)\n(",
            other, " :Company)\n(hub)-[:OWNS {percent: ", i % 100, "%}]->(",
            other, ") from s", thread, ":", i + 1, " id ", id, "\n");
        if (i % 3 == 2) absl::StrAppend(&kg, "retract c", thread, "-", i - 1);
        if (i % 5 == 4) absl::StrAppend(&kg, "\nretract no-such-claim");
        const auto result = store_->Commit({.statements = ParseAll(kg)});
        EXPECT_EQ(result.ok(), i % 5 != 4 && (i % 3 != 2 || i % 5 != 0))
            << result.status();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  ExpectSound();
}

}  // namespace
}  // namespace guanxi::store
