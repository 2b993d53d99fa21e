// Txn is tested against the simplest model of it, a std::map: first by example,
// then by long random histories of commits, aborts and reopens. Env is tested
// against the files, processes and mistakes that it can meet.

#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <lmdb.h>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include "absl/strings/str_cat.h"
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "graph/base/error.h"
#include "graph/kv/env.h"
#include "graph/kv/file_check.h"
#include "graph/kv/location.h"
#include "tests/support/seed.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace guanxi::kv {
namespace {

namespace fs = std::filesystem;
using ::guanxi::test::IsOkAndHolds;
using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::Optional;

constexpr const char* kTables[] = {"t", "u"};

// ThreadSanitizer leaves no room for the default map of 1 TiB.
// Only a power loss would tell `sync` from its absence, and it is slow.
constexpr EnvOptions kExisting = {.max_bytes = 1 << 30, .sync = false};
constexpr EnvOptions kCreate = {
    .max_bytes = 1 << 30, .sync = false, .create_if_missing = true};

// Matches a Status or StatusOr by its code and reason.
MATCHER_P2(FailsWith, code, reason, "fails with the code and reason") {
  const absl::Status status = guanxi::test::StatusOf(arg);
  *result_listener << status.ToString();
  const std::optional<ErrorInfo> info = GetErrorInfo(status);
  return status.code() == code && info.has_value() && info->reason == reason;
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void WriteFile(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

// Prints the seed, since a crash leaves no trace of a scope.
unsigned PrintedSeed() {
  const unsigned seed = guanxi::test::Seed();
  std::printf("GUANXI_TEST_SEED=%u\n", seed);
  return seed;
}

class EnvTest : public ::testing::Test {
 protected:
  void Open(const EnvOptions& options = kCreate) {
    env_.reset();
    ASSERT_OK_AND_ASSIGN(env_, Env::Open(path(), kTables, options));
  }

  absl::Status OpenAgain(const EnvOptions& options = kExisting) {
    return Env::Open(path(), kTables, options).status();
  }

  void Put(const std::string& key, const std::string& value) {
    ASSERT_OK_AND_ASSIGN(WriteTxn txn, env_->BeginWrite());
    ASSERT_OK(txn.Put(table(), key, value));
    ASSERT_OK(std::move(txn).Commit());
  }

  std::optional<std::string> Get(const std::string& key) {
    const absl::StatusOr<ReadTxn> txn = env_->BeginRead();
    EXPECT_OK(txn);
    const auto value = txn->Get(table(), key);
    EXPECT_OK(value);
    if (!value->has_value()) return std::nullopt;
    return std::string(**value);
  }

  void EndTwoReads() {
    ASSERT_OK_AND_ASSIGN(const ReadTxn one, env_->BeginRead());
    ASSERT_OK_AND_ASSIGN(const ReadTxn two, env_->BeginRead());
  }

  std::string path() const { return dir_.path() + "/graph.db"; }
  Table table() const { return env_->table(0); }

  guanxi::test::TempDir dir_;
  std::unique_ptr<Env> env_;
};

class TxnTest : public EnvTest {
 protected:
  void SetUp() override { Open(); }
};

// Runs `body` in a child process, which leaves with status 0 if it is true.
pid_t Fork(const std::function<bool()>& body) {
  const pid_t child = fork();
  if (child == 0) _exit(body() ? 0 : 1);
  return child;
}

int Wait(pid_t child) {
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return status;
}

TEST_F(TxnTest, GetOfAbsentKeyIsNullopt) { EXPECT_EQ(Get("k"), std::nullopt); }

TEST_F(TxnTest, UncommittedWriteLeavesNoTrace) {
  {
    ASSERT_OK_AND_ASSIGN(WriteTxn txn, env_->BeginWrite());
    EXPECT_OK(txn.Put(table(), "k", "v"));
    EXPECT_THAT(txn.Get(table(), "k"), IsOkAndHolds(Optional(Eq("v"))));
  }

  EXPECT_EQ(Get("k"), std::nullopt);
}

TEST_F(TxnTest, TablesAreApart) {
  Put("k", "v");

  ASSERT_OK_AND_ASSIGN(ReadTxn txn, env_->BeginRead());
  EXPECT_THAT(txn.Get(env_->table(1), "k"), IsOkAndHolds(Eq(std::nullopt)));
}

TEST_F(TxnTest, ReaderKeepsItsSnapshot) {
  Put("k", "old");
  ASSERT_OK_AND_ASSIGN(ReadTxn txn, env_->BeginRead());

  Put("k", "new");

  EXPECT_THAT(txn.Get(table(), "k"), IsOkAndHolds(Optional(Eq("old"))));
  EXPECT_EQ(Get("k"), "new");
}

TEST_F(TxnTest, ReaderMayMoveToAnotherThread) {
  Put("k", "v");
  ASSERT_OK_AND_ASSIGN(ReadTxn txn, env_->BeginRead());

  std::thread([this, moved = std::move(txn)] {
    EXPECT_THAT(moved.Get(table(), "k"), IsOkAndHolds(Optional(Eq("v"))));
  }).join();
}

TEST_F(TxnTest, ReadAfterAnotherSeesWhatWasCommittedSince) {
  for (const char* value : {"a", "b", "c"}) {
    Put("k", value);
    EXPECT_EQ(Get("k"), value);
  }
}

TEST_F(TxnTest, ReadsThatEndedHoldUpNothing) {
  std::vector<absl::StatusOr<ReadTxn>> many;
  for (int i = 0; i < 100; ++i) many.push_back(env_->BeginRead());
  EXPECT_OK(many.back());
  many.clear();
  Put("k", "v");

  ASSERT_OK_AND_ASSIGN(const EnvStat stat, env_->Stat());
  EXPECT_EQ(stat.readers, 1);  // itself
  EXPECT_EQ(stat.oldest_read_txn_id, stat.last_txn_id);
}

TEST_F(TxnTest, WritersOfManyThreadsTakeTurns) {
  Put("k", "");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] {
      for (int n = 0; n < 50; ++n) {
        ASSERT_OK_AND_ASSIGN(WriteTxn txn, env_->BeginWrite());
        ASSERT_OK_AND_ASSIGN(const auto value, txn.Get(table(), "k"));
        ASSERT_OK(txn.Put(table(), "k", absl::StrCat(*value, "x")));
        if (n % 2 == 0) {
          ASSERT_OK(std::move(txn).Commit());
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();

  EXPECT_EQ(Get("k"), std::string(4 * 25, 'x'));
}

TEST_F(TxnTest, KeyThatCannotBeIsNotFound) {
  ASSERT_OK_AND_ASSIGN(WriteTxn txn, env_->BeginWrite());
  for (const size_t bytes : {size_t{0}, kMaxKeyBytes + 1, size_t{100000}}) {
    const std::string key(bytes, 'k');
    EXPECT_THAT(txn.Get(table(), key), IsOkAndHolds(Eq(std::nullopt)));
    EXPECT_THAT(txn.Delete(table(), key), IsOkAndHolds(false));
  }
}

TEST_F(TxnTest, LongestKeyWorks) {
  const std::string key(kMaxKeyBytes, 'k');

  Put(key, "v");

  EXPECT_EQ(Get(key), "v");
}

TEST_F(TxnTest, ValueMayBeEmptyOrLarge) {
  const std::string large(1 << 20, 'x');

  Put("empty", "");
  Put("large", large);

  EXPECT_EQ(Get("empty"), "");
  EXPECT_EQ(Get("large"), large);
}

TEST_F(TxnTest, IdIsThatOfTheCommit) {
  Put("k", "v");
  ASSERT_OK_AND_ASSIGN(ReadTxn before, env_->BeginRead());
  ASSERT_OK_AND_ASSIGN(WriteTxn txn, env_->BeginWrite());
  EXPECT_EQ(txn.id(), before.id() + 1);
  ASSERT_OK(txn.Put(table(), "k", "w"));
  const uint64_t id = txn.id();
  ASSERT_OK(std::move(txn).Commit());

  ASSERT_OK_AND_ASSIGN(ReadTxn after, env_->BeginRead());
  EXPECT_EQ(after.id(), id);
}

TEST_F(TxnTest, IdOfAnAbortIsUsedAgain) {
  uint64_t id = 0;
  {
    ASSERT_OK_AND_ASSIGN(WriteTxn txn, env_->BeginWrite());
    ASSERT_OK(txn.Put(table(), "k", "v"));
    id = txn.id();
  }

  ASSERT_OK_AND_ASSIGN(WriteTxn txn, env_->BeginWrite());
  EXPECT_EQ(txn.id(), id);
}

TEST_F(TxnTest, WalkVisitsAPrefixInKeyOrder) {
  for (const char* key : {"b2", "a", "b1", "c"}) Put(key, "");
  ASSERT_OK_AND_ASSIGN(ReadTxn txn, env_->BeginRead());

  std::vector<std::string> keys;
  Cursor cursor = txn.Walk(table());
  for (cursor.Seek("b"); cursor.InPrefix("b"); cursor.Next()) {
    keys.emplace_back(cursor.key());
  }

  EXPECT_OK(cursor.status());
  EXPECT_THAT(keys, ElementsAre("b1", "b2"));
}

TEST_F(TxnTest, SeekOfTheEmptyKeyIsTheFirst) {
  Put("b", "");
  ASSERT_OK_AND_ASSIGN(ReadTxn txn, env_->BeginRead());
  Cursor cursor = txn.Walk(table());

  cursor.Seek("");

  ASSERT_TRUE(cursor.Valid());
  EXPECT_EQ(cursor.key(), "b");
}

TEST_F(TxnTest, WalkOfAnEmptyTableIsAtItsEnd) {
  ASSERT_OK_AND_ASSIGN(ReadTxn txn, env_->BeginRead());
  Cursor cursor = txn.Walk(table());

  cursor.Seek("");
  EXPECT_FALSE(cursor.Valid());
  cursor.SeekAtOrBefore("k");
  EXPECT_FALSE(cursor.Valid());

  EXPECT_OK(cursor.status());
}

TEST_F(TxnTest, SeekAtOrBeforeFindsTheLastKeyNotBehind) {
  for (const char* key : {"b", "d"}) Put(key, "");
  ASSERT_OK_AND_ASSIGN(ReadTxn txn, env_->BeginRead());
  Cursor cursor = txn.Walk(table());

  std::vector<std::string> found;
  for (const char* key : {"", "a", "b", "c", "d", "e"}) {
    cursor.SeekAtOrBefore(key);
    found.emplace_back(cursor.Valid() ? cursor.key() : "none");
  }

  EXPECT_OK(cursor.status());
  EXPECT_THAT(found, ElementsAre("none", "none", "b", "b", "d", "d"));
}

TEST_F(TxnTest, PrevWalksBackToTheStart) {
  for (const char* key : {"a", "b", "c"}) Put(key, "");
  ASSERT_OK_AND_ASSIGN(ReadTxn txn, env_->BeginRead());
  Cursor cursor = txn.Walk(table());

  std::vector<std::string> keys;
  for (cursor.Seek("c"); cursor.Valid(); cursor.Prev()) {
    keys.emplace_back(cursor.key());
  }

  EXPECT_THAT(keys, ElementsAre("c", "b", "a"));
}

TEST_F(TxnTest, FullStoreFailsTheTransactionOnly) {
  Open({.max_bytes = 1 << 20});
  Put("k", "v");
  {
    ASSERT_OK_AND_ASSIGN(WriteTxn txn, env_->BeginWrite());
    EXPECT_THAT(txn.Put(table(), "large", std::string(2 << 20, 'x')),
                FailsWith(absl::StatusCode::kResourceExhausted, "STORE_FULL"));
    EXPECT_FALSE(std::move(txn).Commit().ok());
  }

  EXPECT_EQ(Get("large"), std::nullopt);
  Put("k", "w");
  EXPECT_EQ(Get("k"), "w");
}

// Caps the size of the files that this process may write.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit = {bytes, old_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit old_ = {};
  void (*handler_)(int) = nullptr;
};

TEST_F(TxnTest, FullDiskFailsTheTransactionOnly) {
  Put("k", "v");
  {
    ASSERT_OK_AND_ASSIGN(WriteTxn txn, env_->BeginWrite());
    ASSERT_OK(txn.Put(table(), "large", std::string(2 << 20, 'x')));
    const FileSizeLimit limit(fs::file_size(path()));
    EXPECT_FALSE(std::move(txn).Commit().ok());
  }

  EXPECT_EQ(Get("k"), "v");
  EXPECT_EQ(Get("large"), std::nullopt);
  Put("k", "w");
  Open(kExisting);
  EXPECT_EQ(Get("k"), "w");
}

TEST_F(TxnTest, OneReaderTooManyIsRefused) {
  env_.reset();
  fs::remove(path() + "-lock");  // which keeps the larger number
  Open({.max_bytes = 1 << 30, .max_readers = 2});
  ASSERT_OK_AND_ASSIGN(ReadTxn first, env_->BeginRead());
  {
    ASSERT_OK_AND_ASSIGN(ReadTxn second, env_->BeginRead());
    EXPECT_THAT(
        env_->BeginRead(),
        FailsWith(absl::StatusCode::kResourceExhausted, "READERS_FULL"));
  }

  EXPECT_OK(env_->BeginRead());
}

using TxnDeathTest = TxnTest;

TEST_F(TxnDeathTest, CommitWithAnOpenCursorIsABug) {
  ASSERT_OK_AND_ASSIGN(WriteTxn txn, env_->BeginWrite());
  Cursor cursor = txn.Walk(table());
  EXPECT_DEATH((void)std::move(txn).Commit(), "open_cursors_ == 0");
}

TEST_F(TxnDeathTest, PutOfAKeyThatCannotBeIsABug) {
  ASSERT_OK_AND_ASSIGN(WriteTxn txn, env_->BeginWrite());
  EXPECT_DEATH((void)txn.Put(table(), "", "v"), "IsKey");
  EXPECT_DEATH((void)txn.Put(table(), std::string(512, 'k'), "v"), "IsKey");
}

TEST_F(TxnDeathTest, SecondWriterOfAThreadIsABug) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  ASSERT_OK_AND_ASSIGN(WriteTxn txn, env_->BeginWrite());
  EXPECT_DEATH((void)env_->BeginWrite(), "writer_ != ");
  GTEST_FLAG_SET(death_test_style, "fast");
}

TEST_F(TxnDeathTest, UseInAForkedChildIsABug) {
  EXPECT_DEATH((void)env_->BeginRead(), "fork_count_");
  EXPECT_DEATH((void)env_->BeginWrite(), "fork_count_");
}

TEST_F(EnvTest, OpenOfAMissingFileIsNotFoundAndLeavesNothing) {
  EXPECT_THAT(OpenAgain(),
              FailsWith(absl::StatusCode::kNotFound, "STORE_NOT_FOUND"));
  EXPECT_TRUE(fs::is_empty(dir_.path()));
}

TEST_F(EnvTest, OpenInAMissingFolderIsNotFound) {
  for (const char* path :
       {"/no/such/folder/graph.db", "/no/such/folder/", ""}) {
    EXPECT_THAT(Env::Open(path, kTables, kCreate),
                FailsWith(absl::StatusCode::kNotFound, "STORE_NOT_FOUND"));
  }
}

TEST_F(EnvTest, CreatesOneFileThatOthersCannotRead) {
  Open();

  EXPECT_EQ(fs::status(path()).permissions() & fs::perms(0137), fs::perms(0));
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(dir_.path())) {
    names.push_back(entry.path().filename());
  }
  EXPECT_THAT(names, ::testing::UnorderedElementsAre(
                         "graph.db", "graph.db-lock", "graph.db.owner"));
}

TEST_F(EnvTest, DraftOfACrashedCreationIsNoStore) {
  WriteFile(path() + ".draft", "half a store");

  Open();

  EXPECT_FALSE(fs::exists(path() + ".draft"));
}

TEST_F(EnvTest, ReopenKeepsWhatWasCommitted) {
  Open();
  Put("k", "v");
  Open(kExisting);
  EXPECT_EQ(Get("k"), "v");
}

TEST_F(EnvTest, SyncedCommitsWork) {
  Open({.max_bytes = 1 << 30, .create_if_missing = true});
  Put("k", "v");
  EXPECT_EQ(Get("k"), "v");
}

TEST_F(EnvTest, ReopenDoesNotWrite) {
  Open();
  Put("k", "v");
  env_.reset();
  const std::string before = ReadFile(path());
  Open(kExisting);
  env_.reset();
  EXPECT_EQ(ReadFile(path()), before);
}

TEST_F(EnvTest, NewTableIsAddedToAnOldFile) {
  Open();
  Put("k", "v");
  env_.reset();

  constexpr const char* kMore[] = {"t", "u", "w"};
  ASSERT_OK_AND_ASSIGN(env_, Env::Open(path(), kMore, kExisting));

  EXPECT_EQ(Get("k"), "v");
}

TEST_F(EnvTest, FileLargerThanTheLimitStillOpens) {
  Open();
  Put("k", std::string(4 << 20, 'x'));

  Open({.max_bytes = 1 << 20});

  EXPECT_EQ(Get("k")->size(), 4U << 20);
}

TEST_F(EnvTest, StatCounts) {
  Open();
  Put("a", "");
  Put("b", std::string(1 << 20, 'x'));

  ASSERT_OK_AND_ASSIGN(const EnvStat stat, env_->Stat());

  EXPECT_THAT(stat.table_entries, ElementsAre(2, 0));
  EXPECT_EQ(stat.max_bytes, 1 << 30);
  EXPECT_EQ(stat.used_bytes, static_cast<int64_t>(fs::file_size(path())));
  ASSERT_OK_AND_ASSIGN(const ReadTxn txn, env_->BeginRead());
  EXPECT_EQ(stat.last_txn_id, txn.id());
}

TEST_F(EnvTest, UnsyncedBulkLoadCanBeMadeDurable) {
  Open(kCreate);
  Put("k", "v");
  EXPECT_OK(env_->Sync());
}

// Who else has the store.

TEST_F(EnvTest, SecondOpenIsRefusedUntilTheFirstIsClosed) {
  Open();

  for (const EnvOptions& options : {kExisting, kCreate}) {
    const absl::Status status = OpenAgain(options);
    EXPECT_THAT(status, FailsWith(absl::StatusCode::kFailedPrecondition,
                                  "STORE_IN_USE"));
    EXPECT_THAT(status.message(), HasSubstr("this process"));
  }

  env_.reset();
  EXPECT_OK(OpenAgain());
}

TEST_F(EnvTest, SecondOpenByAnotherNameIsRefused) {
  Open();
  const std::string link = dir_.path() + "/symbolic.db";
  const std::string name = dir_.path() + "/hard.db";
  fs::create_symlink(path(), link);
  fs::create_hard_link(path(), name);

  for (const std::string& other : {link, name, dir_.path() + "/./graph.db"}) {
    EXPECT_THAT(
        Env::Open(other, kTables, kCreate),
        FailsWith(absl::StatusCode::kFailedPrecondition, "STORE_IN_USE"));
  }
}

TEST_F(EnvTest, RefusedOpenLeavesTheFirstAtWork) {
  Open();
  EXPECT_FALSE(OpenAgain().ok());
  Put("k", "v");
  EXPECT_EQ(Get("k"), "v");
}

TEST_F(EnvTest, StoreOfAnotherProcessIsRefusedUntilThatIsKilled) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = Fork([&] {
    Open();
    Put("k", "v");
    const auto reader = env_->BeginRead();
    auto writer = env_->BeginWrite();
    if (!writer->Put(table(), "k", "lost").ok()) return false;
    (void)!write(ready[1], "", 1);
    return pause() == 0;
  });
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);

