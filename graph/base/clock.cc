#include "graph/base/clock.h"

#include <chrono>

namespace guanxi {

Clock SystemClock() {
  return [] {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return int64_t{
        std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
  };
}

Clock FixedClock(int64_t microseconds) {
  return [microseconds] { return microseconds; };
}

}  // namespace guanxi
