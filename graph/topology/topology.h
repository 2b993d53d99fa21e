#ifndef GUANXI_GRAPH_TOPOLOGY_TOPOLOGY_H_
#define GUANXI_GRAPH_TOPOLOGY_TOPOLOGY_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"

#include "graph/model/ids.h"
#include "graph/model/view.h"
#include "graph/store/snapshot.h"

namespace guanxi::topology {

// What is met when an entity is expanded.
struct Hop {
  EntityId neighbour;
  RelationshipId relationship;
  TypeId type;
  Direction direction = Direction::kOut;  // kOut too if symmetric
  // Asserted or reported, yes on every day, confidence 1: every lens admits it.
  bool plain = false;
};

// Serves expand(entity, direction, types) from the adjacency of one snapshot:
// every relationship with an affirmative claim, whatever its valid time and
// mode; lenses are the caller's. A symmetric relationship is met from both ends
// in either direction, and once in kBoth.
//
// Must not outlive its snapshot. Not thread-safe.
class Topology {
 public:
  explicit Topology(const store::Snapshot& snapshot);

  // Calls `visit` for each hop in the order of (direction, type, neighbour,
  // relationship), until it returns false. `types`: sorted; empty: all.
  // DATA_LOSS [STORE_DAMAGED].
  absl::Status Expand(EntityId entity, Direction direction,
                      absl::Span<const TypeId> types,
                      absl::FunctionRef<bool(const Hop&)> visit) const;

  // Likewise for the relationships of an entity that no expansion meets,
  // because they have negated claims only. Hop::plain means nothing here.
  absl::Status ExpandDenied(EntityId entity, Direction direction,
                            absl::Span<const TypeId> types,
                            absl::FunctionRef<bool(const Hop&)> visit) const;

 private:
  bool IsSymmetric(TypeId type) const;
  // Which of these types, or of all, are.
  std::vector<TypeId> Symmetric(absl::Span<const TypeId> types) const;

  const store::Snapshot& snapshot_;
  std::vector<bool> symmetric_;  // by TypeId
};

}  // namespace guanxi::topology

#endif  // GUANXI_GRAPH_TOPOLOGY_TOPOLOGY_H_
