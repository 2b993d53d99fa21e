#ifndef GUANXI_GRAPH_TRAVERSE_PATH_H_
#define GUANXI_GRAPH_TRAVERSE_PATH_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/ids.h"
#include "graph/store/snapshot.h"
#include "graph/traverse/spec.h"

namespace guanxi::traverse {

struct PathSpec {
  static constexpr int kMaxLength = 64;

  TraversalSpec traversal;  // labels bind the entities between the ends
  int max_length = 16;      // relationships, 1 to kMaxLength
};

struct Path {
  std::vector<EntityId> entities;             // from the first to the last
  std::vector<RelationshipId> relationships;  // one fewer
};

struct PathAnswer {
  std::optional<Path> path;
  Completeness completeness;
};

// Finds one shortest path from `from` to `to`, searching from both ends. With a
// direction, every relationship on it points that way as seen from `from`.
//
// Among several shortest paths it answers the same one for the same state.
// Where there is none: PROVEN_NONE if all that can be reached from one end was
// searched, else TRUNCATED with the limit that ended the search (kLength:
// there may be a longer one). INVALID_ARGUMENT [SPEC_INVALID]: a length out of
// range.
absl::StatusOr<PathAnswer> FindShortestPath(const store::Snapshot& snapshot,
                                            EntityId from, EntityId to,
                                            const PathSpec& spec);

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_PATH_H_
