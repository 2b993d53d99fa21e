#include "graph/traverse/order.h"

#include <vector>

#include "graph/base/status_macros.h"

namespace guanxi::traverse {
namespace {

absl::StatusOr<bool> KeyPrecedes(const store::Snapshot& snapshot, EntityId one,
                                 EntityId other) {
  ASSIGN_OR_RETURN(const std::string key, snapshot.EntityKey(one));
  ASSIGN_OR_RETURN(const std::string other_key, snapshot.EntityKey(other));
  return key < other_key;
}

}  // namespace

absl::StatusOr<ParallelRank> ReadParallelRank(const store::Snapshot& snapshot,
                                              RelationshipId id,
                                              const Lens& lens) {
  ASSIGN_OR_RETURN(
      const std::vector<RelationshipView> views,
      snapshot.ReadRelationship(id, lens, Evidence::kNone, {.property = ""}));
  if (views.empty()) return ParallelRank();
  const RelationshipKey& key = views.front().key;
  return ParallelRank(key.type, key.ToString());
}

absl::StatusOr<bool> Precedes(const store::Snapshot& snapshot, const Lens& lens,
                              const Leg& one, const Leg& other) {
  if (one == other) return false;
  if (one.from != other.from) {
    return KeyPrecedes(snapshot, one.from, other.from);
  }
  if (one.to != other.to) return KeyPrecedes(snapshot, one.to, other.to);
  ASSIGN_OR_RETURN(const ParallelRank rank,
                   ReadParallelRank(snapshot, one.relationship, lens));
  ASSIGN_OR_RETURN(const ParallelRank other_rank,
                   ReadParallelRank(snapshot, other.relationship, lens));
  return rank < other_rank;
}

}  // namespace guanxi::traverse
