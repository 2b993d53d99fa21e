#include "graph/traverse/price.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "graph/base/status_macros.h"
#include "graph/topology/column_cache.h"
#include "graph/traverse/number_ranges.h"

namespace guanxi::traverse {
namespace {

// Roughly what one takes in its table.
constexpr int64_t kBytesPerPrice = 48;

// The least that a value can come to; nullopt: less than nothing, or no number.
std::optional<double> Apply(PriceFunction function, const NumberRange& range) {
  double price = 0;
  switch (function) {
    case PriceFunction::kValue:
      price = range.least == -kInfinity ? 0 : range.least;
      break;
    case PriceFunction::kInverse:
      price = range.greatest > 0 ? 1 / range.greatest : kInfinity;
      break;
    case PriceFunction::kNegativeLogarithm:
      if (range.greatest > 1 && range.least <= 1) return 0;
      price = range.greatest > 0 ? -std::log(range.greatest) : kInfinity;
      break;
  }
  // -ln(1) is a negative zero.
  if (price >= 0 && std::isfinite(price)) return std::abs(price);
  return std::nullopt;
}

std::shared_ptr<const topology::NumberColumn> FindColumn(
    const topology::Ground& ground, const PathSpec& spec) {
  const bool by_property =
      spec.cost.has_value() && spec.cost->basis == PriceBasis::kProperty;
  if (!by_property || ground.columns == nullptr) return nullptr;
  return ground.columns->FindNumbers(ground.snapshot, spec.cost->property);
}

}  // namespace

Pricing::Pricing(const topology::Ground& ground, const PathSpec& spec,
                 Meter& meter)
    : meter_(meter),
      snapshot_(ground.snapshot),
      lens_(spec.traversal.lens),
      cost_(spec.cost.value_or(PathCost{})),
      topology_(ground, spec.traversal.lens),
      column_(FindColumn(ground, spec)) {}

absl::StatusOr<std::optional<double>> Pricing::Price(const topology::Hop& hop) {
  if (cost_.basis == PriceBasis::kOne) return 1;
  const std::optional<NumberRange> in_memory = FindInMemory(hop);
  if (in_memory.has_value()) {
    const std::optional<double> price = Apply(cost_.function, *in_memory);
    if (price.has_value()) return price;
    if (cost_.otherwise.has_value()) return cost_.otherwise;
  }
  const auto [known, is_new] = prices_.try_emplace(hop.relationship);
  if (!is_new) return known->second;
  meter_.CountBytes(kBytesPerPrice);
  if (!in_memory.has_value()) {
    ASSIGN_OR_RETURN(known->second, WorkOut(hop.relationship));
  }
  if (!known->second.has_value()) ++unpriced_;
  return known->second;
}

std::optional<NumberRange> Pricing::FindInMemory(
    const topology::Hop& hop) const {
  if (!hop.plain) return std::nullopt;
  if (cost_.basis == PriceBasis::kConfidence) return NumberRange{1, 1};
  if (column_ == nullptr) return std::nullopt;
  return column_->Find(hop.relationship);
}

// The least of what the lens shows.
absl::StatusOr<std::optional<double>> Pricing::WorkOut(
    RelationshipId id) const {
  ASSIGN_OR_RETURN(const std::vector<RelationshipView> views,
                   snapshot_.ReadRelationship(id, lens_, Evidence::kNone,
                                              {.property = cost_.property}));
  std::optional<double> least;
  const auto offer = [&](const NumberRange& range) {
    const std::optional<double> price = Apply(cost_.function, range);
    if (price.has_value()) least = std::min(*price, least.value_or(kInfinity));
  };
  for (const RelationshipView& view : views) {
    if (cost_.basis == PriceBasis::kConfidence) {
      offer({view.showing.confidence, view.showing.confidence});
      continue;
    }
    for (const NumberRange& range : NumberRangesOf(view, cost_.property))
      offer(range);
  }
  return least.has_value() ? least : cost_.otherwise;
}

absl::StatusOr<double> Pricing::Toll(EntityId id) {
  if (cost_.hub_penalty == 0) return 0;
  const auto [known, is_new] = tolls_.try_emplace(id, 0);
  if (!is_new) return known->second;
  meter_.CountBytes(kBytesPerPrice);
  int64_t degree = 0;
  const auto count = [&](const topology::Hop& hop) {
    if (!hop.inside) ++degree;
    return meter_.CountStep();
  };
  RETURN_IF_ERROR(topology_.Expand(id, Direction::kBoth, {}, count));
  known->second = cost_.hub_penalty *
                  std::log(static_cast<double>(std::max<int64_t>(degree, 1)));
  return known->second;
}

}  // namespace guanxi::traverse
