#ifndef GUANXI_GRAPH_TRAVERSE_NEIGHBOURHOOD_H_
#define GUANXI_GRAPH_TRAVERSE_NEIGHBOURHOOD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/ids.h"
#include "graph/store/snapshot.h"
#include "graph/topology/topology.h"
#include "graph/traverse/spec.h"

namespace guanxi::traverse {

struct NeighbourhoodSpec {
  static constexpr int kMaxDepth = 16;

  TraversalSpec traversal;
  int depth = 1;                // 1 to kMaxDepth
  int64_t max_per_entity = 0;   // relationships taken from one entity; 0: all
  bool include_denied = false;  // list relationships with negated claims only
};

struct VisitedEntity {
  EntityId id;
  int depth = 0;    // 0: the start
  EntityId parent;  // by which it was reached first; the start itself: itself
};

// How many relationships of one type the start has under the lens, by
// direction, before limits and label filters. A symmetric one counts as kOut.
struct TypeCount {
  std::string type;
  Direction direction = Direction::kOut;
  int64_t count = 0;
};

struct Neighbourhood {
  std::vector<VisitedEntity> entities;  // the start; by depth, then as met
  // Every relationship taken, each once, by the depth from which it was met.
  std::vector<RelationshipId> relationships;
  std::vector<RelationshipId> denied;  // include_denied only
  std::vector<TypeCount> counts;       // by type, then direction
  bool counts_complete = true;         // false: the budget ended the counting
  Completeness completeness;
};

// Walks outwards from `start`, breadth first. A relationship belongs to the
// neighbourhood if one of its ends is nearer than `depth` and the spec admits
// it.
//
// Of an answer that goes on behind earlier parts (TraversalSpec::done), lists
// hold what is new; put behind each other they are those of the whole answer.
// Counts and what was left out speak of all parts so far.
//
// INVALID_ARGUMENT [SPEC_INVALID]: a depth out of range.
absl::StatusOr<Neighbourhood> FindNeighbourhood(const topology::Ground& ground,
                                                EntityId start,
                                                const NeighbourhoodSpec& spec);

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_NEIGHBOURHOOD_H_
