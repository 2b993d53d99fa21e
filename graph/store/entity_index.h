#ifndef GUANXI_GRAPH_STORE_ENTITY_INDEX_H_
#define GUANXI_GRAPH_STORE_ENTITY_INDEX_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "graph/kv/txn.h"
#include "graph/model/ids.h"
#include "graph/store/catalog.h"
#include "graph/store/record.h"
#include "graph/store/tables.h"

namespace guanxi::store {

// The prefix of the set of entities that carry a label (table `label`), by
// whatever affirmative claim.
std::string LabelPrefix(LabelId label);

// The prefix of the set of relationships of a type (table `type`).
std::string TypePrefix(TypeId type);

// The prefix of the set of entities that have a value of an indexed property
// (table `property`). ASCII letters fall together with their capitals; a reader
// compares with the record.
std::string PropertyPrefix(PropertyId property, const Value& value);

// What one entity's facts ask of the indexes.
struct IndexEntries {
  std::set<std::string> labels;      // prefixes in table `label`
  std::set<std::string> properties;  // prefixes in table `property`
  std::map<PropertyId, int64_t> counts;
};

// Requires that the names of all facts are in the catalog.
IndexEntries IndexEntriesOf(const std::vector<RecordFact>& facts,
                            const Catalog& catalog);

// Changes the indexes and the counts of facts from what `before` demands to
// what `after` does.
absl::Status MoveEntityIndexes(EntityId id,
                               const std::vector<RecordFact>& before,
                               const std::vector<RecordFact>& after,
                               const Catalog& catalog, const Tables& tables,
                               kv::WriteTxn& txn);

// Takes out the entries that `erased` demands and `left` does not: for a purge.
absl::Status EraseIndexEntries(EntityId id,
                               const std::vector<RecordFact>& erased,
                               const std::vector<RecordFact>& left,
                               const Catalog& catalog, const Tables& tables,
                               kv::WriteTxn& txn);

// How many facts of entities there are of a property.
absl::StatusOr<uint64_t> CountPropertyFacts(PropertyId property,
                                            const kv::Txn& txn,
                                            const Tables& tables);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_ENTITY_INDEX_H_
