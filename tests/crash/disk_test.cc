// A store on a disk that fails: the n-th call, for each n, and the power.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "graph/base/error.h"
#include "graph/store/store.h"
#include "tests/crash/disk_shim.h"
#include "tests/support/read_file.h"
#include "tests/support/seed.h"
#include "tests/support/small_store.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace guanxi::store {
namespace {

using test::DiskEvent;
using test::DiskFault;
using test::ParseAll;
using test::TempDir;

constexpr char kFile[] = "/graph.guanxi";

bool IsLong() { return std::getenv("GUANXI_TEST_LONG") != nullptr; }

std::unique_ptr<Store> OpenOrNull(const std::string& path,
                                  absl::Status* status) {
  auto store = Store::Open(path, {.max_bytes = test::kStoreBytes,
                                  .clock = FixedClock(test::kStoreTime)});
  *status = store.status();
  return store.ok() ? *std::move(store) : nullptr;
}

// The names of one commit's three things: there are all or none.
std::string From(int commit) { return absl::StrCat("from", commit); }
std::string To(int commit) { return absl::StrCat("to", commit); }

CommitRequest Numbered(int commit) {
  // Long enough for several pages, so that a write can be torn.
  const std::string note(6000, 'x');
  return {.statements = ParseAll(absl::StrCat(
              "kg 1\nsource s", commit, " {kind: digest}\n(", From(commit),
              " :Company {story: \"", note, "\"}) from s", commit, ":1\n(",
              To(commit), " :Company)\n(", From(commit), ")-[:OWNS]->(",
              To(commit), ") from s", commit, ":2 id own-", commit, "\n"))};
}

// Which of the first `count` commits are there; fails for one that is half
// there.
std::set<int> FindCommits(const Snapshot& snapshot, int count) {
  std::set<int> found;
  for (int commit = 0; commit < count; ++commit) {
    const auto from = snapshot.FindEntity(From(commit));
    const auto to = snapshot.FindEntity(To(commit));
    const auto source = snapshot.FindSource(absl::StrCat("s", commit));
    EXPECT_TRUE(from.ok() && to.ok() && source.ok());
    EXPECT_EQ(from->has_value(), to->has_value()) << commit;
    EXPECT_EQ(from->has_value(), source->has_value()) << commit;
    if (from->has_value()) found.insert(commit);
  }
  return found;
}

void ExpectSound(Store& store) {
  ASSERT_OK_AND_ASSIGN(const VerifyReport report, store.Verify({}));
  EXPECT_TRUE(report.clean());
  for (const Violation& violation : report.violations) {
    std::printf("%s: %s\n", violation.rule.c_str(), violation.message.c_str());
  }
}

bool IsIn(const absl::Status& status, const std::vector<std::string>& reasons) {
  const std::optional<ErrorInfo> info = GetErrorInfo(status);
  return info.has_value() &&
         std::ranges::find(reasons, info->reason) != reasons.end();
}

// --- Calls that fail --------------------------------------------------------

// One life of a store, some of whose calls to the disk fail: it is made,
// commits, reads, is closed and opened again, commits, until the disk is well.
class FailingLife {
 public:
  static constexpr int kCommits = 8;

  FailingLife(int64_t first, int64_t last, DiskFault fault) {
    test::WatchDisk(kFile);
    test::FailDiskCalls(first, last, fault);
  }

  // Returns how many calls there were.
  int64_t Run() {
    for (int commit = 0; commit < kCommits; ++commit) {
      if (commit == kCommits / 2) store_ = nullptr;  // and opens it again
      if (store_ == nullptr && !Reopen()) continue;
      Commit(commit);
      Read();
    }
    const int64_t calls = test::CountDiskCalls();
    test::FailDiskCalls(0, 0, {});
    ExpectRecovers();
    return calls;
  }

 private:
  // Whether it opened; if not, it says why.
  bool Reopen() {
    absl::Status status;
    store_ = OpenOrNull(path_, &status);
    if (!status.ok()) {
      EXPECT_TRUE(
          IsIn(status, {"STORE_FULL", "STORE_DAMAGED", "OUT_OF_MEMORY"}))
          << status;
    }
    return status.ok();
  }

