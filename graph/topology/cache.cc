#include "graph/topology/cache.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "graph/base/status_macros.h"

namespace guanxi::topology {
namespace {

constexpr size_t kMaxKept = 4;

}  // namespace

Cache::Cache(const store::Store& store, const CacheOptions& options)
    : store_(store), options_(options), given_up_(options.max_bytes <= 0) {}

Cache::~Cache() { ending_ = true; }

std::shared_ptr<const Adjacency> Cache::Find(const store::Snapshot& snapshot) {
  if (snapshot.revision() != snapshot.latest_revision()) return nullptr;
  Version from;
  {
    MutexLock lock(mutex_);
    if (kept_.empty()) {
      BeginBuild();
      return nullptr;
    }
    if (const Version kept = FindKept(snapshot.revision())) return kept;
    from = kept_.back();
    if (following_ || snapshot.revision() < from->revision()) return nullptr;
    following_ = true;
  }
  return Follow(from, snapshot);
}

Cache::Version Cache::FindKept(Revision revision) {
  const auto kept = std::ranges::find(
      kept_, revision,
      [](const Version& version) { return version->revision(); });
  return kept != kept_.end() ? *kept : nullptr;
}

// What cannot be followed, or has grown too large, gives way to what is built
// anew; so does what a log that cannot be read leads on from.
Cache::Version Cache::Follow(const Version& from,
                             const store::Snapshot& snapshot) {
  const absl::StatusOr<Version> advanced = from->Advance(snapshot);
  Version next = advanced.ok() ? *advanced : nullptr;
  if (next != nullptr && next->bytes() > options_.max_bytes) next = nullptr;
  std::deque<Version> gone;  // freed when the others need not wait for it
  MutexLock lock(mutex_);
  following_ = false;
  // Meanwhile another base may have come, or this one may have had to go.
  if (kept_.empty() || kept_.back() != from) return next;
  if (next == nullptr) {
    gone.swap(kept_);
  } else {
    kept_.push_back(next);
    if (kept_.size() > kMaxKept) {
      gone.push_back(std::move(kept_.front()));
      kept_.pop_front();
    }
  }
  if (next == nullptr || next->IsWorn()) BeginBuild();
  return next;
}

absl::Status Cache::Build() {
  {
    MutexLock lock(mutex_);
    if (!kept_.empty()) return absl::OkStatus();
  }
  return BuildAnew();
}

void Cache::BeginBuild() {
  if (given_up_) return;
  background_.Begin([this] { EndBuild(BuildAnew()); });
}

// Other failures, as that there are too many readers, may pass.
void Cache::EndBuild(const absl::Status& status) {
  std::deque<Version> gone;
  MutexLock lock(mutex_);
  if (absl::IsDataLoss(status) || absl::IsOutOfRange(status)) {
    given_up_ = true;
    gone.swap(kept_);
  }
}

absl::Status Cache::BuildAnew() {
  Version built;
  do {
    if (built == nullptr) {
      ASSIGN_OR_RETURN(built, BuildLatest());
    } else {
      // Commits came meanwhile, and were followed from what was there.
      ASSIGN_OR_RETURN(const store::Snapshot snapshot, store_.BeginSnapshot());
      ASSIGN_OR_RETURN(
          built, built->Advance(snapshot, std::numeric_limits<int64_t>::max()));
    }
  } while (built == nullptr || !Publish(built));
  return absl::OkStatus();
}

absl::StatusOr<Cache::Version> Cache::BuildLatest() {
  int64_t kept_bytes = 0;
  {
    MutexLock lock(mutex_);
    if (!kept_.empty()) kept_bytes = kept_.back()->bytes();
  }
  BuildLimits limits = {.max_bytes = options_.max_bytes - kept_bytes,
                        .cancelled = [this] { return ending_.load(); }};
  ASSIGN_OR_RETURN(const store::Snapshot snapshot, store_.BeginSnapshot());
  absl::StatusOr<Version> built = Adjacency::Build(snapshot, limits);
  if (kept_bytes == 0 || !absl::IsOutOfRange(built.status())) return built;
  std::deque<Version> gone;
  {
    MutexLock lock(mutex_);
    gone.swap(kept_);
  }
  gone.clear();
  limits.max_bytes = options_.max_bytes;
  return Adjacency::Build(snapshot, limits);
}

// Returns false if there is a newer one.
bool Cache::Publish(const Version& built) {
  std::deque<Version> gone;
  MutexLock lock(mutex_);
  if (!kept_.empty() && built->revision() < kept_.back()->revision()) {
    return false;
  }
  gone.swap(kept_);
  kept_ = {built};
  return true;
}

}  // namespace guanxi::topology
