#include "graph/topology/topology.h"

#include <string>

#include "graph/base/status_macros.h"
#include "graph/store/key.h"
#include "graph/store/placement.h"
#include "graph/store/tuple_cursor.h"

namespace guanxi::topology {
namespace {

using SlotCursor = store::TupleCursor<4>;
using Visit = absl::FunctionRef<bool(const store::Tuple<4>&)>;

// Walks the slots of these types, or all; returns false if `visit` did.
absl::StatusOr<bool> WalkSlots(SlotCursor& cursor,
                               absl::Span<const TypeId> types, Visit visit) {
  if (types.empty()) {
    for (cursor.SeekFirst(); cursor.Valid(); cursor.Next()) {
      if (!visit(cursor.tuple())) return false;
    }
  }
  for (const TypeId type : types) {
    for (cursor.Seek({type.value, 0, 0, 0}); cursor.Valid(); cursor.Next()) {
      if (cursor.value(store::kSlotType) != type.value) break;
      if (!visit(cursor.tuple())) return false;
    }
  }
  RETURN_IF_ERROR(cursor.status());
  return true;
}

Hop HopOf(const store::Tuple<4>& slot, Direction direction) {
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
  const std::string prefix = store::IdKey(entity);
  if (direction != Direction::kIn) {
    SlotCursor out(snapshot_.txn(), {snapshot_.tables().adjacency_out, prefix});
    ASSIGN_OR_RETURN(const bool more,
                     WalkSlots(out, types, [&](const store::Tuple<4>& slot) {
                       return visit(HopOf(slot, Direction::kOut));
                     }));
    if (!more) return absl::OkStatus();
  }
  if (direction == Direction::kOut) return absl::OkStatus();
  SlotCursor in(snapshot_.txn(), {snapshot_.tables().adjacency_in, prefix});
  const auto visit_in = [&](const store::Tuple<4>& slot) {
    const bool symmetric = IsSymmetric(TypeId{slot[store::kSlotType]});
    if (symmetric && direction == Direction::kBoth) return true;  // met above
    return visit(HopOf(slot, symmetric ? Direction::kOut : Direction::kIn));
  };
  return WalkSlots(in, types, visit_in).status();
}

absl::Status Topology::ExpandDenied(
    EntityId entity, Direction direction, absl::Span<const TypeId> types,
    absl::FunctionRef<bool(const Hop&)> visit) const {
  const std::string prefix = store::IdKey(entity);
  SlotCursor aside(snapshot_.txn(), {snapshot_.tables().aside, prefix});
  const auto visit_aside = [&](const store::Tuple<4>& slot) {
    const uint64_t state = slot[store::kSlotState];
    if (state / 2 != store::kDenied) return true;
    const Direction side = state % 2 == 0 ? Direction::kOut : Direction::kIn;
    const bool symmetric = IsSymmetric(TypeId{slot[store::kSlotType]});
    if (!symmetric && direction != Direction::kBoth && side != direction) {
      return true;
    }
    return visit(HopOf(slot, symmetric ? Direction::kOut : side));
  };
  return WalkSlots(aside, types, visit_aside).status();
}

}  // namespace guanxi::topology
