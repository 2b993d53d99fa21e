// A store on a disk that fails: the n-th call, for each n, and the power.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gtest/gtest.h>

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/kv/draft_file.h"
#include "graph/store/backup.h"
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

// --- Copies that fail
// ---------------------------------------------------------

// A store and what is made of it, in folders that are watched together.
class FailingCopyTest : public FailingDiskTest {
 protected:
  FailingCopyTest() {
    std::filesystem::create_directory(dir_.path() + "/other");
    Open();
    for (int commit = 0; commit < 3; ++commit) Commit();
  }

  void Open() {
    absl::Status status;
    store_ = OpenOrNull(path_, &status);
    EXPECT_OK(status);
  }

  void Commit() { EXPECT_OK(store_->Commit(Numbered(commits_++))); }

  // For each n: calls `attempt` while the n-th call fails, then, with a disk
  // that is well, `look` with what came of it, and both again, when it must
  // succeed.
  void TryForEach(const std::function<absl::Status()>& attempt,
                  const std::function<void(const absl::Status&)>& look) {
    const std::string draft = absl::StrCat(kFile, ".draft");
    for (const std::string& watched : {draft, dir_.path() + "/"}) {
      // Of what lies beside it, some may fail unseen; of a write, half is done
      // once more.
      const bool counts = watched == draft && GetParam() != DiskFault::kHalf;
      int64_t calls = 0;
      for (int64_t n = 1; n <= calls + 1 && !HasFailure(); ++n) {
        SCOPED_TRACE(absl::StrCat(watched, ", call ", n));
        test::WatchDisk(watched);
        test::FailDiskCalls(n, n, GetParam());
        const absl::Status first = attempt();
        calls = test::CountDiskCalls();
        test::FailDiskCalls(0, 0, {});
        EXPECT_TRUE(first.ok() || IsIn(first, {"STORE_FULL", "STORE_DAMAGED",
                                               "OUT_OF_MEMORY"}))
            << first;
        EXPECT_FALSE(counts && n <= calls && first.ok());
        look(first);
        const absl::Status second = attempt();
        EXPECT_OK(second);
        look(second);
      }
      EXPECT_GT(calls, 2);
    }
  }

  // The files of a folder, without those that only say who has it open.
  static std::set<std::string> FilesIn(const std::string& folder) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      const std::string name = entry.path().filename().string();
      if (name != "graph.guanxi-lock" && name != "graph.guanxi.owner") {
        if (!entry.is_directory()) names.insert(name);
      }
    }
    return names;
  }

  // A store with all commits, and nothing else beside it.
  void ExpectWhole(const std::string& folder) {
    EXPECT_THAT(FilesIn(folder), testing::ElementsAre("graph.guanxi"));
    absl::Status status;
    const std::unique_ptr<Store> store =
        OpenOrNull(absl::StrCat(folder, kFile), &status);
    ASSERT_OK(status);
    ExpectSound(*store);
    ASSERT_OK_AND_ASSIGN(const Snapshot snapshot, store->BeginSnapshot());
    EXPECT_EQ(FindCommits(snapshot, commits_ + 1).size(),
              static_cast<size_t>(commits_));
  }

  TempDir dir_;
  const std::string path_ = dir_.path() + kFile;
  const std::string other_ = dir_.path() + "/other";
  std::unique_ptr<Store> store_;
  int commits_ = 0;
};

TEST_P(FailingCopyTest, OfABackupTheStoreGoesOn) {
  std::optional<kv::DraftFile> copy;
  const auto attempt = [&]() -> absl::Status {
    copy = std::nullopt;  // before the next one, which has its name
    absl::StatusOr<kv::DraftFile> made = store_->Copy();
    RETURN_IF_ERROR(made.status());
    copy.emplace(*std::move(made));
    return absl::OkStatus();
  };

  TryForEach(attempt, [&](const absl::Status& status) {
    if (status.ok()) {
      ASSERT_OK_AND_ASSIGN(const VerifyReport report,
                           Store::Check(copy->path(), {}));
      EXPECT_TRUE(report.clean());
      EXPECT_EQ(report.revision.number, static_cast<uint64_t>(commits_));
      copy = std::nullopt;
    } else {
      EXPECT_OK(store_->fault());
      Commit();
    }
    EXPECT_THAT(FilesIn(dir_.path()), testing::ElementsAre("graph.guanxi"));
  });
  store_ = nullptr;
  ExpectWhole(dir_.path());
}

TEST_P(FailingCopyTest, OfWhatIsRestoredAllIsThereOrNothing) {
  const std::string backup = dir_.path() + "/backup";
  {
    ASSERT_OK_AND_ASSIGN(const kv::DraftFile copy, store_->Copy());
    std::filesystem::copy_file(copy.path(), backup);
  }
  const auto attempt = [&] {
    return RestoreStore(backup, other_ + kFile).status();
  };

  TryForEach(attempt, [&](const absl::Status& status) {
    if (!status.ok() && FilesIn(other_).empty()) return;
    ExpectWhole(other_);
    std::filesystem::remove(other_ + kFile);
  });
}

