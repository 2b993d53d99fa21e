#ifndef GUANXI_GRAPH_STORE_PAST_SLOTS_H_
#define GUANXI_GRAPH_STORE_PAST_SLOTS_H_

#include <array>
#include <memory>
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

// A row and the entity whose slot it was.
struct PastRow {
  EntityId at;
  Tuple<5> tuple;
};

// The rows of both entities of a relationship that stood there until `end`.
std::array<PastRow, 2> PastRowsOf(const Placed& was, Revision end);

// Keeps where a relationship stood before `revision`.
absl::Status KeepPlacement(const Placed& was, Revision revision,
                           const Tables& tables, kv::WriteTxn& txn);

// Where a relationship stood until before a revision.
struct PastPlacement {
  Revision end;
  Placement placement;
};

// Of the placements that one relationship had with each of its records, oldest
// first, those after which it was moved: what is to be kept.
std::vector<PastPlacement> MovesOf(const std::vector<PastPlacement>& placements,
                                   const Placement& present);

// Keeps these moves in the place of those that are kept: for a purge.
absl::Status ReplaceMoves(RelationshipId id, const RelationshipHead& head,
                          const std::vector<PastPlacement>& moves,
                          const Tables& tables, kv::WriteTxn& txn);

// The slots that entities had at one past standpoint, of relationships that
// were moved since. Remembers those of the entity asked for last, for one
// question walks several shelves of it. Not thread-safe.
class PastSlots {
 public:
  using Slots = std::vector<PastSlot>;

  // By type, other entity, relationship. A walk shares them, for while it goes
  // on others are asked for. Always to be asked from the same standpoint, until
  // it is forgotten. DATA_LOSS [STORE_DAMAGED].
  absl::StatusOr<std::shared_ptr<const Slots>> Of(const Standpoint& at,
                                                  EntityId entity);
  void Forget() { slots_.reset(); }

 private:
  EntityId entity_;  // whose slots these are
  std::shared_ptr<const Slots> slots_;
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_PAST_SLOTS_H_
