#ifndef GUANXI_GRAPH_VALUE_DECIMAL_H_
#define GUANXI_GRAPH_VALUE_DECIMAL_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace guanxi {

using Int128 = __int128_t;

// An exact decimal number: coefficient * 10^exponent, at most 38 digits, that
// remembers how it was printed: 28.81e9 has coefficient 2881, exponent 7 and
// two fraction digits, and prints as 28.81e9 again.
//
// Two orders: CompareNumbers() asks which number is larger (1.0 equals 1);
// == and <=> are the identity of values (1.0 differs from 1, because it claims
// another precision), by number first. A plain value, cheap to copy.
class Decimal {
 public:
  static constexpr int kMaxDigits = 38;
  // The first digit lies at most this many places from the decimal point.
  static constexpr int kMaxMagnitude = 1000;

  Decimal() = default;
  explicit Decimal(int64_t number) : coefficient_(number) {}

  // Parses `number` of the .kg grammar: [-]digits[.digits][e[+-]digits].
  // INVALID_ARGUMENT: not a number, more than 38 digits, or out of range.
  static absl::StatusOr<Decimal> Parse(absl::string_view text);

  // Makes coefficient * 10^exponent, printed with `fraction_digits` digits
  // behind the point. INVALID_ARGUMENT as Parse().
  static absl::StatusOr<Decimal> Make(Int128 coefficient, int exponent,
                                      int fraction_digits = 0);

  Int128 coefficient() const { return coefficient_; }
  int exponent() const { return exponent_; }
  int fraction_digits() const { return fraction_digits_; }

  // Whether it was printed as an integer: no point and no exponent.
  bool IsInteger() const { return exponent_ == 0 && fraction_digits_ == 0; }

  // The form it was given in: "28.81e9", "40.50", "-3".
  std::string ToString() const;

  // The nearest double: for display and weights, never for thresholds.
  double ToDouble() const;

  friend bool operator==(const Decimal&, const Decimal&) = default;
  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);

 private:
  Int128 coefficient_ = 0;
  int32_t exponent_ = 0;
  uint8_t fraction_digits_ = 0;
};

// Compares as numbers: 1.0 and 1 and 10e-1 are equal.
std::strong_ordering CompareNumbers(const Decimal& a, const Decimal& b);

// Exact sum, difference and product; nullopt if the result needs more than 38
// digits.
std::optional<Decimal> Add(const Decimal& a, const Decimal& b);
std::optional<Decimal> Subtract(const Decimal& a, const Decimal& b);
std::optional<Decimal> Multiply(const Decimal& a, const Decimal& b);

}  // namespace guanxi

#endif  // GUANXI_GRAPH_VALUE_DECIMAL_H_