  void Commit(int commit) {
    const auto result = store_->Commit(Numbered(commit));
    if (result.ok()) {
      acknowledged_.insert(commit);
      return;
    }
    EXPECT_TRUE(IsIn(result.status(), {"STORE_FULL", "STORE_DAMAGED",
                                       "STORE_READ_ONLY", "STORE_REOPENING"}))
        << result.status();
    if (absl::StrContains(result.status().message(), "nothing was applied") ||
        IsIn(result.status(), {"STORE_READ_ONLY"})) {
      refused_.insert(commit);
    }
  }

  // Reads answer, or say why not.
  void Read() {
    const auto snapshot = store_->BeginSnapshot();
    if (snapshot.ok()) return ExpectRight(*snapshot);
    EXPECT_TRUE(IsIn(snapshot.status(), {"STORE_REOPENING"}))
        << snapshot.status();
  }

  void ExpectRight(const Snapshot& snapshot) {
    const std::set<int> found = FindCommits(snapshot, kCommits + 1);
    EXPECT_TRUE(std::ranges::includes(found, acknowledged_));
    for (const int commit : refused_) EXPECT_FALSE(found.contains(commit));
  }

  void ExpectRecovers() {
    if (store_ == nullptr) {
      ASSERT_TRUE(Reopen());
    }
    ExpectSound(*store_);
    Commit(kCommits);
    EXPECT_TRUE(acknowledged_.contains(kCommits));
    Read();
    store_ = nullptr;
    ASSERT_TRUE(Reopen());
    ASSERT_OK_AND_ASSIGN(const Snapshot snapshot, store_->BeginSnapshot());
    ExpectRight(snapshot);
    ExpectSound(*store_);
  }

  TempDir dir_;
  const std::string path_ = dir_.path() + kFile;
  std::unique_ptr<Store> store_;
  std::set<int> acknowledged_;
  std::set<int> refused_;  // with the word that nothing was applied
};

class FailingDiskTest : public testing::TestWithParam<DiskFault> {
 protected:
  // Lives for each n in which calls fail from the n-th to `last(n)`, until
  // there is no n-th call.
  void LiveForEach(const std::function<int64_t(int64_t)>& last) {
    int64_t n = 0;
    int64_t calls = 0;
    do {
      ++n;
      SCOPED_TRACE(absl::StrCat("from call ", n));
      calls = FailingLife(n, last(n), GetParam()).Run();
    } while (n <= calls && !HasFailure());
    EXPECT_GT(n, 20);
  }
};

TEST_P(FailingDiskTest, OneCallFails) {
  LiveForEach([](int64_t n) { return n; });
}

// Until there is room again.
TEST_P(FailingDiskTest, AllCallsFailFromOneOn) {
  LiveForEach([](int64_t) { return INT64_MAX; });
}

std::string NameOf(const testing::TestParamInfo<DiskFault>& tested) {
  switch (tested.param) {
    case DiskFault::kNoSpace:
      return "NoSpace";
    case DiskFault::kInputOutput:
      return "InputOutput";
    case DiskFault::kHalf:
      return "Half";
    case DiskFault::kDone:
      return "Done";
  }
  return "";
}

INSTANTIATE_TEST_SUITE_P(, FailingDiskTest,
                         testing::Values(DiskFault::kNoSpace,
                                         DiskFault::kInputOutput,
                                         DiskFault::kHalf, DiskFault::kDone),
                         NameOf);

// --- Power that fails -------------------------------------------------------

constexpr int64_t kSectorBytes = 512;

// What lies on a disk that loses its power: what was synced, and any part of
// the rest.
class LostPower {
 public:
  LostPower(std::string image, unsigned seed)
      : image_(std::move(image)), random_(seed) {}

  // What happens up to the loss.
  void Take(const DiskEvent& event) {
    if (event.is_sync) {
      for (const DiskEvent* write : pending_) Put(*write, 0, Size(*write));
      pending_.clear();
    } else if (event.through) {
      Put(event, 0, Size(event));
    } else {
      pending_.push_back(&event);
    }
  }

  // The file as it is found. What was being written is the last of all.
  std::string Lose(const DiskEvent* being_written) {
    if (being_written != nullptr && !being_written->is_sync) {
      pending_.push_back(being_written);
    }
    std::ranges::shuffle(pending_, random_);
    for (const DiskEvent* write : pending_) PutSome(*write);
    return image_;
  }

 private:
  static int64_t Size(const DiskEvent& write) {
    return static_cast<int64_t>(write.bytes.size());
  }