  const absl::Status status = OpenAgain();
  EXPECT_THAT(status,
              FailsWith(absl::StatusCode::kFailedPrecondition, "STORE_IN_USE"));
  EXPECT_THAT(status.message(), HasSubstr(absl::StrCat("process ", child)));

  kill(child, SIGKILL);
  Wait(child);
  close(ready[0]);
  close(ready[1]);
  Open(kExisting);
  EXPECT_THAT(env_->ClearDeadReaders(), IsOkAndHolds(0));
  EXPECT_EQ(Get("k"), "v");
  Put("k", "w");
  EXPECT_EQ(Get("k"), "w");
}

TEST_F(EnvTest, ForkedChildThatClosesDoesNotDisturb) {
  Open();
  ASSERT_OK_AND_ASSIGN(const ReadTxn txn, env_->BeginRead());
  EndTwoReads();

  const pid_t child = Fork([&] {
    env_.reset();
    return OpenAgain().code() == absl::StatusCode::kFailedPrecondition;
  });

  EXPECT_EQ(Wait(child), 0);
  EXPECT_FALSE(OpenAgain().ok());
  Put("k", "v");
  EXPECT_EQ(Get("k"), "v");
  // The places of reads that had ended are the parent's still.
  ASSERT_OK_AND_ASSIGN(const ReadTxn one, env_->BeginRead());
  ASSERT_OK_AND_ASSIGN(const ReadTxn two, env_->BeginRead());
  EXPECT_EQ(env_->Stat()->readers, 4);  // with the first, and its own
}

