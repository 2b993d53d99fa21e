#ifndef GUANXI_GRAPH_TRAVERSE_PATH_SEARCH_H_
#define GUANXI_GRAPH_TRAVERSE_PATH_SEARCH_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "graph/base/budget.h"
#include "graph/topology/topology.h"
#include "graph/traverse/admission.h"
#include "graph/traverse/path.h"

namespace guanxi::traverse {

// An entity that a search has met.
struct Waypoint {
  EntityId id;
  bool is_from = false;   // a path may begin here
  bool is_to = false;     // a path may end here
  bool passable = false;  // a path may lead through it
};

// A relationship as a path takes it, between two waypoints.
struct Step {
  uint32_t from = 0;
  uint32_t to = 0;
  RelationshipId relationship;
  TypeId type;

  friend auto operator<=>(const Step&, const Step&) = default;
};

// What a search has met: every path between its ends, up to the length that was
// searched, is made of these.
struct PathWeb {
  std::vector<Waypoint> waypoints;
  std::vector<Step> steps;  // the same one can stand twice
};

// A breadth-first search from both ends, level by level. As long as the sides
// have not met, every path is longer than both depths together.
//
// Must not outlive what it is made of. Not thread-safe.
class PathSearch {
 public:
  PathSearch(const topology::Ground& ground, const PathEnds& ends,
             const PathSpec& spec, Meter& meter);

  // Searches until the mode needs no more, a side is exhausted, both depths
  // together are max_length, or the meter says no. DATA_LOSS [STORE_DAMAGED].
  absl::Status Run();

  bool HasMet() const { return meeting_.has_value(); }

  // Whether all that can be reached from one of the ends was searched.
  bool IsExhausted() const;

  // Both depths together.
  int depth() const { return near_.depth + far_.depth; }

  // The entity that was expanded last.
  EntityId at() const { return at_; }

  // kAnyShortest: the path on which the sides have met. Requires HasMet().
  Path FirstPath() const;

  // Otherwise: what paths are made of. The search is of no use from then on.
  PathWeb TakeWeb();

  const LeftOut& left_out() const { return admission_.left_out(); }

 private:
  // Everything reached from one end.
  struct Side {
    Direction direction;
    bool is_near = false;
    int depth = 0;
    std::vector<uint32_t> frontier;
    // By waypoint: the step by which it was reached first, kRoot or kUnreached.
    std::vector<int64_t> reached;
  };
  static constexpr int64_t kRoot = -1;
  static constexpr int64_t kUnreached = -2;

  absl::Status AddEnds();
  absl::StatusOr<uint32_t> Meet(EntityId id);
  bool IsDone() const;
  absl::Status Advance(Side& side);
  absl::Status Expand(uint32_t from, Side& side);
  absl::StatusOr<bool> Take(const topology::Hop& hop, uint32_t from,
                            Side& side);
  absl::Status TakeDenied(const topology::Hop& hop, uint32_t from,
                          const Side& side);
  bool MayLeadTo(uint32_t to, const Side& side) const;
  bool Reach(uint32_t waypoint, int64_t by, Side& side);
  bool Going() const { return meter_.stop() == Stop::kNone; }

  const PathEnds& ends_;
  const PathSpec& spec_;
  topology::Topology topology_;
  Admission admission_;
  Meter& meter_;
  Side near_;
  Side far_;
  PathWeb web_;
  absl::flat_hash_map<EntityId, uint32_t> index_;  // into web_.waypoints
  EntityId at_;
  std::optional<uint32_t> meeting_;
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_PATH_SEARCH_H_
