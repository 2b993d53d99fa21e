#ifndef GUANXI_GRAPH_TRAVERSE_EXPANSION_H_
#define GUANXI_GRAPH_TRAVERSE_EXPANSION_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "graph/base/status_macros.h"
#include "graph/model/ids.h"
#include "graph/model/view.h"
#include "graph/topology/topology.h"

namespace guanxi::traverse {

// What a search expands.
struct Expansion {
  EntityId entity;
  Direction direction = Direction::kBoth;
  absl::Span<const TypeId> types;
};

// Gives each hop of an entity to `take`, then each that is met there only as
// denied to `take_denied` (Topology::ExpandDenied()). Both return
// absl::StatusOr<bool>; the first that fails or is false ends the expansion.
// Returns that failure, or DATA_LOSS [STORE_DAMAGED].
// `hint` is told of hops ahead, as Topology::Expand() says.
template <typename Take, typename TakeDenied, typename Hint>
absl::Status ExpandWhole(const topology::Topology& topology,
                         const Expansion& expansion, Take take,
                         TakeDenied take_denied, Hint hint) {
  const auto& [entity, direction, types] = expansion;
  bool more = true;
  absl::Status failure;
  const auto goes_on = [&](const absl::StatusOr<bool>& next) {
    if (!next.ok()) failure = next.status();
    more = next.ok() && *next;
    return more;
  };
  const auto visit = [&](const topology::Hop& hop) {
    return goes_on(take(hop));
  };
  RETURN_IF_ERROR(topology.Expand(entity, direction, types, visit, hint));
  if (!more) return failure;
  const auto visit_denied = [&](const topology::Hop& hop) {
    return goes_on(take_denied(hop));
  };
  RETURN_IF_ERROR(
      topology.ExpandDenied(entity, direction, types, visit_denied));
  return failure;
}

template <typename Take, typename TakeDenied>
absl::Status ExpandWhole(const topology::Topology& topology,
                         const Expansion& expansion, Take take,
                         TakeDenied take_denied) {
  return ExpandWhole(topology, expansion, take, take_denied,
                     topology::Topology::NoHint{});
}

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_EXPANSION_H_
