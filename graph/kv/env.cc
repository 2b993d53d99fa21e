#include "graph/kv/env.h"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <lmdb.h>
#include <unistd.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <sys/stat.h>

#include "graph/base/check.h"
#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/kv/draft_file.h"
#include "graph/kv/file_check.h"
#include "graph/kv/lmdb_error.h"
#include "graph/kv/lmdb_value.h"
#include "graph/kv/location.h"
#include "graph/kv/ownership.h"

namespace guanxi::kv {
namespace {

constexpr int kOldestLmdb = MDB_VERINT(0, 9, 24);

absl::StatusOr<MDB_txn*> Begin(MDB_env* env, unsigned flags) {
  MDB_txn* txn = nullptr;
  RETURN_IF_ERROR(
      FromLmdb(mdb_txn_begin(env, nullptr, flags, &txn), "mdb_txn_begin"));
  return txn;
}

absl::Status CheckLmdbVersion() {
  int major = 0;
  int minor = 0;
  int patch = 0;
  const char* text = mdb_version(&major, &minor, &patch);
  if (MDB_VERINT(major, minor, patch) >= kOldestLmdb) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition, "STORE_UNUSABLE",
                   absl::StrCat("expected LMDB 0.9.24 or later, got ", text),
                   {{"cause", text}});
}

absl::StatusOr<bool> Exists(const std::string& path) {
  struct stat info = {};
  if (stat(path.c_str(), &info) == 0) return true;
  if (errno == ENOENT) return false;
  return FromLmdb(errno, absl::StrCat("stat of '", path, "'"));
}

// Read-ahead is waste once the file does not fit into memory.
bool OutgrowsMemory(const std::string& path) {
  struct stat info = {};
  if (stat(path.c_str(), &info) != 0) return false;
  const int64_t memory_bytes =
      int64_t{sysconf(_SC_PHYS_PAGES)} * sysconf(_SC_PAGESIZE);
  return info.st_size > memory_bytes / 2;
}

unsigned FlagsFor(const std::string& path, const EnvOptions& options) {
  // NOTLS ties a reader's slot to its transaction instead of its thread, so
  // that an RPC may move between threads.
  unsigned flags = MDB_NOSUBDIR | MDB_NOTLS;
  if (!options.sync) flags |= MDB_NOSYNC;
  if (OutgrowsMemory(path)) flags |= MDB_NORDAHEAD;
  return flags;
}

absl::StatusOr<Table> OpenTable(MDB_txn* txn, const char* name,
                                unsigned flags) {
  Table table;
  const int rc = mdb_dbi_open(txn, name, flags, &table.dbi);
  RETURN_IF_ERROR(
      FromLmdb(rc == MDB_NOTFOUND ? MDB_INCOMPATIBLE : rc, "mdb_dbi_open"));
  unsigned kind = 0;
  RETURN_IF_ERROR(
      FromLmdb(mdb_dbi_flags(txn, table.dbi, &kind), "mdb_dbi_flags"));
  if (kind != 0) return FromLmdb(MDB_INCOMPATIBLE, "mdb_dbi_flags");
  return table;
}

// Takes a line of LMDB's list of readers into an EnvStat: a process, a thread
// and the transaction, `-` if there is none. The first line is a heading.
int CountReader(const char* line, void* stat) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(line, absl::ByAnyChar(" \n"), absl::SkipEmpty());
  uint64_t txn_id = 0;
  if (words.empty() || !absl::SimpleAtoi(words.back(), &txn_id)) return 0;
  auto& result = *static_cast<EnvStat*>(stat);
  ++result.readers;
  result.oldest_read_txn_id = std::min(result.oldest_read_txn_id, txn_id);
  return 0;
}

// So many bytes of rows are written in one transaction of a copy.
constexpr size_t kCopiedAtOnce = 16 << 20;

