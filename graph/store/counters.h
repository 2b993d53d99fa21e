#ifndef GUANXI_GRAPH_STORE_COUNTERS_H_
#define GUANXI_GRAPH_STORE_COUNTERS_H_

#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "graph/base/mutex.h"
#include "graph/kv/env.h"
#include "graph/kv/txn.h"
#include "graph/model/ids.h"
#include "graph/store/tables.h"

namespace guanxi::store {

// The numbers that a commit moves on; one row of table `meta`.
struct Counters {
  Revision revision;        // of the last commit
  int64_t time = 0;         // of the last commit, microseconds since 1970
  uint64_t generation = 0;  // Catalog::generation
  uint64_t next_entity = 1;
  uint64_t next_relationship = 1;
  uint64_t next_source = 1;
};

// DATA_LOSS [STORE_DAMAGED] if the row is missing.
absl::StatusOr<Counters> LoadCounters(const kv::Txn& txn, const Tables& tables);

// The counters of the state that was read last, for whoever reads it again: to
// find them costs more than to begin a transaction. Thread-safe.
class CountersHolder {
 public:
  // Those of the state that a transaction sees. Errors as LoadCounters().
  absl::StatusOr<Counters> Load(const kv::Env& env, const kv::ReadTxn& txn,
                                const Tables& tables);

 private:
  // Which state: of which opening of the file, and which version.
  using State = std::pair<uint64_t, uint64_t>;

  Mutex mutex_;
  State state_ ABSL_GUARDED_BY(mutex_);
  Counters counters_ ABSL_GUARDED_BY(mutex_);
};

// Gives the next id of a counter. RESOURCE_EXHAUSTED [STORE_FULL]: there is
// none above it.
absl::StatusOr<uint64_t> TakeId(uint64_t& next);

absl::Status SaveCounters(const Counters& counters, const Tables& tables,
                          kv::WriteTxn& txn);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_COUNTERS_H_
