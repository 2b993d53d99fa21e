#ifndef GUANXI_GRAPH_KV_LMDB_ERROR_H_
#define GUANXI_GRAPH_KV_LMDB_ERROR_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace guanxi::kv {

// Turns the return code of an LMDB call into a Status; `call` names the call.
//
// RESOURCE_EXHAUSTED [STORE_FULL], [READERS_FULL], [TRANSACTION_TOO_LARGE],
// [OUT_OF_MEMORY]; DATA_LOSS [STORE_DAMAGED]; UNAVAILABLE [STORE_REOPENING];
// FAILED_PRECONDITION
// [STORE_UNUSABLE], [STORE_IN_USE]; PERMISSION_DENIED [STORE_UNUSABLE];
// NOT_FOUND [STORE_NOT_FOUND]; INTERNAL without a reason for what only a bug
// of ours can cause. metadata: {"call": "mdb_put", "cause": LMDB's words}
absl::Status FromLmdb(int rc, absl::string_view call);

}  // namespace guanxi::kv

#endif  // GUANXI_GRAPH_KV_LMDB_ERROR_H_