// Writes rows behind each other into a table that has none.
absl::Status CopyTable(Cursor from, MDB_env* to, Table table,
                       const std::function<bool()>& cancelled) {
  from.Seek("");
  while (from.Valid()) {
    if (cancelled && cancelled()) {
      return MakeError(absl::StatusCode::kCancelled, "CANCELLED",
                       "the copy was cancelled");
    }
    ASSIGN_OR_RETURN(MDB_txn * raw, Begin(to, 0));
    std::unique_ptr<MDB_txn, void (*)(MDB_txn*)> txn(raw, mdb_txn_abort);
    size_t bytes = 0;
    for (; from.Valid() && bytes < kCopiedAtOnce; from.Next()) {
      MDB_val key = ToVal(from.key());
      MDB_val value = ToVal(from.value());
      const int rc = mdb_put(raw, table.dbi, &key, &value, MDB_APPEND);
      // Keys that do not ascend are those of a damaged page.
      RETURN_IF_ERROR(
          FromLmdb(rc == MDB_KEYEXIST ? MDB_CORRUPTED : rc, "mdb_put"));
      bytes += key.mv_size + value.mv_size;
    }
    RETURN_IF_ERROR(FromLmdb(mdb_txn_commit(txn.release()), "mdb_txn_commit"));
  }
  return from.status();
}

// Linux forgets a page that it could not write, and no sync sees to it any
// more. So the two pages that say what counts are written again as the file
// shows them.
absl::Status WriteHeadersAgain(MDB_env* env) {
  MDB_stat stat = {};
  RETURN_IF_ERROR(FromLmdb(mdb_env_stat(env, &stat), "mdb_env_stat"));
  int fd = -1;
  RETURN_IF_ERROR(FromLmdb(mdb_env_get_fd(env, &fd), "mdb_env_get_fd"));
  std::string headers(size_t{2} * stat.ms_psize, '\0');
  ssize_t done = pread(fd, headers.data(), headers.size(), 0);
  if (done == std::ssize(headers)) {
    done = pwrite(fd, headers.data(), headers.size(), 0);
  }
  if (done == std::ssize(headers)) return absl::OkStatus();
  return FromLmdb(done < 0 ? errno : EIO, "pwrite of the headers");
}

// A file without the first table is someone else's, unless it is new.
absl::StatusOr<std::vector<Table>> OpenTables(
    MDB_env* env, absl::Span<const char* const> names, unsigned first_flags) {
  ASSIGN_OR_RETURN(MDB_txn * raw, Begin(env, 0));
  std::unique_ptr<MDB_txn, void (*)(MDB_txn*)> txn(raw, mdb_txn_abort);
  std::vector<Table> tables;
  for (const char* name : names) {
    const unsigned flags = tables.empty() ? first_flags : MDB_CREATE;
    ASSIGN_OR_RETURN(const Table table, OpenTable(raw, name, flags));
    tables.push_back(table);
  }
  RETURN_IF_ERROR(FromLmdb(mdb_txn_commit(txn.release()), "mdb_txn_commit"));
  return tables;
}

}  // namespace

void Env::Close::operator()(MDB_env* env) const { mdb_env_close(env); }

Env::Env(std::string path, absl::Span<const char* const> tables,
         const EnvOptions& options)
    : fork_count_(ForkCount()),
      path_(std::move(path)),
      table_names_(tables.begin(), tables.end()),
      options_(options) {}

Env::~Env() {
  // Closing it in a child would free the readers' places of the parent.
  if (fork_count_ == ForkCount()) return;
  idle_reads_.Abandon();
  static_cast<void>(env_.release());
}

absl::StatusOr<Env::Handle> Env::OpenFile(const std::string& path,
                                          size_t table_count,
                                          const EnvOptions& options) {
  GUANXI_CHECK(options.max_bytes > 0 && options.max_readers > 0);
  MDB_env* raw = nullptr;
  RETURN_IF_ERROR(FromLmdb(mdb_env_create(&raw), "mdb_env_create"));
  Handle env(raw);
  RETURN_IF_ERROR(
      FromLmdb(mdb_env_set_mapsize(raw, static_cast<size_t>(options.max_bytes)),
               "mdb_env_set_mapsize"));
  RETURN_IF_ERROR(
      FromLmdb(mdb_env_set_maxdbs(raw, static_cast<MDB_dbi>(table_count)),
               "mdb_env_set_maxdbs"));
  RETURN_IF_ERROR(FromLmdb(
      mdb_env_set_maxreaders(raw, static_cast<unsigned>(options.max_readers)),
      "mdb_env_set_maxreaders"));
  RETURN_IF_ERROR(FromLmdb(
      mdb_env_open(raw, path.c_str(), FlagsFor(path, options), kFileMode),
      absl::StrCat("mdb_env_open of '", path, "'")));
  return env;
}

