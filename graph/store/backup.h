#ifndef GUANXI_GRAPH_STORE_BACKUP_H_
#define GUANXI_GRAPH_STORE_BACKUP_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

#include "graph/store/verify.h"

namespace guanxi::store {

// Makes a store in the file `path`, where there is none, of the copy in the
// file `copy`, which Store::Copy() has made and which stays. It is
// verified first: if the report is not clean, no store is made.
//
// FAILED_PRECONDITION [STORE_EXISTS]: there is a file at `path`;
// [STORE_IN_USE]: somebody makes one. NOT_FOUND
// [STORE_NOT_FOUND]: there is no copy, or no folder for the store. Else as
// Store::Check() of the copy; RESOURCE_EXHAUSTED [STORE_FULL]: no room.
absl::StatusOr<VerifyReport> RestoreStore(const std::string& copy,
                                          const std::string& path);

// What came of compacting a store.
struct Compaction {
  int64_t bytes_before = 0;
  int64_t bytes_after = 0;
  VerifyReport report;  // of what is to take its place
};

// Writes the store in the file `path`, which nobody may have open, anew:
// without the pages that are free, and so without what was erased. Needs room
// for another one, which is verified: if the report is not clean, all is left
// as it was. Errors as kv::Env::Open() and Store::Check(); RESOURCE_EXHAUSTED
// [STORE_FULL]: no room.
absl::StatusOr<Compaction> CompactStore(const std::string& path);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_BACKUP_H_
