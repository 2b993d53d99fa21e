// Copies of a store, stores made of copies, and stores written anew.

#include "graph/store/backup.h"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/kv/env.h"
#include "graph/store/store.h"
#include "graph/store/tables.h"
#include "tests/support/read_file.h"
#include "tests/support/small_store.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace guanxi::store {
namespace {

namespace fs = std::filesystem;
using ::guanxi::test::ParseAll;
using ::guanxi::test::StatusIs;
using ::guanxi::test::TempDir;
using ::testing::_;

std::unique_ptr<Store> OpenStore(const std::string& path) {
  auto store = Store::Open(path, {.max_bytes = test::kStoreBytes});
  GUANXI_CHECK(store.ok());
  return *std::move(store);
}

absl::Status CopyToFile(const Store& store, const std::string& path) {
  const auto copy = store.Copy();
  if (!copy.ok()) return copy.status();
  fs::copy_file(copy->path(), path, fs::copy_options::overwrite_existing);
  return absl::OkStatus();
}

// Every row of a store that nobody has open: "table key" to value.
std::map<std::string, std::string> AllRows(const std::string& path) {
  const auto env =
      kv::Env::Open(path, kTableNames, {.max_bytes = test::kStoreBytes});
  GUANXI_CHECK(env.ok());
  const auto txn = (*env)->BeginRead();
  GUANXI_CHECK(txn.ok());
  std::map<std::string, std::string> rows;
  for (size_t table = 0; table < std::size(kTableNames); ++table) {
    kv::Cursor cursor = txn->Walk((*env)->table(table));
    for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
      rows[absl::StrCat(kTableNames[table], " ", cursor.key())] =
          std::string(cursor.value());
    }
    GUANXI_CHECK(cursor.status().ok());
  }
  return rows;
}

class BackupTest : public testing::Test {
 protected:
  BackupTest() {
    test::MakeStore(path_, test::kSmallSchema,
                    {test::kSmallWorld, test::kSmallSecond});
    test::MakePast(path_);
  }

  // What lies in the folder of the restored store.
  std::vector<std::string> Left() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(target_.path())) {
      const std::string name = entry.path().filename().string();
      if (name != "graph.owner") names.push_back(name);  // the lock stays
    }
    return names;
  }

  TempDir dir_;
  TempDir target_;
  const std::string path_ = dir_.path() + "/graph";
  const std::string copy_ = dir_.path() + "/copy";
  const std::string restored_ = target_.path() + "/graph";
};

TEST_F(BackupTest, WhatIsRestoredHasEveryRowThatTheStoreHad) {
  ASSERT_OK(CopyToFile(*OpenStore(path_), copy_));

  ASSERT_OK_AND_ASSIGN(const VerifyReport report,
                       RestoreStore(copy_, restored_));

  EXPECT_TRUE(report.clean());
  EXPECT_TRUE(AllRows(restored_) == AllRows(path_));
  EXPECT_OK(OpenStore(restored_)->Commit(
      {.statements = ParseAll("kg 1\n(later :Company)")}));
}

TEST_F(BackupTest, ACopyMadeWhileOthersWriteIsOneState) {
  const std::unique_ptr<Store> store = OpenStore(path_);
  const uint64_t before = store->BeginSnapshot()->revision().number;
  std::atomic<bool> enough = false;
  std::thread writer([&] {
    for (int i = 0; !enough; ++i) {
      EXPECT_OK(store->Commit(
          {.statements = ParseAll(absl::StrCat("kg 1\n(w", i, " :Company)"))}));
    }
  });

  for (int i = 0; i < 5; ++i) {
    EXPECT_OK(CopyToFile(*store, copy_));
    ASSERT_OK_AND_ASSIGN(const VerifyReport report, Store::Check(copy_, {}));
    EXPECT_TRUE(report.clean());
    EXPECT_GE(report.revision.number, before);
  }

  enough = true;
  writer.join();
}

// Values of all sizes: LMDB keeps deleted keys in branch pages, and bytes of
// deleted values behind others.
TEST_F(BackupTest, WhatWasErasedIsInNoCopyAndNotInWhatIsWrittenAnew) {
  constexpr int kEntities = 700;
  const std::string secret = "nobody-may-read-";
  {
    const std::unique_ptr<Store> store = OpenStore(path_);
    std::string kg = "kg 1\n";
    std::vector<Statement> purges;
    for (int i = 0; i < kEntities; ++i) {
      const bool is_secret = i % 7 == 0;
      const std::string name = absl::StrCat(is_secret ? secret : "open-", i);
      const std::string story(static_cast<size_t>(i) * 7, 's');
      absl::StrAppend(&kg, "(", name, " :Person {name: \"", name,
                      "\", story: \"", story, name, "\"}) from s1:", i + 1,
                      "\n");
      if (is_secret) {
        purges.push_back(
            {PurgeEntityStatement{.key = name, .why = "a person"}, {}});
      }
    }
    ASSERT_OK(store->Commit({.statements = ParseAll(kg)}));
    ASSERT_TRUE(absl::StrContains(test::ReadFile(path_), secret));
    ASSERT_OK(store->Commit({.statements = std::move(purges)}));

    ASSERT_OK(CopyToFile(*store, copy_));
  }
  ASSERT_OK(CompactStore(path_).status());

  for (const std::string& file : {copy_, path_}) {
    const std::string bytes = test::ReadFile(file);
    EXPECT_TRUE(absl::StrContains(bytes, "open-1"));
    EXPECT_FALSE(absl::StrContains(bytes, secret));
  }
}

