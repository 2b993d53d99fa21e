#ifndef GUANXI_GRAPH_STORE_COMMIT_H_
#define GUANXI_GRAPH_STORE_COMMIT_H_

#include "absl/status/status.h"

#include "graph/kv/txn.h"
#include "graph/store/catalog.h"
#include "graph/store/commit_request.h"
#include "graph/store/counters.h"
#include "graph/store/tables.h"

namespace guanxi::store {

// The state that one commit starts from and leaves behind.
struct CommitState {
  kv::WriteTxn& txn;
  const Tables& tables;
  Catalog catalog;
  Counters counters;  // already those of the new revision
};

// Applies the statements of a commit: declarations first, then the rest in
// order (of an import, what supersedes a later claim after the rest), then what
// follows from them. Errors carry the
// position of their statement; the transaction must then be dropped.
absl::Status ApplyStatements(const CommitRequest& request, CommitState& state,
                             CommitResult& result);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_COMMIT_H_
