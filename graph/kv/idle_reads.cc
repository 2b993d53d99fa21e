#include "graph/kv/idle_reads.h"

#include <lmdb.h>
#include <utility>

namespace guanxi::kv {
namespace {

// Each takes a kilobyte or two, and a place that only reads can have.
constexpr size_t kMostKept = 64;

}  // namespace

void IdleReads::Give(MDB_txn* txn) {
  mdb_txn_reset(txn);
  {
    MutexLock lock(mutex_);
    if (kept_.size() < kMostKept) {
      kept_.push_back(txn);
      return;
    }
  }
  mdb_txn_abort(txn);
}

MDB_txn* IdleReads::Begin() {
  MDB_txn* txn = nullptr;
  {
    MutexLock lock(mutex_);
    if (kept_.empty()) return nullptr;
    txn = kept_.back();
    kept_.pop_back();
  }
  if (mdb_txn_renew(txn) == MDB_SUCCESS) return txn;
  mdb_txn_abort(txn);
  return nullptr;
}

void IdleReads::Clear() {
  MutexLock lock(mutex_);
  for (MDB_txn* txn : std::exchange(kept_, {})) mdb_txn_abort(txn);
}

void IdleReads::Abandon() {
  MutexLock lock(mutex_);
  kept_.clear();
}

}  // namespace guanxi::kv
