#include "graph/store/column.h"

#include <optional>

#include "absl/functional/function_ref.h"

#include "graph/base/check.h"
#include "graph/base/status_macros.h"
#include "graph/store/log.h"
#include "graph/store/source_table.h"

namespace guanxi::store {
namespace {

// Whether a source that there was at a revision weighs otherwise since. All
// that a newer one speaks of has changed since too, by its claims.
absl::StatusOr<bool> WeighsOtherwise(Revision since, SourceId id,
                                     const Standpoint& at) {
  ASSIGN_OR_RETURN(const std::optional<SourceRecord> source,
                   ReadSource(at.txn, at.tables, id));
  if (!source.has_value()) return true;
  if (since < source->versions.front().since) return false;
  const auto& versions = source->versions;
  for (size_t i = 1; i < versions.size(); ++i) {
    const bool same =
        SameWeight(versions[i - 1].description, versions[i].description);
    if (since < versions[i].since && !same) return true;
  }
  return false;
}

// Whether after an entry nothing of before can be trusted: a source that was
// described anew weighs otherwise, whoever it speaks of; and what is purged
// must not stay in memory either.
absl::StatusOr<bool> EndsAll(const LogEntry& entry, Revision since,
                             const Standpoint& at) {
  switch (entry.operation) {
    case LogOperation::kSourceDescribed:
      return WeighsOtherwise(since, {entry.owner.id}, at);
    case LogOperation::kClaimPurged:
    case LogOperation::kEntityPurged:
      return true;
    default:
      return false;
  }
}

// Calls `visit` with each owner of facts that commits after `since` may have
// changed; with some of them if it does not return kAll.
absl::StatusOr<Told> ScanChanged(const Standpoint& at, Revision since,
                                 int64_t max_entries,
                                 absl::FunctionRef<void(Owner)> visit) {
  bool ended = false;
  const auto visit_entry = [&](const LogEntry& entry) -> absl::StatusOr<bool> {
    ASSIGN_OR_RETURN(ended, EndsAll(entry, since, at));
    const bool has_owner = entry.operation != LogOperation::kSchemaChanged &&
                           entry.owner.kind != OwnerKind::kSource;
    if (has_owner) visit(entry.owner);
    return !ended;
  };
  ASSIGN_OR_RETURN(const bool all,
                   WalkLog(at.txn, at.tables, {since, at.revision, max_entries},
                           visit_entry));
  if (all) return Told::kAll;
  return ended ? Told::kNotAll : Told::kTooMuch;
}

}  // namespace

Column::Column(const Snapshot& snapshot)
    : built_(snapshot.revision()), followed_(snapshot.revision().number) {
  GUANXI_CHECK(snapshot.revision() == snapshot.latest_revision());
}

// Who reads a revision at which an owner has not changed yet may find its mark
// already, and asks the record in vain.
absl::StatusOr<Told> Column::Follow(const Snapshot& snapshot,
                                    int64_t max_entries) {
  GUANXI_CHECK(snapshot.revision() == snapshot.latest_revision());
  const auto mark = [this](Owner owner) {
    if (Mark(owner)) changed_.fetch_add(1, std::memory_order_relaxed);
  };
  ASSIGN_OR_RETURN(const Told told,
                   ScanChanged(snapshot.standpoint(),
                               {followed_.load(std::memory_order_relaxed)},
                               max_entries, mark));
  if (told == Told::kAll) {
    followed_.store(snapshot.revision().number, std::memory_order_release);
  }
  return told;
}

bool Column::IsWorn() const {
  constexpr int64_t kOfWhichOneIsChanged = 32;  // 3 %
  constexpr int64_t kFew = 1000;
  return changed_.load(std::memory_order_relaxed) >
         kFew + static_cast<int64_t>(size()) / kOfWhichOneIsChanged;
}

}  // namespace guanxi::store
