#ifndef GUANXI_GRAPH_TRAVERSE_ENTITY_SET_H_
#define GUANXI_GRAPH_TRAVERSE_ENTITY_SET_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"

#include "graph/model/ids.h"

namespace guanxi::traverse {

// Entities in the order in which they were put in, each once. Whether one is in
// is a bit in a row of all ids, which each thread keeps from one set to the
// next: it is a loop's inmost question, and a hash table answers it several
// times slower. Not thread-safe.
class EntitySet {
 public:
  EntitySet();
  // Takes time by the number of members, not of ids.
  ~EntitySet();
  EntitySet(const EntitySet&) = delete;
  EntitySet& operator=(const EntitySet&) = delete;

  // Makes room for the ids below `bound`.
  void Reserve(uint64_t bound);

  bool Has(EntityId id) const {
    return id.value < bound() &&
           (bits_[id.value / 64] >> id.value % 64 & 1) != 0;
  }

  // Returns whether it is new.
  bool Insert(EntityId id);

  // Puts in all of them; each is below what was reserved. Returns how many are
  // new. No branch depends on which those are.
  size_t InsertAll(absl::Span<const uint32_t> ids);

  size_t size() const { return size_; }
  // In the order in which they were put in.
  EntityId operator[](size_t index) const { return members_[index]; }

 private:
  uint64_t bound() const { return bits_.size() * 64; }

  void MakeRoom(size_t members);

  std::vector<uint64_t> bits_;
  std::vector<EntityId> members_;  // the first size_ of them
  size_t size_ = 0;
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_ENTITY_SET_H_