TEST_F(BackupTest, NobodyMakesAStoreWhereOneIsBeingRestored) {
  ASSERT_OK(CopyToFile(*OpenStore(path_), copy_));
  const std::unique_ptr<Store> fresh = OpenStore(restored_);
  fs::remove(restored_);  // as if it came a moment later

  EXPECT_THAT(RestoreStore(copy_, restored_),
              StatusIs(absl::StatusCode::kFailedPrecondition, _));

  EXPECT_FALSE(fs::exists(restored_));
}

TEST_F(BackupTest, RestoringNeverTakesThePlaceOfAStore) {
  ASSERT_OK(CopyToFile(*OpenStore(path_), copy_));
  std::ofstream(restored_) << "something";

  EXPECT_THAT(RestoreStore(copy_, restored_),
              StatusIs(absl::StatusCode::kFailedPrecondition, _));

  EXPECT_EQ(test::ReadFile(restored_), "something");
}

TEST_F(BackupTest, NothingIsMadeOfWhatIsNoSoundCopy) {
  ASSERT_OK(CopyToFile(*OpenStore(path_), copy_));
  const std::string whole = test::ReadFile(copy_);
  const std::string missing = dir_.path() + "/missing";
  EXPECT_THAT(RestoreStore(missing, restored_),
              StatusIs(absl::StatusCode::kNotFound, _));
  for (const size_t size : {size_t{0}, size_t{100}, whole.size() / 2}) {
    std::ofstream(copy_, std::ios::binary) << whole.substr(0, size);
    EXPECT_FALSE(RestoreStore(copy_, restored_).ok()) << size;
  }
  // Damage that only a check sees: a letter of what somebody said.
  std::string damaged = whole;
  const size_t at = damaged.find("own-1");
  ASSERT_NE(at, std::string::npos);
  damaged[at] = 'x';
  std::ofstream(copy_, std::ios::binary) << damaged;
  ASSERT_OK_AND_ASSIGN(const VerifyReport report,
                       RestoreStore(copy_, restored_));
  EXPECT_FALSE(report.clean());

  EXPECT_THAT(Left(), testing::IsEmpty());
}

TEST_F(BackupTest, CompactingKeepsEveryRowInLessRoom) {
  {
    const std::unique_ptr<Store> store = OpenStore(path_);
    const std::string story(100'000, 's');
    ASSERT_OK(store->Commit(
        {.statements = ParseAll(absl::StrCat("kg 1\n(ada).story = \"", story,
                                             "\" from s1 id story-1"))}));
    ASSERT_OK(store->Commit(
        {.statements = {
             {PurgeClaimStatement{.claim = "story-1", .why = "long"}, {}}}}));
  }
  const auto before = AllRows(path_);

  ASSERT_OK_AND_ASSIGN(const Compaction done, CompactStore(path_));

  EXPECT_TRUE(done.report.clean());
  EXPECT_LT(done.bytes_after, done.bytes_before - 50'000);
  EXPECT_EQ(static_cast<int64_t>(fs::file_size(path_)), done.bytes_after);
  EXPECT_TRUE(AllRows(path_) == before);
  EXPECT_OK(OpenStore(path_)->Commit(
      {.statements = ParseAll("kg 1\n(later :Company)")}));
}

TEST_F(BackupTest, AStoreInUseOrDamagedIsNotWrittenAnew) {
  {
    const std::unique_ptr<Store> store = OpenStore(path_);
    EXPECT_THAT(CompactStore(path_),
                StatusIs(absl::StatusCode::kFailedPrecondition, _));
  }
  std::string damaged = test::ReadFile(path_);
  size_t at = damaged.find("own-1");
  for (; at != std::string::npos; at = damaged.find("own-1", at)) {
    damaged[at] = 'x';
  }
  std::ofstream(path_, std::ios::binary) << damaged;

  const auto done = CompactStore(path_);

  EXPECT_FALSE(done.ok() && done->report.clean());
  EXPECT_EQ(test::ReadFile(path_).size(), damaged.size());
  EXPECT_FALSE(fs::exists(path_ + ".draft"));
}

}  // namespace
}  // namespace guanxi::store
