#include "graph/topology/topology.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "graph/base/check.h"
#include "graph/base/status_macros.h"
#include "graph/store/placement.h"

namespace guanxi::topology {
namespace {

using store::Slot;
using store::SlotSide;

auto PlaceOf(const Hop& hop) {
  return std::tie(hop.direction, hop.type, hop.neighbour, hop.relationship);
}

bool SameEnds(const Hop& a, const Hop& b) {
  return a.direction == b.direction && a.type == b.type &&
         a.neighbour == b.neighbour;
}

}  // namespace

Topology::Topology(const Ground& ground, const Lens& lens)
    : snapshot_(ground.snapshot),
      adjacency_(ground.adjacency),
      identity_(ground.snapshot.identity(lens)),
      symmetric_types_(ground.snapshot.catalog().symmetric_types) {
  GUANXI_CHECK(adjacency_ == nullptr ||
               adjacency_->revision() == snapshot_.revision());
}

std::vector<TypeId> Topology::Symmetric(absl::Span<const TypeId> types) const {
  if (types.empty()) return symmetric_types_;
  std::vector<TypeId> symmetric;
  std::ranges::set_intersection(types, symmetric_types_,
                                std::back_inserter(symmetric));
  return symmetric;
}

absl::StatusOr<bool> Topology::ByCursor::operator()(
    SlotSide side, absl::Span<const TypeId> types,
    store::VisitSlot visit) const {
  return store::WalkSlots(snapshot.standpoint(), entity, {.side = side}, types,
                          visit);
}

absl::Status Topology::ExpandMerged(EntityId entity, Direction direction,
                                    absl::Span<const TypeId> types,
                                    VisitHop visit) const {
  const auto walk = [&](EntityId member, VisitHop each) {
    return adjacency_ != nullptr
               ? WalkHops(InMemory<NoHint>{*adjacency_, member, {}}, direction,
                          types, each)
               : WalkHops(ByCursor{snapshot_, member}, direction, types, each);
  };
  return Merged(entity, walk, visit);
}

absl::Status Topology::ExpandDeniedMerged(EntityId entity, Direction direction,
                                          absl::Span<const TypeId> types,
                                          VisitHop visit) const {
  const auto walk = [&](EntityId member, VisitHop each) {
    return WalkDenied(member, direction, types, each);
  };
  return Merged(entity, walk, visit);
}

absl::Status Topology::WalkDenied(EntityId entity, Direction direction,
                                  absl::Span<const TypeId> types,
                                  VisitHop visit) const {
  if (adjacency_ != nullptr && !adjacency_->MayHaveDenied(entity)) {
    return absl::OkStatus();
  }
  for (const SlotSide side : store::kSlotSides) {
    const Direction seen =
        side == SlotSide::kSubject ? Direction::kOut : Direction::kIn;
    const auto visit_slot = [&](const Slot& slot) {
      return visit(
          HopOf(slot, IsSymmetric(slot.type) ? Direction::kOut : seen));
    };
    const bool wanted = direction == Direction::kBoth || direction == seen;
    const std::vector<TypeId> symmetric =
        wanted ? std::vector<TypeId>() : Symmetric(types);
    if (!wanted && symmetric.empty()) continue;
    ASSIGN_OR_RETURN(
        const bool more,
        store::WalkSlots(snapshot_.standpoint(), entity, {side, store::kDenied},
                         wanted ? types : symmetric, visit_slot));
    if (!more) return absl::OkStatus();
  }
  return absl::OkStatus();
}

// Where entities may be one, the hops of all members are collected first, for
// the order and the folding to be right.
absl::Status Topology::Merged(EntityId entity, Walk walk,
                              VisitHop visit) const {
  if (HasRuns(entity)) return walk(entity, visit);
  ASSIGN_OR_RETURN(const bool may_merge,
                   identity_.MayMerge(snapshot_.standpoint()));
  if (!may_merge) return walk(entity, visit);
  ASSIGN_OR_RETURN(const store::Cluster* cluster,
                   identity_.Of(snapshot_.standpoint(), entity));
  std::vector<Hop> hops;
  for (const EntityId member : cluster->members) {
    const size_t first = hops.size();
    RETURN_IF_ERROR(walk(member, [&hops](const Hop& hop) {
      hops.push_back(hop);
      return true;
    }));
    std::vector<Hop> own(hops.begin() + static_cast<ptrdiff_t>(first),
                         hops.end());
    RETURN_IF_ERROR(MapEnds(*cluster, own));
    std::ranges::copy(own, hops.begin() + static_cast<ptrdiff_t>(first));
  }
  ASSIGN_OR_RETURN(hops, Fold(std::move(hops)));
  for (const Hop& hop : hops) {
    if (!visit(hop)) break;
  }
  return absl::OkStatus();
}

// Makes neighbours canonical. A denial or a deprecated claim of a merged
// relationship can stand with another member, so that none of them is plain.
absl::Status Topology::MapEnds(const store::Cluster& cluster,
                               std::vector<Hop>& hops) const {
  for (Hop& hop : hops) {
    if (adjacency_ != nullptr && !adjacency_->MayBeMerged(hop.neighbour)) {
      hop.plain = hop.plain && !cluster.merged();
      continue;  // it is itself
    }
    ASSIGN_OR_RETURN(const store::Cluster* other,
                     identity_.Of(snapshot_.standpoint(), hop.neighbour));
    hop.inside = cluster.merged() && other->canonical == cluster.canonical;
    hop.plain = hop.plain && !cluster.merged() && !other->merged();
    hop.neighbour = other->canonical;
  }
  return absl::OkStatus();
}

// Of hops with equal keys the first one stays; a relationship inside a cluster
// is met from both ends and stays once.
absl::StatusOr<std::vector<Hop>> Topology::Fold(std::vector<Hop> hops) const {
  std::ranges::sort(
      hops, [](const Hop& a, const Hop& b) { return PlaceOf(a) < PlaceOf(b); });
  std::vector<Hop> folded;
  std::vector<store::RelationshipHead> heads;  // of those with the same ends
  for (size_t i = 0; i < hops.size(); ++i) {
    const Hop& hop = hops[i];
    const bool alone = (i == 0 || !SameEnds(hops[i - 1], hop)) &&
                       (i + 1 == hops.size() || !SameEnds(hop, hops[i + 1]));
    if (alone || hop.inside) {
      folded.push_back(hop);
      continue;
    }
    if (i == 0 || !SameEnds(hops[i - 1], hop)) heads.clear();
    ASSIGN_OR_RETURN(
        const store::RecordView record,
        store::ReadRecord(snapshot_.standpoint(), hop.relationship));
    ASSIGN_OR_RETURN(store::RelationshipHead head,
                     record.ReadRelationshipHead());
    const bool known = std::ranges::any_of(
        heads, [&head](const store::RelationshipHead& other) {
          return other.name == head.name && other.keys == head.keys;
        });
    if (known) continue;
    heads.push_back(std::move(head));
    folded.push_back(hop);
  }
  return folded;
}

}  // namespace guanxi::topology
