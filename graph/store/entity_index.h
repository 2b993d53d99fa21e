#ifndef GUANXI_GRAPH_STORE_ENTITY_INDEX_H_
#define GUANXI_GRAPH_STORE_ENTITY_INDEX_H_

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

// Changes the index of labels and the counts of facts from what `before`
// demands to what `after` does.
absl::Status MoveEntityIndexes(EntityId id,
                               const std::vector<RecordFact>& before,
                               const std::vector<RecordFact>& after,
                               const Catalog& catalog, const Tables& tables,
                               kv::WriteTxn& txn);

// How many facts of entities there are of a property.
absl::StatusOr<uint64_t> CountPropertyFacts(PropertyId property,
                                            const kv::Txn& txn,
                                            const Tables& tables);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_ENTITY_INDEX_H_
