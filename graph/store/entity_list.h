#ifndef GUANXI_GRAPH_STORE_ENTITY_LIST_H_
#define GUANXI_GRAPH_STORE_ENTITY_LIST_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/model/ids.h"
#include "graph/model/view.h"
#include "graph/store/snapshot.h"

namespace guanxi::store {

// Calls `visit` with the key and the id of each entity that a snapshot knows,
// in the order of keys, until it returns false. Keys are valid until then.
// DATA_LOSS [STORE_DAMAGED].
absl::Status ForEachEntity(
    const Snapshot& snapshot,
    absl::FunctionRef<bool(absl::string_view key, EntityId id)> visit);

// Whether a lens shows an affirmative claim about an entity (canonical), or a
// relationship of it. DATA_LOSS [STORE_DAMAGED].
absl::StatusOr<bool> IsInView(const Snapshot& snapshot, EntityId id,
                              const Lens& lens);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_ENTITY_LIST_H_
