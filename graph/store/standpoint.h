#ifndef GUANXI_GRAPH_STORE_STANDPOINT_H_
#define GUANXI_GRAPH_STORE_STANDPOINT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/kv/txn.h"
#include "graph/model/ids.h"
#include "graph/store/catalog.h"
#include "graph/store/key.h"
#include "graph/store/record.h"
#include "graph/store/tables.h"

namespace guanxi::store {

class PastSlots;
class RecordColumn;

// Where a read stands: a committed state of the file, and the revision of which
// it asks what was believed then. Names and schema are those of the state.
//
// Must not outlive what it refers to.
struct Standpoint {
  const kv::Txn& txn;
  const Tables& tables;
  const Catalog& catalog;
  Revision revision;
  bool latest = true;  // `revision` is the last one of the state
  // Ids from these on were given after `revision`; meaningless if latest.
  uint64_t next_entity = 0;
  uint64_t next_relationship = 0;
  PastSlots* past_slots = nullptr;  // set unless latest
  // Records of the state, in memory; nullptr: only the map has them.
  const RecordColumn* records = nullptr;

  bool Knows(EntityId id) const { return latest || id.value < next_entity; }
  bool Knows(RelationshipId id) const {
    return latest || id.value < next_relationship;
  }
};

// The record of an owner that the standpoint knows. DATA_LOSS [STORE_DAMAGED].
absl::StatusOr<RecordView> ReadRecord(const Standpoint& at, EntityId id);
absl::StatusOr<RecordView> ReadRecord(const Standpoint& at, RelationshipId id);

// The key of an entity that the standpoint knows; empty if it was purged.
// DATA_LOSS [STORE_DAMAGED].
absl::StatusOr<std::string> ReadEntityKey(const Standpoint& at, EntityId id);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_STANDPOINT_H_
