#include "graph/traverse/partition.h"

#include <algorithm>

namespace guanxi::traverse {

void Partition::JoinAll(EntityId one, absl::Span<const uint32_t> others) {
  uint32_t root = Find(static_cast<uint32_t>(one.value));
  for (const uint32_t other : others) {
    const uint32_t found = Find(other);
    if (found == root) continue;
    const uint32_t smaller = std::min(found, root);
    parents_[std::max(found, root)] = smaller;
    root = smaller;
  }
}

}  // namespace guanxi::traverse
