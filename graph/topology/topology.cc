#include "graph/topology/topology.h"

#include <algorithm>
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

// Likewise the slots of denied relationships on one side.
absl::StatusOr<bool> WalkDenied(SlotCursor& cursor, Direction side,
                                absl::Span<const TypeId> types, Visit visit) {
  const uint64_t lane = store::AsideLane(
      store::kDenied, side == Direction::kOut ? store::AsideSide::kSubject
                                              : store::AsideSide::kObject);
  const auto walk = [&](TypeId first, TypeId last) {
    for (cursor.Seek({lane, first.value, 0, 0}); cursor.Valid();
         cursor.Next()) {
      if (cursor.value(store::kAsideLane) != lane) break;
      if (cursor.value(store::kAsideType) > last.value) break;
      if (!visit(cursor.tuple())) return false;
    }
    return true;
  };
  if (types.empty() && !walk({0}, {kMaxId})) return false;
  for (const TypeId type : types) {
    if (!walk(type, type)) return false;
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
  for (const Direction side : {Direction::kOut, Direction::kIn}) {
    const auto visit_slot = [&](const store::Tuple<4>& slot) {
      const TypeId type{slot[store::kAsideType]};
      return visit({.neighbour = {slot[store::kAsideOther]},
                    .relationship = {slot[store::kAsideRelationship]},
                    .type = type,
                    .direction = IsSymmetric(type) ? Direction::kOut : side});
    };
    const bool wanted = direction == Direction::kBoth || direction == side;
    const std::vector<TypeId> symmetric =
        wanted ? std::vector<TypeId>() : Symmetric(types);
    if (!wanted && symmetric.empty()) continue;
    ASSIGN_OR_RETURN(
        const bool more,
        WalkDenied(aside, side, wanted ? types : symmetric, visit_slot));
    if (!more) return absl::OkStatus();
  }
  return absl::OkStatus();
}

std::vector<TypeId> Topology::Symmetric(absl::Span<const TypeId> types) const {
  std::vector<TypeId> symmetric;
  for (uint64_t id = 0; id < symmetric_.size(); ++id) {
    const bool wanted =
        types.empty() || std::ranges::binary_search(types, TypeId{id});
    if (wanted && symmetric_[id]) symmetric.push_back({id});
  }
  return symmetric;
}

}  // namespace guanxi::topology
