#include "graph/base/budget.h"

#include <algorithm>

namespace guanxi {

Usage Max(const Usage& one, const Usage& other) {
  return {.entities = std::max(one.entities, other.entities),
          .relationships = std::max(one.relationships, other.relationships),
          .results = std::max(one.results, other.results),
          .bytes = std::max(one.bytes, other.bytes)};
}

Meter::Meter(const Budget& budget, const Usage& granted) : budget_(budget) {
  budget_.max_entities += granted.entities;
  budget_.max_relationships += granted.relationships;
  budget_.max_results += granted.results;
  budget_.max_bytes += granted.bytes;
}

bool Meter::CountBytes(int64_t bytes) {
  if (stop_ != Stop::kNone) return false;
  used_.bytes += bytes;
  if (used_.bytes > budget_.max_bytes) stop_ = Stop::kBytes;
  return stop_ == Stop::kNone;
}

bool Meter::CountAll(const Usage& more) {
  if (stop_ != Stop::kNone) return false;
  used_.entities += more.entities;
  used_.relationships += more.relationships;
  used_.results += more.results;
  used_.bytes += more.bytes;
  const int64_t looks = steps_ / kStepsBetweenLooks;
  steps_ += more.entities + more.relationships + more.results;
  return steps_ / kStepsBetweenLooks == looks || Look();
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
