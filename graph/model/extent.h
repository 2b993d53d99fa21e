#ifndef GUANXI_GRAPH_MODEL_EXTENT_H_
#define GUANXI_GRAPH_MODEL_EXTENT_H_

#include <compare>
#include <variant>

#include "graph/value/date.h"
#include "graph/value/quantity.h"
#include "graph/value/value.h"

namespace guanxi {

// What a printed value can mean, for the test whether two values are
// compatible (DESIGN.md §1.2): numbers become intervals by their printed
// precision, dates the days they cover, all else is itself alone.
class Extent {
 public:
  explicit Extent(const Value& value);

  // Whether both can be true.
  bool Meets(const Extent& other) const;

  // What both admit. Requires Meets().
  Extent Intersect(const Extent& other) const;

  // The narrower one first, then the one with the lower lower end.
  static std::weak_ordering CompareWidths(const Extent& a, const Extent& b);
  static std::weak_ordering CompareNarrowness(const Extent& a, const Extent& b);

 private:
  using Held = std::variant<Interval, DayRange, Value>;
  explicit Extent(Held held) : held_(std::move(held)) {}

  Held held_;
};

// Whether two values of one fact can both be true.
bool Compatible(const Value& a, const Value& b);

}  // namespace guanxi

#endif  // GUANXI_GRAPH_MODEL_EXTENT_H_