TEST_F(EnvTest, ClosedStoreCanBeOpenedThoughAChildLivesOn) {
  Open();
  int done[2];
  ASSERT_EQ(pipe(done), 0);
  const pid_t child = Fork([&] {
    char byte = 0;
    close(done[1]);
    return read(done[0], &byte, 1) == 0;
  });

  env_.reset();
  EXPECT_OK(OpenAgain());

  close(done[0]);
  close(done[1]);
  EXPECT_EQ(Wait(child), 0);
}

// What else may stand at the path.

class BadFileTest : public EnvTest {
 protected:
  void ExpectRefused(absl::StatusCode code, const char* reason) {
    const std::string before = ReadFile(path());
    for (const EnvOptions& options : {kExisting, kCreate}) {
      const absl::Status status = OpenAgain(options);
      EXPECT_THAT(status, FailsWith(code, reason));
      EXPECT_THAT(status.message(), HasSubstr("graph.db"));
    }
    EXPECT_EQ(ReadFile(path()), before);
  }

  // A closed store with some content.
  std::string MakeStore() {
    Open();
    for (int i = 0; i < 200; ++i) Put(absl::StrCat(i), std::string(500, 'x'));
    env_.reset();
    return ReadFile(path());
  }

  void PatchBothHeaders(size_t offset, uint32_t value) {
    std::string bytes = MakeStore();
    const auto page_bytes = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    std::memcpy(bytes.data() + offset, &value, sizeof(value));
    std::memcpy(bytes.data() + page_bytes + offset, &value, sizeof(value));
    WriteFile(path(), bytes);
  }
};

