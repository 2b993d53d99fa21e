#ifndef GUANXI_GRAPH_TRAVERSE_PATH_H_
#define GUANXI_GRAPH_TRAVERSE_PATH_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/ids.h"
#include "graph/topology/topology.h"
#include "graph/traverse/spec.h"

namespace guanxi::traverse {

enum class PathMode : uint8_t {
  kAnyShortest,  // one of the shortest
  kAllShortest,
  kAllSimple,  // up to the longest length; no path meets an entity twice
};

struct PathSpec {
  static constexpr int kMaxLength = 64;

  // `labels` and `exclude_entities` bind the entities between the ends.
  TraversalSpec traversal;
  PathMode mode = PathMode::kAnyShortest;
  int max_length = 16;  // relationships, 1 to kMaxLength
};

// Where paths begin and where they lead: any of either. What stands in both is
// a path of length 0.
struct PathEnds {
  std::vector<EntityId> from;
  std::vector<EntityId> to;
};

struct Path {
  std::vector<EntityId> entities;             // from the first to the last
  std::vector<RelationshipId> relationships;  // one fewer

  friend bool operator==(const Path&, const Path&) = default;
};

struct PathAnswer {
  std::vector<Path> paths;
  Completeness completeness;
};

// Finds paths between the ends, searching from both. With a direction, every
// relationship on a path points that way as seen from its first entity.
// Shortest means: over all pairs of ends.
//
// kAllShortest and kAllSimple answer in this order, whatever the ids: by
// length; then by the key of the first entity; then, relationship by
// relationship, by the key of the entity that it leads to, by its type, and as
// it is written (RelationshipKey::ToString()). kAnyShortest answers one of the
// shortest paths, the same one for the same state.
//
// COMPLETE: all that was asked for, max_length being part of that. PROVEN_NONE:
// there is no path of any length. TRUNCATED: a limit ended the search or the
// list, or (kLength) there is none up to max_length, but there may be a longer
// one. max_results counts paths; a step of listing them counts as a
// relationship looked at.
//
// left_out has the relationships of every entity that was expanded; of
// kAnyShortest with a path, those that were met before it was found.
//
// INVALID_ARGUMENT [SPEC_INVALID]: a length out of range.
absl::StatusOr<PathAnswer> FindPaths(const topology::Ground& ground,
                                     const PathEnds& ends,
                                     const PathSpec& spec);

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_PATH_H_
