#ifndef GUANXI_GRAPH_TRAVERSE_CONNECTION_H_
#define GUANXI_GRAPH_TRAVERSE_CONNECTION_H_

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/ids.h"
#include "graph/topology/topology.h"
#include "graph/traverse/spec.h"

namespace guanxi::traverse {

struct ConnectionSpec {
  static constexpr size_t kMaxEntities = 50;
  static constexpr int kMaxDistance = 64;

  // `labels`, predicates and `exclude_entities` bind the entities between the
  // given ones. The direction is kBoth: a tree has none.
  TraversalSpec traversal;
  int max_distance = 16;  // relationships, 1 to kMaxDistance
};

// A tree of relationships whose leaves are given entities; or a given entity
// alone.
struct Network {
  std::vector<EntityId> given;  // by key
  // All of it in the order of a walk that begins at given[0] and, wherever it
  // branches, follows the smallest key first.
  std::vector<EntityId> entities;
  // One fewer: relationships[i] joins entities[i + 1] to one that stands
  // before it.
  std::vector<RelationshipId> relationships;

  friend bool operator==(const Network&, const Network&) = default;
};

struct Connections {
  // Each given entity is in one; those with most given ones first, then by the
  // smallest key.
  std::vector<Network> networks;
  Completeness completeness;
};

// Finds how `entities` (canonical, 2 to kMaxEntities different ones) hang
// together: a small network that joins them, or one for each part of them that
// can be joined.
//
// Of k given entities a network has at most 2 (1 - 1/k) times as many
// relationships as the smallest one there is; of two it is a shortest path. It
// is a minimum spanning tree of the distances between the given entities, laid
// along shortest paths. That bound is of L. Kou, G. Markowsky and L. Berman, "A
// fast algorithm for Steiner trees", Acta Informatica 15 (1981) 141-145; that
// one search from all given entities at once suffices, of K. Mehlhorn, "A
// faster approximation algorithm for the Steiner problem in graphs",
// Information Processing Letters 27 (1988) 125-128.
//
// Each entity that is reached belongs to the nearest given one, by distance,
// then by that one's key. A relationship between two that belong to different
// ones is a bridge, as long as the way over it between these. The shortest
// bridges that join what was apart are taken: by length; then by the keys of
// the given entities, of the bridge's ends, and as parallel relationships are
// ordered (order.h). The way back from an end goes to the smallest key. No id
// decides, so that stores that say the same answer the same.
//
// No bridge is longer than max_distance. The search ends when no two networks
// can be joined by what is left of it.
//
// COMPLETE: each network is all that can be joined. PROVEN_NONE: likewise, and
// no two of the entities are connected. TRUNCATED (kLength): longer bridges may
// join more. TRUNCATED by the budget: what is given are the bridges that were
// certain then, each a part of the whole answer. The next part is not what
// comes behind: it is all that is found with what both parts may use.
//
// max_results counts relationships in the answer. left_out has the
// relationships of every entity that was expanded.
//
// INVALID_ARGUMENT [SPEC_INVALID]: another direction, a distance or a number of
// entities out of range. DATA_LOSS [STORE_DAMAGED].
absl::StatusOr<Connections> FindConnections(
    const topology::Ground& ground, const std::vector<EntityId>& entities,
    const ConnectionSpec& spec);

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_CONNECTION_H_
