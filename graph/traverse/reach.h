#ifndef GUANXI_GRAPH_TRAVERSE_REACH_H_
#define GUANXI_GRAPH_TRAVERSE_REACH_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/ids.h"
#include "graph/topology/topology.h"
#include "graph/traverse/spec.h"

namespace guanxi::traverse {

struct ReachSpec {
  TraversalSpec traversal;
  int max_depth = 0;  // relationships from the nearest start; 0: any number
  bool counts_only = false;  // else each entity is a result
};

struct ReachedEntity {
  EntityId id;
  int depth = 0;  // relationships from the nearest start; 0: a start
};

struct Reach {
  std::vector<ReachedEntity> entities;  // nearest first
  // How many entities have each depth, the starts being first: of all parts so
  // far.
  std::vector<int64_t> counts;
  Completeness completeness;
};

// Finds which entities can be reached from any of `starts` (canonical), and by
// how many relationships at least. Entities that the spec does not admit are
// neither reached nor passed; the starts are.
//
// Of an answer that goes on behind earlier parts (TraversalSpec::done),
// `entities` holds what is new.
//
// INVALID_ARGUMENT [SPEC_INVALID]: a negative depth.
absl::StatusOr<Reach> FindReach(const topology::Ground& ground,
                                const std::vector<EntityId>& starts,
                                const ReachSpec& spec);

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_REACH_H_
