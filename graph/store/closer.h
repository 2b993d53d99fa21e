#ifndef GUANXI_GRAPH_STORE_CLOSER_H_
#define GUANXI_GRAPH_STORE_CLOSER_H_

#include "absl/status/status.h"

#include "graph/kv/txn.h"
#include "graph/model/schema.h"
#include "graph/model/statement.h"
#include "graph/store/catalog.h"
#include "graph/store/drafts.h"
#include "graph/store/store.h"
#include "graph/store/tables.h"

namespace guanxi::store {

// Applies the verbs that close what is believed: end and retract (DESIGN.md
// §1). Repeated by an import they change nothing.
class Closer {
 public:
  Closer(kv::WriteTxn& txn, const Tables& tables, const Catalog& catalog,
         Drafts& drafts, CommitResult& result)
      : txn_(txn),
        tables_(tables),
        catalog_(catalog),
        drafts_(drafts),
        result_(result) {}

  // The claim stopped being true; its id stays. INVALID_ARGUMENT [TIME_KIND]:
  // what it states is no state; [END_BEFORE_START]. FAILED_PRECONDITION
  // [CLAIM_ENDED]: it has another end; [CLAIM_NOT_BELIEVED]. NOT_FOUND
  // [CLAIM_NOT_FOUND], [SOURCE_NOT_FOUND].
  absl::Status End(const EndStatement& body);

  // The claim is no longer held. FAILED_PRECONDITION [CLAIM_NOT_BELIEVED]; of
  // an import that is no error. NOT_FOUND as End().
  absl::Status Retract(const RetractStatement& body, Origin origin);

 private:
  absl::StatusOr<Reason> ReasonOf(const Tail& tail) const;
  TimeKind KindOf(const ClaimInHand& held) const;

  kv::WriteTxn& txn_;
  Tables tables_;
  const Catalog& catalog_;
  Drafts& drafts_;
  CommitResult& result_;
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_CLOSER_H_
