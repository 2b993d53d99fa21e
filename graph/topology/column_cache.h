#ifndef GUANXI_GRAPH_TOPOLOGY_COLUMN_CACHE_H_
#define GUANXI_GRAPH_TOPOLOGY_COLUMN_CACHE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "graph/base/mutex.h"
#include "graph/store/store.h"
#include "graph/topology/background.h"
#include "graph/topology/number_column.h"

namespace guanxi::topology {

struct ColumnCacheOptions {
  // Memory of all columns. 0: nothing is kept.
  int64_t max_bytes = int64_t{1} << 30;
};

// Keeps the numbers of relationships' properties in memory for those who weigh
// them. A column is built when first asked for, in a thread of its own, follows
// the commits as it is asked, and is built anew when they have changed much.
// Where all do not fit, those go that were not asked for the longest time; who
// was asked for just now stays, and the others are read from records.
//
// Thread-safe. Must not outlive the store.
class ColumnCache {
 public:
  explicit ColumnCache(const store::Store& store,
                       const ColumnCacheOptions& options = {});
  // Cancels a build that runs and waits for its end.
  ~ColumnCache();
  ColumnCache(const ColumnCache&) = delete;
  ColumnCache& operator=(const ColumnCache&) = delete;

  // The column of a property, which covers the revision at which a snapshot
  // stands; nullptr if it is not at hand, as none of the past is, or no
  // relationship can have it. Then records are to be read. Waits for nobody.
  // Follows the commits since, if they are few, as Cache::Find() does; many are
  // followed in the background.
  std::shared_ptr<const NumberColumn> Find(const store::Snapshot& snapshot,
                                           absl::string_view property);

  // Builds it now, in this thread, whether it is there or not. Errors as
  // NumberColumn::Build(), or those of Store::BeginSnapshot().
  absl::Status BuildAnew(absl::string_view property);

 private:
  using Column = std::shared_ptr<NumberColumn>;
  struct Kept {
    Column column;  // nullptr: it was never built, or had to go
    bool following = false;
    // It does not fit, or the store is damaged: not to be tried again.
    bool given_up = false;
    uint64_t asked = 0;  // counts questions: the last one for this
  };

  Column Follow(Kept& kept, const Column& column,
                const store::Snapshot& snapshot);
  void BeginBuild(absl::string_view property)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void BeginToFollow(const Column& column)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void BuildInBackground(const std::string& property);
  absl::Status FollowAll(NumberColumn& column);
  int64_t BytesLeft();
  bool MakeRoomFor(const std::string& property);
  Kept* LeastAsked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const store::Store& store_;
  const ColumnCacheOptions options_;
  std::atomic<bool> ending_ = false;
  Mutex mutex_;
  // By property; of those that the store has. Never erased.
  std::map<std::string, Kept, std::less<>> kept_ ABSL_GUARDED_BY(mutex_);
  uint64_t questions_ ABSL_GUARDED_BY(mutex_) = 0;
  Background background_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace guanxi::topology

#endif  // GUANXI_GRAPH_TOPOLOGY_COLUMN_CACHE_H_