absl::Status Env::CreateIfMissing(const std::string& path,
                                  absl::Span<const char* const> tables,
                                  const EnvOptions& options) {
  ASSIGN_OR_RETURN(const bool exists, Exists(path));
  if (exists) return absl::OkStatus();
  // Under another name first, so that a crash leaves no half a store.
  ASSIGN_OR_RETURN(DraftFile draft, DraftFile::Create(path));
  RETURN_IF_ERROR(draft.Close());
  {
    ASSIGN_OR_RETURN(const Handle env,
                     OpenFile(draft.path(), tables.size(), options));
    RETURN_IF_ERROR(OpenTables(env.get(), tables, MDB_CREATE).status());
  }
  return std::move(draft).Install();
}

absl::StatusOr<std::unique_ptr<Env>> Env::Open(
    const std::string& path, absl::Span<const char* const> tables,
    const EnvOptions& options) {
  GUANXI_CHECK(!tables.empty());
  RETURN_IF_ERROR(CheckLmdbVersion());
  ASSIGN_OR_RETURN(const std::string file, ResolvePath(path));
  RETURN_IF_ERROR(RefuseNetworkDisk(FolderOf(file)));
  ASSIGN_OR_RETURN(const bool exists, Exists(file));
  if (!exists && !options.create_if_missing) {  // before the lock leaves a file
    return FromLmdb(ENOENT, absl::StrCat("stat of '", file, "'"));
  }

  std::unique_ptr<Env> env(new Env(file, tables, options));
  ASSIGN_OR_RETURN(env->owner_, OwnerLock::Take(file));
  DraftFile::RemoveLeftOver(file);
  if (options.create_if_missing) {
    RETURN_IF_ERROR(CreateIfMissing(file, tables, options));
  }
  ASSIGN_OR_RETURN(env->claim_, FileClaim::Take(file));
  MutexLock lock(env->recovery_);
  RETURN_IF_ERROR(env->OpenAnew());
  return env;
}

absl::Status Env::OpenAnew() {
  RETURN_IF_ERROR(CheckFile(path_));
  ASSIGN_OR_RETURN(Handle opened,
                   OpenFile(path_, table_names_.size(), options_));
  int dead = 0;
  RETURN_IF_ERROR(
      FromLmdb(mdb_reader_check(opened.get(), &dead), "mdb_reader_check"));
  ASSIGN_OR_RETURN(const std::vector<Table> tables,
                   OpenTables(opened.get(), table_names_, 0));
  if (tables_.empty()) tables_ = tables;
  // LMDB numbers them in the order in which they are opened.
  GUANXI_CHECK(
      std::ranges::equal(tables_, tables, {}, &Table::dbi, &Table::dbi));
  env_ = std::move(opened);
  ++openings_;
  return absl::OkStatus();
}

absl::StatusOr<bool> Env::Recover() {
  CheckNotForked();
  MutexLock lock(recovery_);
  if (!IsDead()) return false;
  gate_.Shut();
  idle_reads_.Clear();
  env_.reset();
  absl::Status status = FromLmdb(ENOENT, "stat of the file");
  if (claim_->IsOf(path_)) status = OpenAnew();
  gate_.Open();
  RETURN_IF_ERROR(status);
  return true;
}

// Whether nothing can be begun. A reader would not tell: it may be refused for
// want of a place before.
bool Env::IsDead() const {
  absl::StatusOr<MDB_txn*> txn = Enter(0);
  if (!txn.ok()) return absl::IsUnavailable(txn.status());
  mdb_txn_abort(*txn);
  gate_.Leave();
  return false;
}

absl::StatusOr<MDB_txn*> Env::Enter(unsigned flags) const {
  if (!gate_.TryEnter()) return FromLmdb(MDB_PANIC, "mdb_txn_begin");
  absl::StatusOr<MDB_txn*> txn = BeginInside(flags);
  if (!txn.ok()) gate_.Leave();
  return txn;
}

// To be called within the gate.
absl::StatusOr<MDB_txn*> Env::BeginInside(unsigned flags) const {
  if (env_ == nullptr) return FromLmdb(MDB_PANIC, "mdb_txn_begin");
  if (flags == MDB_RDONLY) {
    MDB_txn* const idle = idle_reads_.Begin();
    if (idle != nullptr) return idle;
  }
  absl::StatusOr<MDB_txn*> txn = Begin(env_.get(), flags);
  int dead = 0;
  const bool has_room_now =
      absl::IsResourceExhausted(txn.status()) &&
      mdb_reader_check(env_.get(), &dead) == MDB_SUCCESS && dead > 0;
  return has_room_now ? Begin(env_.get(), flags) : txn;
}

