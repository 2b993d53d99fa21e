#include "graph/topology/background.h"

#include <system_error>
#include <utility>

namespace guanxi::topology {

Background::~Background() {
  if (thread_.joinable()) thread_.join();
}

bool Background::Begin(std::function<void()> task) {
  if (running_) return false;
  if (thread_.joinable()) thread_.join();  // it has ended
  running_ = true;
  try {
    thread_ = std::thread([this, task = std::move(task)] {
      task();
      running_ = false;
    });
    return true;
  } catch (const std::system_error&) {
    running_ = false;
    return false;
  }
}

}  // namespace guanxi::topology
