#ifndef GUANXI_GRAPH_TOPOLOGY_TOPOLOGY_H_
#define GUANXI_GRAPH_TOPOLOGY_TOPOLOGY_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "graph/base/status_macros.h"
#include "graph/model/ids.h"
#include "graph/model/view.h"
#include "graph/store/adjacency.h"
#include "graph/store/snapshot.h"
#include "graph/topology/adjacency.h"

namespace guanxi::topology {

class ColumnCache;

// What a walk stands on: one committed state, its rows and, if they are in
// memory, its adjacency and numbers of its relationships.
struct Ground {
  const store::Snapshot& snapshot;
  // At the revision at which the snapshot stands; nullptr: cursors serve.
  const Adjacency* adjacency = nullptr;
  ColumnCache* columns = nullptr;  // nullptr: records serve
};

// What is met when an entity is expanded.
struct Hop {
  EntityId neighbour;  // canonical
  RelationshipId relationship;
  TypeId type;
  Direction direction = Direction::kOut;  // kOut too if symmetric
  // Asserted or reported, yes on every day, confidence 1: every lens admits it.
  bool plain = false;
  // Between two entities that are one: to be counted, never shown.
  bool inside = false;

  friend bool operator==(const Hop&, const Hop&) = default;
};

// Serves expand(entity, direction, types) from the adjacency of one moment:
// every relationship with an affirmative claim believed at the snapshot's
// revision, whatever its valid time and mode; lenses are the caller's. Entities
// that are one on the day (store::Identity) are expanded together; of their
// relationships with equal keys one stands for all. A symmetric relationship is
// met from both ends in either direction, and once in kBoth.
//
// There are two ways in, with the same answers: the adjacency in memory, and
// cursors over the tables. Must not outlive its ground. Not thread-safe.
class Topology {
 public:
  using VisitHop = absl::FunctionRef<bool(const Hop&)>;
  struct NoHint {  // for who needs nothing to be fetched
    void operator()(EntityId, RelationshipId) const {}
  };

  // Of `lens` the day alone counts.
  Topology(const Ground& ground, const Lens& lens);

  // Calls `visit` for each hop in the order of (direction, type, neighbour,
  // relationship), until it returns false. `types`: sorted; empty: all. In
  // memory nothing but `visit` is called for a hop, as long as nobody is one
  // with another, and `hint` with the neighbour and the relationship some hops
  // before, for what the visit is going to need to be fetched. DATA_LOSS
  // [STORE_DAMAGED]; RESOURCE_EXHAUSTED [CLUSTER_TOO_LARGE].
  template <typename Visit, typename Hint>
  absl::Status Expand(EntityId entity, Direction direction,
                      absl::Span<const TypeId> types, Visit visit,
                      Hint hint) const {
    if (!HasRuns(entity)) {
      return ExpandMerged(entity, direction, types, visit);
    }
    return WalkHops(InMemory<Hint>{*adjacency_, entity, hint}, direction, types,
                    visit);
  }
  template <typename Visit>
  absl::Status Expand(EntityId entity, Direction direction,
                      absl::Span<const TypeId> types, Visit visit) const {
    return Expand(entity, direction, types, visit, NoHint{});
  }

  // Whether the hops of an entity lie in memory as runs: it stands alone there.
  bool HasRuns(EntityId entity) const {
    return adjacency_ != nullptr &&
           (!adjacency_->MayMerge() || IsAloneAmongOthers(entity));
  }

  // Calls `visit` with runs of slots, which are the hops that Expand() meets,
  // in its order, until it returns false; then it returns false too. Requires
  // HasRuns(). Runs are valid as long as the ground.
  template <typename VisitRun>
  bool ForEachRun(EntityId entity, Direction direction,
                  absl::Span<const TypeId> types, VisitRun visit) const;

