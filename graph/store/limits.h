#ifndef GUANXI_GRAPH_STORE_LIMITS_H_
#define GUANXI_GRAPH_STORE_LIMITS_H_

#include <cstddef>
#include <cstdint>

// What a store holds at most, where the file itself would hold more or nothing
// would say where it ends. docs/limits.md lists them; more is
// RESOURCE_EXHAUSTED with the reason named here.

namespace guanxi::store {

// What one commit states, its statements, and the claims that it ends by a
// deletion or a purge, each [COMMIT_TOO_LARGE].
inline constexpr int64_t kMaxClaimsPerCommit = 500'000;

// The record of one entity or relationship [RECORD_TOO_LARGE]: it is written
// whole when a fact of it changes.
inline constexpr size_t kMaxRecordBytes = 64 << 20;

// Claims of one entity or relationship, believed or not [OWNER_TOO_LARGE]: all
// are read when one is added.
inline constexpr uint32_t kMaxClaimsOfOwner = 1'000'000;

// Names of labels, of relationship types, and of properties, each [TOO_MANY_
// NAMES]: every commit and every reader has them in memory.
inline constexpr size_t kMaxNames = 100'000;

// Declarations of the schema, and the bytes of one [SCHEMA_TOO_LARGE].
inline constexpr size_t kMaxDeclarations = 10'000;
inline constexpr size_t kMaxDeclarationBytes = 64 << 10;

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_LIMITS_H_
