#include "graph/traverse/entity_numbers.h"

#include <cstddef>

#include "graph/base/mutex.h"

namespace guanxi::traverse {
namespace {

// No row is longer, and no more of them are kept: 64 MiB.
constexpr uint64_t kMaxRowIds = uint64_t{1} << 22;
constexpr size_t kMaxKeptRows = 4;

// Rows of zeros that searches have left to the next ones.
class KeptRows {
 public:
  // The one that was left last; an empty one if there is none.
  std::vector<uint32_t> Take() {
    MutexLock lock(mutex_);
    if (rows_.empty()) return {};
    std::vector<uint32_t> row = std::move(rows_.back());
    rows_.pop_back();
    return row;
  }
  void Leave(std::vector<uint32_t> row) {
    MutexLock lock(mutex_);
    if (rows_.size() < kMaxKeptRows) rows_.push_back(std::move(row));
  }

 private:
  Mutex mutex_;
  std::vector<std::vector<uint32_t>> rows_ ABSL_GUARDED_BY(mutex_);
};

KeptRows& Kept() {
  static KeptRows kept;
  return kept;
}

}  // namespace

EntityNumbers::EntityNumbers(uint64_t bound, uint32_t first, Meter& meter)
    : next_(first) {
  const auto bytes = static_cast<int64_t>(bound * sizeof(uint32_t));
  if (bound > kMaxRowIds || !meter.HasRoomFor({.bytes = bytes})) return;
  meter.CountBytes(bytes);
  row_ = Kept().Take();
  row_.reserve(bound);
  if (row_.size() < bound) row_.resize(bound);
}

EntityNumbers::~EntityNumbers() {
  for (const EntityId id : numbered_) row_[id.value] = 0;
  if (!row_.empty()) Kept().Leave(std::move(row_));
}

std::pair<uint32_t, bool> EntityNumbers::InsertHashed(EntityId id) {
  const auto [place, is_new] = hashed_.try_emplace(id, next_);
  if (is_new) ++next_;
  return {place->second, is_new};
}

}  // namespace guanxi::traverse
