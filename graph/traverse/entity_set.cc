#include "graph/traverse/entity_set.h"

#include <algorithm>
#include <utility>

#include "graph/base/check.h"

namespace guanxi::traverse {
namespace {

// A row of zeros that a set of this thread has left: one of at most this size.
constexpr size_t kMaxLeftWords = (size_t{16} << 20) / sizeof(uint64_t);
thread_local std::vector<uint64_t> left;

}  // namespace

EntitySet::EntitySet() : bits_(std::exchange(left, {})) {}

EntitySet::~EntitySet() {
  for (size_t i = 0; i < size_; ++i) bits_[members_[i].value / 64] = 0;
  if (bits_.size() <= kMaxLeftWords) left = std::move(bits_);
}

void EntitySet::Reserve(uint64_t bound) {
  if (bound <= this->bound()) return;
  // Doubled, so that ids that come one by one cost little each.
  bits_.resize(std::max(bound / 64 + 1, 2 * bits_.size()));
}

void EntitySet::MakeRoom(size_t members) {
  if (members_.size() >= size_ + members) return;
  members_.resize(std::max(size_ + members, 2 * members_.size()));
}

bool EntitySet::Insert(EntityId id) {
  Reserve(id.value + 1);
  uint64_t& word = bits_[id.value / 64];
  const uint64_t bit = uint64_t{1} << id.value % 64;
  if ((word & bit) != 0) return false;
  word |= bit;
  MakeRoom(1);
  members_[size_++] = id;
  return true;
}

size_t EntitySet::InsertAll(absl::Span<const uint32_t> ids) {
  MakeRoom(ids.size());
  EntityId* const begin = members_.data() + size_;
  EntityId* end = begin;
  uint64_t* const bits = bits_.data();
  for (const uint32_t id : ids) {
    GUANXI_DCHECK(id < bound());
    uint64_t& word = bits[id / 64];
    const uint64_t bit = uint64_t{1} << id % 64;
    *end = {id};
    end += (word & bit) == 0 ? 1 : 0;
    word |= bit;
  }
  const auto added = static_cast<size_t>(end - begin);
  size_ += added;
  return added;
}

}  // namespace guanxi::traverse
