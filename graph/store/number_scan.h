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

// Calls `visit` for each relationship of which commits after `since` may have
// changed that. Returns false if those are not told: the log has more than
// `max_entries`, or a source has been described anew, so that claims of any
// relationship may weigh otherwise. DATA_LOSS [STORE_DAMAGED].
absl::StatusOr<bool> ScanChangedNumbers(
    const Standpoint& at, Revision since, int64_t max_entries,
    absl::FunctionRef<void(RelationshipId)> visit);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_NUMBER_SCAN_H_
