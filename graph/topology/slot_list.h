#ifndef GUANXI_GRAPH_TOPOLOGY_SLOT_LIST_H_
#define GUANXI_GRAPH_TOPOLOGY_SLOT_LIST_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"

#include "graph/base/prefetch.h"
#include "graph/topology/run.h"

namespace guanxi::topology {

// The slots of one entity and side, ascending, in runs: each of its own columns
// or of the base, which outlives it. Never changes; a changed copy shares what
// did not change, so that one slot more costs little for an entity with a
// million of them. Thread-safe.
class SlotList {
 public:
  SlotList() = default;

  // The slots of the base.
  explicit SlotList(const Run& base);

  // A copy in which `slot` stands at its place, alone.
  SlotList With(const PackedSlot& slot) const;

  // A copy in which nothing stands at its place.
  SlotList Without(const PackedSlot& slot) const;

  size_t size() const { return size_; }
  int64_t bytes() const;

  // Hints that the first run is wanted soon.
  void PrefetchSlots() const {
    if (!pieces_.empty()) Prefetch(pieces_.front().run.neighbours);
  }

  // Calls `visit` with each run, in order, until it returns false; then it
  // returns false too.
  template <typename Visit>
  bool ForEachRun(Visit visit) const {
    for (const Piece& piece : pieces_) {
      if (!visit(piece.run)) return false;
    }
    return true;
  }

 private:
  struct Piece {
    Run run;
    std::shared_ptr<const Columns> owner;  // with other lists; null: the base
  };
  // Puts `pieces` in the place of one.
  struct Edit {
    size_t piece = 0;
    std::vector<Piece> pieces;
  };

  SlotList Replaced(const PackedSlot& place,
                    const std::optional<PackedSlot>& slot) const;
  Edit EditAt(const PackedSlot& place,
              const std::optional<PackedSlot>& slot) const;
  static Piece Own(Columns columns);
  SlotList Whole() const;

  // None is empty. One, which most entities have, lies in the list itself: to
  // follow a pointer to it would take as long as to fetch it.
  absl::InlinedVector<Piece, 1> pieces_;
  size_t size_ = 0;
};

}  // namespace guanxi::topology

#endif  // GUANXI_GRAPH_TOPOLOGY_SLOT_LIST_H_
