#include "graph/store/history.h"

#include <algorithm>
#include <set>
#include <utility>

#include "graph/base/status_macros.h"
#include "graph/store/tuple_cursor.h"
#include "graph/store/tuple_set.h"

namespace guanxi::store {
namespace {

constexpr int kRevisionBytes = 8;

std::string ImageKey(Owner owner, Revision end) {
  return OwnerKey(owner) + BigEndian(end.number, kRevisionBytes);
}

// The columns of a row of `adjacency_history`.
enum Column : size_t { kType, kOther, kRelationship, kEnd, kPlacement };

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

PastSlot Unpack(const Tuple<5>& row) {
  const uint64_t packed = row[kPlacement];
  return {.type = {row[kType]},
          .other = {row[kOther]},
          .relationship = {row[kRelationship]},
          .of_subject = (packed & kSubjectBit) != 0,
          .placement = {.place = static_cast<Placement::Place>(
                            packed >> kPlaceShift & kPlaceMask),
                        .state = packed >> kStateShift,
                        .symmetric = (packed & kSymmetricBit) != 0}};
}

// The rows of one relationship: of this type, other entity and id.
absl::StatusOr<std::vector<Tuple<5>>> RowsOf(const kv::Txn& txn, TupleSet set,
                                             const Tuple<3>& relationship) {
  std::vector<Tuple<5>> rows;
  const auto& [type, other, id] = relationship;
  TupleCursor<5> cursor(txn, set);
  for (cursor.Seek({type, other, id, 0, 0}); cursor.Valid(); cursor.Next()) {
    if (cursor.value(kRelationship) != id) break;
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
      RowsOf(txn, set, {row[kType], row[kOther], row[kRelationship]}));
  return std::ranges::any_of(rows, [&row](const Tuple<5>& kept) {
    return kept[kEnd] == row[kEnd] &&
           (kept[kPlacement] & kSubjectBit) == (row[kPlacement] & kSubjectBit);
  });
}

}  // namespace

absl::Status KeepImage(Owner owner, Revision revision, absl::string_view record,
                       const Tables& tables, kv::WriteTxn& txn) {
  const std::string key = ImageKey(owner, revision);
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> kept,
                   txn.Get(tables.history, key));
  if (kept.has_value()) return absl::OkStatus();
  return txn.Put(tables.history, key, record);
}

absl::StatusOr<std::optional<absl::string_view>> FindImage(const kv::Txn& txn,
                                                           const Tables& tables,
                                                           Owner owner,
                                                           Revision revision) {
  kv::Cursor cursor = txn.Walk(tables.history);
  cursor.Seek(ImageKey(owner, {revision.number + 1}));
  RETURN_IF_ERROR(cursor.status());
  if (!cursor.InPrefix(OwnerKey(owner))) return std::nullopt;
  return cursor.value();
}

absl::Status WalkImages(
    const kv::Txn& txn, const Tables& tables, Owner owner,
    absl::FunctionRef<bool(Revision end, absl::string_view record)> visit) {
  const std::string prefix = OwnerKey(owner);
  kv::Cursor cursor = txn.Walk(tables.history);
  for (cursor.Seek(prefix); cursor.InPrefix(prefix); cursor.Next()) {
    const Revision end{ReadBigEndian(cursor.key().substr(prefix.size()))};
    if (!visit(end, cursor.value())) break;
  }
  return cursor.status();
}

absl::StatusOr<std::vector<Image>> ReadImages(const kv::Txn& txn,
                                              const Tables& tables,
                                              Owner owner) {
  std::vector<Image> images;
  RETURN_IF_ERROR(WalkImages(txn, tables, owner,
                             [&](Revision end, absl::string_view record) {
                               images.push_back({end, std::string(record)});
                               return true;
                             }));
  return images;
}

absl::Status ReplaceImage(Owner owner, const Image& image, const Tables& tables,
                          kv::WriteTxn& txn) {
  return txn.Put(tables.history, ImageKey(owner, image.end), image.record);
}

absl::Status KeepPlacement(RelationshipId id, const RelationshipHead& head,
                           const Placement& placement, Revision revision,
                           const Tables& tables, kv::WriteTxn& txn) {
  struct End {
    EntityId at;
    EntityId other;
    bool of_subject;
  };
  for (const End& end : {End{head.subject, head.object, true},
                         End{head.object, head.subject, false}}) {
    const Tuple<5> row = {head.type.value, end.other.value, id.value,
                          revision.number, Pack(placement, end.of_subject)};
    const std::string prefix = IdKey(end.at);
    const TupleSet set{tables.adjacency_history, prefix};
    ASSIGN_OR_RETURN(const bool kept, IsKept(txn, set, row));
    if (!kept) RETURN_IF_ERROR(InsertTuple(txn, set, row).status());
  }
  return absl::OkStatus();
}

absl::Status ForgetPlain(RelationshipId id, const RelationshipHead& head,
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
      PastSlot slot = Unpack(row);
      if (slot.placement.place != Placement::Place::kAdjacency) continue;
      slot.placement.state = kResolved;
      Tuple<5> looked_into = row;
      looked_into[kPlacement] = Pack(slot.placement, slot.of_subject);
      RETURN_IF_ERROR(EraseTuple(txn, set, row).status());
      RETURN_IF_ERROR(InsertTuple(txn, set, looked_into).status());
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<PastSlot>> FindPastSlots(const kv::Txn& txn,
                                                    const Tables& tables,
                                                    EntityId entity,
                                                    Revision revision) {
  std::vector<PastSlot> slots;
  const std::string prefix = IdKey(entity);
  TupleCursor<5> cursor(txn, {tables.adjacency_history, prefix});
  std::set<std::pair<uint64_t, bool>> taken;  // relationship, side
  for (cursor.SeekFirst(); cursor.Valid(); cursor.Next()) {
    const Tuple<5> row = cursor.tuple();
    if (row[kEnd] <= revision.number) continue;
    // Rows of one relationship stand by revision: the first one is the answer.
    const PastSlot slot = Unpack(row);
    if (taken.emplace(slot.relationship.value, slot.of_subject).second) {
      slots.push_back(slot);
    }
  }
  RETURN_IF_ERROR(cursor.status());
  return slots;
}

}  // namespace guanxi::store