  // Hints that `later` is going to be expanded, and `soon` before it; a hint
  // about each in turn, so many entities ahead of the one that is expanded,
  // hides the time that memory takes.
  static constexpr size_t kSlotsAhead = 6;    // `soon`
  static constexpr size_t kPlacesAhead = 14;  // `later`
  void Prefetch(EntityId soon, EntityId later, Direction direction) const {
    using store::SlotSide;
    if (adjacency_ == nullptr) return;
    if (direction != Direction::kIn) {
      adjacency_->PrefetchPlace(later, SlotSide::kSubject);
      adjacency_->PrefetchSlots(soon, SlotSide::kSubject);
    }
    if (direction != Direction::kOut) {
      adjacency_->PrefetchPlace(later, SlotSide::kObject);
      adjacency_->PrefetchSlots(soon, SlotSide::kObject);
    }
  }

  // As Expand(), of the relationships of an entity that it does not meet,
  // because they have negated claims only. Hop::plain means nothing here.
  absl::Status ExpandDenied(EntityId entity, Direction direction,
                            absl::Span<const TypeId> types,
                            VisitHop visit) const {
    if (adjacency_ != nullptr && !adjacency_->MayHaveDenied(entity) &&
        HasRuns(entity)) {
      return absl::OkStatus();
    }
    return ExpandDeniedMerged(entity, direction, types, visit);
  }

 private:
  // Walks the hops of one stored entity.
  using Walk = absl::FunctionRef<absl::Status(EntityId, VisitHop)>;

  // The slots of one stored entity in either way; as store::WalkSlots().
  template <typename Hint>
  struct InMemory {
    const Adjacency& adjacency;
    EntityId entity;
    Hint hint;
    template <typename VisitRun>
    bool ForEachRun(store::SlotSide side, absl::Span<const TypeId> types,
                    VisitRun visit) const;
    template <typename VisitSlot>
    absl::StatusOr<bool> operator()(store::SlotSide side,
                                    absl::Span<const TypeId> types,
                                    VisitSlot visit) const;
  };
  struct ByCursor {
    const store::Snapshot& snapshot;
    EntityId entity;
    absl::StatusOr<bool> operator()(store::SlotSide side,
                                    absl::Span<const TypeId> types,
                                    store::VisitSlot visit) const;
  };

  template <typename VisitRun>
  bool VisitUnlessSymmetric(const Run& run, VisitRun visit) const;
  template <typename Slots, typename Visit>
  absl::Status WalkHops(const Slots& slots, Direction direction,
                        absl::Span<const TypeId> types, Visit visit) const;
  static Hop HopOf(const store::Slot& slot, Direction direction) {
    return {.neighbour = slot.other,
            .relationship = slot.relationship,
            .type = slot.type,
            .direction = direction,
            .plain = slot.plain};
  }
  bool IsSymmetric(TypeId type) const {
    return std::ranges::binary_search(symmetric_types_, type);
  }
  // Of these types, or of all if there are none.
  std::vector<TypeId> Symmetric(absl::Span<const TypeId> types) const;
  // Neither it nor any that it has a relationship with may be one with another.
  // Whom it was denied to have to do with has no mark.
  bool IsAloneAmongOthers(EntityId entity) const {
    return !adjacency_->MayMeetMerged(entity) &&
           !adjacency_->MayHaveDenied(entity);
  }
  absl::Status ExpandMerged(EntityId entity, Direction direction,
                            absl::Span<const TypeId> types,
                            VisitHop visit) const;
  absl::Status ExpandDeniedMerged(EntityId entity, Direction direction,
                                  absl::Span<const TypeId> types,
                                  VisitHop visit) const;
  absl::Status WalkDenied(EntityId entity, Direction direction,
                          absl::Span<const TypeId> types, VisitHop visit) const;
  absl::Status Merged(EntityId entity, Walk walk, VisitHop visit) const;
  absl::Status MapEnds(const store::Cluster& cluster,
                       std::vector<Hop>& hops) const;
  absl::StatusOr<std::vector<Hop>> Fold(std::vector<Hop> hops) const;

