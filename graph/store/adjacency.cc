#include "graph/store/adjacency.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"

#include "graph/base/status_macros.h"
#include "graph/store/history.h"
#include "graph/store/key.h"
#include "graph/store/tuple_cursor.h"

namespace guanxi::store {
namespace {

using SlotCursor = TupleCursor<4>;
using Visit = absl::FunctionRef<bool(const Tuple<4>&)>;

kv::Table TableOf(Side side, const Tables& tables) {
  switch (side) {
    case Side::kOut:
      return tables.adjacency_out;
    case Side::kIn:
      return tables.adjacency_in;
    case Side::kAside:
      return tables.aside;
  }
  return tables.aside;
}

// Walks the present slots.
absl::StatusOr<bool> WalkPresent(SlotCursor& cursor,
                                 absl::Span<const TypeId> types, Visit visit) {
  if (types.empty()) {
    for (cursor.SeekFirst(); cursor.Valid(); cursor.Next()) {
      if (!visit(cursor.tuple())) return false;
    }
  }
  for (const TypeId type : types) {
    for (cursor.Seek({type.value, 0, 0, 0}); cursor.Valid(); cursor.Next()) {
      if (cursor.value(kSlotType) != type.value) break;
      if (!visit(cursor.tuple())) return false;
    }
  }
  RETURN_IF_ERROR(cursor.status());
  return true;
}

// Whether the slot stood on this side of the entity's adjacency.
bool StoodAt(const PastSlot& slot, Side side) {
  if (slot.placement.place == Placement::Place::kAside) {
    return side == Side::kAside;
  }
  if (slot.placement.place != Placement::Place::kAdjacency) return false;
  if (side == Side::kAside) return false;
  return slot.placement.symmetric || slot.of_subject == (side == Side::kOut);
}

Tuple<4> TupleOf(const PastSlot& slot) {
  const bool aside = slot.placement.place == Placement::Place::kAside;
  const uint64_t state =
      aside ? AsideColumn(slot.placement.state, slot.of_subject)
            : slot.placement.state;
  return {slot.type.value, slot.other.value, slot.relationship.value, state};
}

// What differs from the present slots of an entity: the relationships that were
// moved since, and the slots that they had.
struct Moved {
  absl::flat_hash_set<RelationshipId> relationships;
  std::vector<Tuple<4>> slots;  // on the side asked for; sorted
};

absl::StatusOr<Moved> FindMoved(const Standpoint& at, EntityId entity,
                                Side side, absl::Span<const TypeId> types) {
  Moved moved;
  ASSIGN_OR_RETURN(const std::vector<PastSlot> past,
                   FindPastSlots(at.txn, at.tables, entity, at.revision));
  for (const PastSlot& slot : past) {
    if (!at.Knows(slot.relationship)) continue;
    moved.relationships.insert(slot.relationship);
    const bool wanted =
        types.empty() || std::ranges::binary_search(types, slot.type);
    if (wanted && StoodAt(slot, side)) moved.slots.push_back(TupleOf(slot));
  }
  std::ranges::sort(moved.slots);
  moved.slots.erase(std::unique(moved.slots.begin(), moved.slots.end()),
                    moved.slots.end());
  return moved;
}

}  // namespace

absl::StatusOr<bool> WalkSlots(const Standpoint& at, EntityId entity, Side side,
                               absl::Span<const TypeId> types, Visit visit) {
  SlotCursor cursor(at.txn, {TableOf(side, at.tables), IdKey(entity)});
  if (at.latest) return WalkPresent(cursor, types, visit);
  ASSIGN_OR_RETURN(const Moved moved, FindMoved(at, entity, side, types));
  auto next = moved.slots.begin();
  const auto visit_merged = [&](const Tuple<4>& slot) {
    const RelationshipId id{slot[kSlotRelationship]};
    if (!at.Knows(id) || moved.relationships.contains(id)) return true;
    for (; next != moved.slots.end() && *next < slot; ++next) {
      if (!visit(*next)) return false;
    }
    return visit(slot);
  };
  ASSIGN_OR_RETURN(const bool more, WalkPresent(cursor, types, visit_merged));
  if (!more) return false;
  return std::all_of(next, moved.slots.end(), visit);
}

absl::StatusOr<bool> IsTouched(const Standpoint& at, EntityId entity) {
  const auto stop = [](const Tuple<4>&) { return false; };
  for (const Side side : {Side::kOut, Side::kIn}) {
    ASSIGN_OR_RETURN(const bool none, WalkSlots(at, entity, side, {}, stop));
    if (!none) return true;
  }
  const auto stop_if_denied = [](const Tuple<4>& slot) {
    return AsideStateOf(slot) != kDenied;
  };
  ASSIGN_OR_RETURN(const bool none,
                   WalkSlots(at, entity, Side::kAside, {}, stop_if_denied));
  return !none;
}

}  // namespace guanxi::store
