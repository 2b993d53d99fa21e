#ifndef GUANXI_GRAPH_TOPOLOGY_OVERLAY_H_
#define GUANXI_GRAPH_TOPOLOGY_OVERLAY_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "graph/model/ids.h"
#include "graph/topology/slot_list.h"

namespace guanxi::topology {

// What an entity has now, in the place of what the base says of it.
struct Entry {
  std::array<SlotList, 2> sides;  // by store::SlotSide
  // Whether it had, at some time, a relationship with negated claims only, and
  // whether it was judged to be the same as another.
  bool denied = false;
  bool judged = false;

  int64_t bytes() const {
    return static_cast<int64_t>(sizeof(Entry)) + sides[0].bytes() +
           sides[1].bytes();
  }
};

// The entities that changed since the base was built. Copies share all but what
// changes: three levels (pages of 64 entities, blocks of 128 pages, one root),
// of which a change copies one of each. Thread-safe but for Set().
class Overlay {
 public:
  // nullptr: as the base says.
  const Entry* Find(EntityId entity) const {
    const uint64_t block_index = entity.value >> kBlockBits;
    if (block_index >= root_.size()) return nullptr;
    const Block* block = root_[block_index].get();
    if (block == nullptr) return nullptr;
    const uint64_t page = entity.value >> kPageBits & (kPages - 1);
    const uint64_t changed = block->changed[page];
    const uint64_t bit = BitOf(entity);
    if ((changed & bit) == 0) return nullptr;
    const auto rank = static_cast<size_t>(std::popcount(changed & (bit - 1)));
    return (*block->pages[page])[rank].get();
  }

  // Changes this copy; others stay.
  void Set(EntityId entity, std::shared_ptr<const Entry> entry);

  size_t size() const { return size_; }     // entities
  int64_t bytes() const { return bytes_; }  // of the entries

 private:
  static constexpr uint64_t kPageBits = 6;
  static constexpr uint64_t kPageEntities = uint64_t{1} << kPageBits;
  static constexpr uint64_t kPages = 128;  // of a block
  static constexpr uint64_t kBlockBits = kPageBits + 7;
  static_assert(kPages << kPageBits == uint64_t{1} << kBlockBits);

  static uint64_t BitOf(EntityId entity) {
    return uint64_t{1} << (entity.value & (kPageEntities - 1));
  }

  // The entries of the changed entities of a page, in order.
  using Page = std::vector<std::shared_ptr<const Entry>>;
  struct Block {
    std::array<uint64_t, kPages> changed{};  // a bit an entity
    std::array<std::shared_ptr<const Page>, kPages> pages;
  };

  // All owners are copies of this overlay.
  std::vector<std::shared_ptr<const Block>> root_;
  size_t size_ = 0;
  int64_t bytes_ = 0;
};

}  // namespace guanxi::topology

#endif  // GUANXI_GRAPH_TOPOLOGY_OVERLAY_H_
