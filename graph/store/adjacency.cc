#include "graph/store/adjacency.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <tuple>

#include "graph/base/status_macros.h"
#include "graph/kv/cursor.h"
#include "graph/store/key.h"
#include "graph/store/past_slots.h"
#include "graph/store/tuple_cursor.h"

namespace guanxi::store {
namespace {

using SlotCursor = TupleCursor<4>;

kv::Table TableOf(const Shelf& shelf, const Tables& tables) {
  if (shelf.aside.has_value()) return tables.aside;
  return shelf.side == SlotSide::kSubject ? tables.adjacency_out
                                          : tables.adjacency_in;
}

// The first tuple that there can be of a type and another entity.
Tuple<4> FirstTuple(const Shelf& shelf, TypeId type, EntityId other) {
  if (!shelf.aside.has_value()) return {type.value, other.value, 0, 0};
  return {AsideLane(*shelf.aside, shelf.side), type.value, other.value, 0};
}

// What a tuple of the table means; nullopt: it is of another lane.
std::optional<Slot> ReadSlot(const Shelf& shelf, const Tuple<4>& tuple) {
  if (!shelf.aside.has_value()) {
    return Slot{.type = {tuple[kSlotType]},
                .other = {tuple[kSlotOther]},
                .relationship = {tuple[kSlotRelationship]},
                .plain = tuple[kSlotState] == kPlain};
  }
  if (tuple[kAsideLane] != AsideLane(*shelf.aside, shelf.side)) {
    return std::nullopt;
  }
  return Slot{.type = {tuple[kAsideType]},
              .other = {tuple[kAsideOther]},
              .relationship = {tuple[kAsideRelationship]}};
}

// Whether a slot of the past stood there.
bool Held(const Shelf& shelf, const PastSlot& slot) {
  const Placement& placement = slot.placement;
  const bool same_side = slot.of_subject == (shelf.side == SlotSide::kSubject);
  if (shelf.aside.has_value()) {
    return placement.place == Placement::Place::kAside && same_side &&
           placement.state == *shelf.aside;
  }
  return placement.place == Placement::Place::kAdjacency &&
         (same_side || placement.symmetric);
}

// Walks the present slots.
absl::StatusOr<bool> WalkPresent(const Standpoint& at, EntityId entity,
                                 const Shelf& shelf,
                                 absl::Span<const TypeId> types,
                                 VisitSlot visit) {
  SlotCursor cursor(at.txn, {TableOf(shelf, at.tables), IdKey(entity)});
  const auto walk = [&](TypeId first, TypeId last) {
    for (cursor.Seek(FirstTuple(shelf, first, {0})); cursor.Valid();
         cursor.Next()) {
      const std::optional<Slot> slot = ReadSlot(shelf, cursor.tuple());
      if (!slot.has_value() || last < slot->type) break;
      if (!visit(*slot)) return false;
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

// Puts the slots that were moved since in the place of what stands there now.
class PastWalk {
 public:
  PastWalk(const Standpoint& at, const Shelf& shelf,
           absl::Span<const TypeId> types, absl::Span<const PastSlot> moved,
           VisitSlot visit)
      : at_(at), shelf_(shelf), types_(types), moved_(moved), visit_(visit) {}

  // Takes the present slots in order.
  bool Visit(const Slot& slot) {
    if (!VisitMovedBefore(PlaceOf(slot))) return false;
    const bool was_moved =
        next_ < moved_.size() && PlaceOf(moved_[next_]) == PlaceOf(slot);
    return was_moved || !at_.Knows(slot.relationship) || visit_(slot);
  }

  bool VisitRest() { return VisitMovedBefore(kEnd); }

 private:
  using Place = std::tuple<TypeId, EntityId, RelationshipId>;
  static constexpr Place kEnd = {{kMaxId}, {kMaxId}, {kMaxId}};

  template <typename AnySlot>
  static Place PlaceOf(const AnySlot& slot) {
    return {slot.type, slot.other, slot.relationship};
  }

  bool IsWanted(const PastSlot& slot) const {
    return types_.empty() || std::ranges::binary_search(types_, slot.type);
  }

  Slot SlotOf(const PastSlot& slot) const {
    return {.type = slot.type,
            .other = slot.other,
            .relationship = slot.relationship,
            .plain = !shelf_.aside && slot.placement.state == kPlain};
  }

  bool VisitMovedBefore(const Place& place) {
    while (next_ < moved_.size() && PlaceOf(moved_[next_]) < place) {
      // A relationship of an entity with itself has a slot for each end.
      const size_t first = next_;
      bool held = false;
      for (; next_ < moved_.size() &&
             PlaceOf(moved_[next_]) == PlaceOf(moved_[first]);
           ++next_) {
        held = held || Held(shelf_, moved_[next_]);
      }
      if (held && IsWanted(moved_[first]) && !visit_(SlotOf(moved_[first]))) {
        return false;
      }
    }
    return true;
  }

  const Standpoint& at_;
  const Shelf& shelf_;
  absl::Span<const TypeId> types_;
  absl::Span<const PastSlot> moved_;
  size_t next_ = 0;
  VisitSlot visit_;
};

// Blocks are held to each other as a cursor would hold them.
absl::Status ScanSlots(const kv::Txn& txn, kv::Table table, VisitSlots visit) {
  kv::Cursor cursor = txn.Walk(table);
  std::string prefix;
  bool goes_on = false;  // the set of this prefix has another block
  for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
    ASSIGN_OR_RETURN(const BlockView<4> block,
                     BlockView<4>::Parse(cursor.value()));
    if (goes_on && cursor.key() != BlockKey<4>(prefix, block.tuple(0))) {
      return BlockDamaged("its neighbour is missing");
    }
    if (!goes_on && cursor.key().size() != kIdBytes) {
      return BlockDamaged("its key is wrong");
    }
    if (!goes_on) prefix = std::string(cursor.key());
    goes_on = block.has_next();
    RETURN_IF_ERROR(visit({ReadBigEndian(prefix)}, block));
  }
  RETURN_IF_ERROR(cursor.status());
  return goes_on ? BlockDamaged("its neighbour is missing") : absl::OkStatus();
}

// Judgements that nobody believes any more keep their slots.
absl::StatusOr<bool> IsJudged(const Standpoint& at, EntityId entity,
                              SlotSide side) {
  absl::Status read;
  bool judged = false;
  const auto visit = [&](const Slot& slot) {
    const absl::StatusOr<RecordView> record = ReadRecord(at, slot.relationship);
    read = record.status();
    judged = record.ok() && record->fact_count() > 0;
    return read.ok() && !judged;
  };
  const Shelf judgements = {.side = side, .aside = kJudgement};
  RETURN_IF_ERROR(WalkSlots(at, entity, judgements, {}, visit).status());
  RETURN_IF_ERROR(read);
  return judged;
}

}  // namespace

absl::StatusOr<bool> WalkSlots(const Standpoint& at, EntityId entity,
                               const Shelf& shelf,
                               absl::Span<const TypeId> types,
                               VisitSlot visit) {
  if (at.latest) return WalkPresent(at, entity, shelf, types, visit);
  ASSIGN_OR_RETURN(const std::shared_ptr<const PastSlots::Slots> moved,
                   at.past_slots->Of(at, entity));
  PastWalk walk(at, shelf, types, *moved, visit);
  ASSIGN_OR_RETURN(const bool more, WalkPresent(at, entity, shelf, types,
                                                [&walk](const Slot& slot) {
                                                  return walk.Visit(slot);
                                                }));
  return more && walk.VisitRest();
}

absl::Status ScanAdjacency(const kv::Txn& txn, const Tables& tables,
                           SlotSide side, VisitSlots visit) {
  return ScanSlots(txn, TableOf({.side = side}, tables), visit);
}

absl::Status ScanAside(const kv::Txn& txn, const Tables& tables,
                       VisitSlots visit) {
  return ScanSlots(txn, tables.aside, visit);
}

absl::StatusOr<bool> IsTouched(const Standpoint& at, EntityId entity) {
  const auto stop = [](const Slot&) { return false; };
  for (const SlotSide side : kSlotSides) {
    ASSIGN_OR_RETURN(const bool none,
                     WalkSlots(at, entity, {.side = side}, {}, stop));
    if (!none) return true;
    ASSIGN_OR_RETURN(const bool none_denied,
                     WalkSlots(at, entity, {side, kDenied}, {}, stop));
    if (!none_denied) return true;
    ASSIGN_OR_RETURN(const bool judged, IsJudged(at, entity, side));
    if (judged) return true;
  }
  return false;
}

absl::StatusOr<std::vector<RelationshipId>> RelationshipsBetween(
    const kv::Txn& txn, const Tables& tables, EntityId subject, TypeId type,
    EntityId object) {
  constexpr std::array<Shelf, 4> kShelves = {
      {{}, {.aside = kIdle}, {.aside = kDenied}, {.aside = kJudgement}}};
  std::vector<RelationshipId> found;
  for (const Shelf& shelf : kShelves) {
    if (IsJudgement(type) != (shelf.aside == kJudgement)) continue;
    SlotCursor cursor(txn, {TableOf(shelf, tables), IdKey(subject)});
    for (cursor.Seek(FirstTuple(shelf, type, object)); cursor.Valid();
         cursor.Next()) {
      const std::optional<Slot> slot = ReadSlot(shelf, cursor.tuple());
      if (!slot || slot->type != type || slot->other != object) break;
      found.push_back(slot->relationship);
    }
    RETURN_IF_ERROR(cursor.status());
  }
  return found;
}

}  // namespace guanxi::store
