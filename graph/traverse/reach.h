#ifndef GUANXI_GRAPH_TRAVERSE_REACH_H_
#define GUANXI_GRAPH_TRAVERSE_REACH_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "graph/model/ids.h"
#include "graph/topology/topology.h"
#include "graph/traverse/spec.h"

namespace guanxi::traverse {

struct ReachSpec {
  static constexpr int kMaxDepth = 10'000;

  TraversalSpec traversal;
  int max_depth = kMaxDepth;  // relationships from a start, 1 to kMaxDepth
  bool counts_only = false;   // `entities` stays empty; else each is a result
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
// COMPLETE: all up to `max_depth`, that being part of the question, unless it
// is kMaxDepth: what goes on behind that is TRUNCATED (kLength).
//
// Of an answer that goes on behind earlier parts (TraversalSpec::done),
// `entities` holds what is new.
//
// Of the budget, bytes are those of the answer, and of one bit for each entity
// of the store. INVALID_ARGUMENT [SPEC_INVALID]: a depth out of range.
// DATA_LOSS [STORE_DAMAGED].
absl::StatusOr<Reach> FindReach(const topology::Ground& ground,
                                const std::vector<EntityId>& starts,
                                const ReachSpec& spec);

// Likewise, but gives the entities to `take` as each depth is searched; the
// list of the answer stays empty. Ends with the first error of `take`, and
// waits for it.
absl::StatusOr<Reach> FindReach(
    const topology::Ground& ground, const std::vector<EntityId>& starts,
    const ReachSpec& spec,
    absl::FunctionRef<absl::Status(absl::Span<const ReachedEntity>)> take);

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_REACH_H_
