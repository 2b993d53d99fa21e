#ifndef GUANXI_GRAPH_STORE_PURGER_H_
#define GUANXI_GRAPH_STORE_PURGER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "graph/kv/txn.h"
#include "graph/model/statement.h"
#include "graph/store/catalog.h"
#include "graph/store/commit_request.h"
#include "graph/store/counters.h"
#include "graph/store/drafts.h"
#include "graph/store/placement.h"
#include "graph/store/tables.h"
#include "graph/store/tombstone.h"

namespace guanxi::store {

// Erases claims: their rows, what records and before-images show of them, their
// index entries. Past moments are resolved anew without them. A tombstone stays
// for each.
//
// What the file keeps on free pages goes when it is compacted or the pages are
// used again (docs/limits.md).
class Purger {
 public:
  Purger(kv::WriteTxn& txn, const Tables& tables, Catalog& catalog,
         const Counters& counters, Drafts& drafts)
      : txn_(txn),
        tables_(tables),
        catalog_(catalog),
        counters_(counters),
        drafts_(drafts) {}

  // Both flush the drafts first. Return how many claims they erased.
  // NOT_FOUND [CLAIM_NOT_FOUND], [ENTITY_NOT_FOUND]. RESOURCE_EXHAUSTED
  // [COMMIT_TOO_LARGE].
  absl::StatusOr<int64_t> Purge(const PurgeClaimStatement& body,
                                const std::string& author);
  absl::StatusOr<int64_t> Purge(const PurgeEntityStatement& body,
                                const std::string& author);

 private:
  // Whether implicit claims go too.
  enum class Implicit : uint8_t { kKept, kErased };

  absl::Status EraseClaim(const Draft& draft, const StoredClaim& claim,
                          const Tombstone& tombstone);
  absl::StatusOr<int64_t> EraseAll(Draft& draft, const Tombstone& tombstone);
  // Where a relationship stands that has these facts.
  Placement PlaceOf(const Draft& draft,
                    const std::vector<RecordFact>& facts) const;
  // `gone`: the claims that are erased, which the draft has no longer. Returns
  // how many implicit claims of the past went too.
  absl::StatusOr<int64_t> RewritePast(Draft& draft,
                                      std::vector<StoredClaim> gone,
                                      Implicit implicit);

  kv::WriteTxn& txn_;
  Tables tables_;
  Catalog& catalog_;
  const Counters& counters_;
  Drafts& drafts_;
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_PURGER_H_
