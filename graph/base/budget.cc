#include "graph/base/budget.h"

namespace guanxi {

bool Meter::CountBytes(int64_t bytes) {
  if (stop_ != Stop::kNone) return false;
  bytes_ += bytes;
  if (bytes_ > budget_.max_bytes) stop_ = Stop::kBytes;
  return stop_ == Stop::kNone;
}

bool Meter::Look() {
  if (budget_.cancelled && budget_.cancelled()) {
    stop_ = Stop::kCancelled;
  } else if (std::chrono::steady_clock::now() >= budget_.deadline) {
    stop_ = Stop::kDeadline;
  }
  return stop_ == Stop::kNone;
}

}  // namespace guanxi
