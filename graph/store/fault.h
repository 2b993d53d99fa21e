#ifndef GUANXI_GRAPH_STORE_FAULT_H_
#define GUANXI_GRAPH_STORE_FAULT_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"

#include "graph/base/mutex.h"

namespace guanxi::store {

// Whether the disk has failed under a store: then nothing is written any more
// until somebody has looked whether it is sound. Thread-safe.
class Fault {
 public:
  using Listener = std::function<void(const absl::Status&)>;

  // Is told the status now, if it is not OK, and from then on whenever it
  // changes, by whoever changes it; empty: nobody is.
  void SetListener(Listener listener);

  // OK, or FAILED_PRECONDITION [STORE_READ_ONLY].
  absl::Status status() const;

  // `cause` is what the disk said.
  void Raise(const absl::Status& cause);

  // How often it has been raised.
  int64_t count() const;

  // Ends it, unless it has been raised again since it was counted.
  void Clear(int64_t count);

 private:
  void Set(const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
  int64_t count_ ABSL_GUARDED_BY(mutex_) = 0;
  Listener listener_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_FAULT_H_
