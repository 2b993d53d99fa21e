#ifndef GUANXI_GRAPH_VALUE_NUMBER_RANGE_H_
#define GUANXI_GRAPH_VALUE_NUMBER_RANGE_H_

#include <limits>
#include <optional>

#include "graph/value/value.h"

namespace guanxi {

// The least and the greatest that a number can be; both the same of most, and
// infinite where nothing is said. Of no number, greatest is less than least.
struct NumberRange {
  static constexpr double kUnbounded = std::numeric_limits<double>::infinity();

  double least = kUnbounded;
  double greatest = -kUnbounded;

  bool empty() const { return greatest < least; }
  friend bool operator==(const NumberRange&, const NumberRange&) = default;
};

// What a value says as a number; nullopt: it is none. A percentage is a part of
// one: 16% is 0.16; other units play no part.
std::optional<NumberRange> NumberRangeOf(const Value& value);

}  // namespace guanxi

#endif  // GUANXI_GRAPH_VALUE_NUMBER_RANGE_H_
