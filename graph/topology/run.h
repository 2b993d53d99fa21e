#ifndef GUANXI_GRAPH_TOPOLOGY_RUN_H_
#define GUANXI_GRAPH_TOPOLOGY_RUN_H_

#include <cstddef>
#include <cstdint>
#include <tuple>
#include <vector>

#include "graph/base/huge_pages.h"
#include "graph/model/ids.h"

namespace guanxi::topology {

// A slot as it lies in memory: ids take 32 bits, the type 15, and one bit says
// whether every lens admits the relationship (store::Slot::plain).
struct PackedSlot {
  static constexpr uint64_t kMaxId = UINT32_MAX;
  static constexpr uint64_t kMaxType = UINT16_MAX >> 1;

  uint32_t neighbour = 0;
  uint32_t relationship = 0;
  uint16_t kind = 0;

  static uint16_t KindOf(TypeId type, bool plain) {
    return static_cast<uint16_t>(type.value << 1 | (plain ? 1 : 0));
  }
  static TypeId TypeOf(uint16_t kind) { return {uint64_t{kind} >> 1}; }
  static bool IsPlain(uint16_t kind) { return (kind & 1) != 0; }

  // Slots of one entity and side ascend by place, and no two have the same.
  auto place() const { return std::tuple(kind >> 1, neighbour, relationship); }
};

// What a slot takes in its three columns.
inline constexpr int64_t kBytesPerSlot =
    2 * sizeof(uint32_t) + sizeof(uint16_t);

// Slots that lie side by side in memory: of one entity and side, ascending. A
// plain value; valid as long as the columns that it points into.
struct Run {
  // So many are taken at most between two looks at the clock.
  static constexpr size_t kAtOnce = 2048;

  const uint32_t* neighbours = nullptr;
  const uint32_t* relationships = nullptr;
  const uint16_t* kinds = nullptr;
  size_t size = 0;
  bool plain = false;  // all of them are; false: some may be not

  PackedSlot operator[](size_t index) const {
    return {neighbours[index], relationships[index], kinds[index]};
  }
  // The part from one index to another.
  Run Part(size_t begin, size_t end) const {
    return {neighbours + begin, relationships + begin, kinds + begin,
            end - begin, plain};
  }
  // The slots of one type.
  Run OfType(TypeId type) const;
  // Whether every slot is plain, whatever `plain` says.
  bool IsPlain() const;
  // The index of the first slot that does not stand before `slot`.
  size_t LowerBound(const PackedSlot& slot) const;
};

// The columns of many slots.
struct Columns {
  std::vector<uint32_t, HugePageAllocator<uint32_t>> neighbours;
  std::vector<uint32_t, HugePageAllocator<uint32_t>> relationships;
  std::vector<uint16_t, HugePageAllocator<uint16_t>> kinds;

  size_t size() const { return kinds.size(); }
  void Reserve(size_t slots);
  void Resize(size_t slots);
  void Append(const PackedSlot& slot) {
    neighbours.push_back(slot.neighbour);
    relationships.push_back(slot.relationship);
    kinds.push_back(slot.kind);
  }
  void Append(const Run& run);
  Run run(size_t begin, size_t end) const {
    return {neighbours.data() + begin, relationships.data() + begin,
            kinds.data() + begin, end - begin, false};
  }
};

}  // namespace guanxi::topology

#endif  // GUANXI_GRAPH_TOPOLOGY_RUN_H_
