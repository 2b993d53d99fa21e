#ifndef GUANXI_GRAPH_TOPOLOGY_CACHE_H_
#define GUANXI_GRAPH_TOPOLOGY_CACHE_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>

#include "absl/status/status.h"

#include "graph/base/mutex.h"
#include "graph/store/store.h"
#include "graph/topology/adjacency.h"
#include "graph/topology/background.h"

namespace guanxi::topology {

struct CacheOptions {
  // Memory of the adjacency. 0: nothing is kept. While one is built anew both
  // count; if they do not fit together, the old one goes first.
  int64_t max_bytes = int64_t{1} << 32;
};

// Keeps the adjacency of a store in memory for those who walk it. It is built
// when first asked for, in a thread of its own, follows the commits as it is
// asked, and is built anew when they have changed much.
//
// Thread-safe. Must not outlive the store.
class Cache {
 public:
  explicit Cache(const store::Store& store, const CacheOptions& options = {});
  // Cancels a build that runs and waits for its end.
  ~Cache();
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;

  // The adjacency at the revision at which a snapshot stands; nullptr if it is
  // not at hand, as none of the past is. Then cursors serve. Waits for nobody.
  // Follows the commits since, if they are few (Adjacency::kMaxEntries) and
  // nobody else is about to: some milliseconds at most.
  std::shared_ptr<const Adjacency> Find(const store::Snapshot& snapshot);

  // Builds it now, in this thread, unless it is there. Errors as
  // Base::Build(), or those of Store::BeginSnapshot().
  absl::Status Build();

 private:
  using Version = std::shared_ptr<const Adjacency>;

  Version FindKept(Revision revision) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Version Follow(const Version& from, const store::Snapshot& snapshot);
  void BeginBuild() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void EndBuild(const absl::Status& status);
  absl::Status BuildAnew();
  absl::StatusOr<Version> BuildLatest();
  bool Publish(const Version& built);

  const store::Store& store_;
  const CacheOptions options_;
  std::atomic<bool> ending_ = false;
  Mutex mutex_;
  // The newest one last; the others are for snapshots that began before it.
  std::deque<Version> kept_ ABSL_GUARDED_BY(mutex_);
  bool following_ ABSL_GUARDED_BY(mutex_) = false;
  // It does not fit, the store is damaged, or nothing is to be kept: not to be
  // tried again.
  bool given_up_ ABSL_GUARDED_BY(mutex_);
  Background background_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace guanxi::topology

#endif  // GUANXI_GRAPH_TOPOLOGY_CACHE_H_
