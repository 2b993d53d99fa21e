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
  // Whether it has had, since the base, a relationship with negated claims
  // only; whether it was ever judged to be the same as another.
  bool denied = false;
  bool judged = false;
  bool meets_judged = false;  // it is, or one that it has a relationship with

  int64_t bytes() const {
    return static_cast<int64_t>(sizeof(Entry)) + sides[0].bytes() +
           sides[1].bytes();
  }
};

// The entities that changed since the base was built. Copies share all but what
// changes. Thread-safe but for Set().
//
// A tree: pages of 64 entities, blocks of 16 pages, regions of 64 blocks. A
// change copies one of each; so few pointers are copied that counting their
// owners costs little. A level more would make that less, and each question
// longer.
class Overlay {
 public:
  // nullptr: as the base says.
  const Entry* Find(EntityId entity) const {
    const Place at(entity);
    if (at.region >= root_.size()) return nullptr;
    const Region* const region = root_[at.region].get();
    if (region == nullptr) return nullptr;
    const Block* const block = (*region)[at.block].get();
    if (block == nullptr) return nullptr;
    const uint64_t changed = block->changed[at.page];
    if ((changed & at.bit) == 0) return nullptr;
    return (*block->pages[at.page])[Rank(changed, at.bit)].get();
  }

  // Changes this copy; others stay.
  void Set(EntityId entity, std::shared_ptr<const Entry> entry);

  size_t size() const { return size_; }     // entities
  int64_t bytes() const { return bytes_; }  // of the entries

 private:
  static constexpr uint64_t kEntityBits = 6;  // of an id: within a page
  static constexpr uint64_t kPageBits = 4;    // within a block
  static constexpr uint64_t kBlockBits = 6;   // within a region
  static constexpr size_t kPages = size_t{1} << kPageBits;
  static constexpr size_t kBlocks = size_t{1} << kBlockBits;

  // Which child to take at each level.
  struct Place {
    explicit Place(EntityId entity)
        : region(entity.value >> (kEntityBits + kPageBits + kBlockBits)),
          block(entity.value >> (kEntityBits + kPageBits) & (kBlocks - 1)),
          page(entity.value >> kEntityBits & (kPages - 1)),
          bit(uint64_t{1} << (entity.value & ((1 << kEntityBits) - 1))) {}

    size_t region, block, page;
    uint64_t bit;
  };
  // Where the entry of a bit stands in its page.
  static size_t Rank(uint64_t changed, uint64_t bit) {
    return static_cast<size_t>(std::popcount(changed & (bit - 1)));
  }

  // All owners are copies of this overlay.
  using Page =
      std::vector<std::shared_ptr<const Entry>>;  // of its changed ones
  struct Block {
    std::array<uint64_t, kPages> changed{};  // a bit an entity, by page
    std::array<std::shared_ptr<const Page>, kPages> pages;
  };
  using Region = std::array<std::shared_ptr<const Block>, kBlocks>;

  std::vector<std::shared_ptr<const Region>> root_;
  size_t size_ = 0;
  int64_t bytes_ = 0;
};

}  // namespace guanxi::topology

#endif  // GUANXI_GRAPH_TOPOLOGY_OVERLAY_H_
