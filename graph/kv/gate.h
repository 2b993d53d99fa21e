#ifndef GUANXI_GRAPH_KV_GATE_H_
#define GUANXI_GRAPH_KV_GATE_H_

#include <cstdint>

#include "graph/base/mutex.h"

namespace guanxi::kv {

// Lets the transactions of an Env in, and keeps them out while its file is
// opened anew. Thread-safe.
class Gate {
 public:
  // Returns whether it did: not while the gate is shut.
  bool TryEnter() {
    MutexLock lock(mutex_);
    if (shut_) return false;
    ++inside_;
    return true;
  }

  void Leave() {
    MutexLock lock(mutex_);
    if (--inside_ == 0 && shut_) left_.Signal();
  }

  // Lets nobody in any more, and waits until nobody is inside. By one thread
  // at a time.
  void Shut() {
    MutexLock lock(mutex_);
    shut_ = true;
    while (inside_ > 0) left_.Wait(mutex_);
  }

  void Open() {
    MutexLock lock(mutex_);
    shut_ = false;
  }

 private:
  Mutex mutex_;
  CondVar left_;
  int64_t inside_ ABSL_GUARDED_BY(mutex_) = 0;
  bool shut_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace guanxi::kv

#endif  // GUANXI_GRAPH_KV_GATE_H_
