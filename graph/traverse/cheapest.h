#ifndef GUANXI_GRAPH_TRAVERSE_CHEAPEST_H_
#define GUANXI_GRAPH_TRAVERSE_CHEAPEST_H_

#include <cstdint>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "graph/base/budget.h"
#include "graph/topology/topology.h"
#include "graph/traverse/admission.h"
#include "graph/traverse/entity_numbers.h"
#include "graph/traverse/path.h"
#include "graph/traverse/price.h"

namespace guanxi::traverse {

// A relationship as a path takes it, with its price.
struct PricedStep {
  uint32_t from = 0;  // waypoints
  uint32_t to = 0;
  RelationshipId relationship;
  double price = 0;
};

// An entity that the search has met.
struct PricedWaypoint {
  EntityId id;
  bool is_from = false;
  bool is_to = false;
  bool passable = false;
  double toll = 0;  // of leading through; known once it was expanded
};

// Dijkstra's search from both ends (Pohl 1971): the side that has fewer
// entities before it takes the next step, and the search ends when no path that
// is still to be found can be cheaper than the best one. Or from the far end
// alone, for all that leads there.
//
// Must not outlive what it is made of. Not thread-safe.
class CheapestSearch {
 public:
  CheapestSearch(const topology::Ground& ground, const PathEnds& ends,
                 const PathSpec& spec, Meter& meter);

  // One of the next two, once. DATA_LOSS [STORE_DAMAGED].
  absl::Status SearchFromBothEnds();
  absl::Status SearchFromFarEnd();

  // Of SearchFromBothEnds(): a cheapest path, if there is any.
  absl::StatusOr<std::optional<Path>> FindPath();

  // Of SearchFromFarEnd(): all waypoints and steps from which an end can be
  // reached for max_cost; and for each waypoint what the rest of a path costs
  // that comes to it, its toll included unless the path ends there.
  const std::vector<PricedWaypoint>& waypoints() const { return waypoints_; }
  const std::vector<PricedStep>& steps() const { return steps_; }
  double Rest(uint32_t waypoint) const;

  // Whether something was not searched because it costs more than max_cost.
  bool IsBounded() const { return bounded_; }

  EntityId at() const { return at_; }    // expanded last
  double cost() const { return cost_; }  // of getting there
  LeftOut left_out() const;

 private:
  // By cost, then in the order in which they were met.
  using Queue = std::priority_queue<std::pair<double, uint32_t>,
                                    std::vector<std::pair<double, uint32_t>>,
                                    std::greater<>>;

  struct Side {
    Direction direction;
    bool is_near = false;
    Queue queue = {};
    // By waypoint: what it costs to get there, without its own toll; by which
    // step; whether it was expanded.
    std::vector<double> costs = {};
    std::vector<int64_t> by = {};
    std::vector<bool> settled = {};
  };
  static constexpr int64_t kRoot = -1;

  absl::Status Begin();
  absl::StatusOr<uint32_t> Meet(EntityId id);
  void Root(uint32_t waypoint, Side& side);
  std::optional<double> NextCost(Side& side);
  absl::Status Settle(Side& side);
  absl::Status Expand(uint32_t from, Side& side);
  absl::StatusOr<bool> Take(const topology::Hop& hop, uint32_t from,
                            Side& side);
  absl::StatusOr<bool> TakeDenied(const topology::Hop& hop, uint32_t from,
                                  const Side& side);
  bool MayLeadTo(uint32_t to, const Side& side) const;
  absl::Status Join(uint32_t waypoint);
  std::vector<uint32_t> StepsOfBest() const;
  bool IsRoot(uint32_t waypoint, const Side& side) const {
    return side.is_near ? waypoints_[waypoint].is_from
                        : waypoints_[waypoint].is_to;
  }
  bool HasMet() const { return meeting_.has_value(); }
  bool Going() const { return meter_.stop() == Stop::kNone; }

  const PathEnds& ends_;
  const PathSpec& spec_;
  topology::Topology topology_;
  Admission admission_;
  Pricing pricing_;
  Meter& meter_;
  Side near_;
  Side far_;
  std::vector<PricedWaypoint> waypoints_;
  std::vector<PricedStep> steps_;
  EntityNumbers numbers_;  // indexes of waypoints_
  bool both_ends_ = true;
  bool bounded_ = false;
  double best_;  // of the paths found
  std::optional<uint32_t> meeting_;
  EntityId at_;
  double cost_ = 0;
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_CHEAPEST_H_
