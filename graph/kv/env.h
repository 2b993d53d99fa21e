#ifndef GUANXI_GRAPH_KV_ENV_H_
#define GUANXI_GRAPH_KV_ENV_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "graph/base/mutex.h"
#include "graph/kv/draft_file.h"
#include "graph/kv/gate.h"
#include "graph/kv/idle_reads.h"
#include "graph/kv/txn.h"

struct MDB_env;

namespace guanxi::kv {

class FileClaim;
class OwnerLock;

struct EnvOptions {
  // Largest size the file may grow to; a file that is larger already keeps its
  // size. Reserves address space, not disk.
  int64_t max_bytes = int64_t{1} << 40;

  // Most ReadTxns open at once; one more gets RESOURCE_EXHAUSTED
  // [READERS_FULL]. The `-lock` file keeps the largest number it ever had.
  int max_readers = 512;

  // fsync on Commit(). Off only for bulk loads that can start over: a power
  // loss before Sync() can destroy the file.
  bool sync = true;

  // Makes the file if there is none.
  bool create_if_missing = false;
};

struct EnvStat {
  int64_t used_bytes = 0;  // of the file, free pages included
  int64_t max_bytes = 0;
  uint64_t last_txn_id = 0;             // of the last commit
  uint64_t oldest_read_txn_id = 0;      // that is open; this one included
  int64_t readers = 0;                  // open ReadTxns, this one included
  std::vector<uint64_t> table_entries;  // as listed in Open()
  std::vector<int64_t> table_bytes;     // likewise; whole pages
};

// A file of ordered tables with one writer, many readers and ACID
// transactions: the owner of one LMDB environment.
//
// Beside the data file `graph.db` lie `graph.db-lock` (LMDB's readers) and
// `graph.db.owner` (the right to open it); both may be deleted while no one has
// the store open. The data file is never to be opened by other means in a
// process that has an Env of it, not even to copy it: that would drop its
// locks.
//
// Thread-safe. Outlives every Txn it began. Of no use in a forked child, where
// it may be neither asked (GUANXI_CHECKed) nor is it closed.
class Env {
 public:
  // Opens the data file `path` and creates those tables that it lacks.
  // `tables` is not empty; a file without the first one is not ours. A new file
  // appears with all its tables or not at all.
  //
  // NOT_FOUND [STORE_NOT_FOUND]: no such file, or no folder to create it in.
  // FAILED_PRECONDITION [STORE_IN_USE]: open already, in whatever process.
  // FAILED_PRECONDITION [STORE_UNUSABLE]: not a file of ours or of our
  // version, or on a network file system.
  // PERMISSION_DENIED [STORE_UNUSABLE]: not ours to read and write.
  // DATA_LOSS [STORE_DAMAGED]: empty, cut short or damaged.
  // RESOURCE_EXHAUSTED [OUT_OF_MEMORY]: no room for `max_bytes` of addresses.
  static absl::StatusOr<std::unique_ptr<Env>> Open(
      const std::string& path, absl::Span<const char* const> tables,
      const EnvOptions& options = {});

  ~Env();
  Env(const Env&) = delete;
  Env& operator=(const Env&) = delete;

  // The table at `index` of the list given to Open().
  Table table(size_t index) const { return tables_[index]; }

  // RESOURCE_EXHAUSTED [READERS_FULL]: more than `max_readers` at once.
  // UNAVAILABLE [STORE_REOPENING]: a commit failed so that nothing can be begun
  // any more until Recover().
  absl::StatusOr<ReadTxn> BeginRead() const;

  // UNAVAILABLE [STORE_REOPENING], as of BeginRead(). Waits for the previous
  // writer to finish. A thread that has a WriteTxn already would wait for
  // itself (GUANXI_CHECKed).
  absl::StatusOr<WriteTxn> BeginWrite();

  // Makes the disk hold what the file shows: what was committed with `sync`
  // off, and that what failed was taken back. Waits as BeginWrite() does.
  // RESOURCE_EXHAUSTED [STORE_FULL], DATA_LOSS [STORE_DAMAGED], UNAVAILABLE
  // [STORE_REOPENING].
  absl::Status Sync();

  // Makes good that a commit failed: if nothing can be begun any more, waits
  // until all that was begun has ended, opens the file anew, and returns true.
  // Else the commit has not happened. Waits for the writer, if there is one;
  // the caller must have no transaction. Errors as Open(): nothing can be begun
  // still.
  absl::StatusOr<bool> Recover();

  // Makes a draft beside the file, closed, that has the rows of the last
  // committed state, while others read and write: row by row, since a copy of
  // pages would have what was deleted from them. One at a time. Holds up the
  // reuse of pages as a ReadTxn does. Asks `cancelled`, if there is one, once
  // in 16 MiB. RESOURCE_EXHAUSTED [STORE_FULL], DATA_LOSS [STORE_DAMAGED],
  // CANCELLED [CANCELLED].
  absl::StatusOr<DraftFile> Copy(
      const std::function<bool()>& cancelled = nullptr) const;

  // Frees the places of readers whose process died, which keep old data alive,
  // and returns their number. Open() does it; call it now and then.
  absl::StatusOr<int> ClearDeadReaders();

  // How often the file was opened: versions (Txn::id()) are comparable within
  // one opening.
  uint64_t openings() const { return openings_; }

  // Costs a ReadTxn and one page a table.
  absl::StatusOr<EnvStat> Stat() const;

 private:
  struct Close {
    void operator()(MDB_env* env) const;
  };
  using Handle = std::unique_ptr<MDB_env, Close>;

  Env(std::string path, absl::Span<const char* const> tables,
      const EnvOptions& options);
  static absl::StatusOr<Handle> OpenFile(const std::string& path,
                                         size_t table_count,
                                         const EnvOptions& options);
  static absl::Status CreateIfMissing(const std::string& path,
                                      absl::Span<const char* const> tables,
                                      const EnvOptions& options);
  void CheckNotForked() const;
  absl::StatusOr<MDB_txn*> Enter(unsigned flags) const;
  absl::StatusOr<MDB_txn*> BeginInside(unsigned flags) const;
  absl::Status OpenAnew() ABSL_EXCLUSIVE_LOCKS_REQUIRED(recovery_);
  bool IsDead() const;

  const int fork_count_;
  const std::string path_;
  const std::vector<const char*> table_names_;
  const EnvOptions options_;
  std::unique_ptr<OwnerLock> owner_;  // released after the file is closed
  std::unique_ptr<FileClaim> claim_;
  Mutex recovery_;
  mutable Gate gate_;
  Handle env_;  // written while the gate is shut; none: it could not be opened
  mutable IdleReads idle_reads_;  // of env_
  std::vector<Table> tables_;
  std::atomic<uint64_t> openings_ = 0;
  std::atomic<std::thread::id> writer_;  // who has the WriteTxn, if anyone
};

}  // namespace guanxi::kv

#endif  // GUANXI_GRAPH_KV_ENV_H_
