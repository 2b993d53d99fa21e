#include "graph/traverse/cheapest.h"

#include <algorithm>
#include <functional>
#include <limits>

#include "graph/base/status_macros.h"
#include "graph/traverse/expansion.h"

namespace guanxi::traverse {
namespace {

using topology::Hop;

// Roughly what a waypoint takes in the lists, the index and the queues.
constexpr int64_t kBytesPerPricedWaypoint = 160;
constexpr auto kBytesPerPricedStep = int64_t{sizeof(PricedStep)};

}  // namespace

CheapestSearch::CheapestSearch(const topology::Ground& ground,
                               const PathEnds& ends, const PathSpec& spec,
                               Meter& meter)
    : ends_(ends),
      spec_(spec),
      topology_(ground, spec.traversal.lens),
      admission_(ground.snapshot, spec.traversal),
      pricing_(ground, spec, meter),
      meter_(meter),
      near_{.direction = spec.traversal.direction, .is_near = true},
      far_{.direction = Reverse(spec.traversal.direction)},
      numbers_(ground.snapshot.entity_bound(), 0, meter),
      best_(kInfinity) {}

absl::Status CheapestSearch::SearchFromBothEnds() {
  RETURN_IF_ERROR(Begin());
  while (Going()) {
    const std::optional<double> near = NextCost(near_);
    const std::optional<double> far = NextCost(far_);
    if (!near.has_value() || !far.has_value()) break;
    if (*near + *far >= best_) break;
    if (CostsMore(*near + *far, spec_.max_cost)) {
      bounded_ = true;
      break;
    }
    const bool near_next = near_.queue.size() <= far_.queue.size();
    RETURN_IF_ERROR(Settle(near_next ? near_ : far_));
  }
  return absl::OkStatus();
}

absl::Status CheapestSearch::SearchFromFarEnd() {
  both_ends_ = false;
  RETURN_IF_ERROR(Begin());
  while (Going() && NextCost(far_).has_value()) RETURN_IF_ERROR(Settle(far_));
  return absl::OkStatus();
}

absl::Status CheapestSearch::Begin() {
  for (const EntityId id : ends_.from) {
    ASSIGN_OR_RETURN(const uint32_t end, Meet(id));
    waypoints_[end].is_from = true;
    Root(end, near_);
  }
  for (const EntityId id : ends_.to) {
    ASSIGN_OR_RETURN(const uint32_t end, Meet(id));
    waypoints_[end].is_to = true;
    Root(end, far_);
    RETURN_IF_ERROR(Join(end));
  }
  if (!ends_.from.empty()) at_ = ends_.from.front();
  return absl::OkStatus();
}

absl::StatusOr<uint32_t> CheapestSearch::Meet(EntityId id) {
  const auto [number, is_new] = numbers_.Insert(id);
  if (!is_new) return number;
  ASSIGN_OR_RETURN(const bool passable, admission_.AdmitsEntity(id));
  waypoints_.push_back({.id = id, .passable = passable});
  for (Side* side : {&near_, &far_}) {
    side->costs.push_back(kInfinity);
    side->by.push_back(kRoot);
    side->settled.push_back(false);
  }
  meter_.CountBytes(kBytesPerPricedWaypoint);
  return number;
}

void CheapestSearch::Root(uint32_t waypoint, Side& side) {
  side.costs[waypoint] = 0;
  side.queue.emplace(0, waypoint);
}

// What the next entity costs that a side would expand. nullopt: there is none.
std::optional<double> CheapestSearch::NextCost(Side& side) {
  while (!side.queue.empty() && side.settled[side.queue.top().second]) {
    side.queue.pop();
  }
  if (side.queue.empty() || admission_.MatchesNothing()) return std::nullopt;
  return side.queue.top().first;
}

absl::Status CheapestSearch::Settle(Side& side) {
  const uint32_t waypoint = side.queue.top().second;
  side.queue.pop();
  side.settled[waypoint] = true;
  at_ = waypoints_[waypoint].id;
  cost_ = side.costs[waypoint];
  if (!meter_.CountStep()) return absl::OkStatus();
  return Expand(waypoint, side);
}

absl::Status CheapestSearch::Expand(uint32_t from, Side& side) {
  const EntityId entity = waypoints_[from].id;
  if (!both_ends_ || !IsRoot(from, side)) {
    ASSIGN_OR_RETURN(waypoints_[from].toll, pricing_.Toll(entity));
  }
  return ExpandWhole(
      topology_, {entity, side.direction, admission_.types()},
      [&](const Hop& hop) { return Take(hop, from, side); },
      [&](const Hop& hop) { return TakeDenied(hop, from, side); },
      [&](EntityId neighbour, RelationshipId id) {
        pricing_.Prefetch(id);
        numbers_.Prefetch(neighbour);
      });
}

absl::StatusOr<bool> CheapestSearch::TakeDenied(const Hop& hop, uint32_t from,
                                                const Side& side) {
  if (!meter_.CountRelationship()) return false;
  ASSIGN_OR_RETURN(const uint32_t to, Meet(hop.neighbour));
  if (!Going()) return false;
  if (to == from || !MayLeadTo(to, side)) return true;
  RETURN_IF_ERROR(admission_.CountDenied(hop).status());
  return true;
}

bool CheapestSearch::MayLeadTo(uint32_t to, const Side& side) const {
  const PricedWaypoint& waypoint = waypoints_[to];
  return waypoint.passable ||
         (side.is_near ? waypoint.is_to : waypoint.is_from);
}

// Takes one hop; returns whether the expansion goes on.
absl::StatusOr<bool> CheapestSearch::Take(const Hop& hop, uint32_t from,
                                          Side& side) {
  if (!meter_.CountRelationship()) return false;
  ASSIGN_OR_RETURN(const uint32_t to, Meet(hop.neighbour));
  if (!Going()) return false;
  if ((to == from && !hop.inside) || !MayLeadTo(to, side)) return true;
  ASSIGN_OR_RETURN(const bool admitted, admission_.Admits(hop));
  if (!admitted) return true;
  // What is nearer already cannot be got to for less.
  const double toll = IsRoot(from, side) ? 0 : waypoints_[from].toll;
  const double here = side.costs[from] + toll;
  if (both_ends_ && side.costs[to] <= here) return true;
  ASSIGN_OR_RETURN(const std::optional<double> price, pricing_.Price(hop));
  if (!price.has_value()) return true;

  const double cost = here + *price;
  if (CostsMore(cost, spec_.max_cost)) {
    bounded_ = true;
    return true;
  }
  const bool cheaper = cost < side.costs[to];
  if (!cheaper && both_ends_) return true;
  if (!meter_.CountBytes(kBytesPerPricedStep)) return false;
  const auto step = static_cast<int64_t>(steps_.size());
  steps_.push_back({.from = side.is_near ? from : to,
                    .to = side.is_near ? to : from,
                    .relationship = hop.relationship,
                    .price = *price});
  if (!cheaper) return true;
  if (side.costs[to] == kInfinity && !meter_.CountEntity()) return false;
  side.costs[to] = cost;
  side.by[to] = step;
  if (waypoints_[to].passable) side.queue.emplace(cost, to);
  RETURN_IF_ERROR(Join(to));
  return true;
}

// Notes the path on which the sides meet here, if it is the cheapest so far.
absl::Status CheapestSearch::Join(uint32_t waypoint) {
  const double near = near_.costs[waypoint];
  const double far = far_.costs[waypoint];
  const bool meets = both_ends_ && near < kInfinity && far < kInfinity;
  if (!meets || (HasMet() && near + far >= best_)) return absl::OkStatus();
  double cost = near + far;
  const bool between =
      near_.by[waypoint] != kRoot && far_.by[waypoint] != kRoot;
  if (between) {
    ASSIGN_OR_RETURN(const double toll, pricing_.Toll(waypoints_[waypoint].id));
    cost += toll;
  }
  if (CostsMore(cost, spec_.max_cost)) {
    bounded_ = true;
  } else if (cost < best_) {
    best_ = cost;
    meeting_ = waypoint;
  }
  return absl::OkStatus();
}

// The steps on which the sides have met. Where steps cost nothing they may come
// by an entity twice: the loop is left out.
std::vector<uint32_t> CheapestSearch::StepsOfBest() const {
  std::vector<uint32_t> steps;
  const auto step_to = [&](uint32_t waypoint, const Side& side) {
    steps.push_back(static_cast<uint32_t>(side.by[waypoint]));
    return steps_[steps.back()];
  };
  for (uint32_t here = *meeting_; near_.by[here] != kRoot;) {
    here = step_to(here, near_).from;
  }
  std::ranges::reverse(steps);
  for (uint32_t here = *meeting_; far_.by[here] != kRoot;) {
    here = step_to(here, far_).to;
  }
  std::vector<uint32_t> simple;
  for (const uint32_t step : steps) {
    const auto loop = std::ranges::find_if(simple, [&](uint32_t earlier) {
      return steps_[earlier].from == steps_[step].to;
    });
    const bool comes_back = loop != simple.end();
    simple.erase(loop, simple.end());
    if (!comes_back) simple.push_back(step);
  }
  return simple;
}

absl::StatusOr<std::optional<Path>> CheapestSearch::FindPath() {
  if (!HasMet()) return std::nullopt;
  const std::vector<uint32_t> steps = StepsOfBest();
  const uint32_t first = steps.empty() ? *meeting_ : steps_[steps[0]].from;
  Path path = {.entities = {waypoints_[first].id}};
  for (const uint32_t index : steps) {
    const PricedStep& step = steps_[index];
    if (step.from != first) {
      ASSIGN_OR_RETURN(const double toll,
                       pricing_.Toll(waypoints_[step.from].id));
      path.cost += toll;
    }
    path.cost += step.price;
    path.relationships.push_back(step.relationship);
    path.entities.push_back(waypoints_[step.to].id);
  }
  return path;
}

double CheapestSearch::Rest(uint32_t waypoint) const {
  const bool ends = far_.by[waypoint] == kRoot;
  return far_.costs[waypoint] + (ends ? 0 : waypoints_[waypoint].toll);
}

LeftOut CheapestSearch::left_out() const {
  LeftOut left_out = admission_.left_out();
  left_out.unpriced = pricing_.unpriced();
  return left_out;
}

}  // namespace guanxi::traverse
