#ifndef GUANXI_GRAPH_TRAVERSE_CONNECTION_SEARCH_H_
#define GUANXI_GRAPH_TRAVERSE_CONNECTION_SEARCH_H_

#include <cstdint>
#include <limits>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "graph/base/budget.h"
#include "graph/topology/topology.h"
#include "graph/traverse/admission.h"
#include "graph/traverse/order.h"
#include "graph/traverse/spec.h"

namespace guanxi::traverse {

// A breadth-first search from several given entities at once, level by level.
// What it reaches falls into regions: an entity belongs to the nearest given
// one and, of several as near, to the one given first.
//
// Must not outlive what it is made of. Not thread-safe.
class ConnectionSearch {
 public:
  // Counts the entities that were reached, the given ones first.
  using Place = uint32_t;

  struct Reached {
    EntityId id;
    uint32_t region = 0;    // counts the given entities
    uint32_t distance = 0;  // relationships from that one
    uint32_t first_step = 0;
  };

  // A relationship between two regions.
  struct Bridge {
    Place near = 0;  // of the region that was given first
    Place far = 0;
    RelationshipId relationship;
    int length = 0;  // of the way over it from one given entity to the other
  };
  using VisitBridge = absl::FunctionRef<absl::Status(const Bridge&)>;

  ConnectionSearch(const topology::Ground& ground,
                   const std::vector<EntityId>& given,
                   const TraversalSpec& spec, Meter& meter);

  // Expands one level and calls `visit` with the bridges that are met, some of
  // them twice. When level d is done, all bridges of a length up to 2 d + 2
  // have been met. Ends early if the meter says no. DATA_LOSS [STORE_DAMAGED].
  absl::Status Advance(VisitBridge visit);

  // Levels that are done: the distance of those that come next.
  int level() const { return level_; }

  // Whether a region has entities that are not expanded yet.
  bool IsOpen(uint32_t region) const {
    return !admission_.MatchesNothing() && deepest_[region] >= level_;
  }

  const Reached& operator[](Place place) const { return reached_[place]; }

  // A step from an entity, not a given one, to one that is nearer to the given
  // one of its region: of several the one that leads to the smallest key, then
  // as parallel relationships are ordered. Means nothing if the meter says no
  // while they are compared. DATA_LOSS [STORE_DAMAGED].
  struct StepBack {
    Place to = 0;
    RelationshipId relationship;
  };
  absl::StatusOr<StepBack> FindStepBack(Place place);

  // The entity that was expanded last.
  Place at() const { return at_; }

  const LeftOut& left_out() const { return admission_.left_out(); }

 private:
  // Of an entity that the spec does not admit; that nothing admitted has led
  // to.
  static constexpr Place kBarred = std::numeric_limits<Place>::max();
  static constexpr Place kUnreached = kBarred - 1;
  static constexpr uint32_t kNoStep = std::numeric_limits<uint32_t>::max();

  struct ListedStep {
    StepBack step;
    uint32_t next = kNoStep;  // of the same entity, in steps_
  };

  void AddGiven(EntityId id);
  absl::Status Expand(Place from, VisitBridge visit);
  absl::StatusOr<bool> Take(const topology::Hop& hop, Place from,
                            VisitBridge visit);
  absl::StatusOr<bool> TakeDenied(const topology::Hop& hop, Place from);
  absl::StatusOr<Place*> FindPlace(EntityId id);
  bool Reach(EntityId id, Place from);
  bool AddStepBack(Place place, const StepBack& step);
  Bridge BridgeOf(const topology::Hop& hop, Place from, Place to) const;
  bool Going() const { return meter_.stop() == Stop::kNone; }

  const store::Snapshot& snapshot_;
  const TraversalSpec& spec_;
  topology::Topology topology_;
  Admission admission_;
  Meter& meter_;
  // By distance, then by region.
  std::vector<Reached> reached_;
  absl::flat_hash_map<EntityId, Place> places_;
  std::vector<ListedStep> steps_;
  std::vector<int> deepest_;  // by region: the greatest distance in it
  Place next_ = 0;            // to be expanded
  int level_ = 0;
  Place at_ = 0;
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_CONNECTION_SEARCH_H_
