#ifndef GUANXI_GRAPH_STORE_PROPERTY_SCAN_H_
#define GUANXI_GRAPH_STORE_PROPERTY_SCAN_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "graph/kv/txn.h"
#include "graph/model/ids.h"
#include "graph/store/catalog.h"
#include "graph/store/owner_facts.h"
#include "graph/store/tables.h"

namespace guanxi::store {

// A change of what a property means looks at all entities of the store, of
// which there may be at most so many; documented in docs/limits.md.
inline constexpr uint64_t kMaxScannedEntities = 1'000'000;

// Calls `visit` for each entity of which something was ever claimed of this
// property or is written without a claim, with all that is said of that
// property; ends with the first error. `visit` may write. RESOURCE_EXHAUSTED
// [COMMIT_TOO_LARGE]: the store has more than kMaxScannedEntities.
absl::Status ScanProperty(
    absl::string_view property, const Catalog& catalog, const Tables& tables,
    const kv::Txn& txn,
    absl::FunctionRef<absl::Status(EntityId, const OwnerClaims&)> visit);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_PROPERTY_SCAN_H_
