#include "graph/topology/column_cache.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "graph/base/status_macros.h"
#include "graph/store/number_scan.h"
#include "graph/topology/adjacency.h"

namespace guanxi::topology {

ColumnCache::ColumnCache(const store::Store& store,
                         const ColumnCacheOptions& options)
    : store_(store), options_(options) {}

ColumnCache::~ColumnCache() { ending_ = true; }

std::shared_ptr<const NumberColumn> ColumnCache::Find(
    const store::Snapshot& snapshot, absl::string_view property) {
  const bool past = snapshot.revision() != snapshot.latest_revision();
  if (past || options_.max_bytes <= 0 ||
      !store::MayBeOfRelationships(property, snapshot.catalog())) {
    return nullptr;
  }
  Kept* kept = nullptr;
  Column column;
  {
    MutexLock lock(mutex_);
    kept = &kept_[std::string(property)];
    kept->asked = ++questions_;
    column = kept->column;
    if (column == nullptr) {
      BeginBuild(property);
      return nullptr;
    }
    if (column->Covers(snapshot.revision())) return column;
    if (kept->following || snapshot.revision() < column->built()) {
      return nullptr;
    }
    kept->following = true;
  }
  return Follow(*kept, column, snapshot);
}

// What the log does not tell all of gives way to what is built anew.
ColumnCache::Column ColumnCache::Follow(Kept& kept, const Column& column,
                                        const store::Snapshot& snapshot) {
  const absl::StatusOr<store::Told> told =
      column->Follow(snapshot, Adjacency::kMaxEntries);
  const bool serves = told.ok() && *told == store::Told::kAll;
  const bool is_lost = !told.ok() || *told == store::Told::kNotAll;
  MutexLock lock(mutex_);
  kept.following = false;
  if (kept.column != column) return serves ? column : nullptr;  // another came
  if (is_lost) kept.column = nullptr;
  if (is_lost || column->IsWorn()) {
    BeginBuild(column->property());
  } else if (!serves) {
    BeginToFollow(column);
  }
  return serves ? column : nullptr;
}

// One task runs at a time: who asks for another comes again.
void ColumnCache::BeginBuild(absl::string_view property) {
  if (kept_.find(property)->second.given_up) return;
  background_.Begin(
      [this, name = std::string(property)] { BuildInBackground(name); });
}

void ColumnCache::BuildInBackground(const std::string& property) {
  const absl::Status status = BuildAnew(property);
  MutexLock lock(mutex_);
  // What does not fit beside others may do so later.
  const bool alone = std::ranges::none_of(
      kept_, [](const auto& entry) { return entry.second.column != nullptr; });
  kept_[property].given_up =
      absl::IsDataLoss(status) || (absl::IsOutOfRange(status) && alone);
}

void ColumnCache::BeginToFollow(const Column& column) {
  Kept& kept = kept_.find(column->property())->second;
  kept.following = background_.Begin([this, column, &kept] {
    const absl::Status status = FollowAll(*column);
    {
      MutexLock lock(mutex_);
      kept.following = false;
    }
    if (!status.ok()) BuildInBackground(column->property());
  });
}

// Follows all commits; ABORTED: the log did not tell all.
absl::Status ColumnCache::FollowAll(NumberColumn& column) {
  ASSIGN_OR_RETURN(const store::Snapshot snapshot, store_.BeginSnapshot());
  ASSIGN_OR_RETURN(
      const store::Told told,
      column.Follow(snapshot, std::numeric_limits<int64_t>::max()));
  if (told == store::Told::kAll) return absl::OkStatus();
  return absl::AbortedError("the log does not tell what has changed");
}

// Commits that came while it was built are followed before anybody sees it.
absl::Status ColumnCache::BuildAnew(absl::string_view property) {
  const std::string name(property);
  absl::StatusOr<Column> built;
  {
    ASSIGN_OR_RETURN(const store::Snapshot snapshot, store_.BeginSnapshot());
    do {
      built = NumberColumn::Build(
          snapshot, property, {.max_bytes = BytesLeft(), .cancelled = [this] {
                                 return ending_.load();
                               }});
    } while (absl::IsOutOfRange(built.status()) && MakeRoomFor(name));
  }
  RETURN_IF_ERROR(built.status());
  RETURN_IF_ERROR(FollowAll(**built));
  Column gone;  // freed when the others need not wait for it
  MutexLock lock(mutex_);
  gone = std::exchange(kept_[name].column, *std::move(built));
  return absl::OkStatus();
}

int64_t ColumnCache::BytesLeft() {
  MutexLock lock(mutex_);
  int64_t left = options_.max_bytes;
  for (const auto& [property, kept] : kept_) {
    if (kept.column != nullptr) left -= kept.column->bytes();
  }
  return left;
}

// Drops the property's own column first, then that which was not asked for the
// longest time. Returns false if all that are left were asked for just now: two
// that do not fit together would be built in turn for ever.
bool ColumnCache::MakeRoomFor(const std::string& property) {
  constexpr uint64_t kQuestionsThatKeep = 100;
  Column gone;
  MutexLock lock(mutex_);
  Kept& own = kept_[property];
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
  for (auto& [property, kept] : kept_) {
    if (kept.column == nullptr) continue;
    if (least == nullptr || kept.asked < least->asked) least = &kept;
  }
  return least;
}

}  // namespace guanxi::topology
