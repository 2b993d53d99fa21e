#include <algorithm>

#include "graph/value/quantity.h"
#include "graph/value/scaled.h"

namespace guanxi {
namespace {

using End = Interval::End;

constexpr int kLower = -1;
constexpr int kUpper = 1;

// Compares two ends of one side by where they cut the line.
std::weak_ordering CompareEnds(const std::optional<End>& a,
                               const std::optional<End>& b, int side) {
  if (!a.has_value() || !b.has_value()) {
    const int a_place = a.has_value() ? 0 : side;
    const int b_place = b.has_value() ? 0 : side;
    return a_place <=> b_place;
  }
  if (const auto order = CompareNumbers(a->number, b->number); order != 0) {
    return order;
  }
  // An open end lies a trifle inside the closed one.
  const int a_place = a->closed ? 0 : -side;
  const int b_place = b->closed ? 0 : -side;
  return a_place <=> b_place;
}

int CountMissingEnds(const Interval& interval) {
  return (interval.lower.has_value() ? 0 : 1) +
         (interval.upper.has_value() ? 0 : 1);
}

Scaled Width(const Interval& interval) {
  return SubtractRounded(ToScaled(interval.upper->number),
                         ToScaled(interval.lower->number));
}

}  // namespace

Interval Interval::Point(const Decimal& number) {
  return {.lower = End{.number = number, .closed = true},
          .upper = End{.number = number, .closed = true}};
}

bool Interval::empty() const {
  if (!lower.has_value() || !upper.has_value()) return false;
  const auto order = CompareNumbers(lower->number, upper->number);
  return order > 0 || (order == 0 && !(lower->closed && upper->closed));
}

Interval Intersect(const Interval& a, const Interval& b) {
  const bool a_starts_later = CompareEnds(a.lower, b.lower, kLower) > 0;
  const bool a_ends_earlier = CompareEnds(a.upper, b.upper, kUpper) < 0;
  return {.lower = a_starts_later ? a.lower : b.lower,
          .upper = a_ends_earlier ? a.upper : b.upper};
}

std::weak_ordering CompareWidths(const Interval& a, const Interval& b) {
  const int a_missing = CountMissingEnds(a);
  const int b_missing = CountMissingEnds(b);
  if (a_missing != b_missing || a_missing > 0) return a_missing <=> b_missing;
  return Compare(Width(a), Width(b));
}

std::weak_ordering CompareLowerEnds(const Interval& a, const Interval& b) {
  return CompareEnds(a.lower, b.lower, kLower);
}

Interval PrintedPrecision(const Decimal& number) {
  if (number.IsInteger()) return Interval::Point(number);
  return HalfDigitAround(number);
}

Interval HalfDigitAround(const Decimal& number) {
  const auto half = Decimal::Make(
      5, number.exponent() - 1,
      std::min(number.fraction_digits() + 1, Decimal::kMaxDigits));
  if (!half.ok()) return Interval::Point(number);
  const std::optional<Decimal> lower = Subtract(number, *half);
  const std::optional<Decimal> upper = Add(number, *half);
  if (!lower.has_value() || !upper.has_value()) return Interval::Point(number);
  return {.lower = End{.number = *lower, .closed = true},
          .upper = End{.number = *upper, .closed = false}};
}

}  // namespace guanxi
