#ifndef GUANXI_GRAPH_STORE_PAST_SLOTS_H_
#define GUANXI_GRAPH_STORE_PAST_SLOTS_H_

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "graph/kv/txn.h"
#include "graph/model/ids.h"
#include "graph/store/placement.h"
#include "graph/store/standpoint.h"
#include "graph/store/tables.h"
#include "graph/store/tuple_block.h"

namespace guanxi::store {

// Where relationships stood beside their entities before commits moved them. As
// with images (history.h), a row says: until before this revision, it was so.

// Where a relationship stood beside one of its entities.
struct PastSlot {
  TypeId type;
  EntityId other;
  RelationshipId relationship;
  bool of_subject = false;  // whether the entity is the subject
  Placement placement;
};

// The columns of a row of `adjacency_history`.
enum PastColumn : size_t {
  kPastType,
  kPastOther,
  kPastRelationship,
  kPastEnd,
  kPastPlacement
};

PastSlot ReadPastSlot(const Tuple<5>& row);

// The row that the other entity has beside this one of `at`.
Tuple<5> PastSlotOfOther(const Tuple<5>& row, EntityId at);

// Keeps where a relationship stood before `revision`.
absl::Status KeepPlacement(RelationshipId id, const RelationshipHead& head,
                           const Placement& placement, Revision revision,
                           const Tables& tables, kv::WriteTxn& txn);

// Makes those who ask about the past look into the record of a relationship:
// for a purge.
absl::Status ForgetPlain(RelationshipId id, const RelationshipHead& head,
                         const Tables& tables, kv::WriteTxn& txn);

// The slots that entities had at one past standpoint, of relationships that
// were moved since. Remembers those of the entity asked for last, for one
// question walks several places of it. Not thread-safe.
class PastSlots {
 public:
  // By type, other entity, relationship; valid until the next call. Always to
  // be asked from the same standpoint, until it is forgotten. DATA_LOSS
  // [STORE_DAMAGED].
  absl::StatusOr<absl::Span<const PastSlot>> Of(const Standpoint& at,
                                                EntityId entity);
  void Forget() { entity_.reset(); }

 private:
  // Whether a slot of the same relationship and side is there.
  bool IsKnown(const PastSlot& slot) const;

  std::optional<EntityId> entity_;
  std::vector<PastSlot> slots_;
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_PAST_SLOTS_H_