TEST_F(BadFileTest, EmptyFileIsNotTakenForANewStore) {
  WriteFile(path(), "");
  ExpectRefused(absl::StatusCode::kDataLoss, "STORE_DAMAGED");
}

TEST_F(BadFileTest, TextIsNoStore) {
  WriteFile(path(), "id,name\n");
  ExpectRefused(absl::StatusCode::kFailedPrecondition, "STORE_UNUSABLE");
  WriteFile(path(), std::string(100000, 'x'));
  ExpectRefused(absl::StatusCode::kFailedPrecondition, "STORE_UNUSABLE");
}

TEST_F(BadFileTest, FolderIsNoStore) {
  fs::create_directory(path());
  EXPECT_THAT(OpenAgain(), FailsWith(absl::StatusCode::kFailedPrecondition,
                                     "STORE_UNUSABLE"));
}

TEST_F(BadFileTest, OtherVersionOfTheFormatIsRefused) {
  PatchBothHeaders(20, 999);
  ExpectRefused(absl::StatusCode::kFailedPrecondition, "STORE_UNUSABLE");
}

TEST_F(BadFileTest, OtherByteOrderIsRefused) {
  PatchBothHeaders(16, 0xDEC0EFBE);
  ExpectRefused(absl::StatusCode::kFailedPrecondition, "STORE_UNUSABLE");
}

