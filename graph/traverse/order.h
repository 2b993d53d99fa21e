#ifndef GUANXI_GRAPH_TRAVERSE_ORDER_H_
#define GUANXI_GRAPH_TRAVERSE_ORDER_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"

#include "graph/model/ids.h"
#include "graph/model/view.h"
#include "graph/store/snapshot.h"

namespace guanxi::traverse {

// The order of relationships between the same two entities: by type, then as
// each is written (RelationshipKey::ToString()).
using ParallelRank = std::pair<std::string, std::string>;

// The rank of one that the lens shows. DATA_LOSS [STORE_DAMAGED].
absl::StatusOr<ParallelRank> ReadParallelRank(const store::Snapshot& snapshot,
                                              RelationshipId id,
                                              const Lens& lens);

// A relationship as a walk takes it.
struct Leg {
  EntityId from;
  EntityId to;
  RelationshipId relationship;

  friend bool operator==(const Leg&, const Leg&) = default;
};

// Whether `one` comes before `other`: by the key of `from`, then of `to`, then
// as parallel relationships do. Reads no more than is needed to tell; no id
// decides. DATA_LOSS [STORE_DAMAGED].
absl::StatusOr<bool> Precedes(const store::Snapshot& snapshot, const Lens& lens,
                              const Leg& one, const Leg& other);

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_ORDER_H_
