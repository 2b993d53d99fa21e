#include "graph/value/decimal.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "graph/value/scaled.h"
#include "graph/value/scanner.h"

namespace guanxi {
namespace {

constexpr absl::string_view kNumberKind = "number";

// Bounds an exponent before it is judged, far outside what is allowed.
constexpr int kExponentCap = 1'000'000;

int CappedExponent(const NumberText& number) {
  int exponent = 0;
  for (const char digit : number.exponent) {
    exponent = std::min(exponent * 10 + (digit - '0'), kExponentCap);
  }
  return number.exponent_negative ? -exponent : exponent;
}

std::string DigitsOf(UInt128 number) {
  std::string digits;
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(number % 10)));
    number /= 10;
  } while (number != 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

// What keeps coefficient * 10^exponent from being a decimal; empty: nothing.
std::string Problem(Int128 coefficient, int exponent, int fraction_digits) {
  const UInt128 size = Magnitude(coefficient);
  const int digits = CountDigits(size);
  if (digits > Decimal::kMaxDigits || fraction_digits < 0 ||
      fraction_digits > Decimal::kMaxDigits) {
    return absl::StrCat("at most ", Decimal::kMaxDigits, " digits are kept");
  }
  const int64_t leading = int64_t{exponent} + digits - 1;
  if (std::abs(leading) > Decimal::kMaxMagnitude) {
    return absl::StrCat("it must lie between 1e-", Decimal::kMaxMagnitude,
                        " and 1e", Decimal::kMaxMagnitude);
  }
  return "";
}

// The result of arithmetic: written out if it is a fraction, else with
// `fraction_digits` before the exponent.
std::optional<Decimal> FromResult(const std::optional<Scaled>& result,
                                  int fraction_digits) {
  if (!result.has_value()) return std::nullopt;
  const auto [coefficient, exponent] = *result;
  const bool plain = exponent <= 0 && exponent >= -Decimal::kMaxDigits;
  const auto number = Decimal::Make(
      coefficient, exponent,
      plain ? -exponent : std::min(fraction_digits, Decimal::kMaxDigits));
  if (!number.ok()) return std::nullopt;
  return *number;
}

// Of the finer one, so that 28.81e9 + 1e9 is 29.81e9.
int FractionDigitsOfSum(const Decimal& a, const Decimal& b) {
  return a.exponent() < b.exponent() ? a.fraction_digits()
                                     : b.fraction_digits();
}

}  // namespace

absl::StatusOr<Decimal> Decimal::Parse(absl::string_view text) {
  Scanner scanner(text);
  const std::optional<NumberText> number = scanner.NumberLiteral();
  if (!number.has_value() || !scanner.done()) {
    return NotA(kNumberKind, text,
                "expected digits, as in -3, 40.5 or 28.81e9");
  }
  Int128 coefficient = 0;
  for (const absl::string_view digits : {number->integer, number->fraction}) {
    for (const char digit : digits) {
      if (coefficient >= static_cast<Int128>(PowerOfTen(kMaxDigits - 1))) {
        return NotA(kNumberKind, text,
                    absl::StrCat("at most ", kMaxDigits, " digits are kept"));
      }
      coefficient = coefficient * 10 + (digit - '0');
    }
  }
  // Longer fractions are refused by their length before it is narrowed.
  const int fraction_digits = static_cast<int>(
      std::min<size_t>(number->fraction.size(), kMaxDigits + 1));
  const int exponent = CappedExponent(*number) - fraction_digits;
  if (const std::string why = Problem(coefficient, exponent, fraction_digits);
      !why.empty()) {
    return NotA(kNumberKind, text, why);
  }
  return Make(number->negative ? -coefficient : coefficient, exponent,
              fraction_digits);
}

absl::StatusOr<Decimal> Decimal::Make(Int128 coefficient, int exponent,
                                      int fraction_digits) {
  if (const std::string why = Problem(coefficient, exponent, fraction_digits);
      !why.empty()) {
    const std::string text =
        absl::StrCat(coefficient < 0 ? "-" : "",
                     DigitsOf(Magnitude(coefficient)), "e", exponent);
    return NotA(kNumberKind, text, why);
  }
  Decimal number;
  number.coefficient_ = coefficient;
  number.exponent_ = exponent;
  number.fraction_digits_ = static_cast<uint8_t>(fraction_digits);
  return number;
}

std::string Decimal::ToString() const {
  std::string digits = DigitsOf(Magnitude(coefficient_));
  if (fraction_digits_ > 0) {
    const size_t needed = size_t{fraction_digits_} + 1;
    if (digits.size() < needed) digits.insert(0, needed - digits.size(), '0');
    digits.insert(digits.size() - fraction_digits_, 1, '.');
  }
  const int printed_exponent = exponent_ + fraction_digits_;
  return absl::StrCat(
      coefficient_ < 0 ? "-" : "", digits, printed_exponent == 0 ? "" : "e",
      printed_exponent == 0 ? "" : absl::StrCat(printed_exponent));
}

double Decimal::ToDouble() const {
  double number = 0;
  // Fails only where it overflows, and then gives the infinity we want.
  static_cast<void>(absl::SimpleAtod(ToString(), &number));
  return number;
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
  if (const auto order = CompareNumbers(a, b); order != 0) return order;
  if (const auto order = a.exponent_ <=> b.exponent_; order != 0) return order;
  return a.fraction_digits_ <=> b.fraction_digits_;
}

std::strong_ordering CompareNumbers(const Decimal& a, const Decimal& b) {
  return Compare(ToScaled(a), ToScaled(b));
}

std::optional<Decimal> Add(const Decimal& a, const Decimal& b) {
  return FromResult(AddExact(ToScaled(a), ToScaled(b)),
                    FractionDigitsOfSum(a, b));
}

std::optional<Decimal> Subtract(const Decimal& a, const Decimal& b) {
  return FromResult(AddExact(ToScaled(a), {-b.coefficient(), b.exponent()}),
                    FractionDigitsOfSum(a, b));
}

std::optional<Decimal> Multiply(const Decimal& a, const Decimal& b) {
  return FromResult(MultiplyExact(ToScaled(a), ToScaled(b)),
                    a.fraction_digits() + b.fraction_digits());
}

}  // namespace guanxi
