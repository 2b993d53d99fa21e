#ifndef GUANXI_GRAPH_TOPOLOGY_TOPOLOGY_H_
#define GUANXI_GRAPH_TOPOLOGY_TOPOLOGY_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"

#include "graph/model/ids.h"
#include "graph/store/snapshot.h"

namespace guanxi {

// As seen from the entity that is expanded: kOut is from it, kIn to it.
enum class Direction : uint8_t { kOut, kIn, kBoth };

}  // namespace guanxi

namespace guanxi::topology {

}  // namespace guanxi::topology

#endif  // GUANXI_GRAPH_TOPOLOGY_TOPOLOGY_H_