  const store::Snapshot& snapshot_;
  const Adjacency* const adjacency_;
  store::Identity& identity_;
  const std::vector<TypeId>& symmetric_types_;
};

template <typename VisitRun>
bool Topology::ForEachRun(EntityId entity, Direction direction,
                          absl::Span<const TypeId> types,
                          VisitRun visit) const {
  using store::SlotSide;
  const InMemory<NoHint> slots{*adjacency_, entity, {}};
  if (direction != Direction::kIn) {
    if (!slots.ForEachRun(SlotSide::kSubject, types, visit)) return false;
  } else if (const std::vector<TypeId> symmetric = Symmetric(types);
             !symmetric.empty()) {
    if (!slots.ForEachRun(SlotSide::kObject, symmetric, visit)) return false;
  }
  if (direction == Direction::kOut) return true;
  return slots.ForEachRun(SlotSide::kObject, types, [&](const Run& run) {
    return VisitUnlessSymmetric(run, visit);
  });
}

// Visits what is left of a run when the symmetric types are cut out.
template <typename VisitRun>
bool Topology::VisitUnlessSymmetric(const Run& run, VisitRun visit) const {
  size_t begin = 0;
  for (const TypeId type : symmetric_types_) {
    const Run symmetric = run.OfType(type);
    if (symmetric.size == 0) continue;
    const auto end = static_cast<size_t>(symmetric.kinds - run.kinds);
    if (end > begin && !visit(run.Part(begin, end))) return false;
    begin = end + symmetric.size;
  }
  return begin == run.size || visit(run.Part(begin, run.size));
}

template <typename Hint>
template <typename VisitRun>
bool Topology::InMemory<Hint>::ForEachRun(store::SlotSide side,
                                          absl::Span<const TypeId> types,
                                          VisitRun visit) const {
  if (types.empty()) return adjacency.ForEachRun(entity, side, visit);
  for (const TypeId type : types) {
    const auto visit_type = [&](const Run& run) {
      const Run of_type = run.OfType(type);
      return of_type.size == 0 || visit(of_type);
    };
    if (!adjacency.ForEachRun(entity, side, visit_type)) return false;
  }
  return true;
}

template <typename Hint>
template <typename VisitSlot>
absl::StatusOr<bool> Topology::InMemory<Hint>::operator()(
    store::SlotSide side, absl::Span<const TypeId> types,
    VisitSlot visit) const {
  constexpr size_t kAhead = 8;  // as long as memory takes
  const auto hint_at = [this](const Run& run, size_t i) {
    hint(EntityId{run.neighbours[i]}, RelationshipId{run.relationships[i]});
  };
  const auto visit_run = [&](const Run& run) {
    for (size_t i = 0; i < std::min(kAhead, run.size); ++i) hint_at(run, i);
    for (size_t i = 0; i < run.size; ++i) {
      if (i + kAhead < run.size) hint_at(run, i + kAhead);
      const store::Slot slot = {.type = PackedSlot::TypeOf(run.kinds[i]),
                                .other = {run.neighbours[i]},
                                .relationship = {run.relationships[i]},
                                .plain = PackedSlot::IsPlain(run.kinds[i])};
      if (!visit(slot)) return false;
    }
    return true;
  };
  return ForEachRun(side, types, visit_run);
}

template <typename Slots, typename Visit>
absl::Status Topology::WalkHops(const Slots& slots, Direction direction,
                                absl::Span<const TypeId> types,
                                Visit visit) const {
  using store::SlotSide;
  const auto visit_out = [&](const store::Slot& slot) {
    return visit(HopOf(slot, Direction::kOut));
  };
  const auto visit_in = [&](const store::Slot& slot) {
    return IsSymmetric(slot.type) || visit(HopOf(slot, Direction::kIn));
  };
  // What is met as kOut comes first; of the objects' side the symmetric ones.
  bool more = true;
  if (direction != Direction::kIn) {
    ASSIGN_OR_RETURN(more, slots(SlotSide::kSubject, types, visit_out));
  } else if (const std::vector<TypeId> symmetric = Symmetric(types);
             !symmetric.empty()) {
    ASSIGN_OR_RETURN(more, slots(SlotSide::kObject, symmetric, visit_out));
  }
  if (!more || direction == Direction::kOut) return absl::OkStatus();
  return slots(SlotSide::kObject, types, visit_in).status();
}

}  // namespace guanxi::topology

#endif  // GUANXI_GRAPH_TOPOLOGY_TOPOLOGY_H_
