#ifndef GUANXI_GRAPH_STORE_REQUEST_TABLE_H_
#define GUANXI_GRAPH_STORE_REQUEST_TABLE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/kv/txn.h"
#include "graph/store/commit_request.h"
#include "graph/store/tables.h"

namespace guanxi::store {

// The answers to requests that carry an id, so that one sent twice is applied
// once. They are kept for this long; then an id may be used anew.
inline constexpr int64_t kRequestWindowMicros = int64_t{24} * 3600 * 1'000'000;

// The first byte of a key: of an answer, whose id follows, or of its place in
// the order of time, with so many bytes of time before the id.
inline constexpr char kRequestById = 'I';
inline constexpr char kRequestByTime = 'T';
inline constexpr int kRequestTimeBytes = 8;

// An answer as it is stored.
struct Answer {
  int64_t time = 0;  // when it was given, microseconds since 1970
  std::string digest;
  CommitResult result;
};
absl::StatusOr<std::optional<Answer>> ReadAnswer(const kv::Txn& txn,
                                                 const Tables& tables,
                                                 absl::string_view id);

// The answer given to this request; nullopt if it was not seen within the
// window before `now`. ALREADY_EXISTS [REQUEST_ID_TAKEN]: another request had
// the id.
absl::StatusOr<std::optional<CommitResult>> FindAnswer(
    const kv::Txn& txn, const Tables& tables, const RequestName& request,
    int64_t now);

// Keeps an answer, and drops some that are too old.
absl::Status KeepAnswer(const RequestName& request, int64_t now,
                        const CommitResult& result, const Tables& tables,
                        kv::WriteTxn& txn);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_REQUEST_TABLE_H_
