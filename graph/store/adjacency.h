#ifndef GUANXI_GRAPH_STORE_ADJACENCY_H_
#define GUANXI_GRAPH_STORE_ADJACENCY_H_

#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "graph/model/ids.h"
#include "graph/store/placement.h"
#include "graph/store/standpoint.h"
#include "graph/store/tuple_block.h"

namespace guanxi::store {

// A relationship as it stands with one of its entities.
struct Slot {
  TypeId type;
  EntityId other;
  RelationshipId relationship;
  bool plain = false;  // every lens admits it; not known of those aside

  friend auto operator<=>(const Slot&, const Slot&) = default;
};
using VisitSlot = absl::FunctionRef<bool(const Slot&)>;

// Which of an entity's slots: those of one side of its adjacency, or of those
// that stand aside for one reason.
struct Shelf {
  SlotSide side = SlotSide::kSubject;
  std::optional<AsideState> aside;
};

// Calls `visit` for each slot of one shelf that an entity had at the
// standpoint, by type, other entity, relationship, until it returns false; then
// it returns false too. `types`: sorted; empty: all. A symmetric relationship
// stands on both sides of the adjacency. Of the past it costs the present slots
// and the moves of the entity since. DATA_LOSS [STORE_DAMAGED].
absl::StatusOr<bool> WalkSlots(const Standpoint& at, EntityId entity,
                               const Shelf& shelf,
                               absl::Span<const TypeId> types, VisitSlot visit);

// Of an entity some slots, ascending; those of the next call stand behind them.
// Columns are as placement.h says of the table.
using VisitSlots =
    absl::FunctionRef<absl::Status(EntityId, const BlockView<4>&)>;

// Calls `visit` with the present slots of all entities, by entity: with those
// of one side of the adjacency, or with all that stand aside. Stops at an error
// and returns it. DATA_LOSS [STORE_DAMAGED].
absl::Status ScanAdjacency(const kv::Txn& txn, const Tables& tables,
                           SlotSide side, VisitSlots visit);
absl::Status ScanAside(const kv::Txn& txn, const Tables& tables,
                       VisitSlots visit);

// Whether a believed claim affirms or denies a relationship of the entity, or
// judges it to be one with another, or not.
absl::StatusOr<bool> IsTouched(const Standpoint& at, EntityId entity);

// Every relationship of a type that is stored from one entity to another,
// wherever it stands now. Some symmetric ones that are stored the other way
// round are among them: who wants all of these asks for both orders.
absl::StatusOr<std::vector<RelationshipId>> RelationshipsBetween(
    const kv::Txn& txn, const Tables& tables, EntityId subject, TypeId type,
    EntityId object);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_ADJACENCY_H_
