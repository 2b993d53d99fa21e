#ifndef GUANXI_GRAPH_VALUE_SCALED_H_
#define GUANXI_GRAPH_VALUE_SCALED_H_

#include <compare>
#include <optional>

#include "graph/value/decimal.h"

namespace guanxi {

using UInt128 = __uint128_t;

// coefficient * 10^exponent without a printed form: what decimals compute with.
// At most 38 digits, any exponent.
struct Scaled {
  Int128 coefficient = 0;
  int exponent = 0;
};

inline Scaled ToScaled(const Decimal& number) {
  return {number.coefficient(), number.exponent()};
}

// 10^power, for 0 to 38.
UInt128 PowerOfTen(int power);

UInt128 Magnitude(Int128 number);

// Decimal digits of `number`; 1 for 0.
int CountDigits(UInt128 number);

std::strong_ordering Compare(const Scaled& a, const Scaled& b);

// Exact; nullopt if the result needs more than 38 digits.
std::optional<Scaled> AddExact(const Scaled& a, const Scaled& b);
std::optional<Scaled> MultiplyExact(const Scaled& a, const Scaled& b);

// a - b, exact if 38 digits hold it, else cut behind the 37th digit of the
// larger one.
Scaled SubtractRounded(const Scaled& a, const Scaled& b);

// `number` rounded to `digits` digits, half away from zero.
Scaled Round(const Scaled& number, int digits);

}  // namespace guanxi

#endif  // GUANXI_GRAPH_VALUE_SCALED_H_
