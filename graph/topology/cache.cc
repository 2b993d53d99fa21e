#include "graph/topology/cache.h"

#include <algorithm>
#include <utility>

#include "graph/base/status_macros.h"

namespace guanxi::topology {
namespace {

constexpr size_t kMaxKept = 4;

}  // namespace

Cache::Cache(const store::Store& store, const CacheOptions& options)
    : store_(store), options_(options), given_up_(options.max_bytes <= 0) {}

Cache::~Cache() {
  ending_ = true;
  std::thread builder;
  {
    MutexLock lock(mutex_);
    given_up_ = true;  // no build begins from now on
    builder = std::move(builder_);
  }
  if (builder.joinable()) builder.join();
}

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

// A log that cannot be read leaves the question to the cursors, which say so.
Cache::Version Cache::Follow(const Version& from,
                             const store::Snapshot& snapshot) {
  const absl::StatusOr<Version> next = from->Advance(snapshot);
  MutexLock lock(mutex_);
  following_ = false;
  if (!next.ok()) return nullptr;
  if (*next == nullptr || (*next)->IsWorn()) BeginBuild();
  if (*next == nullptr) return nullptr;
  const bool newest =
      kept_.empty() || kept_.back()->revision() < (*next)->revision();
  if (newest) kept_.push_back(*next);
  if (kept_.size() > kMaxKept) kept_.pop_front();
  return *next;
}

absl::Status Cache::Build() {
  {
    MutexLock lock(mutex_);
    if (!kept_.empty()) return absl::OkStatus();
  }
  return BuildAnew();
}

void Cache::BeginBuild() {
  if (building_ || given_up_) return;
  building_ = true;
  if (builder_.joinable()) builder_.join();  // it has ended
  builder_ = std::thread([this] {
    const absl::Status status = BuildAnew();
    MutexLock lock(mutex_);
    building_ = false;
    if (!status.ok()) given_up_ = true;
  });
}

absl::Status Cache::BuildAnew() {
  Version built;
  do {
    if (built == nullptr) {
      ASSIGN_OR_RETURN(built, BuildLatest());
    } else {
      // Commits came meanwhile, and were followed from what was there.
      ASSIGN_OR_RETURN(const store::Snapshot snapshot, store_.BeginSnapshot());
      ASSIGN_OR_RETURN(built, built->Advance(snapshot));
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
  if (kept_bytes == 0 || !absl::IsResourceExhausted(built.status())) {
    return built;
  }
  {
    MutexLock lock(mutex_);
    kept_.clear();
  }
  limits.max_bytes = options_.max_bytes;
  return Adjacency::Build(snapshot, limits);
}

// Returns false if there is a newer one.
bool Cache::Publish(const Version& built) {
  MutexLock lock(mutex_);
  if (!kept_.empty() && built->revision() < kept_.back()->revision()) {
    return false;
  }
  kept_ = {built};
  return true;
}

}  // namespace guanxi::topology
