#include "graph/value/number_range.h"

#include <cstdint>

#include "graph/value/decimal.h"
#include "graph/value/quantity.h"

namespace guanxi {
namespace {

NumberRange Point(double number) { return {number, number}; }

NumberRange NumberRangeOf(const Quantity& quantity) {
  const Interval stated = quantity.Stated();
  const double scale = quantity.unit() == "%" ? 100 : 1;
  return {stated.lower.has_value() ? stated.lower->number.ToDouble() / scale
                                   : -NumberRange::kUnbounded,
          stated.upper.has_value() ? stated.upper->number.ToDouble() / scale
                                   : NumberRange::kUnbounded};
}

}  // namespace

std::optional<NumberRange> NumberRangeOf(const Value& value) {
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
    return NumberRangeOf(*quantity);
  }
  return std::nullopt;
}

}  // namespace guanxi
