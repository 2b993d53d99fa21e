#ifndef GUANXI_GRAPH_BASE_BUILD_LIMITS_H_
#define GUANXI_GRAPH_BASE_BUILD_LIMITS_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace guanxi {

// How far a build may go.
struct BuildLimits {
  int64_t max_bytes = int64_t{1} << 40;  // of what is built
  std::function<bool()> cancelled;       // empty: never
};

// Holds a build to its limits. `what` is built, as in "the topology".
class BuildWatch {
 public:
  BuildWatch(const BuildLimits& limits, absl::string_view what)
      : limits_(limits), what_(what) {}

  // OUT_OF_RANGE: more than max_bytes.
  absl::Status CheckBytes(int64_t bytes) const;

  // Looks at `cancelled` once in `calls`. CANCELLED.
  absl::Status CheckGoing(int64_t calls);

 private:
  const BuildLimits& limits_;
  const absl::string_view what_;
  int64_t calls_ = 0;
};

}  // namespace guanxi

#endif  // GUANXI_GRAPH_BASE_BUILD_LIMITS_H_
