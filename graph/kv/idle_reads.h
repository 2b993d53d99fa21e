#ifndef GUANXI_GRAPH_KV_IDLE_READS_H_
#define GUANXI_GRAPH_KV_IDLE_READS_H_

#include <vector>

#include "graph/base/mutex.h"

struct MDB_txn;

namespace guanxi::kv {

// Reads of LMDB that have ended and kept their place among the readers, so that
// the next ones need not look for one under a lock of all processes. They hold
// up nothing. Thread-safe.
class IdleReads {
 public:
  IdleReads() = default;
  // Frees all; before their file is closed.
  ~IdleReads() { Clear(); }
  IdleReads(const IdleReads&) = delete;
  IdleReads& operator=(const IdleReads&) = delete;

  // Takes a read that ends, to keep or to free it.
  void Give(MDB_txn* txn);

  // Begins one of those kept, of the last commit; nullptr if there is none, or
  // none can be begun.
  MDB_txn* Begin();

  void Clear();

  // Forgets all without freeing them: in a forked child they are its parent's.
  void Abandon();

 private:
  Mutex mutex_;
  std::vector<MDB_txn*> kept_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace guanxi::kv

#endif  // GUANXI_GRAPH_KV_IDLE_READS_H_
