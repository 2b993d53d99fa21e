#ifndef GUANXI_GRAPH_TOPOLOGY_TOPOLOGY_H_
#define GUANXI_GRAPH_TOPOLOGY_TOPOLOGY_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "graph/model/ids.h"
#include "graph/model/view.h"
#include "graph/store/adjacency.h"
#include "graph/store/snapshot.h"
#include "graph/topology/adjacency.h"

namespace guanxi::topology {

// What a walk stands on: one committed state, its rows and, if that is in
// memory, its adjacency.
struct Ground {
  const store::Snapshot& snapshot;
  // At the revision at which the snapshot stands; nullptr: cursors serve.
  const Adjacency* adjacency = nullptr;
};

// What is met when an entity is expanded.
struct Hop {
  EntityId neighbour;  // canonical
  RelationshipId relationship;
  TypeId type;
  Direction direction = Direction::kOut;  // kOut too if symmetric
  // Asserted or reported, yes on every day, confidence 1: every lens admits it.
  bool plain = false;
  // Between two entities that are one: to be counted, never shown.
  bool inside = false;

  friend bool operator==(const Hop&, const Hop&) = default;
};

// Serves expand(entity, direction, types) from the adjacency of one moment:
// every relationship with an affirmative claim believed at the snapshot's
// revision, whatever its valid time and mode; lenses are the caller's. Entities
// that are one on the day (store::Identity) are expanded together; of their
// relationships with equal keys one stands for all. A symmetric relationship is
// met from both ends in either direction, and once in kBoth.
//
// There are two ways in, with the same answers: the adjacency in memory, and
// cursors over the tables. Must not outlive its ground. Not thread-safe.
class Topology {
 public:
  // Of `lens` the day alone counts.
  Topology(const Ground& ground, const Lens& lens);

  // Calls `visit` for each hop in the order of (direction, type, neighbour,
  // relationship), until it returns false. `types`: sorted; empty: all.
  // DATA_LOSS [STORE_DAMAGED]; RESOURCE_EXHAUSTED [CLUSTER_TOO_LARGE].
  absl::Status Expand(EntityId entity, Direction direction,
                      absl::Span<const TypeId> types,
                      absl::FunctionRef<bool(const Hop&)> visit) const;

  // Likewise for the relationships of an entity that no expansion meets,
  // because they have negated claims only. Hop::plain means nothing here.
  absl::Status ExpandDenied(EntityId entity, Direction direction,
                            absl::Span<const TypeId> types,
                            absl::FunctionRef<bool(const Hop&)> visit) const;

 private:
  using Visit = absl::FunctionRef<bool(const Hop&)>;
  // Walks the hops of one stored entity.
  using Walk = absl::FunctionRef<absl::Status(EntityId, Visit)>;

  bool IsSymmetric(TypeId type) const;
  std::vector<TypeId> Symmetric(absl::Span<const TypeId> types) const;
  absl::StatusOr<bool> WalkSide(EntityId entity, store::SlotSide side,
                                absl::Span<const TypeId> types,
                                store::VisitSlot visit) const;
  absl::Status WalkHops(EntityId entity, Direction direction,
                        absl::Span<const TypeId> types, Visit visit) const;
  absl::Status WalkDenied(EntityId entity, Direction direction,
                          absl::Span<const TypeId> types, Visit visit) const;
  absl::StatusOr<bool> StandsAlone(EntityId entity) const;
  absl::Status Merged(EntityId entity, Walk walk, Visit visit) const;
  absl::Status MapEnds(const store::Cluster& cluster,
                       std::vector<Hop>& hops) const;
  absl::StatusOr<std::vector<Hop>> Fold(std::vector<Hop> hops) const;

  const store::Snapshot& snapshot_;
  const Adjacency* const adjacency_;
  store::Identity& identity_;
  std::vector<bool> symmetric_;  // by TypeId
};

}  // namespace guanxi::topology

#endif  // GUANXI_GRAPH_TOPOLOGY_TOPOLOGY_H_