absl::StatusOr<ReadTxn> Env::BeginRead() const {
  CheckNotForked();
  ASSIGN_OR_RETURN(MDB_txn * txn, Enter(MDB_RDONLY));
  return ReadTxn(txn, {.gate = &gate_, .idle_reads = &idle_reads_});
}

absl::StatusOr<WriteTxn> Env::BeginWrite() {
  CheckNotForked();
  GUANXI_CHECK(writer_ != std::this_thread::get_id());
  ASSIGN_OR_RETURN(MDB_txn * txn, Enter(0));
  writer_ = std::this_thread::get_id();
  return WriteTxn(txn, {.gate = &gate_, .writer = &writer_});
}

absl::Status Env::Sync() {
  ASSIGN_OR_RETURN(const WriteTxn alone, BeginWrite());
  RETURN_IF_ERROR(WriteHeadersAgain(env_.get()));
  constexpr int kForce = 1;
  return FromLmdb(mdb_env_sync(env_.get(), kForce), "mdb_env_sync");
}

absl::StatusOr<DraftFile> Env::Copy(
    const std::function<bool()>& cancelled) const {
  ASSIGN_OR_RETURN(const ReadTxn from, BeginRead());
  ASSIGN_OR_RETURN(DraftFile draft, DraftFile::Create(path_));
  RETURN_IF_ERROR(draft.Close());
  EnvOptions options = options_;
  options.sync = false;  // once, in the end
  ASSIGN_OR_RETURN(const Handle to,
                   OpenFile(draft.path(), table_names_.size(), options));
  ASSIGN_OR_RETURN(const std::vector<Table> tables,
                   OpenTables(to.get(), table_names_, MDB_CREATE));
  for (size_t i = 0; i < tables.size(); ++i) {
    RETURN_IF_ERROR(
        CopyTable(from.Walk(tables_[i]), to.get(), tables[i], cancelled));
  }
  constexpr int kForce = 1;
  RETURN_IF_ERROR(FromLmdb(mdb_env_sync(to.get(), kForce), "mdb_env_sync"));
  return draft;
}

absl::StatusOr<int> Env::ClearDeadReaders() {
  ASSIGN_OR_RETURN(const ReadTxn inside, BeginRead());
  int dead = 0;
  RETURN_IF_ERROR(
      FromLmdb(mdb_reader_check(env_.get(), &dead), "mdb_reader_check"));
  return dead;
}

absl::StatusOr<EnvStat> Env::Stat() const {
  ASSIGN_OR_RETURN(const ReadTxn txn, BeginRead());
  MDB_envinfo info = {};
  RETURN_IF_ERROR(FromLmdb(mdb_env_info(env_.get(), &info), "mdb_env_info"));
  MDB_stat stat = {};
  RETURN_IF_ERROR(FromLmdb(mdb_env_stat(env_.get(), &stat), "mdb_env_stat"));
  EnvStat result{.used_bytes = static_cast<int64_t>((info.me_last_pgno + 1) *
                                                    stat.ms_psize),
                 .max_bytes = static_cast<int64_t>(info.me_mapsize),
                 .last_txn_id = txn.id(),
                 .oldest_read_txn_id = txn.id(),
                 .table_entries = {},
                 .table_bytes = {}};
  if (mdb_reader_list(env_.get(), CountReader, &result) < 0) {
    return FromLmdb(EINVAL, "mdb_reader_list");
  }
  for (const Table table : tables_) {
    RETURN_IF_ERROR(
        FromLmdb(mdb_stat(txn.txn_.get(), table.dbi, &stat), "mdb_stat"));
    result.table_entries.push_back(stat.ms_entries);
    const size_t pages =
        stat.ms_branch_pages + stat.ms_leaf_pages + stat.ms_overflow_pages;
    result.table_bytes.push_back(static_cast<int64_t>(pages * stat.ms_psize));
  }
  return result;
}

void Env::CheckNotForked() const { GUANXI_CHECK(fork_count_ == ForkCount()); }

}  // namespace guanxi::kv
