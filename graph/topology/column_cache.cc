#include "graph/topology/column_cache.h"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "graph/base/status_macros.h"
#include "graph/store/number_scan.h"
#include "graph/topology/adjacency.h"

namespace guanxi::topology {

ColumnCache::ColumnCache(const store::Store& store,
                         const ColumnCacheOptions& options)
    : store_(store), options_(options) {}

ColumnCache::~ColumnCache() { ending_ = true; }

std::shared_ptr<const NumberColumn> ColumnCache::FindNumbers(
    const store::Snapshot& snapshot, absl::string_view property) {
  const bool past = snapshot.revision() != snapshot.latest_revision();
  if (past || property.empty() ||
      !store::MayBeOfRelationships(property, snapshot.catalog())) {
    return nullptr;
  }
  return std::static_pointer_cast<const NumberColumn>(Find(snapshot, property));
}

std::shared_ptr<const store::RecordColumn> ColumnCache::FindRecords(
    const store::Snapshot& snapshot) {
  return std::static_pointer_cast<const store::RecordColumn>(
      Find(snapshot, kRecords));
}

ColumnCache::ColumnPtr ColumnCache::Find(const store::Snapshot& snapshot,
                                         absl::string_view held) {
  if (options_.max_bytes <= 0) return nullptr;
  Kept* kept = nullptr;
  ColumnPtr column;
  {
    MutexLock lock(mutex_);
    kept = &KeptOf(held);
    // Everybody asks for records: that tells nothing of how long it is since
    // numbers were asked for.
    if (held != kRecords) ++questions_;
    kept->asked = questions_;
    column = kept->column;
    if (column == nullptr) {
      BeginBuild(held);
      return nullptr;
    }
    if (column->Covers(snapshot.latest_revision())) return column;
    const bool is_past = snapshot.revision() != snapshot.latest_revision();
    if (kept->following || is_past ||
        snapshot.latest_revision() < column->built()) {
      return nullptr;
    }
    kept->following = true;
  }
  return Follow(*kept, held, column, snapshot);
}

ColumnCache::Kept& ColumnCache::KeptOf(absl::string_view held) {
  const auto found = kept_.find(held);
  if (found != kept_.end()) return found->second;
  return kept_[std::string(held)];
}

// What the log does not tell all of gives way to what is built anew.
ColumnCache::ColumnPtr ColumnCache::Follow(Kept& kept, absl::string_view held,
                                           const ColumnPtr& column,
                                           const store::Snapshot& snapshot) {
  const absl::StatusOr<store::Told> told =
      column->Follow(snapshot, Adjacency::kMaxEntries);
  const bool serves = told.ok() && *told == store::Told::kAll;
  const bool is_lost = !told.ok() || *told == store::Told::kNotAll;
  std::vector<ColumnPtr> gone;
  MutexLock lock(mutex_);
  kept.following = false;
  if (kept.column != column) return serves ? column : nullptr;  // another came
  if (is_lost) gone = TakeAll();
  if (is_lost || column->IsWorn()) {
    BeginBuild(held);
  } else if (!serves) {
    BeginToFollow(held, column);
  }
  return serves ? column : nullptr;
}

// What the log does not tell of one column it does not tell of any. They are to
// be freed when the others need not wait for it.
std::vector<ColumnCache::ColumnPtr> ColumnCache::TakeAll() {
  std::vector<ColumnPtr> all;
  for (auto& [held, kept] : kept_) all.push_back(std::move(kept.column));
  return all;
}

// One task runs at a time: who asks for another comes again.
void ColumnCache::BeginBuild(absl::string_view held) {
  Kept& kept = KeptOf(held);
  if (kept.given_up) return;
  if (kept.questions_to_wait > 0) {
    --kept.questions_to_wait;
    return;
  }
  background_.Begin(
      [this, name = std::string(held)] { BuildInBackground(name); });
}

void ColumnCache::BuildInBackground(const std::string& held) {
  const absl::Status status = BuildAnew(held);
  MutexLock lock(mutex_);
  // What does not fit beside others may do so later.
  const bool alone = std::ranges::none_of(
      kept_, [](const auto& entry) { return entry.second.column != nullptr; });
  Kept& kept = KeptOf(held);
  kept.given_up =
      absl::IsDataLoss(status) || (absl::IsOutOfRange(status) && alone);
  // What failed beside others, or because of a commit, may fail again: it is
  // tried less and less often.
  kept.failures = status.ok() ? 0 : std::min(kept.failures + 1, kMostFailures);
  kept.questions_to_wait = status.ok() ? 0 : int64_t{1} << kept.failures;
}

void ColumnCache::BeginToFollow(absl::string_view held,
                                const ColumnPtr& column) {
  Kept& kept = KeptOf(held);
  kept.following =
      background_.Begin([this, name = std::string(held),
                         column = ColumnPtr(column), &kept]() mutable {
        const absl::Status status = FollowAll(*column);
        column.reset();  // or it would stay while it is built anew
        std::vector<ColumnPtr> gone;
        {
          MutexLock lock(mutex_);
          kept.following = false;
          if (!status.ok()) gone = TakeAll();
        }
        gone.clear();
        if (!status.ok()) BuildInBackground(name);
      });
}

// Follows all commits; ABORTED: the log did not tell all.
absl::Status ColumnCache::FollowAll(store::Column& column) {
  ASSIGN_OR_RETURN(const store::Snapshot snapshot, store_.BeginSnapshot());
  ASSIGN_OR_RETURN(
      const store::Told told,
      column.Follow(snapshot, std::numeric_limits<int64_t>::max()));
  if (told == store::Told::kAll) return absl::OkStatus();
  return absl::AbortedError("the log does not tell what has changed");
}

absl::StatusOr<ColumnCache::ColumnPtr> ColumnCache::Build(
    absl::string_view held) {
  ASSIGN_OR_RETURN(const store::Snapshot snapshot, store_.BeginSnapshot());
  const BuildLimits limits = {.max_bytes = BytesLeft(),
                              .cancelled = [this] { return ending_.load(); }};
  if (held == kRecords) return store::RecordColumn::Build(snapshot, limits);
  return NumberColumn::Build(snapshot, held, limits);
}

// Commits that came while it was built are followed before anybody sees it.
absl::Status ColumnCache::BuildAnew(absl::string_view held) {
  absl::StatusOr<ColumnPtr> built;
  do {
    built = Build(held);
  } while (absl::IsOutOfRange(built.status()) && MakeRoomFor(held));
  RETURN_IF_ERROR(built.status());
  RETURN_IF_ERROR(FollowAll(**built));
  ColumnPtr gone;  // freed when the others need not wait for it
  MutexLock lock(mutex_);
  gone = std::exchange(KeptOf(held).column, *std::move(built));
  return absl::OkStatus();
}

int64_t ColumnCache::BytesLeft() {
  MutexLock lock(mutex_);
  int64_t left = options_.max_bytes;
  for (const auto& [held, kept] : kept_) {
    if (kept.column != nullptr) left -= kept.column->bytes();
  }
  return left;
}

// Drops the own column of what is wanted first, then that which was not asked
// for the longest time. Returns false if all that are left were asked for just
// now: two that do not fit together would be built in turn for ever.
bool ColumnCache::MakeRoomFor(absl::string_view held) {
  constexpr uint64_t kQuestionsThatKeep = 100;
  ColumnPtr gone;
  MutexLock lock(mutex_);
  Kept& own = KeptOf(held);
  Kept* goes = own.column != nullptr ? &own : LeastAsked();
  if (goes == nullptr) return false;
  const bool is_wanted = goes->asked + kQuestionsThatKeep > questions_;
  if (goes != &own && is_wanted) return false;
  gone = std::exchange(goes->column, nullptr);
  return true;
}

// Of those that there are; nullptr: there is none.
ColumnCache::Kept* ColumnCache::LeastAsked() {
  Kept* least = nullptr;
  for (auto& [held, kept] : kept_) {
    if (kept.column == nullptr) continue;
    if (least == nullptr || kept.asked < least->asked) least = &kept;
  }
  return least;
}

}  // namespace guanxi::topology
