#ifndef GUANXI_GRAPH_TRAVERSE_COMPONENTS_H_
#define GUANXI_GRAPH_TRAVERSE_COMPONENTS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/ids.h"
#include "graph/topology/topology.h"
#include "graph/traverse/spec.h"

namespace guanxi::traverse {

struct ComponentsSpec {
  TraversalSpec traversal;  // its direction is kBoth
  int64_t min_size = 2;     // entities of a component that is listed, from 1
};

struct Component {
  EntityId representative;  // the member of the smallest key
  int64_t entities = 0;
};

// How many components have so many entities.
struct SizeCount {
  int64_t size = 0;
  int64_t count = 0;

  friend bool operator==(const SizeCount&, const SizeCount&) = default;
};

struct Components {
  std::vector<Component> components;
  // Of all components, by size; empty until all are known.
  std::vector<SizeCount> sizes;
  Completeness completeness;
};

// Finds the weakly connected components of what the spec admits: of the
// admitted entities that are in view at the moment (DESIGN.md §1.2; those that
// are one count as one), joined by admitted relationships, whichever way these
// point. The largest first, then by the key of the representative.
//
// As of FindCommonNeighbours(), a part that a limit ended before all components
// were known lists nothing; results that run out behind that cut the ordered
// list.
//
// Of the budget, entities are those that the spec admits; relationships are
// looked at from their subjects (symmetric ones from both ends); bytes those of
// a Partition and of the list; results components. Time goes into the admitted
// relationships, into a look at the record of each entity that none of them
// touches, and into the keys of the store, until all that are listed have a
// representative.
//
// A store of 2^32 entities or more is TRUNCATED (kBytes).
//
// INVALID_ARGUMENT [SPEC_INVALID]: another direction, or a size out of range.
// DATA_LOSS [STORE_DAMAGED]. RESOURCE_EXHAUSTED [CLUSTER_TOO_LARGE].
absl::StatusOr<Components> FindComponents(const topology::Ground& ground,
                                          const ComponentsSpec& spec);

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_COMPONENTS_H_
