#include "graph/traverse/path_search.h"

#include <algorithm>
#include <utility>

#include "graph/base/status_macros.h"

namespace guanxi::traverse {
namespace {

using topology::Hop;

// Roughly what a waypoint takes in the lists, the index and the frontiers.
constexpr int64_t kBytesPerWaypoint = 96;
constexpr auto kBytesPerStep = int64_t{sizeof(Step)};

Direction Reverse(Direction direction) {
  switch (direction) {
    case Direction::kOut:
      return Direction::kIn;
    case Direction::kIn:
      return Direction::kOut;
    case Direction::kBoth:
      return Direction::kBoth;
  }
  return direction;
}

}  // namespace

PathSearch::PathSearch(const topology::Ground& ground, const PathEnds& ends,
                       const PathSpec& spec, Meter& meter)
    : ends_(ends),
      spec_(spec),
      topology_(ground, spec.traversal.lens),
      admission_(ground.snapshot, spec.traversal),
      meter_(meter),
      near_{.direction = spec.traversal.direction, .is_near = true},
      far_{.direction = Reverse(spec.traversal.direction)} {}

absl::Status PathSearch::Run() {
  RETURN_IF_ERROR(AddEnds());
  while (Going() && !IsDone()) {
    const bool near_first = near_.frontier.size() <= far_.frontier.size();
    RETURN_IF_ERROR(Advance(near_first ? near_ : far_));
  }
  return absl::OkStatus();
}

absl::Status PathSearch::AddEnds() {
  for (const EntityId id : ends_.from) {
    ASSIGN_OR_RETURN(const uint32_t end, Meet(id));
    web_.waypoints[end].is_from = true;
    if (near_.reached[end] == kUnreached) Reach(end, kRoot, near_);
  }
  for (const EntityId id : ends_.to) {
    ASSIGN_OR_RETURN(const uint32_t end, Meet(id));
    web_.waypoints[end].is_to = true;
    if (far_.reached[end] == kUnreached) Reach(end, kRoot, far_);
  }
  if (!ends_.from.empty()) at_ = ends_.from.front();
  return absl::OkStatus();
}

// The waypoint of an entity, a new one if need be.
absl::StatusOr<uint32_t> PathSearch::Meet(EntityId id) {
  const auto next = static_cast<uint32_t>(web_.waypoints.size());
  const auto [found, is_new] = index_.try_emplace(id, next);
  if (!is_new) return found->second;
  ASSIGN_OR_RETURN(const bool passable, admission_.AdmitsEntity(id));
  web_.waypoints.push_back({.id = id, .passable = passable});
  near_.reached.push_back(kUnreached);
  far_.reached.push_back(kUnreached);
  meter_.CountBytes(kBytesPerWaypoint);
  return next;
}

bool PathSearch::IsExhausted() const {
  return near_.frontier.empty() || far_.frontier.empty() ||
         admission_.MatchesNothing();
}

bool PathSearch::IsDone() const {
  const bool met = HasMet() && spec_.mode != PathMode::kAllSimple;
  return met || IsExhausted() || depth() >= spec_.max_length;
}

// Searches one level further from one side.
absl::Status PathSearch::Advance(Side& side) {
  const std::vector<uint32_t> level = std::move(side.frontier);
  side.frontier.clear();
  for (const uint32_t from : level) {
    at_ = web_.waypoints[from].id;
    if (!meter_.CountStep()) return absl::OkStatus();
    RETURN_IF_ERROR(Expand(from, side));
    if (!Going()) return absl::OkStatus();
    if (HasMet() && spec_.mode == PathMode::kAnyShortest) break;
  }
  ++side.depth;
  return absl::OkStatus();
}

absl::Status PathSearch::Expand(uint32_t from, Side& side) {
  absl::Status failure;
  const auto visit = [&](const Hop& hop) {
    const absl::StatusOr<bool> more = Take(hop, from, side);
    if (!more.ok()) failure = more.status();
    return more.ok() && *more;
  };
  const EntityId entity = web_.waypoints[from].id;
  RETURN_IF_ERROR(
      topology_.Expand(entity, side.direction, admission_.types(), visit));
  RETURN_IF_ERROR(failure);
  const bool found = HasMet() && spec_.mode == PathMode::kAnyShortest;
  if (found || !Going()) return absl::OkStatus();
  const auto visit_denied = [&](const Hop& hop) {
    failure = TakeDenied(hop, from, side);
    return failure.ok() && Going();
  };
  RETURN_IF_ERROR(topology_.ExpandDenied(entity, side.direction,
                                         admission_.types(), visit_denied));
  return failure;
}

absl::Status PathSearch::TakeDenied(const Hop& hop, uint32_t from,
                                    const Side& side) {
  if (!meter_.CountRelationship()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const uint32_t to, Meet(hop.neighbour));
  if (!Going() || to == from || !MayLeadTo(to, side)) return absl::OkStatus();
  return admission_.CountDenied(hop).status();
}

// Whether the steps of a side may lead to a waypoint.
bool PathSearch::MayLeadTo(uint32_t to, const Side& side) const {
  const Waypoint& waypoint = web_.waypoints[to];
  return waypoint.passable ||
         (side.is_near ? waypoint.is_to : waypoint.is_from);
}

// Takes one hop; returns whether the expansion goes on.
absl::StatusOr<bool> PathSearch::Take(const Hop& hop, uint32_t from,
                                      Side& side) {
  if (!meter_.CountRelationship()) return false;
  ASSIGN_OR_RETURN(const uint32_t to, Meet(hop.neighbour));
  if (!Going()) return false;
  if ((to == from && !hop.inside) || !MayLeadTo(to, side)) return true;
  ASSIGN_OR_RETURN(const bool admitted, admission_.Admits(hop));
  if (!admitted) return true;

  const bool is_new = side.reached[to] == kUnreached;
  if (!is_new && spec_.mode == PathMode::kAnyShortest) return true;
  if (!meter_.CountBytes(kBytesPerStep)) return false;
  const auto step = static_cast<int64_t>(web_.steps.size());
  web_.steps.push_back({.from = side.is_near ? from : to,
                        .to = side.is_near ? to : from,
                        .relationship = hop.relationship,
                        .type = hop.type});
  return !is_new || Reach(to, step, side);
}

// Returns whether the search goes on.
bool PathSearch::Reach(uint32_t waypoint, int64_t by, Side& side) {
  if (by != kRoot && !meter_.CountEntity()) return false;
  side.reached[waypoint] = by;
  if (by == kRoot || web_.waypoints[waypoint].passable) {
    side.frontier.push_back(waypoint);
  }
  const Side& other = side.is_near ? far_ : near_;
  if (other.reached[waypoint] == kUnreached) return true;
  if (!HasMet()) meeting_ = waypoint;
  return spec_.mode != PathMode::kAnyShortest;
}

Path PathSearch::FirstPath() const {
  Path path;
  uint32_t here = *meeting_;
  while (near_.reached[here] != kRoot) {
    const Step& step = web_.steps[static_cast<size_t>(near_.reached[here])];
    path.entities.push_back(web_.waypoints[here].id);
    path.relationships.push_back(step.relationship);
    here = step.from;
  }
  path.entities.push_back(web_.waypoints[here].id);
  std::ranges::reverse(path.entities);
  std::ranges::reverse(path.relationships);
  here = *meeting_;
  while (far_.reached[here] != kRoot) {
    const Step& step = web_.steps[static_cast<size_t>(far_.reached[here])];
    path.relationships.push_back(step.relationship);
    here = step.to;
    path.entities.push_back(web_.waypoints[here].id);
  }
  return path;
}

PathWeb PathSearch::TakeWeb() {
  index_.clear();
  return std::move(web_);
}

}  // namespace guanxi::traverse
