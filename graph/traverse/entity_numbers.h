#ifndef GUANXI_GRAPH_TRAVERSE_ENTITY_NUMBERS_H_
#define GUANXI_GRAPH_TRAVERSE_ENTITY_NUMBERS_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "graph/base/budget.h"
#include "graph/base/prefetch.h"
#include "graph/model/ids.h"

namespace guanxi::traverse {

// Numbers entities, from some number on, in the order in which they come. The
// number of each stands in a row of all ids, where that is not too long: a
// search asks for it with every relationship, and a hash table answers several
// times slower. A few rows are kept from one search to the next. Not
// thread-safe.
class EntityNumbers {
 public:
  // A row for the ids below `bound`: 4 bytes each, if they are at most 4M and
  // the budget has so much. The others, or all, are in a hash table.
  EntityNumbers(uint64_t bound, uint32_t first, Meter& meter);
  // Takes time by the number of entities, not of ids.
  ~EntityNumbers();
  EntityNumbers(const EntityNumbers&) = delete;
  EntityNumbers& operator=(const EntityNumbers&) = delete;

  // The number of an entity, and whether it is new.
  std::pair<uint32_t, bool> Insert(EntityId id) {
    if (id.value >= row_.size()) return InsertHashed(id);
    uint32_t& place = row_[id.value];
    if (place != 0) return {place - 1, false};
    numbered_.push_back(id);
    place = ++next_;
    return {place - 1, true};
  }

  // Hints that an entity is going to come.
  void Prefetch(EntityId id) const {
    if (id.value < row_.size()) guanxi::Prefetch(&row_[id.value]);
  }

 private:
  std::pair<uint32_t, bool> InsertHashed(EntityId id);

  std::vector<uint32_t> row_;       // by id: one more than its number; 0: none
  std::vector<EntityId> numbered_;  // those that stand there
  absl::flat_hash_map<EntityId, uint32_t> hashed_;  // the others
  uint32_t next_;
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_ENTITY_NUMBERS_H_
