#ifndef GUANXI_GRAPH_STORE_ENTITY_INDEX_H_
#define GUANXI_GRAPH_STORE_ENTITY_INDEX_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/kv/txn.h"
#include "graph/model/ids.h"
#include "graph/store/catalog.h"
#include "graph/store/claim_table.h"
#include "graph/store/record.h"
#include "graph/store/tables.h"

namespace guanxi::store {

// The prefix of the set of entities that carry a label (table `label`), by
// whatever affirmative claim.
std::string LabelPrefix(LabelId label);

// The prefix of the set of relationships of a type (table `type`).
std::string TypePrefix(TypeId type);

// What one entity's facts ask of the indexes, that of values (value_index.h)
// apart.
struct IndexEntries {
  std::set<std::string> labels;  // prefixes in table `label`
  std::map<PropertyId, int64_t> counts;
};

// Requires that the names of all facts are in the catalog.
IndexEntries IndexEntriesOf(const std::vector<RecordFact>& facts,
                            const Catalog& catalog);

// Changes the index of labels and the counts of facts from what was asked to
// what is.
absl::Status MoveEntityIndexes(EntityId id, const IndexEntries& before,
                               const IndexEntries& after, const Tables& tables,
                               kv::WriteTxn& txn);

// What the entries of an entity rest on: what its records, of now and of the
// past, show, and its claims.
struct IndexedFacts {
  std::vector<RecordFact> facts;
  std::vector<StoredClaim> claims;
};

// What a purge takes from an entity, and what it leaves.
struct Erasure {
  EntityId entity;
  IndexedFacts erased;
  IndexedFacts left;
};

// Takes out the entries, values included, that rest on what is erased and not
// on what is left.
absl::Status EraseIndexEntries(const Erasure& erasure, const Catalog& catalog,
                               const Tables& tables, kv::WriteTxn& txn);

// Whether a key of table `meta` is that of a count of facts.
bool IsCountKey(absl::string_view key);

// How many facts of entities there are of a property.
absl::StatusOr<uint64_t> CountPropertyFacts(PropertyId property,
                                            const kv::Txn& txn,
                                            const Tables& tables);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_ENTITY_INDEX_H_
