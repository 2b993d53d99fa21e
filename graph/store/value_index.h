#ifndef GUANXI_GRAPH_STORE_VALUE_INDEX_H_
#define GUANXI_GRAPH_STORE_VALUE_INDEX_H_

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "graph/kv/txn.h"
#include "graph/model/ids.h"
#include "graph/model/predicate.h"
#include "graph/store/catalog.h"
#include "graph/store/owner_facts.h"
#include "graph/store/tables.h"

namespace guanxi::store {

// The index of the properties that are declared `index` or `unique`: for each
// value that was ever claimed affirmatively, in whatever mode, the entities it
// was claimed of. An entry outlives its claim, so that earlier states can be
// asked too: it names a candidate, of which the record says whether it has the
// value. So nothing is taken out when a claim ends, but a purge takes out what
// no other claim of the entity demands (entity_index.h).

// Whether there is an index of this property.
bool IsIndexed(const Schema& schema, absl::string_view property);

// The keys under which an entity would be found by these claims, and by what
// records hold that was written without a claim, if all were indexed.
std::set<std::string> ValueKeys(const std::vector<StoredClaim>& claims,
                                const std::vector<RecordFact>& facts,
                                const Catalog& catalog);

// Those of them that there should be entries of: what is said, of properties
// that are indexed.
std::set<std::string> IndexedKeys(const OwnerClaims& said,
                                  const Catalog& catalog);

// Adds what is said of an entity to the index.
absl::Status IndexValues(EntityId id, const OwnerClaims& said,
                         const Catalog& catalog, const Tables& tables,
                         kv::WriteTxn& txn);

// Adds what was written of it without a claim and is so no more.
absl::Status IndexPastValues(EntityId id, const Catalog& catalog,
                             const Tables& tables, kv::WriteTxn& txn);

// The entities that may satisfy a fitted predicate on an indexed property,
// ascending: all that do and some that do not. nullopt if the index holds more
// than `limit` entries for it.
absl::StatusOr<std::optional<std::vector<EntityId>>> FindCandidates(
    PropertyId property, const Predicate& predicate, size_t limit,
    const kv::Txn& txn, const Tables& tables);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_VALUE_INDEX_H_
