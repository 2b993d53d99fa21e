#ifndef GUANXI_GRAPH_TOPOLOGY_NUMBER_COLUMN_H_
#define GUANXI_GRAPH_TOPOLOGY_NUMBER_COLUMN_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/base/prefetch.h"
#include "graph/model/ids.h"
#include "graph/store/number_scan.h"
#include "graph/store/snapshot.h"
#include "graph/base/build_limits.h"
#include "graph/base/huge_pages.h"
#include "graph/value/number_range.h"

namespace guanxi::topology {

// What plain relationships (Hop::plain) say of one property as a number, in
// memory, by relationship: as it was at one revision. Of those that commits
// have changed since, and of those of which that takes a lens to tell, it says
// that their records are to be asked. So it is right for every revision that it
// has followed, and never copied.
//
// Thread-safe, but for Follow() beside itself.
class NumberColumn {
 public:
  // Of the latest revision that the snapshot sees, at which it must stand
  // (GUANXI_CHECKed), as for Follow(). Reads all records: 0.3 us each, and
  // looks at `cancelled` every few thousand. OUT_OF_RANGE: it would take more
  // than `max_bytes`, which is found out first. CANCELLED. DATA_LOSS
  // [STORE_DAMAGED].
  static absl::StatusOr<std::shared_ptr<NumberColumn>> Build(
      const store::Snapshot& snapshot, absl::string_view property,
      const BuildLimits& limits = {});

  const std::string& property() const { return property_; }

  Revision built() const { return built_; }  // at this revision

  // Whether it tells of relationships as they are at a revision.
  bool Covers(Revision revision) const {
    return built_ <= revision &&
           revision.number <= followed_.load(std::memory_order_acquire);
  }

  // What a relationship says that is plain at a revision which is covered;
  // empty: nothing. nullopt: its record is to be asked.
  std::optional<NumberRange> Find(RelationshipId id) const {
    if (id.value >= bound_ || IsMarked(id)) return std::nullopt;
    return ranges_.empty() ? NumberRange() : ranges_[id.value];
  }

  // Hints that a relationship is going to be asked for.
  void Prefetch(RelationshipId id) const {
    if (id.value < ranges_.size()) guanxi::Prefetch(&ranges_[id.value]);
  }

  // Marks what was changed by the commits up to the revision of the snapshot,
  // which it covers then; not if the log did not tell all. DATA_LOSS
  // [STORE_DAMAGED].
  absl::StatusOr<store::Told> Follow(const store::Snapshot& snapshot,
                                     int64_t max_entries);

  // Whether so much has changed that it is time to build anew.
  bool IsWorn() const;

  int64_t bytes() const;

 private:
  static constexpr size_t kBitsPerWord = 64;

  NumberColumn(absl::string_view property, Revision revision)
      : property_(property), built_(revision), followed_(revision.number) {}
  absl::Status Read(const store::Snapshot& snapshot, const BuildLimits& limits);
  bool IsMarked(RelationshipId id) const {
    const uint64_t word =
        marks_[id.value / kBitsPerWord].load(std::memory_order_relaxed);
    return (word >> id.value % kBitsPerWord & 1) != 0;
  }
  void Mark(RelationshipId id);

  const std::string property_;
  const Revision built_;
  uint64_t bound_ = 0;  // above the ids of those that it tells of
  // By relationship; empty if none of them says a number.
  std::vector<NumberRange, HugePageAllocator<NumberRange>> ranges_;
  // A bit a relationship: its record is to be asked. Only ever set.
  std::vector<std::atomic<uint64_t>> marks_;
  std::atomic<uint64_t> followed_;    // a revision; what it changed is marked
  std::atomic<int64_t> changed_ = 0;  // roughly how many, new ones included
};

}  // namespace guanxi::topology

#endif  // GUANXI_GRAPH_TOPOLOGY_NUMBER_COLUMN_H_
