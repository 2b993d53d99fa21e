#ifndef GUANXI_GRAPH_STORE_TUPLE_CURSOR_H_
#define GUANXI_GRAPH_STORE_TUPLE_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "graph/kv/cursor.h"
#include "graph/kv/txn.h"
#include "graph/store/tuple_block.h"
#include "graph/store/tuple_set.h"

namespace guanxi::store {

// Walks a set in order:
//
//   TupleCursor<4> cursor(txn, {tables.adjacency_out, IdKey(entity)});
//   for (cursor.Seek({type, 0, 0, 0}); cursor.Valid(); cursor.Next()) {
//     if (cursor.value(0) != type) break;
//     Use(cursor.tuple());
//   }
//   RETURN_IF_ERROR(cursor.status());
//
// After a write of its transaction a cursor is to be sought anew. Must be
// destroyed before the transaction, which must stay where it is in memory. Not
// thread-safe.
template <size_t N>
class TupleCursor {
 public:
  // On no tuple yet. Copies the prefix.
  TupleCursor(const kv::Txn& txn, TupleSet set);

  // Moves to the first tuple.
  void SeekFirst() { LoadFirst(); }

  // Moves to the first tuple that is not below `bound`, whose columns may have
  // any value.
  void Seek(const Tuple<N>& bound);

  // Whether the cursor is on a tuple. False at the end and after an error.
  bool Valid() const { return index_ < view_.count(); }

  // Moves to the next tuple. Requires Valid().
  void Next() {
    if (++index_ == view_.count() && view_.has_next()) NextBlock();
  }

  // The current tuple, or one column of it. Requires Valid().
  Tuple<N> tuple() const { return view_.tuple(index_); }
  uint64_t value(size_t column) const { return view_.value(column, index_); }

  // OK unless a move failed: DATA_LOSS [STORE_DAMAGED]; no move succeeds from
  // then on. Check it once, after the loop.
  const absl::Status& status() const { return status_; }

 private:
  void LoadFirst();
  void NextBlock();
  void LoadFromWalk();
  void Load(absl::string_view bytes);
  void Fail(absl::Status status);

  const kv::Txn* txn_;
  kv::Table table_;
  std::string prefix_;
  std::optional<kv::Cursor> walk_;  // opened when a set has a second block
  bool on_walk_ = false;  // whether the current block is where `walk_` stands
  BlockView<N> view_;
  size_t index_ = 0;
  absl::Status status_;
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_TUPLE_CURSOR_H_