TEST_F(BadFileTest, HeaderWithoutAPageSizeIsRefused) {
  PatchBothHeaders(40, 0);
  ExpectRefused(absl::StatusCode::kDataLoss, "STORE_DAMAGED");
}

TEST_F(BadFileTest, FileCutShortAnywhereIsRefused) {
  const std::string whole = MakeStore();
  for (size_t bytes = 512; bytes < whole.size(); bytes += 2048) {
    SCOPED_TRACE(bytes);
    WriteFile(path(), whole.substr(0, bytes));
    ExpectRefused(absl::StatusCode::kDataLoss, "STORE_DAMAGED");
  }
}

// LMDB does not write pages that a transaction takes and gives back. Leaves
// such a file closed.
class ShortFileTest : public BadFileTest {
 protected:
  void SetUp() override {
    Open();
    for (int i = 0; i < 5; ++i) {
      ASSERT_OK_AND_ASSIGN(WriteTxn txn, env_->BeginWrite());
      for (const char* key : {"a", "b", "c"}) {
        ASSERT_OK(txn.Put(table(), key, std::string(900000, 'x')));
      }
      ASSERT_OK(txn.Delete(table(), "c"));
      ASSERT_OK(txn.Delete(table(), "b"));
      ASSERT_OK(std::move(txn).Commit());
    }
    ASSERT_OK_AND_ASSIGN(const EnvStat stat, env_->Stat());
    ASSERT_LT(fs::file_size(path()), static_cast<size_t>(stat.used_bytes));
    env_.reset();
  }
};

