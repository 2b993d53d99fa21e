#ifndef GUANXI_GRAPH_TOPOLOGY_COLUMN_CACHE_H_
#define GUANXI_GRAPH_TOPOLOGY_COLUMN_CACHE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/base/mutex.h"
#include "graph/store/column.h"
#include "graph/store/record_column.h"
#include "graph/store/store.h"
#include "graph/topology/background.h"
#include "graph/topology/number_column.h"

namespace guanxi::topology {

struct ColumnCacheOptions {
  // Memory of all columns. 0: nothing is kept.
  int64_t max_bytes = int64_t{1} << 32;
};

// Keeps in memory what traversals read over and over: the records, and the
// numbers of relationships' properties for those who weigh them. A column is
// built when first asked for, in a thread of its own, follows the commits as it
// is asked, and is built anew when they have changed much. Where all do not
// fit, those go that were not asked for the longest time; who was asked for
// just now stays, as records always are, and what the others hold is read from
// the file. What is purged leaves memory when somebody next reads the present.
//
// Thread-safe. Must not outlive the store.
class ColumnCache {
 public:
  // What a column holds: numbers of one property, or all records.
  static constexpr absl::string_view kRecords = "";

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
  std::shared_ptr<const NumberColumn> FindNumbers(
      const store::Snapshot& snapshot, absl::string_view property);

  // Likewise, the records of the latest state that a snapshot sees.
  std::shared_ptr<const store::RecordColumn> FindRecords(
      const store::Snapshot& snapshot);

  // Builds it now, in this thread, whether it is there or not: kRecords, or the
  // numbers of a property. Errors as NumberColumn::Build(), or those of
  // Store::BeginSnapshot().
  absl::Status BuildAnew(absl::string_view held);

 private:
  using ColumnPtr = std::shared_ptr<store::Column>;
  struct Kept {
    ColumnPtr column;  // nullptr: it was never built, or had to go
    bool following = false;
    int failures = 0;               // of builds, one after the other
    int64_t questions_to_wait = 0;  // before the next build
    // It does not fit, or the store is damaged: not to be tried again.
    bool given_up = false;
    uint64_t asked = 0;  // counts questions: the last one for this
  };

  static constexpr int kMostFailures = 20;

  ColumnPtr Find(const store::Snapshot& snapshot, absl::string_view held);
  Kept& KeptOf(absl::string_view held) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  ColumnPtr Follow(Kept& kept, absl::string_view held, const ColumnPtr& column,
                   const store::Snapshot& snapshot);
  std::vector<ColumnPtr> TakeAll() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void BeginBuild(absl::string_view held) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void BeginToFollow(absl::string_view held, const ColumnPtr& column)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void BuildInBackground(const std::string& held);
  absl::StatusOr<ColumnPtr> Build(absl::string_view held);
  absl::Status FollowAll(store::Column& column);
  int64_t BytesLeft();
  bool MakeRoomFor(absl::string_view held);
  Kept* LeastAsked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const store::Store& store_;
  const ColumnCacheOptions options_;
  std::atomic<bool> ending_ = false;
  Mutex mutex_;
  // By what they hold; of properties those that the store has. Never erased.
  std::map<std::string, Kept, std::less<>> kept_ ABSL_GUARDED_BY(mutex_);
  uint64_t questions_ ABSL_GUARDED_BY(mutex_) = 0;
  Background background_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace guanxi::topology

#endif  // GUANXI_GRAPH_TOPOLOGY_COLUMN_CACHE_H_
