#include "graph/kv/cursor.h"

#include <lmdb.h>
#include <utility>

#include "absl/strings/match.h"

#include "graph/base/check.h"
#include "graph/kv/lmdb_error.h"

namespace guanxi::kv {

Cursor::Cursor(MDB_cursor* cursor, absl::Status status, int* open_cursors)
    : cursor_(cursor, Close{open_cursors}), status_(std::move(status)) {
  if (cursor != nullptr) ++*open_cursors;  // Close runs only then
}

void Cursor::Close::operator()(MDB_cursor* cursor) const {
  mdb_cursor_close(cursor);
  --*open_cursors;
}

void Cursor::Seek(absl::string_view key) {
  // LMDB refuses an empty key.
  Move(key, key.empty() ? MDB_FIRST : MDB_SET_RANGE);
}

void Cursor::SeekAtOrBefore(absl::string_view key) {
  Seek(key);
  if (!Valid()) {
    Move({}, MDB_LAST);
  } else if (key_ != key) {
    Move({}, MDB_PREV);
  }
}

void Cursor::Next() {
  GUANXI_DCHECK(Valid());
  Move({}, MDB_NEXT);
}

void Cursor::Prev() {
  GUANXI_DCHECK(Valid());
  Move({}, MDB_PREV);
}

bool Cursor::InPrefix(absl::string_view prefix) const {
  return valid_ && absl::StartsWith(key_, prefix);
}

void Cursor::Move(absl::string_view key, int op) {
  valid_ = false;
  if (!status_.ok()) return;
  MDB_val k = {key.size(), const_cast<char*>(key.data())};
  MDB_val v = {};
  const int rc =
      mdb_cursor_get(cursor_.get(), &k, &v, static_cast<MDB_cursor_op>(op));
  if (rc == MDB_NOTFOUND) return;
  status_ = FromLmdb(rc, "mdb_cursor_get");
  if (!status_.ok()) return;
  key_ = {static_cast<const char*>(k.mv_data), k.mv_size};
  value_ = {static_cast<const char*>(v.mv_data), v.mv_size};
  valid_ = true;
}

}  // namespace guanxi::kv
