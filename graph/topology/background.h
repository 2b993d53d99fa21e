#ifndef GUANXI_GRAPH_TOPOLOGY_BACKGROUND_H_
#define GUANXI_GRAPH_TOPOLOGY_BACKGROUND_H_

#include <atomic>
#include <functional>
#include <thread>

namespace guanxi::topology {

// Runs one task at a time in a thread of its own. Waits for it when destroyed:
// what the task uses must be declared before it. Begin() is to be called by one
// thread at a time.
class Background {
 public:
  Background() = default;
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  // Returns whether it began: not if one runs still, or no thread is to be had.
  bool Begin(std::function<void()> task);

 private:
  std::atomic<bool> running_ = false;
  std::thread thread_;
};

}  // namespace guanxi::topology

#endif  // GUANXI_GRAPH_TOPOLOGY_BACKGROUND_H_
