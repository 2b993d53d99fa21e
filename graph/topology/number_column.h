#ifndef GUANXI_GRAPH_TOPOLOGY_NUMBER_COLUMN_H_
#define GUANXI_GRAPH_TOPOLOGY_NUMBER_COLUMN_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/base/build_limits.h"
#include "graph/base/huge_pages.h"
#include "graph/base/prefetch.h"
#include "graph/model/ids.h"
#include "graph/store/column.h"
#include "graph/store/key.h"
#include "graph/store/snapshot.h"
#include "graph/value/number_range.h"

namespace guanxi::topology {

// What plain relationships (Hop::plain) say of one property as a number, in
// memory, by relationship. Of those of which it takes a lens to tell, it says
// that their records are to be asked, as of those that have changed.
class NumberColumn : public store::Column {
 public:
  // Reads all records: 0.3 us each, and looks at `cancelled` every few
  // thousand. OUT_OF_RANGE: it would take more than `max_bytes`, which is found
  // out first. CANCELLED. DATA_LOSS [STORE_DAMAGED].
  static absl::StatusOr<std::shared_ptr<NumberColumn>> Build(
      const store::Snapshot& snapshot, absl::string_view property,
      const BuildLimits& limits = {});

  // What a relationship says that is plain at a revision which is covered;
  // empty: nothing. nullopt: its record is to be asked.
  std::optional<NumberRange> Find(RelationshipId id) const {
    if (marks_.Has(id.value)) return std::nullopt;
    return ranges_.empty() ? NumberRange() : ranges_[id.value];
  }

  // Hints that a relationship is going to be asked for.
  void Prefetch(RelationshipId id) const {
    if (id.value < ranges_.size()) guanxi::Prefetch(&ranges_[id.value]);
  }

  int64_t bytes() const override;

 private:
  NumberColumn(const store::Snapshot& snapshot, absl::string_view property)
      : Column(snapshot), property_(property) {}
  absl::Status Read(const store::Snapshot& snapshot, const BuildLimits& limits);
  bool Mark(store::Owner owner) override {
    const bool is_own = owner.kind == store::OwnerKind::kRelationship;
    if (is_own) marks_.Set(owner.id);
    return is_own;
  }
  uint64_t size() const override { return marks_.bound(); }

  const std::string property_;
  // By relationship; empty if none of them says a number.
  std::vector<NumberRange, HugePageAllocator<NumberRange>> ranges_;
  store::Marks marks_;  // those whose records are to be asked
};

}  // namespace guanxi::topology

#endif  // GUANXI_GRAPH_TOPOLOGY_NUMBER_COLUMN_H_
