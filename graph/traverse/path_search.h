#ifndef GUANXI_GRAPH_TRAVERSE_PATH_SEARCH_H_
#define GUANXI_GRAPH_TRAVERSE_PATH_SEARCH_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "graph/base/budget.h"
#include "graph/topology/topology.h"
#include "graph/traverse/admission.h"
#include "graph/traverse/entity_numbers.h"
#include "graph/traverse/path.h"
#include "graph/traverse/pattern.h"

namespace guanxi::traverse {

// An entity that a search has met.
struct Waypoint {
  EntityId id;
  bool is_from = false;  // a path may begin here
  bool is_to = false;    // a path may end here
  States passes = 0;     // in which a path may lead through it
};

// A relationship as a path takes it, between two waypoints.
struct Step {
  uint32_t from = 0;
  uint32_t to = 0;
  RelationshipId relationship;
  TypeId type;
  States admits = 0;  // in which a path may take it

  friend auto operator<=>(const Step&, const Step&) = default;
};

// What a search has met: every path between its ends, up to the length that was
// searched, is made of these.
struct PathWeb {
  std::vector<Waypoint> waypoints;
  std::vector<Step> steps;  // the same one can stand twice
};

// Of a cycle, where it begins and where it ends are one entity and two
// waypoints.
enum class PathShape : uint8_t { kOpen, kCycle };

// A breadth-first search from both ends, level by level, of entities and the
// states of the pattern in which a path meets them. As long as the sides have
// not met, every path is longer than both depths together. Where they have met
// there is a walk that fits, but a path only if nothing need stand twice on it
// and it is sure enough.
//
// Where paths may lead anywhere, the search goes from the first ends alone, and
// meets the other side with every entity that is an end.
//
// Must not outlive what it is made of. Not thread-safe.
class PathSearch {
 public:
  PathSearch(const topology::Ground& ground, const PathEnds& ends,
             PathShape shape, const PathSpec& spec, Meter& meter);

  // Comes first. This and the next two: DATA_LOSS [STORE_DAMAGED].
  absl::Status Begin();

  // Search until the sides have met, or to a depth; or until a side is
  // exhausted, both depths together are max_length, or the meter says no.
  absl::Status SearchUntilMet();
  absl::Status SearchTo(int depth);

  bool HasMet() const { return meeting_.has_value(); }

  // Whether the path on which the sides have met is all that is asked for: such
  // a search goes no further, and has no web.
  bool FirstWillDo() const { return first_will_do_; }

  // Whether all that can be reached from one of the ends was searched, or as
  // far as the pattern goes.
  bool IsExhausted() const;

  // Whether paths may end wherever they may lead through.
  bool LeadsAnywhere() const { return ends_.anywhere; }

  // Both depths together.
  int depth() const { return near_.depth + far_.depth; }

  // The entity that was expanded last.
  EntityId at() const { return at_; }

  // The path on which the sides have met. Requires HasMet() and FirstWillDo().
  Path FirstPath() const;

  // Once the search is exhausted: no path that the restrictor and the pattern
  // allow is longer; and if there is any, one is no longer than this.
  int64_t LongestPossible() const;
  int64_t LongestShortest() const;

  // What paths are made of, so far.
  const PathWeb& web() const { return web_; }
  const Pattern& pattern() const { return pattern_; }

  const LeftOut& left_out() const { return admission_.left_out(); }

 private:
  // Everything reached from one end.
  struct Side {
    Direction direction;
    bool is_near = false;
    int depth = 0;
    std::vector<uint32_t> frontier;
    // By waypoint: the states that the frontier has come to it in; all that it
    // was reached in; the step by which it was reached first, or kRoot.
    std::vector<States> fresh;
    std::vector<States> states;
    std::vector<int64_t> by;
  };
  static constexpr int64_t kRoot = -1;
  static constexpr uint32_t kCycleBegin = 0;
  static constexpr uint32_t kCycleEnd = 1;
  static constexpr uint32_t kAfterCycle = 2;

  // A waypoint that is expanded.
  struct Place {
    uint32_t waypoint = 0;
    States states = 0;
  };

  absl::StatusOr<uint32_t> Meet(EntityId id, const Side& side);
  uint32_t Add(Waypoint waypoint);
  absl::StatusOr<States> Passes(EntityId id) const;
  bool CanGoOn() const;
  absl::Status Advance();
  absl::Status AdvanceSide(Side& side);
  absl::Status Expand(const Place& from, Side& side);
  absl::StatusOr<bool> Take(const topology::Hop& hop, const Place& from,
                            Side& side);
  absl::StatusOr<bool> TakeDenied(const topology::Hop& hop, const Place& from,
                                  const Side& side);
  bool Reads(const topology::Hop& hop, const Place& from,
             const Side& side) const;
  States StatesAt(uint32_t to, const Place& from, States admits,
                  const Side& side) const;
  bool MayLeadTo(uint32_t to, const Side& side) const;
  bool Reach(const Place& place, int64_t by, Side& side);
  bool Going() const { return meter_.stop() == Stop::kNone; }

  const PathEnds& ends_;
  const PathShape shape_;
  const PathSpec& spec_;
  topology::Topology topology_;
  Admission admission_;
  Pattern pattern_;
  const bool first_will_do_;
  Meter& meter_;
  Side near_;
  Side far_;
  PathWeb web_;
  EntityNumbers numbers_;  // indexes of web_.waypoints
  EntityId at_;
  std::optional<uint32_t> meeting_;
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_PATH_SEARCH_H_
