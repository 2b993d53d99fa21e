#include "graph/traverse/entity_set.h"

#include <algorithm>
#include <utility>

#include "graph/base/check.h"

namespace guanxi::traverse {
namespace {

// What a set of this thread has left to the next one: a row of zeros, and room
// for members, both of at most these sizes.
constexpr size_t kMaxLeftWords = (size_t{16} << 20) / sizeof(uint64_t);
constexpr size_t kMaxLeftMembers = (size_t{1} << 20) / sizeof(EntityId);
thread_local std::vector<uint64_t> left_bits;
thread_local std::vector<EntityId> left_members;

}  // namespace

EntitySet::EntitySet()
    : bits_(std::exchange(left_bits, {})),
      members_(std::exchange(left_members, {})) {}

EntitySet::~EntitySet() {
  for (size_t i = 0; i < size_; ++i) bits_[members_[i].value / 64] = 0;
  if (bits_.size() <= kMaxLeftWords) left_bits = std::move(bits_);
  if (members_.size() <= kMaxLeftMembers) left_members = std::move(members_);
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