TEST_F(ShortFileTest, FileThatLacksOnlyFreePagesIsSound) {
  Open(kExisting);
  EXPECT_EQ(Get("a")->size(), 900000U);
  EXPECT_EQ(Get("b"), std::nullopt);
}

TEST_F(ShortFileTest, FileThatLacksUsedPagesTooIsRefused) {
  ASSERT_OK(CheckFile(path()));
  bool cut_a_page_in_use = false;
  while (fs::file_size(path()) > 8192) {
    fs::resize_file(path(), fs::file_size(path()) - 4096);
    const absl::Status status = CheckFile(path());
    // Free pages that were written may be lost too.
    cut_a_page_in_use = cut_a_page_in_use || !status.ok();
    ASSERT_EQ(status.ok(), !cut_a_page_in_use);
  }
  EXPECT_TRUE(cut_a_page_in_use);
}

TEST_F(ShortFileTest, CheckOfAGarbledFileDoesNotCrash) {
  std::mt19937 random(PrintedSeed());
  const std::string whole = ReadFile(path());

  std::fstream file(path(), std::ios::binary | std::ios::in | std::ios::out);
  for (int i = 0; i < 3000; ++i) {
    // Mostly where the check looks: headers of pages and of the file.
    const size_t page =
        i % 2 == 0 ? random() % 2 : random() % (whole.size() / 4096);
    const size_t at = page * 4096 + random() % 160;
    const char flipped = static_cast<char>(whole[at] ^ (1 << random() % 8));
    file.seekp(static_cast<std::streamoff>(at)).put(flipped).flush();
    static_cast<void>(CheckFile(path()));
    file.seekp(static_cast<std::streamoff>(at)).put(whole[at]).flush();
  }
  EXPECT_OK(CheckFile(path()));
}

