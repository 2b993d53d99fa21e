#ifndef GUANXI_GRAPH_STORE_PLACEMENT_H_
#define GUANXI_GRAPH_STORE_PLACEMENT_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "graph/kv/txn.h"
#include "graph/model/ids.h"
#include "graph/store/record.h"
#include "graph/store/tables.h"
#include "graph/store/tuple_block.h"

namespace guanxi::store {

// Where a relationship stands beside its two entities: in their adjacency, to
// be expanded, or aside.
struct Placement {
  enum class Place : uint8_t { kNone, kAdjacency, kAside };

  Place place = Place::kNone;
  uint64_t state = 0;  // SlotState or AsideState
  bool symmetric = false;

  friend bool operator==(const Placement&, const Placement&) = default;
};

// The fourth column of a slot of the adjacency: how much of the relationship's
// record a lens must read.
enum SlotState : uint64_t {
  kPlain = 0,     // asserted or reported, yes on every day, confidence 1
  kResolved = 1,  // the record says when and how
};

// Why a relationship stands aside.
enum AsideState : uint64_t {
  kIdle = 0,       // nothing is believed of it
  kDenied = 1,     // negated claims only
  kJudgement = 2,  // same, different, unsure
};

// The columns of a slot of the adjacency: type, the entity at the other end,
// the relationship, its state.
enum SlotColumn : size_t {
  kSlotType,
  kSlotOther,
  kSlotRelationship,
  kSlotState
};

// The columns of a slot aside: its lane, then as in the adjacency. Why a
// relationship stands aside comes first, so that who looks for the denied ones
// passes over no others.
enum AsideColumn : size_t {
  kAsideLane,
  kAsideType,
  kAsideOther,
  kAsideRelationship
};

// Which end of its relationships an entity is.
enum class SlotSide : uint64_t { kSubject = 0, kObject = 1 };
inline constexpr SlotSide kSlotSides[] = {SlotSide::kSubject,
                                          SlotSide::kObject};

// The slots of one reason on one side.
constexpr uint64_t AsideLane(uint64_t state, SlotSide side) {
  return state * 2 + static_cast<uint64_t>(side);
}

// Of a lane: whether its slots stand aside for this reason.
constexpr bool IsAsideLane(uint64_t lane, uint64_t state) {
  return lane / 2 == state;
}

// Judgements are relationships of these types, which no user can name. They are
// interned first in every store.
inline constexpr const char* kJudgementTypes[] = {"=same", "=different",
                                                  "=unsure"};
inline constexpr TypeId kSameType{0};
inline constexpr TypeId kDifferentType{1};
inline bool IsJudgement(TypeId type) { return type.value < 3; }

// Follows from the facts of the relationship's record alone.
Placement PlacementOf(TypeId type, bool symmetric,
                      const std::vector<RecordFact>& facts);

// The number of a log entry that tells of a move to a placement, and what such
// a number means but for `symmetric`, which is the type's.
uint64_t NumberInLog(const Placement& placement);
Placement PlacementInLog(uint64_t number);

// One row of a relationship: the entity that it stands with, and where.
struct SlotRow {
  kv::Table table;
  EntityId at;
  Tuple<4> tuple;
};

// A relationship at one of its placements. Must not outlive the head.
struct Placed {
  RelationshipId id;
  const RelationshipHead& head;
  Placement placement;
};

// The rows that it has there.
std::vector<SlotRow> SlotRowsOf(const Placed& placed, const Tables& tables);

// Moves the slots of a relationship to another placement.
absl::Status MovePlacement(const Placed& from, const Placement& to,
                           const Tables& tables, kv::WriteTxn& txn);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_PLACEMENT_H_
