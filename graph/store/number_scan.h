#ifndef GUANXI_GRAPH_STORE_NUMBER_SCAN_H_
#define GUANXI_GRAPH_STORE_NUMBER_SCAN_H_

#include <cstdint>
#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/model/ids.h"
#include "graph/store/standpoint.h"
#include "graph/value/number_range.h"

namespace guanxi::store {

// Calls `visit` for each relationship of the state, by id, with what it says of
// a property as a number, key properties included: what every lens sees of it
// that admits a plain relationship (placement.h). Empty: nothing is said, or
// no number. nullopt: that depends on the lens, or there are several. Ends with
// the first error of `visit`. Takes some 0.3 us for each relationship.
// DATA_LOSS [STORE_DAMAGED].
absl::Status ScanNumbers(const Standpoint& at, absl::string_view property,
                         absl::FunctionRef<absl::Status(
                             RelationshipId, const std::optional<NumberRange>&)>
                             visit);

// Above the ids of all relationships that have a record.
absl::StatusOr<uint64_t> RelationshipBound(const Standpoint& at);

// Whether a property can be one of relationships: some fact has its name, or
// some type has it as a key.
bool MayBeOfRelationships(absl::string_view property, const Catalog& catalog);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_NUMBER_SCAN_H_
