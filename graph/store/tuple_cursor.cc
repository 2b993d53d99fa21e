#include "graph/store/tuple_cursor.h"

#include <utility>

#include "absl/status/statusor.h"

#include "graph/base/check.h"

namespace guanxi::store {

template <size_t N>
TupleCursor<N>::TupleCursor(const kv::Txn& txn, TupleSet set)
    : txn_(&txn), table_(set.table), prefix_(set.prefix) {
  GUANXI_CHECK(!prefix_.empty());
  GUANXI_CHECK(prefix_.size() + N * kColumnKeyBytes <= kv::kMaxKeyBytes);
}

template <size_t N>
void TupleCursor<N>::Seek(const Tuple<N>& bound) {
  LoadFirst();
  const size_t count = view_.count();
  if (view_.has_next() && view_.tuple(count - 1) < bound) {
    if (!walk_.has_value()) walk_.emplace(txn_->Walk(table_));
    walk_->SeekAtOrBefore(BlockKey<N>(prefix_, bound));
    LoadFromWalk();
  }
  index_ = view_.LowerBound(bound);
  if (index_ == view_.count() && view_.has_next()) NextBlock();
}

template <size_t N>
void TupleCursor<N>::LoadFirst() {
  view_ = {};
  index_ = 0;
  on_walk_ = false;
  if (!status_.ok()) return;
  const auto first = txn_->Get(table_, prefix_);
  if (!first.ok()) return Fail(first.status());
  if (first->has_value()) Load(**first);
}

template <size_t N>
void TupleCursor<N>::NextBlock() {
  if (!on_walk_) {
    if (!walk_.has_value()) walk_.emplace(txn_->Walk(table_));
    walk_->Seek(prefix_);
  }
  if (walk_->Valid()) walk_->Next();
  LoadFromWalk();
}

template <size_t N>
void TupleCursor<N>::LoadFromWalk() {
  on_walk_ = true;
  if (!walk_->status().ok()) return Fail(walk_->status());
  if (!walk_->InPrefix(prefix_)) {
    return Fail(BlockDamaged("its neighbour is missing"));
  }
  Load(walk_->value());
  if (status_.ok() && walk_->key() != prefix_ &&
      walk_->key() != BlockKey<N>(prefix_, view_.tuple(0))) {
    Fail(BlockDamaged("its key is wrong"));
  }
}

template <size_t N>
void TupleCursor<N>::Load(absl::string_view bytes) {
  absl::StatusOr<BlockView<N>> view = BlockView<N>::Parse(bytes);
  if (!view.ok()) return Fail(std::move(view).status());
  view_ = *view;
  index_ = 0;
}

template <size_t N>
void TupleCursor<N>::Fail(absl::Status status) {
  view_ = {};
  index_ = 0;
  status_ = std::move(status);
}

template class TupleCursor<1>;
template class TupleCursor<2>;
template class TupleCursor<3>;
template class TupleCursor<4>;
template class TupleCursor<5>;

}  // namespace guanxi::store
