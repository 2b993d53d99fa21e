#include "graph/topology/column_cache.h"

#include <algorithm>
#include <utility>

#include "graph/base/status_macros.h"
#include "graph/topology/adjacency.h"

namespace guanxi::topology {

ColumnCache::ColumnCache(const store::Store& store,
                         const ColumnCacheOptions& options)
    : store_(store), options_(options) {}

ColumnCache::~ColumnCache() { ending_ = true; }

std::shared_ptr<const NumberColumn> ColumnCache::Find(
    const store::Snapshot& snapshot, absl::string_view property) {
  const bool known = snapshot.catalog().properties.Find(property).has_value();
  const bool past = snapshot.revision() != snapshot.latest_revision();
  if (!known || past || options_.max_bytes <= 0) return nullptr;
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

// What cannot be followed gives way to what is built anew.
ColumnCache::Column ColumnCache::Follow(Kept& kept, const Column& column,
                                        const store::Snapshot& snapshot) {
  const absl::StatusOr<bool> followed =
      column->Follow(snapshot, Adjacency::kMaxEntries);
  const bool serves = followed.ok() && *followed;
  MutexLock lock(mutex_);
  kept.following = false;
  const bool current = kept.column == column;  // no other has come meanwhile
  if (current && !serves) kept.column = nullptr;
  if (current && (!serves || column->IsWorn())) BeginBuild(column->property());
  return serves ? column : nullptr;
}

// One is built at a time: who asks for another comes again.
void ColumnCache::BeginBuild(absl::string_view property) {
  if (kept_.find(property)->second.given_up) return;
  background_.Begin([this, name = std::string(property)] {
    const absl::Status status = Build(name);
    MutexLock lock(mutex_);
    kept_[name].given_up =
        absl::IsDataLoss(status) || absl::IsOutOfRange(status);
  });
}

absl::Status ColumnCache::Build(absl::string_view property) {
  ASSIGN_OR_RETURN(const store::Snapshot snapshot, store_.BeginSnapshot());
  absl::StatusOr<Column> built;
  do {
    built = NumberColumn::Build(snapshot, property,
                                {.max_bytes = BytesLeft(), .cancelled = [this] {
                                   return ending_.load();
                                 }});
  } while (absl::IsOutOfRange(built.status()) && DropLeastAsked());
  RETURN_IF_ERROR(built.status());
  Column gone;  // freed when the others need not wait for it
  MutexLock lock(mutex_);
  gone = std::exchange(kept_[std::string(property)].column, *std::move(built));
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

// Returns whether there was any.
bool ColumnCache::DropLeastAsked() {
  Column gone;
  MutexLock lock(mutex_);
  Kept* least = nullptr;
  for (auto& [property, kept] : kept_) {
    if (kept.column == nullptr) continue;
    if (least == nullptr || kept.asked < least->asked) least = &kept;
  }
  if (least == nullptr) return false;
  gone = std::exchange(least->column, nullptr);
  return true;
}

}  // namespace guanxi::topology
