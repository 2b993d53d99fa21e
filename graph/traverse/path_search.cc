#include "graph/traverse/path_search.h"

#include <algorithm>
#include <utility>

#include "graph/base/status_macros.h"
#include "graph/traverse/expansion.h"

namespace guanxi::traverse {
namespace {

using topology::Hop;
using topology::Topology;

// Roughly what a waypoint takes in the lists, the index and the frontiers; and
// what a step takes, here and where paths are listed.
constexpr int64_t kBytesPerWaypoint = 128;
constexpr auto kBytesPerStep = int64_t{2 * sizeof(Step)};

}  // namespace

PathSearch::PathSearch(const topology::Ground& ground, const PathEnds& ends,
                       PathShape shape, const PathSpec& spec, Meter& meter)
    : ends_(ends),
      shape_(shape),
      spec_(spec),
      topology_(ground, spec.traversal.lens),
      admission_(ground.snapshot, spec.traversal),
      pattern_(ground.snapshot, spec, admission_),
      first_will_do_(spec.mode == PathMode::kAnyShortest &&
                     shape == PathShape::kOpen && spec.pattern.empty() &&
                     spec.min_path_confidence == 0),
      meter_(meter),
      near_{.direction = pattern_.direction(), .is_near = true},
      far_{.direction = Reverse(pattern_.direction())},
      numbers_(ground.snapshot.entity_bound(),
               shape == PathShape::kCycle ? kAfterCycle : 0, meter) {}

absl::Status PathSearch::Begin() {
  if (shape_ == PathShape::kCycle) {
    Add({.id = ends_.from.front()});  // kCycleBegin
    Add({.id = ends_.from.front()});  // kCycleEnd
  }
  for (const EntityId id : ends_.from) {
    ASSIGN_OR_RETURN(const uint32_t end, Meet(id, far_));
    web_.waypoints[end].is_from = true;
    if (near_.states[end] == 0) Reach({end, pattern_.start()}, kRoot, near_);
  }
  for (const EntityId id : ends_.to) {
    ASSIGN_OR_RETURN(const uint32_t end, Meet(id, near_));
    web_.waypoints[end].is_to = true;
    if (far_.states[end] == 0) Reach({end, pattern_.end()}, kRoot, far_);
  }
  if (!ends_.from.empty()) at_ = ends_.from.front();
  return absl::OkStatus();
}

absl::Status PathSearch::SearchUntilMet() {
  while (!HasMet() && CanGoOn()) RETURN_IF_ERROR(Advance());
  return absl::OkStatus();
}

absl::Status PathSearch::SearchTo(int depth) {
  while (this->depth() < depth && CanGoOn()) RETURN_IF_ERROR(Advance());
  return absl::OkStatus();
}

// The waypoint of an entity that a side comes to, a new one if need be.
absl::StatusOr<uint32_t> PathSearch::Meet(EntityId id, const Side& side) {
  if (shape_ == PathShape::kCycle && id == ends_.from.front()) {
    return side.is_near ? kCycleEnd : kCycleBegin;
  }
  const auto [number, is_new] = numbers_.Insert(id);
  if (!is_new) return number;
  ASSIGN_OR_RETURN(const States passes, Passes(id));
  const bool is_to = LeadsAnywhere() && passes != 0;
  return Add({.id = id, .is_to = is_to, .passes = passes});
}

uint32_t PathSearch::Add(Waypoint waypoint) {
  const auto next = static_cast<uint32_t>(web_.waypoints.size());
  web_.waypoints.push_back(waypoint);
  for (Side* side : {&near_, &far_}) {
    side->fresh.push_back(0);
    side->states.push_back(0);
    side->by.push_back(kRoot);
  }
  if (waypoint.is_to) far_.states.back() = pattern_.end();
  meter_.CountBytes(kBytesPerWaypoint);
  return next;
}

// The states in which a path may lead through an entity.
absl::StatusOr<States> PathSearch::Passes(EntityId id) const {
  ASSIGN_OR_RETURN(const bool admitted, admission_.AdmitsEntity(id));
  if (!admitted) return 0;
  return pattern_.Passes(id);
}

bool PathSearch::IsExhausted() const {
  return near_.frontier.empty() ||
         (far_.frontier.empty() && !LeadsAnywhere()) ||
         pattern_.MatchesNothing() || depth() >= pattern_.longest();
}

bool PathSearch::CanGoOn() const {
  return Going() && !IsExhausted() && depth() < spec_.max_length;
}

absl::Status PathSearch::Advance() {
  const bool near_first =
      LeadsAnywhere() || near_.frontier.size() <= far_.frontier.size();
  return AdvanceSide(near_first ? near_ : far_);
}

// Searches one level further from one side.
absl::Status PathSearch::AdvanceSide(Side& side) {
  std::vector<Place> level;
  for (const uint32_t waypoint : side.frontier) {
    level.push_back({waypoint, std::exchange(side.fresh[waypoint], 0)});
  }
  side.frontier.clear();
  const auto id_at = [&](size_t place) {
    return web_.waypoints[level[std::min(place, level.size() - 1)].waypoint].id;
  };
  for (size_t i = 0; i < level.size(); ++i) {
    at_ = id_at(i);
    if (!meter_.CountStep()) return absl::OkStatus();
    topology_.Prefetch(id_at(i + Topology::kSlotsAhead),
                       id_at(i + Topology::kPlacesAhead), side.direction);
    RETURN_IF_ERROR(Expand(level[i], side));
    if (!Going()) return absl::OkStatus();
    if (HasMet() && first_will_do_) break;
  }
  ++side.depth;
  return absl::OkStatus();
}

absl::Status PathSearch::Expand(const Place& from, Side& side) {
  return ExpandWhole(
      topology_,
      {web_.waypoints[from.waypoint].id, side.direction, pattern_.types()},
      [&](const Hop& hop) { return Take(hop, from, side); },
      [&](const Hop& hop) { return TakeDenied(hop, from, side); },
      [&](EntityId neighbour, RelationshipId) {
        numbers_.Prefetch(neighbour);
      });
}

absl::StatusOr<bool> PathSearch::TakeDenied(const Hop& hop, const Place& from,
                                            const Side& side) {
  if (!meter_.CountRelationship()) return false;
  if (!Reads(hop, from, side)) return true;
  ASSIGN_OR_RETURN(const uint32_t to, Meet(hop.neighbour, side));
  if (!Going()) return false;
  if (to == from.waypoint || !MayLeadTo(to, side)) return true;
  RETURN_IF_ERROR(admission_.CountDenied(hop).status());
  return true;
}

// Whether a path that stands there could take the hop, as far as its type and
// direction tell.
bool PathSearch::Reads(const Hop& hop, const Place& from,
                       const Side& side) const {
  const States reads = pattern_.Reads(hop, !side.is_near);
  return (side.is_near ? from.states & reads
                       : pattern_.Retreat(from.states, reads)) != 0;
}

// Whether the steps of a side may lead to a waypoint.
bool PathSearch::MayLeadTo(uint32_t to, const Side& side) const {
  const Waypoint& waypoint = web_.waypoints[to];
  return waypoint.passes != 0 ||
         (side.is_near ? waypoint.is_to : waypoint.is_from);
}

// Takes one hop; returns whether the expansion goes on.
absl::StatusOr<bool> PathSearch::Take(const Hop& hop, const Place& from,
                                      Side& side) {
  if (!meter_.CountRelationship()) return false;
  if (!Reads(hop, from, side)) return true;
  ASSIGN_OR_RETURN(const uint32_t to, Meet(hop.neighbour, side));
  if (!Going()) return false;
  const bool stays = to == from.waypoint && !hop.inside &&
                     spec_.restrictor == PathRestrictor::kAcyclic;
  if (stays || !MayLeadTo(to, side)) return true;
  ASSIGN_OR_RETURN(const bool admitted, admission_.Admits(hop));
  if (!admitted) return true;
  ASSIGN_OR_RETURN(const States admits,
                   pattern_.Satisfied(hop, pattern_.Reads(hop, !side.is_near)));

  const Place place = {to, StatesAt(to, from, admits, side)};
  if (place.states == 0) return true;
  const bool is_new = (place.states & ~side.states[to]) != 0;
  if (!is_new && first_will_do_) return true;
  if (!meter_.CountBytes(kBytesPerStep)) return false;
  const auto step = static_cast<int64_t>(web_.steps.size());
  web_.steps.push_back({.from = side.is_near ? from.waypoint : to,
                        .to = side.is_near ? to : from.waypoint,
                        .relationship = hop.relationship,
                        .type = hop.type,
                        .admits = admits});
  return !is_new || Reach(place, step, side);
}

// The states to which a step leads from a place, on the side's way.
States PathSearch::StatesAt(uint32_t to, const Place& from, States admits,
                            const Side& side) const {
  const States end = pattern_.end();
  if (side.is_near) {
    const Waypoint& waypoint = web_.waypoints[to];
    const States on = pattern_.Advance(from.states, admits & waypoint.passes);
    if (!waypoint.is_to || LeadsAnywhere()) return on;
    return on | (pattern_.Advance(from.states, admits) & end);
  }
  const States passes = web_.waypoints[from.waypoint].passes;
  const States on = pattern_.Retreat(from.states & ~end, admits) & passes;
  if ((from.states & end) == 0) return on;
  return on | pattern_.Retreat(end, admits);
}

// Returns whether the search goes on.
bool PathSearch::Reach(const Place& place, int64_t by, Side& side) {
  const uint32_t waypoint = place.waypoint;
  const bool is_root = by == kRoot;
  const States fresh = place.states & ~side.states[waypoint];
  if (side.states[waypoint] == 0) {
    if (!is_root && !meter_.CountEntity()) return false;
    side.by[waypoint] = by;
  }
  side.states[waypoint] |= fresh;
  const bool leads_on = side.is_near
                            ? (fresh & ~pattern_.end()) != 0
                            : is_root || web_.waypoints[waypoint].passes != 0;
  if (leads_on) {
    if (side.fresh[waypoint] == 0) side.frontier.push_back(waypoint);
    side.fresh[waypoint] |= fresh;
  }
  if ((near_.states[waypoint] & far_.states[waypoint]) == 0) return true;
  if (!HasMet()) meeting_ = waypoint;
  return !first_will_do_;
}

int64_t PathSearch::LongestPossible() const {
  const bool returns_at_will =
      shape_ == PathShape::kOpen && spec_.restrictor == PathRestrictor::kWalk;
  return returns_at_will ? pattern_.longest() : LongestShortest();
}

int64_t PathSearch::LongestShortest() const {
  if (web_.steps.empty()) return 0;
  const auto waypoints = static_cast<int64_t>(web_.waypoints.size());
  const auto states = static_cast<int64_t>(pattern_.size());
  int64_t longest = waypoints - 1;
  if (shape_ == PathShape::kOpen) {
    switch (spec_.restrictor) {
      case PathRestrictor::kAcyclic:
        break;
      case PathRestrictor::kTrail:
        longest = static_cast<int64_t>(web_.steps.size());
        break;
      case PathRestrictor::kWalk:
        longest = waypoints * states;  // a longer one can be cut short
        break;
    }
  }
  return std::min(longest, pattern_.longest());
}

Path PathSearch::FirstPath() const {
  Path path;
  uint32_t here = *meeting_;
  while (near_.by[here] != kRoot) {
    const Step& step = web_.steps[static_cast<size_t>(near_.by[here])];
    path.entities.push_back(web_.waypoints[here].id);
    path.relationships.push_back(step.relationship);
    here = step.from;
  }
  path.entities.push_back(web_.waypoints[here].id);
  std::ranges::reverse(path.entities);
  std::ranges::reverse(path.relationships);
  here = *meeting_;
  while (far_.by[here] != kRoot) {
    const Step& step = web_.steps[static_cast<size_t>(far_.by[here])];
    path.relationships.push_back(step.relationship);
    here = step.to;
    path.entities.push_back(web_.waypoints[here].id);
  }
  return path;
}

}  // namespace guanxi::traverse
