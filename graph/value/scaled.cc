#include "graph/value/scaled.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace guanxi {
namespace {

constexpr int kDigits = Decimal::kMaxDigits;

constexpr std::array<UInt128, kDigits + 1> MakePowers() {
  std::array<UInt128, kDigits + 1> powers{};
  powers[0] = 1;
  for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}
constexpr std::array<UInt128, kDigits + 1> kPowers = MakePowers();

constexpr UInt128 kLimit = kPowers[kDigits];

Int128 WithSign(bool negative, UInt128 magnitude) {
  const Int128 number = static_cast<Int128>(magnitude);
  return negative ? -number : number;
}

// Removes zeros behind the last other digit. Zero stays as it is.
Scaled Stripped(Scaled number) {
  while (number.coefficient != 0 && number.coefficient % 10 == 0) {
    number.coefficient /= 10;
    ++number.exponent;
  }
  return number;
}

// magnitude * 10^exponent with only as many zeros removed as 38 digits need.
std::optional<Scaled> Fit(bool negative, UInt128 magnitude, int exponent) {
  while (magnitude >= kLimit && magnitude % 10 == 0) {
    magnitude /= 10;
    ++exponent;
  }
  if (magnitude >= kLimit) return std::nullopt;
  return Scaled{WithSign(negative, magnitude), exponent};
}

// The sum, for a.exponent >= b.exponent. 2^128 leaves room for every
// intermediate result whose sum 38 digits can hold, if `b` has no zero to
// strip.
std::optional<Scaled> AddAligned(const Scaled& a, const Scaled& b) {
  const int shift = a.exponent - b.exponent;
  if (shift > kDigits && a.coefficient != 0) return std::nullopt;
  UInt128 high = Magnitude(a.coefficient);
  if (high != 0 && __builtin_mul_overflow(high, PowerOfTen(shift), &high)) {
    return std::nullopt;
  }
  const UInt128 low = Magnitude(b.coefficient);
  const bool negative = a.coefficient < 0;
  if (negative != (b.coefficient < 0)) {
    return high >= low ? Fit(negative, high - low, b.exponent)
                       : Fit(!negative, low - high, b.exponent);
  }
  UInt128 sum = 0;
  if (__builtin_add_overflow(high, low, &sum)) return std::nullopt;
  return Fit(negative, sum, b.exponent);
}

// The product with the exponents as they are.
std::optional<Scaled> MultiplyPlain(const Scaled& a, const Scaled& b) {
  Int128 product = 0;
  if (__builtin_mul_overflow(a.coefficient, b.coefficient, &product) ||
      Magnitude(product) >= kLimit) {
    return std::nullopt;
  }
  return Scaled{product, a.exponent + b.exponent};
}

// Moves factors of ten that are split between `two` and `five` to the exponent.
void CancelTens(Scaled& two, Scaled& five) {
  while (two.coefficient % 2 == 0 && five.coefficient % 5 == 0) {
    two.coefficient /= 2;
    five.coefficient /= 5;
    ++two.exponent;
  }
}

// The exponent of the first digit.
int LeadingExponent(const Scaled& number) {
  return number.exponent + CountDigits(Magnitude(number.coefficient)) - 1;
}

// `number` in units of 10^exponent, cut.
Int128 CutTo(const Scaled& number, int exponent) {
  if (number.coefficient == 0) return 0;
  const int shift = number.exponent - exponent;
  if (shift < -kDigits) return 0;
  const UInt128 size = Magnitude(number.coefficient);
  return WithSign(number.coefficient < 0, shift < 0 ? size / PowerOfTen(-shift)
                                                    : size * PowerOfTen(shift));
}

}  // namespace

UInt128 PowerOfTen(int power) { return kPowers[static_cast<size_t>(power)]; }

UInt128 Magnitude(Int128 number) {
  const UInt128 bits = static_cast<UInt128>(number);
  return number < 0 ? -bits : bits;
}

int CountDigits(UInt128 number) {
  int digits = 1;
  while (digits <= kDigits && number >= PowerOfTen(digits)) ++digits;
  return digits;
}

std::strong_ordering Compare(const Scaled& a, const Scaled& b) {
  const int a_sign = (a.coefficient > 0) - (a.coefficient < 0);
  const int b_sign = (b.coefficient > 0) - (b.coefficient < 0);
  if (a_sign != b_sign || a_sign == 0) return a_sign <=> b_sign;
  const int a_leading = LeadingExponent(a);
  const int b_leading = LeadingExponent(b);
  if (a_leading != b_leading) {
    return a_sign > 0 ? a_leading <=> b_leading : b_leading <=> a_leading;
  }
  // The first digits stand at one place, so no scaled one has more digits than
  // the other had.
  const int shift = a.exponent - b.exponent;
  UInt128 a_size = Magnitude(a.coefficient);
  UInt128 b_size = Magnitude(b.coefficient);
  if (shift > 0) a_size *= PowerOfTen(shift);
  if (shift < 0) b_size *= PowerOfTen(-shift);
  if (a_sign < 0) std::swap(a_size, b_size);
  if (a_size == b_size) return std::strong_ordering::equal;
  return a_size < b_size ? std::strong_ordering::less
                         : std::strong_ordering::greater;
}

std::optional<Scaled> AddExact(const Scaled& a, const Scaled& b) {
  const auto add = [](const Scaled& x, const Scaled& y) {
    return x.exponent >= y.exponent ? AddAligned(x, y) : AddAligned(y, x);
  };
  if (const auto sum = add(a, b)) return sum;
  if (a.coefficient == 0) return b;
  if (b.coefficient == 0) return a;
  return add(Stripped(a), Stripped(b));
}

std::optional<Scaled> MultiplyExact(const Scaled& a, const Scaled& b) {
  if (const auto product = MultiplyPlain(a, b)) return product;
  Scaled x = Stripped(a);
  Scaled y = Stripped(b);
  CancelTens(x, y);
  CancelTens(y, x);
  return MultiplyPlain(x, y);
}

Scaled SubtractRounded(const Scaled& a, const Scaled& b) {
  const Scaled negated{-b.coefficient, b.exponent};
  if (const auto exact = AddExact(a, negated)) return *exact;
  // With 37 digits each, the difference cannot pass 38.
  const int leading = std::max(LeadingExponent(a), LeadingExponent(b));
  const int exponent = leading - (kDigits - 2);
  return {CutTo(a, exponent) - CutTo(b, exponent), exponent};
}

Scaled Round(const Scaled& number, int digits) {
  const UInt128 size = Magnitude(number.coefficient);
  const int excess = CountDigits(size) - digits;
  if (excess <= 0) return number;
  const UInt128 unit = PowerOfTen(excess);
  const UInt128 rounded = (size + unit / 2) / unit;
  return {WithSign(number.coefficient < 0, rounded), number.exponent + excess};
}

}  // namespace guanxi
