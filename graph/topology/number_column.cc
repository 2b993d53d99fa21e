#include "graph/topology/number_column.h"

#include "graph/base/status_macros.h"
#include "graph/store/number_scan.h"

namespace guanxi::topology {

absl::StatusOr<std::shared_ptr<NumberColumn>> NumberColumn::Build(
    const store::Snapshot& snapshot, absl::string_view property,
    const BuildLimits& limits) {
  // Owned by the cache and by those who ask.
  std::shared_ptr<NumberColumn> column(new NumberColumn(snapshot, property));
  RETURN_IF_ERROR(column->Read(snapshot, limits));
  return column;
}

absl::Status NumberColumn::Read(const store::Snapshot& snapshot,
                                const BuildLimits& limits) {
  constexpr int64_t kRecordsBetweenLooks = 4096;
  BuildWatch watch(limits, "a column of numbers");
  const store::Standpoint at = snapshot.standpoint();
  ASSIGN_OR_RETURN(const uint64_t bound, store::RelationshipBound(at));
  RETURN_IF_ERROR(watch.CheckBytes(
      static_cast<int64_t>(bound * sizeof(NumberRange) + sizeof(*this))));
  ranges_.resize(bound);
  marks_ = store::Marks(bound);
  bool says_any = false;
  const auto take = [&](RelationshipId id,
                        const std::optional<NumberRange>& said) {
    if (!said.has_value()) {
      marks_.Set(id.value);
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

int64_t NumberColumn::bytes() const {
  return static_cast<int64_t>(sizeof(NumberColumn) +
                              ranges_.size() * sizeof(NumberRange)) +
         marks_.bytes();
}

}  // namespace guanxi::topology
