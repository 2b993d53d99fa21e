#include "graph/kv/txn.h"

#include <cerrno>
#include <lmdb.h>

#include <sys/statvfs.h>

#include "graph/base/check.h"
#include "graph/base/status_macros.h"
#include "graph/kv/gate.h"
#include "graph/kv/idle_reads.h"
#include "graph/kv/lmdb_error.h"
#include "graph/kv/lmdb_value.h"

namespace guanxi::kv {
namespace {

bool IsKey(absl::string_view key) {
  return !key.empty() && key.size() <= kMaxKeyBytes;
}

// Whether there is so little room that a commit may not have found enough.
bool DiskIsFull(MDB_env* env) {
  constexpr unsigned long kSmallBytes = 1 << 20;
  int fd = -1;
  struct statvfs disk = {};
  return mdb_env_get_fd(env, &fd) == MDB_SUCCESS && fstatvfs(fd, &disk) == 0 &&
         disk.f_bavail < kSmallBytes / disk.f_frsize;
}

}  // namespace

void Txn::Abort::operator()(MDB_txn* txn) const {
  LetNextWriterIn();
  if (idle_reads != nullptr) {
    idle_reads->Give(txn);
  } else {
    mdb_txn_abort(txn);
  }
  Leave();
}

// Before the end of the transaction: the next writer then sets it.
void Txn::Abort::LetNextWriterIn() const {
  if (writer != nullptr && gate != nullptr) *writer = std::thread::id();
}

void Txn::Abort::Leave() const {
  if (gate != nullptr) gate->Leave();
}

Txn::~Txn() { GUANXI_CHECK(txn_ == nullptr || *open_cursors_ == 0); }

absl::StatusOr<std::optional<absl::string_view>> Txn::Get(
    Table table, absl::string_view key) const {
  if (!IsKey(key)) return std::nullopt;
  MDB_val k = ToVal(key);
  MDB_val v;
  const int rc = mdb_get(txn_.get(), table.dbi, &k, &v);
  if (rc == MDB_NOTFOUND) return std::nullopt;
  if (rc != MDB_SUCCESS) return FromLmdb(rc, "mdb_get");
  return ToView(v);
}

absl::StatusOr<uint64_t> Txn::CountKeys(Table table) const {
  MDB_stat stat = {};
  const int rc = mdb_stat(txn_.get(), table.dbi, &stat);
  if (rc != MDB_SUCCESS) return FromLmdb(rc, "mdb_stat");
  return stat.ms_entries;
}

Cursor Txn::Walk(Table table) const {
  MDB_cursor* cursor = nullptr;
  const int rc = mdb_cursor_open(txn_.get(), table.dbi, &cursor);
  return Cursor(cursor, FromLmdb(rc, "mdb_cursor_open"), open_cursors_.get());
}

uint64_t Txn::id() const { return mdb_txn_id(txn_.get()); }

absl::Status WriteTxn::Put(Table table, absl::string_view key,
                           absl::string_view value) {
  GUANXI_CHECK(IsKey(key));
  GUANXI_DCHECK(OnOwnThread());
  MDB_val k = ToVal(key);
  MDB_val v = ToVal(value);
  return FromLmdb(mdb_put(txn_.get(), table.dbi, &k, &v, 0), "mdb_put");
}

absl::StatusOr<bool> WriteTxn::Delete(Table table, absl::string_view key) {
  GUANXI_DCHECK(OnOwnThread());
  if (!IsKey(key)) return false;
  MDB_val k = ToVal(key);
  const int rc = mdb_del(txn_.get(), table.dbi, &k, nullptr);
  if (rc == MDB_NOTFOUND) return false;
  RETURN_IF_ERROR(FromLmdb(rc, "mdb_del"));
  return true;
}

absl::StatusOr<WriteTxn> WriteTxn::BeginWithin() {
  GUANXI_CHECK(*open_cursors_ == 0);  // LMDB would move them
  GUANXI_DCHECK(OnOwnThread());
  MDB_txn* txn = nullptr;
  RETURN_IF_ERROR(
      FromLmdb(mdb_txn_begin(mdb_txn_env(txn_.get()), txn_.get(), 0, &txn),
               "mdb_txn_begin"));
  return WriteTxn(txn, Abort{.writer = txn_.get_deleter().writer});
}

absl::Status WriteTxn::Commit() && {
  GUANXI_CHECK(*open_cursors_ == 0);  // LMDB would free them a second time
  GUANXI_DCHECK(OnOwnThread());
  MDB_env* env = mdb_txn_env(txn_.get());
  const Abort ending = txn_.get_deleter();
  ending.LetNextWriterIn();
  // LMDB frees the transaction whether or not the commit succeeds.
  int rc = mdb_txn_commit(txn_.release());
  // What LMDB makes of a write that the disk took only in part.
  if (rc == EIO && DiskIsFull(env)) rc = ENOSPC;
  ending.Leave();
  return FromLmdb(rc, "mdb_txn_commit");
}

bool WriteTxn::OnOwnThread() const {
  return *txn_.get_deleter().writer == std::this_thread::get_id();
}

}  // namespace guanxi::kv
