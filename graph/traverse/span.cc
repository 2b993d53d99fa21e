#include "graph/traverse/span.h"

#include <cstdint>
#include <optional>
#include <string>

namespace guanxi::traverse {
namespace {

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

}  // namespace

std::vector<Span> SpansOf(const RelationshipView& view,
                          absl::string_view property) {
  std::vector<Span> spans;
  const auto add = [&spans](const Value& value) {
    const std::optional<Span> span = SpanOf(value);
    if (span.has_value()) spans.push_back(*span);
  };
  const auto key = view.key.keys.find(std::string(property));
  if (key != view.key.keys.end()) add(key->second);
  for (const PropertyView& shown : view.properties) {
    if (shown.key.name == property) add(shown.value);
  }
  return spans;
}

}  // namespace guanxi::traverse
