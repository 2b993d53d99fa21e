#include "graph/traverse/price.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "graph/base/status_macros.h"

namespace guanxi::traverse {
namespace {

// Roughly what one takes in its table.
constexpr int64_t kBytesPerPrice = 48;

// The least and the greatest that a value says; both the same of most. Of what
// is no number nullopt.
struct Span {
  double least = 0;
  double greatest = 0;
};

Span Point(double number) { return {number, number}; }

Span SpanOf(const Quantity& quantity) {
  const Interval stated = quantity.Stated();
  const double scale = quantity.unit() == "%" ? 100 : 1;
  return {stated.lower.has_value() ? stated.lower->number.ToDouble() / scale
                                   : -kInfinity,
          stated.upper.has_value() ? stated.upper->number.ToDouble() / scale
                                   : kInfinity};
}

std::optional<Span> SpanOf(const Value& value) {
  if (const auto* number = value.get_if<int64_t>()) {
    return Point(static_cast<double>(*number));
  }
  if (const auto* number = value.get_if<double>()) {
    return Point(*number);
  }
  if (const auto* number = value.get_if<Decimal>()) {
    return Point(number->ToDouble());
  }
  if (const auto* quantity = value.get_if<Quantity>()) {
    return SpanOf(*quantity);
  }
  return std::nullopt;
}

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
  const auto offer = [&](const std::optional<Span>& span) {
    if (!span.has_value()) return;
    const std::optional<double> price = Apply(cost_.function, *span);
    if (price.has_value()) least = std::min(*price, least.value_or(kInfinity));
  };
  for (const RelationshipView& view : views) {
    if (cost_.basis == PriceBasis::kConfidence) {
      offer(Point(view.showing.confidence));
      continue;
    }
    const auto key = view.key.keys.find(cost_.property);
    if (key != view.key.keys.end()) offer(SpanOf(key->second));
    for (const PropertyView& property : view.properties) {
      if (property.key.name == cost_.property) offer(SpanOf(property.value));
    }
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
