#include "graph/store/placement.h"

#include <algorithm>
#include <utility>

#include "graph/base/status_macros.h"
#include "graph/store/key.h"
#include "graph/store/lens.h"
#include "graph/store/tuple_set.h"

namespace guanxi::store {
namespace {

bool IsPlain(const RecordFact& existence) {
  return HoldsAlways(existence.slices) &&
         existence.winners[existence.slices.front().winner].confidence >= 1;
}

}  // namespace

Placement PlacementOf(TypeId type, bool symmetric,
                      const std::vector<RecordFact>& facts) {
  using Place = Placement::Place;
  if (IsJudgement(type)) return {.place = Place::kAside, .state = kJudgement};
  const auto existence =
      std::ranges::find(facts, FactKind::kExistence,
                        [](const RecordFact& fact) { return fact.key.kind; });
  if (existence == facts.end()) {
    return {.place = Place::kAside, .state = kIdle};
  }
  // Deprecated claims alone make no slice, but are believed.
  const std::vector<Slice>& slices = existence->slices;
  if (!slices.empty() && slices.front().mode_class == Mode::kNegated) {
    return {.place = Place::kAside, .state = kDenied};
  }
  return {.place = Place::kAdjacency,
          .state = IsPlain(*existence) ? kPlain : kResolved,
          .symmetric = symmetric};
}

uint64_t NumberInLog(const Placement& placement) {
  return static_cast<uint64_t>(placement.place) << 8 | placement.state;
}

Placement PlacementInLog(uint64_t number) {
  return {.place = static_cast<Placement::Place>(number >> 8),
          .state = number & 0xff};
}

std::vector<SlotRow> SlotRowsOf(const Placed& placed, const Tables& tables) {
  const RelationshipId id = placed.id;
  const RelationshipHead& head = placed.head;
  const Placement& placement = placed.placement;
  const auto tuple = [&](EntityId other, uint64_t state) {
    return Tuple<4>{head.type.value, other.value, id.value, state};
  };
  if (placement.place == Placement::Place::kNone) return {};
  if (placement.place == Placement::Place::kAside) {
    const auto aside = [&](SlotSide side, EntityId other) {
      return Tuple<4>{AsideLane(placement.state, side), head.type.value,
                      other.value, id.value};
    };
    return {
        {tables.aside, head.subject, aside(SlotSide::kSubject, head.object)},
        {tables.aside, head.object, aside(SlotSide::kObject, head.subject)}};
  }
  std::vector<SlotRow> rows = {
      {tables.adjacency_out, head.subject, tuple(head.object, placement.state)},
      {tables.adjacency_in, head.object, tuple(head.subject, placement.state)}};
  if (placement.symmetric) {
    rows.push_back({tables.adjacency_out, head.object,
                    tuple(head.subject, placement.state)});
    rows.push_back({tables.adjacency_in, head.subject,
                    tuple(head.object, placement.state)});
  }
  return rows;
}

absl::Status MovePlacement(const Placed& from, const Placement& to,
                           const Tables& tables, kv::WriteTxn& txn) {
  if (from.placement == to) return absl::OkStatus();
  for (const SlotRow& row : SlotRowsOf(from, tables)) {
    RETURN_IF_ERROR(
        EraseTuple(txn, {row.table, IdKey(row.at)}, row.tuple).status());
  }
  for (const SlotRow& row : SlotRowsOf({from.id, from.head, to}, tables)) {
    RETURN_IF_ERROR(
        InsertTuple(txn, {row.table, IdKey(row.at)}, row.tuple).status());
  }
  return absl::OkStatus();
}

}  // namespace guanxi::store
