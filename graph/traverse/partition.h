#ifndef GUANXI_GRAPH_TRAVERSE_PARTITION_H_
#define GUANXI_GRAPH_TRAVERSE_PARTITION_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"

#include "graph/base/check.h"
#include "graph/model/ids.h"

namespace guanxi::traverse {

// Entities in sets that are joined one by one (union-find: the tree of a set
// hangs from its smallest id, and who looks for that halves the way to it).
// Takes kBytesEach for every id below its bound. Not thread-safe.
class Partition {
 public:
  static constexpr int64_t kBytesEach = 2 * sizeof(uint32_t);
  static constexpr uint64_t kMaxBound = UINT32_MAX;

  // Of entities whose ids are below `bound`, at most kMaxBound; none is in it.
  explicit Partition(uint64_t bound)
      : parents_(bound, kNowhere), sizes_(bound) {
    GUANXI_CHECK(bound <= kMaxBound);
  }

  // Puts an entity in a set of its own.
  void Add(EntityId id) {
    parents_[id.value] = static_cast<uint32_t>(id.value);
  }

  bool Has(EntityId id) const {
    return id.value < parents_.size() && parents_[id.value] != kNowhere;
  }

  // Joins the sets of two entities that are in it; those of one and of each of
  // the others.
  void Join(EntityId one, EntityId other) {
    const auto id = static_cast<uint32_t>(other.value);
    JoinAll(one, {&id, 1});
  }
  void JoinAll(EntityId one, absl::Span<const uint32_t> others);

  // Counts an entity that is in it as a member of its set, once no more sets
  // are joined.
  void Count(EntityId id) { ++sizes_[SetOf(id).value]; }

  // How many members of the set of an entity that is in it were counted.
  uint32_t SizeOf(EntityId id) { return sizes_[SetOf(id).value]; }

  // Makes that 0.
  void Forget(EntityId id) { sizes_[SetOf(id).value] = 0; }

  // Which set an entity is in: the smallest id of that.
  EntityId SetOf(EntityId id) {
    return {Find(static_cast<uint32_t>(id.value))};
  }

 private:
  static constexpr uint32_t kNowhere = UINT32_MAX;

  uint32_t Find(uint32_t id) {
    while (parents_[id] != id) {
      parents_[id] = parents_[parents_[id]];
      id = parents_[id];
    }
    return id;
  }

  std::vector<uint32_t> parents_;  // towards the smallest id of the set
  std::vector<uint32_t> sizes_;    // of the sets, by their smallest ids
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_PARTITION_H_