TEST_P(FailingCopyTest, OfWhatIsCompactedTheOldFileOrTheNewOneIsThere) {
  store_ = nullptr;

  TryForEach([&] { return CompactStore(path_).status(); },
             [&](const absl::Status&) { ExpectWhole(dir_.path()); });
}

INSTANTIATE_TEST_SUITE_P(, FailingCopyTest,
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
      for (const DiskEvent* write : pending_) Reach(*write, event.failed);
      pending_.clear();
    } else if (event.through) {
      Reach(event, event.failed);
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

  void Reach(const DiskEvent& write, bool sync_failed) {
    if (sync_failed) return PutSome(write);
    Put(write, 0, Size(write));
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

// What a store asked of the disk, and after how many events which commits were
// acknowledged, or refused with the word that nothing was applied.
struct Recording {
  std::string before;
  std::vector<DiskEvent> events;
  int commits = 0;
  std::map<int, size_t> acknowledged;
  std::map<int, size_t> refused;
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
  recording.commits = count;
  for (int commit = 0; commit < count; ++commit) {
    EXPECT_OK(store->Commit(Numbered(commit)));
    recording.acknowledged[commit] = test::RecordedDisk().size();
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
  const std::set<int> found = FindCommits(snapshot, recording.commits);
  const int last = found.empty() ? 0 : *found.rbegin();
  for (const auto& [commit, events] : recording.acknowledged) {
    // Nor is a later one there without it.
    const bool must_be_there = events <= moment || commit < last;
    EXPECT_TRUE(!must_be_there || found.contains(commit)) << commit;
  }
  for (const auto& [commit, events] : recording.refused) {
    EXPECT_TRUE(events > moment || !found.contains(commit)) << commit;
  }
}

// Loses the power of a recorded life now and again.
void ExpectSurvivesLosses(const Recording& recording, int losses,
                          std::mt19937& random) {
  for (int i = 0; i < losses && !testing::Test::HasFailure(); ++i) {
    const size_t moment = random() % (recording.events.size() + 1);
    const auto seed = static_cast<unsigned>(random());
    SCOPED_TRACE(absl::StrCat("at event ", moment, ", seed ", seed));
    ExpectSurvives(recording, moment, seed);
  }
}

TEST(PowerTest, WhatWasAcknowledgedOutlivesALossOfPower) {
  const unsigned seed = test::Seed();
  std::printf("GUANXI_TEST_SEED=%u\n", seed);
  std::mt19937 random(seed);
  const Recording recording = RecordCommits(20);
  ASSERT_GT(recording.events.size(), 60U);
  ExpectSurvivesLosses(recording, IsLong() ? 3000 : 150, random);
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

// --- Power that fails after calls have --------------------------------------

// A life that is recorded, on a disk of which a few calls fail now and again:
// while the store commits, and while somebody makes good what came of it.
class FaultyLife {
 public:
  static constexpr int kCommits = 12;

  explicit FaultyLife(unsigned seed) : random_(seed) {}

  Recording Run() {
    Open();  // made, and closed
    store_ = nullptr;
    recording_.before = test::ReadFile(path_);
    test::WatchDisk(kFile);
    test::RecordDisk();
    Open();
    for (; recording_.commits < kCommits; ++recording_.commits) {
      if (Below(2) == 0) FailSoon(kCallsOfCommit);
      Commit(recording_.commits);
      if (!IsWell() || Below(4) == 0) MakeGood();
    }
    store_ = nullptr;
    test::FailDiskCalls(0, 0, {});
    recording_.events = test::RecordedDisk();
    return std::move(recording_);
  }

 private:
  static constexpr int64_t kCallsOfCommit = 12;
  static constexpr int64_t kCallsOfRepair = 4;
  static constexpr int kTries = 4;

  void Open() {
    absl::Status ignored;
    store_ = OpenOrNull(path_, &ignored);
  }

  int64_t Below(int64_t end) {
    return std::uniform_int_distribution<int64_t>(0, end - 1)(random_);
  }

  // Some of the next calls fail.
  void FailSoon(int64_t calls) {
    constexpr DiskFault kFaults[] = {DiskFault::kNoSpace,
                                     DiskFault::kInputOutput, DiskFault::kHalf,
                                     DiskFault::kDone};
    const int64_t first = test::CountDiskCalls() + 1 + Below(calls);
    const int64_t more = Below(2) * Below(4);
    test::FailDiskCalls(first, first + more, kFaults[Below(4)]);
  }

  void Commit(int commit) {
    const absl::Status status = store_->Commit(Numbered(commit)).status();
    const size_t events = test::RecordedDisk().size();
    if (status.ok()) {
      recording_.acknowledged[commit] = events;
    } else if (absl::StrContains(status.message(), "nothing was applied") ||
               IsIn(status, {"STORE_READ_ONLY"})) {
      recording_.refused[commit] = events;
    }
  }

  bool IsWell() const {
    return store_ != nullptr && store_->fault().ok() &&
           store_->BeginSnapshot().ok();
  }

  // By a check, or a new start, and another one if the disk fails again.
  void MakeGood() {
    bool looked = false;
    for (int left = kTries; left > 0 && !(looked && IsWell()); --left) {
      test::FailDiskCalls(0, 0, {});
      if (left > 1 && Below(2) == 0) FailSoon(kCallsOfRepair);
      looked = Below(2) == 0 ? Restart() : Check();
    }
    EXPECT_TRUE(looked && IsWell());
    test::FailDiskCalls(0, 0, {});
  }

  bool Restart() {
    store_ = nullptr;
    Open();
    return store_ != nullptr;
  }

  bool Check() {
    if (store_ == nullptr) return Restart();
    const auto report = store_->Verify({});
    EXPECT_TRUE(!report.ok() || report->clean());
    return report.ok();
  }

  TempDir dir_;
  const std::string path_ = dir_.path() + kFile;
  std::mt19937 random_;
  std::unique_ptr<Store> store_;
  Recording recording_;
};

// The last write of a commit, which says what counts, is done and yet said to
// have failed. LMDB takes it back, in memory first: until that is on the disk,
// it is not to use the pages again that the commit has written.
class LateFaultTest : public testing::Test {
 protected:
  void Open() {
    absl::Status status;
    store_ = OpenOrNull(path_, &status);
    ASSERT_OK(status);
  }

  // Commits, has the commit after that fail so, and `repair` make it good,
  // commits once more, and loses the power at each moment since the first.
  void ExpectSurvives(const std::function<void()>& repair) {
    Open();  // made, and closed
    store_ = nullptr;
    Recording recording{.before = test::ReadFile(path_), .commits = 3};
    test::WatchDisk(kFile);
    test::RecordDisk();
    Open();
    EXPECT_OK(store_->Commit(Numbered(0)));
    const size_t begin = test::RecordedDisk().size();
    recording.acknowledged[0] = begin;
    FailLate(1);
    repair();
    EXPECT_OK(store_->Commit(Numbered(2)));
    recording.events = test::RecordedDisk();
    recording.acknowledged[2] = recording.events.size();
    store_ = nullptr;
    std::mt19937 random(test::Seed());
    for (size_t at = begin; at <= recording.events.size(); ++at) {
      for (int i = 0; i < (IsLong() ? 50 : 6) && !HasFailure(); ++i) {
        SCOPED_TRACE(absl::StrCat("at event ", at));
        store::ExpectSurvives(recording, at, static_cast<unsigned>(random()));
      }
    }
  }

  // Finds out which call is the last.
  void FailLate(int commit) {
    for (int64_t call = 1; call < 20; ++call) {
      const int64_t at = test::CountDiskCalls() + call;
      test::FailDiskCalls(at, at, DiskFault::kDone);
      const absl::Status status = store_->Commit(Numbered(commit)).status();
      test::FailDiskCalls(0, 0, {});
      if (absl::StrContains(status.message(), "may have been applied")) return;
      ASSERT_OK(store_->Verify({}));
    }
    FAIL() << "no call was the last";
  }

  TempDir dir_;
  const std::string path_ = dir_.path() + kFile;
  std::unique_ptr<Store> store_;
};

TEST_F(LateFaultTest, IsForgottenAfterANewStart) {
  ExpectSurvives([&] {
    store_ = nullptr;
    Open();
  });
}

TEST_F(LateFaultTest, IsForgottenAfterAChecksSyncHasFailed) {
  for (const int64_t call : {1, 2}) {
    ExpectSurvives([&] {
      const int64_t at = test::CountDiskCalls() + call;
      test::FailDiskCalls(at, at, DiskFault::kInputOutput);
      EXPECT_FALSE(store_->Verify({}).ok());
      test::FailDiskCalls(0, 0, {});
      EXPECT_OK(store_->Verify({}));
    });
    std::filesystem::remove(path_);
  }
}

TEST(PowerTest, WhatWasAcknowledgedOutlivesALossOfPowerAfterFaults) {
  const unsigned seed = test::Seed();
  std::printf("GUANXI_TEST_SEED=%u\n", seed);
  std::mt19937 random(seed);
  const int lives = IsLong() ? 300 : 20;
  size_t acknowledged = 0;
  size_t refused = 0;
  size_t commits = 0;
  for (int life = 0; life < lives && !HasFailure(); ++life) {
    const auto life_seed = static_cast<unsigned>(random());
    SCOPED_TRACE(absl::StrCat("life ", life, ", seed ", life_seed));
    const Recording recording = FaultyLife(life_seed).Run();
    ExpectSurvivesLosses(recording, 12, random);
    commits += static_cast<size_t>(recording.commits);
    acknowledged += recording.acknowledged.size();
    refused += recording.refused.size();
  }
  std::printf("%zu commits: %zu acknowledged, %zu refused\n", commits,
              acknowledged, refused);
  EXPECT_GT(acknowledged, commits / 4);
  EXPECT_GT(refused, commits / 10);
}

}  // namespace
}  // namespace guanxi::store
