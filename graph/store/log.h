#ifndef GUANXI_GRAPH_STORE_LOG_H_
#define GUANXI_GRAPH_STORE_LOG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "graph/kv/txn.h"
#include "graph/model/ids.h"
#include "graph/store/key.h"
#include "graph/store/tables.h"

namespace guanxi::store {

enum class LogOperation : uint8_t {
  kClaimBelieved = 1,    // `owner`, `number`: its ordinal
  kClaimEnded = 2,       // likewise: superseded or retracted
  kImplicitSet = 3,      // `owner`
  kImplicitRemoved = 4,  // `owner`
  kSourceDescribed = 5,  // `owner`
  kSchemaChanged = 6,
  kRelationshipMoved = 7,  // `owner`; `number`: its new place and state
};

inline constexpr LogOperation kLastLogOperation =
    LogOperation::kRelationshipMoved;

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

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_LOG_H_
