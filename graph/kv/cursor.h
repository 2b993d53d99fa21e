#ifndef GUANXI_GRAPH_KV_CURSOR_H_
#define GUANXI_GRAPH_KV_CURSOR_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

struct MDB_cursor;

namespace guanxi::kv {

// Walks one table in key order:
//
//   Cursor cursor = txn.Walk(table);
//   for (cursor.Seek(prefix); cursor.InPrefix(prefix); cursor.Next()) {
//     Use(cursor.key(), cursor.value());
//   }
//   RETURN_IF_ERROR(cursor.status());
//
// After a write of its transaction a cursor is to be sought anew. Must be
// destroyed before its transaction ends (GUANXI_CHECKed). Not thread-safe.
class Cursor {
 public:
  // Moves to the first key at or after `key`; the empty key is before all.
  void Seek(absl::string_view key);

  // Moves to the last key at or before `key`.
  void SeekAtOrBefore(absl::string_view key);

  // Moves to the next or the previous key. Requires Valid().
  void Next();
  void Prev();

  // Whether the cursor is on an entry. False at the end and after an error.
  bool Valid() const { return valid_; }

  // Whether the cursor is on an entry whose key starts with `prefix`.
  bool InPrefix(absl::string_view prefix) const;

  // The current entry; valid until the cursor moves and, in a WriteTxn, until
  // the next write. Requires Valid().
  absl::string_view key() const { return key_; }
  absl::string_view value() const { return value_; }

  // OK unless a move failed, as with DATA_LOSS [STORE_DAMAGED]; no move
  // succeeds from then on. Check it once, after the loop.
  const absl::Status& status() const { return status_; }

 private:
  friend class Txn;
  struct Close {
    int* open_cursors;
    void operator()(MDB_cursor* cursor) const;
  };
  Cursor(MDB_cursor* cursor, absl::Status status, int* open_cursors);
  void Move(absl::string_view key, int op);

  std::unique_ptr<MDB_cursor, Close> cursor_;
  absl::Status status_;
  bool valid_ = false;
  absl::string_view key_;
  absl::string_view value_;
};

}  // namespace guanxi::kv

#endif  // GUANXI_GRAPH_KV_CURSOR_H_
