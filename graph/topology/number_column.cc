#include "graph/topology/number_column.h"

#include <utility>

#include "graph/base/check.h"
#include "graph/base/status_macros.h"

namespace guanxi::topology {

absl::StatusOr<std::shared_ptr<NumberColumn>> NumberColumn::Build(
    const store::Snapshot& snapshot, absl::string_view property,
    const BuildLimits& limits) {
  GUANXI_CHECK(snapshot.revision() == snapshot.latest_revision());
  // Owned by the cache and by those who ask.
  std::shared_ptr<NumberColumn> column(
      new NumberColumn(property, snapshot.revision()));
  RETURN_IF_ERROR(column->Read(snapshot, limits));
  return column;
}

absl::Status NumberColumn::Read(const store::Snapshot& snapshot,
                                const BuildLimits& limits) {
  constexpr int64_t kRecordsBetweenLooks = 4096;
  BuildWatch watch(limits, "a column of numbers");
  const store::Standpoint at = snapshot.standpoint();
  ASSIGN_OR_RETURN(bound_, store::RelationshipBound(at));
  RETURN_IF_ERROR(watch.CheckBytes(
      static_cast<int64_t>(bound_ * sizeof(NumberRange) + sizeof(*this))));
  ranges_.resize(bound_);
  marks_ = std::vector<std::atomic<uint64_t>>(bound_ / kBitsPerWord + 1);
  bool says_any = false;
  const auto take = [&](RelationshipId id,
                        const std::optional<NumberRange>& said) {
    if (!said.has_value()) {
      Mark(id);
    } else if (!said->empty()) {
      ranges_[id.value] = *said;
      says_any = true;
    }
    return watch.CheckGoing(kRecordsBetweenLooks);
  };
  RETURN_IF_ERROR(store::ScanNumbers(at, property_, take));
  if (!says_any) ranges_ = {};
  return absl::OkStatus();
}

void NumberColumn::Mark(RelationshipId id) {
  if (id.value >= bound_) return;
  marks_[id.value / kBitsPerWord].fetch_or(
      uint64_t{1} << id.value % kBitsPerWord, std::memory_order_relaxed);
}

// Who reads a revision at which a relationship has not changed yet may find its
// mark already, and asks the record in vain.
absl::StatusOr<store::Told> NumberColumn::Follow(
    const store::Snapshot& snapshot, int64_t max_entries) {
  GUANXI_CHECK(snapshot.revision() == snapshot.latest_revision());
  const auto mark = [this](RelationshipId id) {
    Mark(id);
    changed_.fetch_add(1, std::memory_order_relaxed);
  };
  ASSIGN_OR_RETURN(
      const store::Told told,
      store::ScanChangedNumbers(snapshot.standpoint(),
                                {followed_.load(std::memory_order_relaxed)},
                                max_entries, mark));
  if (told == store::Told::kAll) {
    followed_.store(snapshot.revision().number, std::memory_order_release);
  }
  return told;
}

bool NumberColumn::IsWorn() const {
  constexpr int64_t kOfWhichOneIsChanged = 32;  // 3 %
  constexpr int64_t kFew = 1000;
  return changed_.load(std::memory_order_relaxed) >
         kFew + static_cast<int64_t>(bound_) / kOfWhichOneIsChanged;
}

int64_t NumberColumn::bytes() const {
  return static_cast<int64_t>(sizeof(NumberColumn) +
                              ranges_.size() * sizeof(NumberRange) +
                              marks_.size() * sizeof(uint64_t));
}

}  // namespace guanxi::topology
