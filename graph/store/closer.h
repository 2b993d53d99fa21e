#ifndef GUANXI_GRAPH_STORE_CLOSER_H_
#define GUANXI_GRAPH_STORE_CLOSER_H_

#include "absl/status/status.h"

#include "graph/kv/txn.h"
#include "graph/model/schema.h"
#include "graph/model/statement.h"
#include "graph/store/catalog.h"
#include "graph/store/claim_writer.h"
#include "graph/store/commit_request.h"
#include "graph/store/drafts.h"
#include "graph/store/tables.h"

namespace guanxi::store {

// Applies the verbs that close what is believed: end and retract (DESIGN.md
// §1). Of a claim that is no longer believed they are FAILED_PRECONDITION
// [CLAIM_NOT_BELIEVED]; an import skips them.
class Closer {
 public:
  Closer(kv::WriteTxn& txn, const Tables& tables, const Catalog& catalog,
         Drafts& drafts, ClaimWriter& claims, Origin origin,
         CommitResult& result)
      : txn_(txn),
        tables_(tables),
        catalog_(catalog),
        drafts_(drafts),
        claims_(claims),
        origin_(origin),
        result_(result) {}

  // What the claim states stopped being true; its id stays. Said again with
  // another day, that day counts. INVALID_ARGUMENT [TIME_KIND]: it states no
  // state; [END_BEFORE_START]. NOT_FOUND [CLAIM_NOT_FOUND], [SOURCE_NOT_FOUND].
  absl::Status End(const EndStatement& body, const Statement& statement);

  // The claim is no longer held. NOT_FOUND as End().
  absl::Status Retract(const RetractStatement& body,
                       const Statement& statement);

 private:
  absl::StatusOr<Reason> ReasonOf(const Tail& tail) const;
  TimeKind KindOf(const ClaimInHand& held) const;
  absl::Status NotHeld(absl::string_view claim, const Statement& statement);

  kv::WriteTxn& txn_;
  Tables tables_;
  const Catalog& catalog_;
  Drafts& drafts_;
  ClaimWriter& claims_;
  Origin origin_;
  CommitResult& result_;
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_CLOSER_H_
