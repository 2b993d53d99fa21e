#ifndef GUANXI_GRAPH_BASE_CLOCK_H_
#define GUANXI_GRAPH_BASE_CLOCK_H_

#include <cstdint>
#include <functional>

namespace guanxi {

// Tells the time: microseconds since 1970-01-01T00:00:00Z. Injected wherever
// time matters, so that tests and the demo can say what today is.
using Clock = std::function<int64_t()>;

// The system's clock.
Clock SystemClock();

// A clock that stands still.
Clock FixedClock(int64_t microseconds);

}  // namespace guanxi

#endif  // GUANXI_GRAPH_BASE_CLOCK_H_
