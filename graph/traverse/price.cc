#include "graph/traverse/price.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "graph/base/status_macros.h"
#include "graph/traverse/span.h"

namespace guanxi::traverse {
namespace {

// Roughly what one takes in its table.
constexpr int64_t kBytesPerPrice = 48;

// The least that a value can come to; nullopt: less than nothing, or no number.
std::optional<double> Apply(PriceFunction function, const Span& span) {
  double price = 0;
  switch (function) {
    case PriceFunction::kValue:
      price = span.least == -kInfinity ? 0 : span.least;
      break;
    case PriceFunction::kInverse:
      price = span.greatest > 0 ? 1 / span.greatest : kInfinity;
      break;
    case PriceFunction::kNegativeLogarithm:
      if (span.greatest > 1 && span.least <= 1) return 0;
      price = span.greatest > 0 ? -std::log(span.greatest) : kInfinity;
      break;
  }
  // -ln(1) is a negative zero.
  if (price >= 0 && std::isfinite(price)) return std::abs(price);
  return std::nullopt;
}

}  // namespace

Pricing::Pricing(const topology::Ground& ground, const PathSpec& spec,
                 Meter& meter)
    : meter_(meter),
      snapshot_(ground.snapshot),
      lens_(spec.traversal.lens),
      cost_(spec.cost.value_or(PathCost{})),
      topology_(ground, spec.traversal.lens) {}

absl::StatusOr<std::optional<double>> Pricing::Price(RelationshipId id) {
  if (cost_.basis == PriceBasis::kOne) return 1;
  const auto [known, is_new] = prices_.try_emplace(id);
  if (!is_new) return known->second;
  meter_.CountBytes(kBytesPerPrice);
  ASSIGN_OR_RETURN(known->second, WorkOut(id));
  if (!known->second.has_value()) ++unpriced_;
  return known->second;
}

// The least of what the lens shows.
absl::StatusOr<std::optional<double>> Pricing::WorkOut(
    RelationshipId id) const {
  ASSIGN_OR_RETURN(const std::vector<RelationshipView> views,
                   snapshot_.ReadRelationship(id, lens_, Evidence::kNone,
                                              {.property = cost_.property}));
  std::optional<double> least;
  const auto offer = [&](const Span& span) {
    const std::optional<double> price = Apply(cost_.function, span);
    if (price.has_value()) least = std::min(*price, least.value_or(kInfinity));
  };
  for (const RelationshipView& view : views) {
    if (cost_.basis == PriceBasis::kConfidence) {
      offer({view.showing.confidence, view.showing.confidence});
      continue;
    }
    for (const Span& span : SpansOf(view, cost_.property)) offer(span);
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
