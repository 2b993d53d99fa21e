#ifndef GUANXI_GRAPH_STORE_COMMIT_BATCH_H_
#define GUANXI_GRAPH_STORE_COMMIT_BATCH_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "graph/base/clock.h"
#include "graph/kv/env.h"
#include "graph/store/catalog.h"
#include "graph/store/commit_request.h"

namespace guanxi::store {

// What became of commits in one transaction.
struct CommitBatch {
  // Of the transaction: OK if it is durable, or if there was nothing to write.
  absl::Status status;

  // Whether it was to be made durable: else it has left no trace.
  bool tried = false;
  // Of the transaction, then; the next one has it again if this one failed.
  uint64_t txn_id = 0;

  // That of the state that it leaves, or would have left.
  std::shared_ptr<const Catalog> catalog;

  // One for each request, in order; they count if the status is OK.
  std::vector<absl::StatusOr<CommitResult>> results;
};

// Carries out commits in one transaction, one after the other, each atomic by
// itself: one that fails leaves the others alone. `catalog` is that of the
// state before. Requires at least one request.
CommitBatch CommitTogether(absl::Span<const CommitRequest* const> requests,
                           std::shared_ptr<const Catalog> catalog, kv::Env& env,
                           const Clock& clock);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_COMMIT_BATCH_H_
