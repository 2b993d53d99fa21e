#ifndef GUANXI_GRAPH_TOPOLOGY_ADJACENCY_H_
#define GUANXI_GRAPH_TOPOLOGY_ADJACENCY_H_

#include <cstdint>
#include <memory>

#include "absl/status/statusor.h"

#include "graph/base/prefetch.h"
#include "graph/model/ids.h"
#include "graph/store/placement.h"
#include "graph/store/snapshot.h"
#include "graph/topology/base.h"
#include "graph/topology/overlay.h"
#include "graph/topology/run.h"

namespace guanxi::topology {

// The adjacency of the store in memory, as it is at one revision: a base, and
// over it the entities that changed since that was built. Says the same as
// store::WalkSlots() at that revision. Never changes. Thread-safe.
class Adjacency {
 public:
  // Of the latest revision that the snapshot sees, at which it must stand
  // (GUANXI_CHECKed), as for Advance(). Errors as Base::Build().
  static absl::StatusOr<std::shared_ptr<const Adjacency>> Build(
      const store::Snapshot& snapshot, const BuildLimits& limits = {});

  // The same base with the commits up to the revision of the snapshot, read
  // from the log: a few microseconds for each commit, and for each relationship
  // that it moved. nullptr: the log has more than `max_entries` for that
  // (commits and what they did), somebody was judged to be the same as another,
  // or an id does not fit; to be built anew. DATA_LOSS [STORE_DAMAGED].
  absl::StatusOr<std::shared_ptr<const Adjacency>> Advance(
      const store::Snapshot& snapshot, int64_t max_entries = kMaxEntries) const;
  // What a question may wait for: some milliseconds.
  static constexpr int64_t kMaxEntries = 2'000;

  Revision revision() const { return revision_; }

  // Calls `visit` with the slots of an entity on one side, run by run,
  // ascending together, until it returns false; then it returns false too. Runs
  // are valid as long as this.
  template <typename Visit>
  bool ForEachRun(EntityId entity, store::SlotSide side, Visit visit) const {
    if (const Entry* entry = overlay_.Find(entity)) {
      return entry->sides[static_cast<size_t>(side)].ForEachRun(visit);
    }
    const Run run = base_->run(side, entity);
    return run.size == 0 || visit(run);
  }

  // Hints that the slots of an entity are wanted soon; of use in this order,
  // some entities apart.
  void PrefetchPlace(EntityId entity, store::SlotSide side) const {
    if (const Entry* entry = overlay_.Find(entity)) {
      Prefetch(&entry->sides[static_cast<size_t>(side)]);
    } else {
      base_->PrefetchPlace(side, entity);
    }
  }
  void PrefetchSlots(EntityId entity, store::SlotSide side) const {
    if (const Entry* entry = overlay_.Find(entity)) {
      entry->sides[static_cast<size_t>(side)].PrefetchSlots();
    } else {
      base_->PrefetchSlots(side, entity);
    }
  }

  // Whether an entity may have a relationship with negated claims only. False
  // spares looking for them.
  bool MayHaveDenied(EntityId entity) const {
    const Entry* entry = overlay_.Find(entity);
    return entry != nullptr ? entry->denied : base_->denied(entity);
  }

  // Whether an entity may be one with another; whether it or one that it has a
  // relationship with may be; whether any two may be.
  bool MayBeMerged(EntityId entity) const {
    const Entry* entry = overlay_.Find(entity);
    return entry != nullptr ? entry->judged : base_->judged(entity);
  }
  bool MayMeetMerged(EntityId entity) const {
    const Entry* entry = overlay_.Find(entity);
    return entry != nullptr ? entry->meets_judged : base_->meets_judged(entity);
  }
  bool MayMerge() const { return base_->any_judged(); }

  // Whether so much has changed that it is time to build anew.
  bool IsWorn() const;

  int64_t bytes() const { return base_->bytes() + overlay_.bytes(); }

 private:
  friend class Replay;
  Adjacency(Revision revision, std::shared_ptr<const Base> base)
      : revision_(revision), base_(std::move(base)) {}

  Revision revision_;
  // Owned by all versions over it.
  std::shared_ptr<const Base> base_;
  Overlay overlay_;
};

}  // namespace guanxi::topology

#endif  // GUANXI_GRAPH_TOPOLOGY_ADJACENCY_H_
