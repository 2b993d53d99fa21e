#include "graph/store/past_slots.h"

#include <algorithm>
#include <string>
#include <utility>

#include "graph/base/status_macros.h"
#include "graph/store/key.h"
#include "graph/store/tuple_cursor.h"
#include "graph/store/tuple_set.h"

namespace guanxi::store {
namespace {

// Side, symmetry, place and state in one number.
constexpr uint64_t kSubjectBit = 1;
constexpr uint64_t kSymmetricBit = 2;
constexpr int kPlaceShift = 2;
constexpr int kStateShift = 4;
constexpr uint64_t kPlaceMask = 3;

uint64_t Pack(const Placement& placement, bool of_subject) {
  return (of_subject ? kSubjectBit : 0) |
         (placement.symmetric ? kSymmetricBit : 0) |
         static_cast<uint64_t>(placement.place) << kPlaceShift |
         placement.state << kStateShift;
}

// The rows of one relationship: of this type, other entity and id.
absl::StatusOr<std::vector<Tuple<5>>> RowsOf(const kv::Txn& txn, TupleSet set,
                                             const Tuple<3>& relationship) {
  std::vector<Tuple<5>> rows;
  const auto& [type, other, id] = relationship;
  TupleCursor<5> cursor(txn, set);
  for (cursor.Seek({type, other, id, 0, 0}); cursor.Valid(); cursor.Next()) {
    if (cursor.value(kPastRelationship) != id) break;
    rows.push_back(cursor.tuple());
  }
  RETURN_IF_ERROR(cursor.status());
  return rows;
}

// Whether this side of the relationship has a row for the revision.
absl::StatusOr<bool> IsKept(const kv::Txn& txn, TupleSet set,
                            const Tuple<5>& row) {
  ASSIGN_OR_RETURN(
      const std::vector<Tuple<5>> rows,
      RowsOf(txn, set,
             {row[kPastType], row[kPastOther], row[kPastRelationship]}));
  return std::ranges::any_of(rows, [&row](const Tuple<5>& kept) {
    return kept[kPastEnd] == row[kPastEnd] &&
           (kept[kPastPlacement] & kSubjectBit) ==
               (row[kPastPlacement] & kSubjectBit);
  });
}

// Whether a slot of the same relationship and side is there. Rows of one
// relationship stand together, by revision: of each side the first one counts.
bool IsKnown(const PastSlot& slot, const PastSlots::Slots& slots) {
  for (auto known = slots.rbegin(); known != slots.rend(); ++known) {
    if (known->relationship != slot.relationship) return false;
    if (known->of_subject == slot.of_subject) return true;
  }
  return false;
}

}  // namespace

PastSlot ReadPastSlot(const Tuple<5>& row) {
  const uint64_t packed = row[kPastPlacement];
  return {.type = {row[kPastType]},
          .other = {row[kPastOther]},
          .relationship = {row[kPastRelationship]},
          .of_subject = (packed & kSubjectBit) != 0,
          .placement = {.place = static_cast<Placement::Place>(
                            packed >> kPlaceShift & kPlaceMask),
                        .state = packed >> kStateShift,
                        .symmetric = (packed & kSymmetricBit) != 0}};
}

std::array<PastRow, 2> PastRowsOf(const Placed& was, Revision end) {
  const RelationshipHead& head = was.head;
  const auto row = [&](EntityId other, bool of_subject) {
    return Tuple<5>{head.type.value, other.value, was.id.value, end.number,
                    Pack(was.placement, of_subject)};
  };
  return {{{head.subject, row(head.object, true)},
           {head.object, row(head.subject, false)}}};
}

absl::Status KeepPlacement(const Placed& was, Revision revision,
                           const Tables& tables, kv::WriteTxn& txn) {
  for (const PastRow& row : PastRowsOf(was, revision)) {
    const std::string prefix = IdKey(row.at);
    const TupleSet set{tables.adjacency_history, prefix};
    ASSIGN_OR_RETURN(const bool kept, IsKept(txn, set, row.tuple));
    if (!kept) RETURN_IF_ERROR(InsertTuple(txn, set, row.tuple).status());
  }
  return absl::OkStatus();
}

std::vector<PastPlacement> MovesOf(const std::vector<PastPlacement>& placements,
                                   const Placement& present) {
  std::vector<PastPlacement> moves;
  for (size_t i = 0; i < placements.size(); ++i) {
    const bool is_last = i + 1 == placements.size();
    const Placement& next = is_last ? present : placements[i + 1].placement;
    if (placements[i].placement != next) moves.push_back(placements[i]);
  }
  return moves;
}

absl::Status ReplaceMoves(RelationshipId id, const RelationshipHead& head,
                          const std::vector<PastPlacement>& moves,
                          const Tables& tables, kv::WriteTxn& txn) {
  const std::pair<EntityId, EntityId> ends[] = {{head.subject, head.object},
                                                {head.object, head.subject}};
  for (const auto& [at, other] : ends) {
    const std::string prefix = IdKey(at);
    const TupleSet set{tables.adjacency_history, prefix};
    ASSIGN_OR_RETURN(
        const std::vector<Tuple<5>> rows,
        RowsOf(txn, set, {head.type.value, other.value, id.value}));
    for (const Tuple<5>& row : rows) {
      RETURN_IF_ERROR(EraseTuple(txn, set, row).status());
    }
  }
  for (const PastPlacement& move : moves) {
    for (const PastRow& row :
         PastRowsOf({id, head, move.placement}, move.end)) {
      const std::string prefix = IdKey(row.at);
      RETURN_IF_ERROR(
          InsertTuple(txn, {tables.adjacency_history, prefix}, row.tuple)
              .status());
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const PastSlots::Slots>> PastSlots::Of(
    const Standpoint& at, EntityId entity) {
  if (slots_ != nullptr && entity_ == entity) return slots_;
  auto slots = std::make_shared<Slots>();
  const std::string prefix = IdKey(entity);
  TupleCursor<5> cursor(at.txn, {at.tables.adjacency_history, prefix});
  for (cursor.SeekFirst(); cursor.Valid(); cursor.Next()) {
    if (cursor.value(kPastEnd) <= at.revision.number) continue;
    const PastSlot slot = ReadPastSlot(cursor.tuple());
    if (at.Knows(slot.relationship) && !IsKnown(slot, *slots)) {
      slots->push_back(slot);
    }
  }
  RETURN_IF_ERROR(cursor.status());
  entity_ = entity;
  slots_ = std::move(slots);
  return slots_;
}

}  // namespace guanxi::store
