#include "graph/topology/run.h"

#include <algorithm>

namespace guanxi::topology {

Run Run::OfType(TypeId type) const {
  const auto type_of = [](uint16_t kind) { return PackedSlot::TypeOf(kind); };
  const uint16_t* const begin =
      std::ranges::lower_bound(kinds, kinds + size, type, {}, type_of);
  const uint16_t* const end =
      std::ranges::upper_bound(begin, kinds + size, type, {}, type_of);
  return Part(static_cast<size_t>(begin - kinds),
              static_cast<size_t>(end - kinds));
}

bool Run::IsPlain() const {
  if (plain) return true;
  uint16_t all = 1;
  for (size_t i = 0; i < size; ++i) all &= kinds[i];
  return all != 0;
}

size_t Run::LowerBound(const PackedSlot& slot) const {
  size_t low = 0;
  size_t high = size;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if ((*this)[middle].place() < slot.place()) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

void Columns::Reserve(size_t slots) {
  neighbours.reserve(slots);
  relationships.reserve(slots);
  kinds.reserve(slots);
}

void Columns::Resize(size_t slots) {
  neighbours.resize(slots);
  relationships.resize(slots);
  kinds.resize(slots);
}

void Columns::Append(const Run& run) {
  neighbours.insert(neighbours.end(), run.neighbours,
                    run.neighbours + run.size);
  relationships.insert(relationships.end(), run.relationships,
                       run.relationships + run.size);
  kinds.insert(kinds.end(), run.kinds, run.kinds + run.size);
}

}  // namespace guanxi::topology
