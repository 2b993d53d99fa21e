#ifndef GUANXI_GRAPH_STORE_LOG_H_
#define GUANXI_GRAPH_STORE_LOG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "graph/kv/txn.h"
#include "graph/model/ids.h"
#include "graph/store/key.h"
#include "graph/store/tables.h"

namespace guanxi::store {

enum class LogOperation : uint8_t {
  kClaimBelieved = 1,    // `owner`, `number`: its ordinal
  kClaimClosed = 2,      // likewise: superseded, retracted, deleted
  kImplicitSet = 3,      // `owner`
  kImplicitRemoved = 4,  // `owner`
  kSourceDescribed = 5,  // `owner`
  kSchemaChanged = 6,
  kRelationshipMoved = 7,  // `owner`; `number`: its new place and state
  kClaimEnded = 8,         // `owner`, `number`: what it states stopped being
  kClaimPurged = 9,        // `owner`, `number`: its ordinal, that was
  kEntityPurged = 10,      // `owner`: its key was erased
};

inline constexpr LogOperation kLastLogOperation = LogOperation::kEntityPurged;

struct LogEntry {
  LogOperation operation = LogOperation::kSchemaChanged;
  Owner owner;
  uint64_t number = 0;
  friend bool operator==(const LogEntry&, const LogEntry&) = default;
};

// What one commit did: the change feed, and what a topology replays.
struct LogRow {
  Revision revision;
  int64_t time = 0;  // microseconds since 1970
  // The first ids that later commits gave.
  uint64_t next_entity = 0;
  uint64_t next_relationship = 0;
  std::string author;
  std::string note;
  std::vector<LogEntry> entries;
};

absl::Status WriteLog(const LogRow& row, const Tables& tables,
                      kv::WriteTxn& txn);

// nullopt if there is no such commit; DATA_LOSS [STORE_DAMAGED] if its checksum
// does not fit.
absl::StatusOr<std::optional<LogRow>> ReadLog(const kv::Txn& txn,
                                              const Tables& tables,
                                              Revision revision);

// The same without author, note and entries, in one read; unchecked.
absl::StatusOr<std::optional<LogRow>> ReadLogHead(const kv::Txn& txn,
                                                  const Tables& tables,
                                                  Revision revision);

// Some commits: those after one revision, up to another.
struct LogStretch {
  Revision after;
  Revision last;
  int64_t max_entries = 0;  // commits, and what they did
};

// Calls `visit` with each thing that the commits of a stretch did, in order,
// until it returns false. Returns whether it has seen all; also false if the
// log has more than `max_entries` of them, or no longer has a commit. Ends with
// the first error of `visit`; DATA_LOSS [STORE_DAMAGED].
absl::StatusOr<bool> WalkLog(
    const kv::Txn& txn, const Tables& tables, const LogStretch& stretch,
    absl::FunctionRef<absl::StatusOr<bool>(const LogEntry&)> visit);

// The last revision, of those up to `latest`, that was committed at or before
// `time`; 0 if none was. Takes as many reads as `latest` has digits in base 2.
absl::StatusOr<Revision> FindRevisionAt(const kv::Txn& txn,
                                        const Tables& tables, int64_t time,
                                        Revision latest);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_LOG_H_
