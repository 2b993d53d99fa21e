#ifndef GUANXI_GRAPH_STORE_ADJACENCY_H_
#define GUANXI_GRAPH_STORE_ADJACENCY_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "graph/model/ids.h"
#include "graph/store/placement.h"
#include "graph/store/standpoint.h"
#include "graph/store/tuple_block.h"

namespace guanxi::store {

// Which slots of an entity: of relationships from it, to it, or aside.
enum class Side : uint8_t { kOut, kIn, kAside };

// Calls `visit` for each slot (SlotColumn) that an entity had at the
// standpoint, by type, other entity, relationship, until it returns false; then
// returns false too. `types`: sorted; empty: all. Of the past it costs the
// present slots and the moves of the entity since. DATA_LOSS [STORE_DAMAGED].
absl::StatusOr<bool> WalkSlots(const Standpoint& at, EntityId entity, Side side,
                               absl::Span<const TypeId> types,
                               absl::FunctionRef<bool(const Tuple<4>&)> visit);

// Whether a believed claim affirms or denies a relationship of the entity.
absl::StatusOr<bool> IsTouched(const Standpoint& at, EntityId entity);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_ADJACENCY_H_