// Makes an LMDB file that is not ours.
void MakeForeignFile(const std::string& path, const char* table,
                     unsigned flags) {
  MDB_env* env = nullptr;
  MDB_txn* txn = nullptr;
  MDB_dbi dbi = 0;
  ASSERT_EQ(mdb_env_create(&env), 0);
  ASSERT_EQ(mdb_env_set_maxdbs(env, 1), 0);
  ASSERT_EQ(mdb_env_open(env, path.c_str(), MDB_NOSUBDIR, 0640), 0);
  ASSERT_EQ(mdb_txn_begin(env, nullptr, 0, &txn), 0);
  ASSERT_EQ(mdb_dbi_open(txn, table, MDB_CREATE | flags, &dbi), 0);
  ASSERT_EQ(mdb_txn_commit(txn), 0);
  mdb_env_close(env);
}

TEST_F(BadFileTest, LmdbFileOfAnotherProgramIsLeftAlone) {
  MakeForeignFile(path(), "theirs", 0);
  const std::string before = ReadFile(path());
  EXPECT_THAT(
      OpenAgain(kCreate),
      FailsWith(absl::StatusCode::kFailedPrecondition, "STORE_UNUSABLE"));
  EXPECT_EQ(ReadFile(path()), before);
}

TEST_F(BadFileTest, TableOfAnotherKindIsRefused) {
  MakeForeignFile(path(), "t", MDB_DUPSORT);
  EXPECT_THAT(OpenAgain(), FailsWith(absl::StatusCode::kFailedPrecondition,
                                     "STORE_UNUSABLE"));
}

