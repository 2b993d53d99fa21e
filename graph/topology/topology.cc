#include "graph/topology/topology.h"

#include "graph/base/status_macros.h"
#include "graph/store/adjacency.h"
#include "graph/store/placement.h"

namespace guanxi::topology {
namespace {

using store::Side;
using store::Tuple;

Hop HopOf(const Tuple<4>& slot, Direction direction) {
  return {.neighbour = {slot[store::kSlotOther]},
          .relationship = {slot[store::kSlotRelationship]},
          .type = {slot[store::kSlotType]},
          .direction = direction,
          .plain = slot[store::kSlotState] == store::kPlain};
}

}  // namespace

Topology::Topology(const store::Snapshot& snapshot) : snapshot_(snapshot) {
  const store::Catalog& catalog = snapshot.catalog();
  for (uint64_t id = 0; id < catalog.types.size(); ++id) {
    const RelationshipDeclaration* declared =
        catalog.schema.FindRelationship(*catalog.types.Get(TypeId{id}));
    symmetric_.push_back(declared != nullptr && declared->symmetric);
  }
}

bool Topology::IsSymmetric(TypeId type) const {
  return type.value < symmetric_.size() && symmetric_[type.value];
}

absl::Status Topology::Expand(EntityId entity, Direction direction,
                              absl::Span<const TypeId> types,
                              absl::FunctionRef<bool(const Hop&)> visit) const {
  const store::Standpoint at = snapshot_.standpoint();
  if (direction != Direction::kIn) {
    const auto visit_out = [&](const Tuple<4>& slot) {
      return visit(HopOf(slot, Direction::kOut));
    };
    ASSIGN_OR_RETURN(const bool more, store::WalkSlots(at, entity, Side::kOut,
                                                       types, visit_out));
    if (!more) return absl::OkStatus();
  }
  if (direction == Direction::kOut) return absl::OkStatus();
  const auto visit_in = [&](const Tuple<4>& slot) {
    const bool symmetric = IsSymmetric(TypeId{slot[store::kSlotType]});
    if (symmetric && direction == Direction::kBoth) return true;  // met above
    return visit(HopOf(slot, symmetric ? Direction::kOut : Direction::kIn));
  };
  return store::WalkSlots(at, entity, Side::kIn, types, visit_in).status();
}

absl::Status Topology::ExpandDenied(
    EntityId entity, Direction direction, absl::Span<const TypeId> types,
    absl::FunctionRef<bool(const Hop&)> visit) const {
  const auto visit_aside = [&](const Tuple<4>& slot) {
    if (store::AsideStateOf(slot) != store::kDenied) return true;
    const Direction side =
        store::IsOfSubject(slot) ? Direction::kOut : Direction::kIn;
    const bool symmetric = IsSymmetric(TypeId{slot[store::kSlotType]});
    if (!symmetric && direction != Direction::kBoth && side != direction) {
      return true;
    }
    return visit(HopOf(slot, symmetric ? Direction::kOut : side));
  };
  return store::WalkSlots(snapshot_.standpoint(), entity, Side::kAside, types,
                          visit_aside)
      .status();
}

}  // namespace guanxi::topology
