#ifndef GUANXI_GRAPH_STORE_BELIEVED_H_
#define GUANXI_GRAPH_STORE_BELIEVED_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/claim.h"
#include "graph/model/fact.h"
#include "graph/model/ids.h"
#include "graph/store/snapshot.h"

namespace guanxi::store {

// A believed claim as it can be said again, with the fact it speaks of.
struct BelievedClaim {
  FactKey fact;  // of a relationship: its existence
  Claim claim;

  // As said anew: nothing at all for an implicit claim, and something for any
  // other.
  Tail ToTail() const;
};

// All that the snapshot believes of an owner, deprecated and negated claims
// too, by fact, then by the id of the claim: what saying them again in a store
// that knows nothing would make believed there. What a claim supersedes is left
// out where that is believed (again) as well; two claims that differ in nothing
// else then are one.
absl::StatusOr<std::vector<BelievedClaim>> ReadBelieved(
    const Snapshot& snapshot, EntityId id);
absl::StatusOr<std::vector<BelievedClaim>> ReadBelieved(
    const Snapshot& snapshot, RelationshipId id);

// The identity of a relationship, whatever is believed of it.
absl::StatusOr<RelationshipKey> ReadRelationshipKey(const Snapshot& snapshot,
                                                    RelationshipId id);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_BELIEVED_H_
