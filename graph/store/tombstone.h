#ifndef GUANXI_GRAPH_STORE_TOMBSTONE_H_
#define GUANXI_GRAPH_STORE_TOMBSTONE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/kv/txn.h"
#include "graph/model/ids.h"
#include "graph/store/key.h"
#include "graph/store/tables.h"

namespace guanxi::store {

// What remains of a purged claim: who erased it, when and why. Of the claim
// itself only the digest of its identity is kept, so that it is not stored
// again.
struct Tombstone {
  Revision revision;  // the purge; its time is in the log
  std::string author;
  std::string why;
};

// `identity`: of the claim, 16 bytes.
absl::Status WriteTombstone(const ClaimRef& ref, absl::string_view identity,
                            const Tombstone& tombstone, const Tables& tables,
                            kv::WriteTxn& txn);

// Whether a claim with this identity was purged.
absl::StatusOr<bool> IsPurged(const kv::Txn& txn, const Tables& tables,
                              absl::string_view identity);

// The highest ordinal of an owner's purged claims, or 0: the log and the
// tombstone name the claim by it, so no other claim may ever get it.
absl::StatusOr<uint32_t> LastPurgedOrdinal(const kv::Txn& txn,
                                           const Tables& tables, Owner owner);

// The tombstones of an owner's claims.
absl::StatusOr<std::vector<Tombstone>> ReadTombstones(const kv::Txn& txn,
                                                      const Tables& tables,
                                                      Owner owner);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_TOMBSTONE_H_
