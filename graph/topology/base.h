#ifndef GUANXI_GRAPH_TOPOLOGY_BASE_H_
#define GUANXI_GRAPH_TOPOLOGY_BASE_H_

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/base/build_limits.h"
#include "graph/base/prefetch.h"
#include "graph/model/ids.h"
#include "graph/store/placement.h"
#include "graph/store/snapshot.h"
#include "graph/store/tuple_block.h"
#include "graph/topology/run.h"

namespace guanxi::topology {

// A slot of the adjacency's tables as it lies in memory; nullopt if one of its
// ids takes more room than there is.
std::optional<PackedSlot> Pack(const store::Tuple<4>& slot);

// The adjacency of every entity at one revision, as compressed sparse rows: for
// each side all slots one behind the other, and for each entity where its own
// begin. Never changes. Thread-safe.
class Base {
 public:
  // Reads the adjacency that a snapshot has at its latest revision, in the
  // order of the file. Takes about 40 ns for each relationship, and a look at
  // `cancelled` every few thousand.
  //
  // OUT_OF_RANGE: it would take more than `max_bytes`, or an id more than
  // PackedSlot holds. CANCELLED. DATA_LOSS [STORE_DAMAGED]: also of an id that
  // was never given, so that no id in it is above id_bound().
  static absl::StatusOr<Base> Build(const store::Snapshot& snapshot,
                                    const BuildLimits& limits);

  // The slots of an entity on one side.
  Run run(store::SlotSide side, EntityId entity) const {
    const Rows& rows = rows_[static_cast<size_t>(side)];
    if (entity.value + 1 >= rows.first.size()) return {};
    Run run = rows.columns.run(rows.first[entity.value],
                               rows.first[entity.value + 1]);
    run.plain = !Has(rows.resolved, entity);
    return run;
  }

  // Fetches into the processor's cache where the slots of an entity are; and,
  // once that is there, the first of them.
  void PrefetchPlace(store::SlotSide side, EntityId entity) const {
    const Rows& rows = rows_[static_cast<size_t>(side)];
    if (entity.value >= rows.first.size()) return;
    guanxi::Prefetch(&rows.first[entity.value]);
  }
  void PrefetchSlots(store::SlotSide side, EntityId entity) const {
    const Run first = run(side, entity);
    guanxi::Prefetch(first.neighbours);
  }

  // Whether an entity has a relationship with negated claims only; whether it
  // was ever judged to be the same as another; whether it or one that it has a
  // relationship with was.
  bool denied(EntityId entity) const { return Has(denied_, entity); }
  bool judged(EntityId entity) const { return Has(judged_, entity); }
  bool meets_judged(EntityId entity) const {
    return Has(meets_judged_, entity);
  }
  bool any_judged() const { return !judged_.empty(); }

  // Above the ids of all entities in it.
  uint64_t id_bound() const { return id_bound_; }
  int64_t slot_count() const;  // of both sides
  int64_t bytes() const;

 private:
  friend class BaseBuilder;
  struct Rows {
    Columns columns;
    // By entity, and one behind the last: the index of its first slot.
    std::vector<uint32_t, HugePageAllocator<uint32_t>> first;
    std::vector<bool> resolved;  // by entity: some of its slots are not plain
  };

  Base() = default;
  static bool Has(const std::vector<bool>& flags, EntityId entity) {
    return entity.value < flags.size() && flags[entity.value];
  }

  std::array<Rows, 2> rows_;  // by store::SlotSide
  std::vector<bool> denied_;
  std::vector<bool> judged_;  // empty if nobody is
  std::vector<bool> meets_judged_;
  uint64_t id_bound_ = 0;
};

}  // namespace guanxi::topology

#endif  // GUANXI_GRAPH_TOPOLOGY_BASE_H_
