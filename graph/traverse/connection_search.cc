#include "graph/traverse/connection_search.h"

#include <utility>

#include "graph/base/status_macros.h"
#include "graph/traverse/expansion.h"

namespace guanxi::traverse {
namespace {

using topology::Hop;

// Roughly what an entity takes in the list and the index.
constexpr int64_t kBytesPerEntity = 64;

}  // namespace

ConnectionSearch::ConnectionSearch(const topology::Ground& ground,
                                   const std::vector<EntityId>& given,
                                   const TraversalSpec& spec, Meter& meter)
    : snapshot_(ground.snapshot),
      spec_(spec),
      topology_(ground, spec.lens),
      admission_(ground.snapshot, spec),
      meter_(meter) {
  for (const EntityId id : given) AddGiven(id);
}

void ConnectionSearch::AddGiven(EntityId id) {
  const auto place = static_cast<Place>(reached_.size());
  places_.emplace(id, place);
  reached_.push_back({.id = id, .region = place, .first_step = kNoStep});
  deepest_.push_back(0);
  meter_.CountBytes(kBytesPerEntity);
}

// Entities are expanded in the order of their regions. So of several regions
// that lead to an entity at the same level the first takes it, and those that
// are reached are in that order too.
absl::Status ConnectionSearch::Advance(VisitBridge visit) {
  const auto end = static_cast<Place>(reached_.size());
  for (; next_ < end; ++next_) {
    at_ = next_;
    if (!meter_.CountStep()) return absl::OkStatus();
    RETURN_IF_ERROR(Expand(next_, visit));
    if (!Going()) return absl::OkStatus();
  }
  ++level_;
  return absl::OkStatus();
}

absl::Status ConnectionSearch::Expand(Place from, VisitBridge visit) {
  return ExpandWhole(
      topology_, {reached_[from].id, Direction::kBoth, admission_.types()},
      [&](const Hop& hop) { return Take(hop, from, visit); },
      [&](const Hop& hop) { return TakeDenied(hop, from); });
}

// Takes one hop; returns whether the expansion goes on.
absl::StatusOr<bool> ConnectionSearch::Take(const Hop& hop, Place from,
                                            VisitBridge visit) {
  if (!meter_.CountRelationship()) return false;
  ASSIGN_OR_RETURN(Place* const place, FindPlace(hop.neighbour));
  if (!Going()) return false;
  if ((*place == from && !hop.inside) || *place == kBarred) return true;
  ASSIGN_OR_RETURN(const bool admitted, admission_.Admits(hop));
  if (!admitted) return true;

  if (*place == kUnreached) {
    *place = static_cast<Place>(reached_.size());
    if (!Reach(hop.neighbour, from)) return false;
  }
  const Reached& here = reached_[from];
  const Reached& there = reached_[*place];
  if (there.region != here.region) {
    RETURN_IF_ERROR(visit(BridgeOf(hop, from, *place)));
    return Going();
  }
  if (there.distance <= here.distance) return true;
  return AddStepBack(*place, {from, hop.relationship});
}

absl::StatusOr<bool> ConnectionSearch::TakeDenied(const Hop& hop, Place from) {
  if (!meter_.CountRelationship()) return false;
  ASSIGN_OR_RETURN(const Place* const place, FindPlace(hop.neighbour));
  if (!Going()) return false;
  if (*place == from || *place == kBarred) return true;
  RETURN_IF_ERROR(admission_.CountDenied(hop).status());
  return true;
}

// Valid until it is asked again.
absl::StatusOr<ConnectionSearch::Place*> ConnectionSearch::FindPlace(
    EntityId id) {
  const auto [found, is_new] = places_.try_emplace(id, kUnreached);
  if (!is_new) return &found->second;
  meter_.CountBytes(kBytesPerEntity);
  ASSIGN_OR_RETURN(const bool admitted, admission_.AdmitsEntity(id));
  if (!admitted) found->second = kBarred;
  return &found->second;
}

bool ConnectionSearch::Reach(EntityId id, Place from) {
  const uint32_t region = reached_[from].region;
  reached_.push_back({.id = id,
                      .region = region,
                      .distance = reached_[from].distance + 1,
                      .first_step = kNoStep});
  deepest_[region] = level_ + 1;
  return meter_.CountEntity();
}

bool ConnectionSearch::AddStepBack(Place place, const StepBack& step) {
  const auto added = static_cast<uint32_t>(steps_.size());
  steps_.push_back({step, std::exchange(reached_[place].first_step, added)});
  return meter_.CountBytes(sizeof(ListedStep));
}

ConnectionSearch::Bridge ConnectionSearch::BridgeOf(const Hop& hop, Place from,
                                                    Place to) const {
  const Reached& here = reached_[from];
  const Reached& there = reached_[to];
  const bool in_order = here.region < there.region;
  return {.near = in_order ? from : to,
          .far = in_order ? to : from,
          .relationship = hop.relationship,
          .length = static_cast<int>(here.distance + 1 + there.distance)};
}

absl::StatusOr<ConnectionSearch::StepBack> ConnectionSearch::FindStepBack(
    Place place) {
  const auto leg_of = [&](const StepBack& step) {
    return Leg{reached_[step.to].id, reached_[place].id, step.relationship};
  };
  const ListedStep* listed = &steps_[reached_[place].first_step];
  StepBack best = listed->step;
  while (listed->next != kNoStep && meter_.CountStep()) {
    listed = &steps_[listed->next];
    ASSIGN_OR_RETURN(
        const bool precedes,
        Precedes(snapshot_, spec_.lens, leg_of(listed->step), leg_of(best)));
    if (precedes) best = listed->step;
  }
  return best;
}

}  // namespace guanxi::traverse
