#ifndef GUANXI_GRAPH_VALUE_QUANTITY_H_
#define GUANXI_GRAPH_VALUE_QUANTITY_H_

#include <compare>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/value/decimal.h"

namespace guanxi {

// An interval of numbers with open or closed, finite or missing ends.
struct Interval {
  struct End {
    Decimal number;
    bool closed = true;
  };
  std::optional<End> lower;  // nullopt: unbounded
  std::optional<End> upper;

  // The interval of exactly one number.
  static Interval Point(const Decimal& number);

  bool empty() const;
};

Interval Intersect(const Interval& a, const Interval& b);

// Orders by width: negative if `a` is narrower than `b`. A half-line is wider
// than any finite interval, the whole line wider than a half-line. Widths that
// 38 digits cannot hold are rounded to 37 (never compared as doubles: a mix of
// exact and rounded comparisons would not be an order).
std::weak_ordering CompareWidths(const Interval& a, const Interval& b);

// Orders by lower end: an unbounded one first, a closed one before an open one
// at the same number.
std::weak_ordering CompareLowerEnds(const Interval& a, const Interval& b);

// How sure a printed number is.
enum class QuantityOp : uint8_t {
  kExact,           // 16%
  kLess,            // <50%
  kLessOrEqual,     // <=50%
  kGreater,         // >50%
  kGreaterOrEqual,  // >=2
  kAbout,           // ~80%
  kNearly,          // <~4e9: somewhat below
  kSomewhatAbove,   // >~4e9
  kRange,           // 25..50%, with ends as given
};

// A number or range as a source printed it, with its unit. `%`, `x` (a
// multiple), an ISO 4217 currency, a free unit in quotes, or none (empty).
// Units never convert into each other.
class Quantity {
 public:
  // Parses `quantity` of the .kg grammar: "16%", ">580e9 CNY", "25..<50%",
  // ">=2", "40.5 'wafers/month'". A unit may follow after blanks.
  // INVALID_ARGUMENT: not a quantity; says what was expected and at which byte.
  static absl::StatusOr<Quantity> Parse(absl::string_view text);

  // A number with an operator: not kRange, and `unit` empty or an IsUnit()
  // (both GUANXI_CHECKed).
  Quantity(QuantityOp op, Decimal number, std::string unit);
  // A range; INVALID_ARGUMENT if it is empty or `unit` is no unit.
  static absl::StatusOr<Quantity> Range(Interval::End lower,
                                        Interval::End upper, std::string unit);

  QuantityOp op() const { return op_; }
  // The printed number, or the lower end of a range.
  const Decimal& number() const { return number_; }
  const std::string& unit() const { return unit_; }

  // The ends as stated, without printed precision: 16% is [16, 16], >50% is
  // (50, ..); ~80%, <~80% and >~80% are [80, 80]. What arithmetic works on.
  Interval Stated() const;

  // What the literal can mean, for the test of compatibility only (DESIGN.md
  // §1.2, domain.md §6.3): 16% is [15.5, 16.5), ~80% is [76, 84],
  // <~4e9 is [3.6e9, 4e9], >~4e9 is [4e9, 4.4e9], ranges and half-lines are as
  // stated. With a unit an integer has printed precision too; without one it is
  // exact. For the factors of ~, <~ and >~ a number of more than 35 digits may
  // be rounded to 35; an end that is no Decimal is the number itself.
  Interval Tolerance() const;

  // As it was printed, blanks normalised: "16%", "44.5x", "4e9 EUR".
  std::string ToString() const;

  friend bool operator==(const Quantity&, const Quantity&) = default;
  // By unit, number, operator, then the upper end.
  friend std::strong_ordering operator<=>(const Quantity&, const Quantity&);

 private:
  QuantityOp op_;
  Decimal number_;
  Decimal upper_;  // kRange only
  bool lower_closed_ = true;
  bool upper_closed_ = true;
  std::string unit_;
};

// The tolerance of a plain decimal: half of its last printed digit around it,
// [x - h, x + h). An integer (Decimal::IsInteger) is exact, as is a number so
// long or small that an end is no Decimal.
Interval PrintedPrecision(const Decimal& number);

// The same for a number with a unit, which is not exact as an integer either.
Interval HalfDigitAround(const Decimal& number);

// Whether `text` may stand as a unit without quotes: "%", "x" or three
// capitals.
bool IsPlainUnit(absl::string_view text);

// Whether `text` can be a unit at all: not empty, no quote ('), no control
// character.
bool IsUnit(absl::string_view text);

}  // namespace guanxi

#endif  // GUANXI_GRAPH_VALUE_QUANTITY_H_
