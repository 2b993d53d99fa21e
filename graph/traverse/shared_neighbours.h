#ifndef GUANXI_GRAPH_TRAVERSE_SHARED_NEIGHBOURS_H_
#define GUANXI_GRAPH_TRAVERSE_SHARED_NEIGHBOURS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/ids.h"
#include "graph/topology/topology.h"
#include "graph/traverse/spec.h"

namespace guanxi::traverse {

struct CommonNeighboursSpec {
  static constexpr size_t kMinEntities = 2;
  static constexpr size_t kMaxEntities = 100;

  // The direction is as seen from the given entities.
  TraversalSpec traversal;
  int min_shared = 0;  // of the given entities, 2 to all of them; 0: all
};

// An entity that is one step away from several of the given ones.
struct CommonNeighbour {
  EntityId id;
  std::vector<EntityId> shared_by;  // in the order in which they were given
  // Those that say so, by the given entity at the other end, then as met.
  std::vector<RelationshipId> relationships;
};

struct CommonNeighbours {
  std::vector<CommonNeighbour> neighbours;
  Completeness completeness;
};

// Finds which entities are one admitted step away from all of `given`
// (canonical; one that stands twice counts once), or from `min_shared` of them:
// those that are shared by most first, then by key. A given entity can be one
// of them, but is no neighbour of its own.
//
// The list can be put in order only when all given entities have been expanded.
// So a part of an answer that a limit ended before holds nothing yet; its
// progress is what it has used, on which the next part goes on. Results, or
// bytes, that run out behind that cut the ordered list, and the parts are it
// (TraversalSpec::done).
//
// Of the budget, relationships are those of the given entities; entities those
// that can still be shared by enough of them when they are compared, which
// begins with the given entities that have fewest relationships; bytes all that
// is kept of both, and the answer; results common neighbours. Whether an entity
// is admitted is asked of those that are shared by enough.
//
// INVALID_ARGUMENT [SPEC_INVALID]: a number of entities or `min_shared` out of
// range. DATA_LOSS [STORE_DAMAGED].
absl::StatusOr<CommonNeighbours> FindCommonNeighbours(
    const topology::Ground& ground, const std::vector<EntityId>& given,
    const CommonNeighboursSpec& spec);

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_SHARED_NEIGHBOURS_H_
