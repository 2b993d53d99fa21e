#ifndef GUANXI_GRAPH_TRAVERSE_PRICE_H_
#define GUANXI_GRAPH_TRAVERSE_PRICE_H_

#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"

#include "graph/base/budget.h"
#include "graph/model/ids.h"
#include "graph/topology/number_column.h"
#include "graph/topology/topology.h"
#include "graph/traverse/number_ranges.h"
#include "graph/traverse/path.h"

namespace guanxi::traverse {

// Sums, and products, that differ by no more than so much of themselves are
// equal: doubles tell on which side the adding began.
inline constexpr double kRounding = 1e-12;

// Whether one sum is more than another, or none at all.
inline bool CostsMore(double cost, double than) {
  return cost > than + than * kRounding || !std::isfinite(cost);
}

// What a path costs, part by part. Each part is worked out once and then known.
//
// Must not outlive what it is made of. Not thread-safe.
class Pricing {
 public:
  // Without a cost in the spec, each relationship costs 1.
  Pricing(const topology::Ground& ground, const PathSpec& spec, Meter& meter);

  // Of the relationship of a hop, which the lens shows, 0 or more. nullopt: it
  // has none. Where the column of the property is in memory, nothing is read of
  // a plain one. DATA_LOSS [STORE_DAMAGED].
  absl::StatusOr<std::optional<double>> Price(const topology::Hop& hop);

  // Hints that the price of a relationship is wanted soon.
  void Prefetch(RelationshipId id) const {
    if (column_ != nullptr) column_->Prefetch(id);
  }

  // Of leading through an entity, 0 or more. DATA_LOSS [STORE_DAMAGED].
  absl::StatusOr<double> Toll(EntityId id);

  // Relationships that were asked for and have no price.
  int64_t unpriced() const { return unpriced_; }

 private:
  std::optional<NumberRange> FindInMemory(const topology::Hop& hop) const;
  absl::StatusOr<std::optional<double>> WorkOut(RelationshipId id) const;

  Meter& meter_;
  const store::Snapshot& snapshot_;
  const Lens& lens_;
  const PathCost cost_;
  topology::Topology topology_;
  // Of the property that is the price, if at hand; owned by the cache too.
  const std::shared_ptr<const topology::NumberColumn> column_;
  absl::flat_hash_map<RelationshipId, std::optional<double>> prices_;
  absl::flat_hash_map<EntityId, double> tolls_;
  int64_t unpriced_ = 0;
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_PRICE_H_
