#ifndef GUANXI_GRAPH_KV_LMDB_VALUE_H_
#define GUANXI_GRAPH_KV_LMDB_VALUE_H_

#include <lmdb.h>

#include "absl/strings/string_view.h"

namespace guanxi::kv {

// LMDB takes non-const pointers but writes through none of them.
inline MDB_val ToVal(absl::string_view bytes) {
  return {bytes.size(), const_cast<char*>(bytes.data())};
}

inline absl::string_view ToView(const MDB_val& val) {
  return {static_cast<const char*>(val.mv_data), val.mv_size};
}

}  // namespace guanxi::kv

#endif  // GUANXI_GRAPH_KV_LMDB_VALUE_H_
