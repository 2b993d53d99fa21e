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
// A tree: pages of 64 entities, blocks of 16 pages, groups of 16 blocks,
// regions of 16 groups. A change copies one of each; so few pointers are copied
// that counting their owners costs little.
class Overlay {
 public:
  // nullptr: as the base says.
  const Entry* Find(EntityId entity) const {
    const Place at(entity);
    if (at.region >= root_.size()) return nullptr;
    const Region* const region = root_[at.region].get();
    if (region == nullptr) return nullptr;
    const Group* const group = (*region)[at.group].get();
    if (group == nullptr) return nullptr;
    const Block* const block = (*group)[at.block].get();
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
  static constexpr size_t kFanOut = 16;
  static constexpr uint64_t kFanOutBits = 4;
  static constexpr uint64_t kPageBits = 6;

  // Which child to take at each level.
  struct Place {
    explicit Place(EntityId entity)
        : region(entity.value >> (kPageBits + 3 * kFanOutBits)),
          group(entity.value >> (kPageBits + 2 * kFanOutBits) & (kFanOut - 1)),
          block(entity.value >> (kPageBits + kFanOutBits) & (kFanOut - 1)),
          page(entity.value >> kPageBits & (kFanOut - 1)),
          bit(uint64_t{1} << (entity.value & ((1 << kPageBits) - 1))) {}

    size_t region, group, block, page;
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
    std::array<uint64_t, kFanOut> changed{};  // a bit an entity, by page
    std::array<std::shared_ptr<const Page>, kFanOut> pages;
  };
  using Group = std::array<std::shared_ptr<const Block>, kFanOut>;
  using Region = std::array<std::shared_ptr<const Group>, kFanOut>;

  std::vector<std::shared_ptr<const Region>> root_;
  size_t size_ = 0;
  int64_t bytes_ = 0;
};

}  // namespace guanxi::topology

#endif  // GUANXI_GRAPH_TOPOLOGY_OVERLAY_H_