  void Put(const DiskEvent& write, int64_t begin, int64_t end) {
    const auto at = static_cast<size_t>(write.offset + begin);
    const auto size = static_cast<size_t>(end - begin);
    if (image_.size() < at + size) image_.resize(at + size);
    image_.replace(at, size, write.bytes, static_cast<size_t>(begin), size);
  }

  // All of it, nothing, or some of its sectors.
  void PutSome(const DiskEvent& write) {
    const auto kind = random_() % 4;
    if (kind == 0) return;
    int64_t begin = 0;
    while (begin < Size(write)) {
      const int64_t to_boundary =
          kSectorBytes - (write.offset + begin) % kSectorBytes;
      const int64_t end = std::min(begin + to_boundary, Size(write));
      if (kind == 1 || random_() % 2 == 0) Put(write, begin, end);
      begin = end;
    }
  }

  std::string image_;
  std::vector<const DiskEvent*> pending_;
  std::mt19937 random_;
};

// What a store asked of the disk, and after how many events each commit was
// acknowledged.
struct Recording {
  std::string before;
  std::vector<DiskEvent> events;
  std::vector<size_t> acknowledged;
};

Recording RecordCommits(int count) {
  Recording recording;
  const TempDir dir;
  const std::string path = dir.path() + kFile;
  absl::Status status;
  OpenOrNull(path, &status);  // made, and closed
  recording.before = test::ReadFile(path);
  test::WatchDisk(kFile);
  test::RecordDisk();
  const std::unique_ptr<Store> store = OpenOrNull(path, &status);
  EXPECT_OK(status);
  for (int commit = 0; commit < count; ++commit) {
    EXPECT_OK(store->Commit(Numbered(commit)));
    recording.acknowledged.push_back(test::RecordedDisk().size());
  }
  recording.events = test::RecordedDisk();
  return recording;
}

// Loses the power while the event at `moment` happens; opens what is left.
void ExpectSurvives(const Recording& recording, size_t moment, unsigned seed) {
  LostPower power(recording.before, seed);
  for (size_t i = 0; i < moment; ++i) power.Take(recording.events[i]);
  const DiskEvent* being_written =
      moment < recording.events.size() ? &recording.events[moment] : nullptr;
  const TempDir dir;
  const std::string path = dir.path() + kFile;
  std::ofstream(path, std::ios::binary) << power.Lose(being_written);

  absl::Status status;
  const std::unique_ptr<Store> store = OpenOrNull(path, &status);
  ASSERT_OK(status);
  ExpectSound(*store);
  ASSERT_OK_AND_ASSIGN(const Snapshot snapshot, store->BeginSnapshot());
  const auto commits = static_cast<int>(recording.acknowledged.size());
  const std::set<int> found = FindCommits(snapshot, commits);
  for (int commit = 0; commit < commits; ++commit) {
    const auto at = static_cast<size_t>(commit);
    EXPECT_TRUE(recording.acknowledged[at] > moment || found.contains(commit))
        << commit;
  }
  // And no later one without those before it.
  EXPECT_TRUE(found.empty() ||
              static_cast<size_t>(*found.rbegin()) + 1 == found.size());
}

TEST(PowerTest, WhatWasAcknowledgedOutlivesALossOfPower) {
  const unsigned seed = test::Seed();
  std::printf("GUANXI_TEST_SEED=%u\n", seed);
  std::mt19937 random(seed);
  const Recording recording = RecordCommits(20);
  ASSERT_GT(recording.events.size(), 60U);
  const int losses = IsLong() ? 3000 : 150;
  for (int i = 0; i < losses && !testing::Test::HasFailure(); ++i) {
    const size_t moment = random() % (recording.events.size() + 1);
    const auto loss_seed = static_cast<unsigned>(random());
    SCOPED_TRACE(absl::StrCat("at event ", moment, ", seed ", loss_seed));
    ExpectSurvives(recording, moment, loss_seed);
  }
}

// The test above would say nothing if the shim saw no sync or no write.
TEST(PowerTest, WhatWasNotSyncedCanBeLost) {
  const Recording recording = RecordCommits(1);
  const auto count = [&](auto is) {
    return std::ranges::count_if(recording.events, is);
  };
  EXPECT_GT(count([](const DiskEvent& one) { return one.is_sync; }), 0);
  EXPECT_GT(count([](const DiskEvent& one) { return one.through; }), 0);
  EXPECT_GT(
      count([](const DiskEvent& one) { return !one.is_sync && !one.through; }),
      0);
}

}  // namespace
}  // namespace guanxi::store