TEST_F(BadFileTest, FileThatMayNotBeWrittenIsRefused) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everything";
  MakeStore();
  fs::permissions(path(), fs::perms(0440));
  EXPECT_THAT(OpenAgain(),
              FailsWith(absl::StatusCode::kPermissionDenied, "STORE_UNUSABLE"));
}

TEST(LocationTest, NetworkDisksAreRefused) {
  for (const int64_t type : {0x6969L, 0x517BL, 0xFE534D42L, 0xFF534D42L,
                             0x5346414FL, 0x6B414653L, -0xACB2BEL}) {
    const absl::Status status = RefuseNetworkType(type, "/mnt/x");
    EXPECT_THAT(status, FailsWith(absl::StatusCode::kFailedPrecondition,
                                  "STORE_UNUSABLE"));
    EXPECT_THAT(status.message(), HasSubstr("local disk"));
  }
  constexpr int64_t kExt4 = 0xEF53;
  EXPECT_OK(RefuseNetworkType(kExt4, "/"));
}

TEST(LmdbTest, IsRecentEnough) {
  int major = 0;
  int minor = 0;
  int patch = 0;
  mdb_version(&major, &minor, &patch);
  EXPECT_GE(MDB_VERINT(major, minor, patch), MDB_VERINT(0, 9, 24));
}

TEST_F(TxnTest, RandomHistoryMatchesMap) {
  std::mt19937 random(PrintedSeed());
  std::map<std::string, std::string> model;

  for (int step = 0; step < 300; ++step) {
    if (random() % 10 == 0) Open(kExisting);
    ASSERT_OK_AND_ASSIGN(WriteTxn txn, env_->BeginWrite());
    auto draft = model;
    const bool mostly_deletes = random() % 3 == 0;
    for (auto n = random() % (step % 10 == 0 ? 500 : 8); n > 0; --n) {
      const std::string key = absl::StrCat("k", random() % 200);
      if (random() % 4 < (mostly_deletes ? 3 : 1)) {
        ASSERT_THAT(txn.Delete(table(), key),
                    IsOkAndHolds(draft.erase(key) == 1));
      } else {
        draft[key] = std::string(random() % 3000, static_cast<char>(random()));
        ASSERT_OK(txn.Put(table(), key, draft[key]));
      }
    }
    if (random() % 4 != 0) {
      ASSERT_OK(std::move(txn).Commit());
      model = draft;
    }
  }

  Open(kExisting);
  ASSERT_OK_AND_ASSIGN(ReadTxn txn, env_->BeginRead());
  std::map<std::string, std::string> stored;
  Cursor cursor = txn.Walk(table());
  for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
    stored.emplace(cursor.key(), cursor.value());
  }
  ASSERT_OK(cursor.status());
  EXPECT_EQ(stored, model);
}

}  // namespace
}  // namespace guanxi::kv
