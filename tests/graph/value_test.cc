#include "graph/value/value.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <fstream>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "graph/base/error.h"
#include "graph/value/codec.h"
#include "tests/support/seed.h"
#include "tests/support/status_matchers.h"

namespace guanxi {
namespace {

using ::guanxi::test::IsOk;
using ::guanxi::test::IsOkAndHolds;
using ::guanxi::test::Seed;
using ::guanxi::test::StatusIs;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kRandomRounds = 3000;

// --- What tests share --------------------------------------------------------

Decimal Dec(absl::string_view text) { return *Decimal::Parse(text); }
Date ToDate(absl::string_view text) { return *Date::Parse(text); }
When ToWhen(absl::string_view text) { return *When::Parse(text); }

// The printed form of `text` read as T, or "! " and the message.
template <typename T>
std::string Reprinted(absl::string_view text) {
  const auto parsed = T::Parse(text);
  if (parsed.ok()) return parsed->ToString();
  EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
  return absl::StrCat("! ", parsed.status().message());
}

struct LiteralRow {
  std::string text;
  std::string printed;  // or "! part of the message"
};

template <typename T>
void ExpectLiterals(const std::vector<LiteralRow>& rows) {
  for (const LiteralRow& row : rows) {
    SCOPED_TRACE(row.text);
    const std::string printed = Reprinted<T>(row.text);
    if (absl::StartsWith(row.printed, "! ")) {
      EXPECT_TRUE(absl::StartsWith(printed, "! ")) << printed;
      EXPECT_THAT(printed, HasSubstr(row.printed.substr(2)));
    } else {
      EXPECT_EQ(printed, row.printed);
      EXPECT_EQ(Reprinted<T>(printed), row.printed);
    }
  }
}

// "[15.5, 16.5)"; "(50, ..]" is a half-line.
std::string ToText(const Interval& interval) {
  const auto& [lower, upper] = interval;
  return absl::StrCat(lower && !lower->closed ? "(" : "[",
                      lower ? lower->number.ToString() : "..", ", ",
                      upper ? upper->number.ToString() : "..",
                      upper && !upper->closed ? ")" : "]");
}

std::string ToText(const DayRange& days) {
  if (days.empty()) return "never";
  return absl::StrCat(ToString(days.first), " - ", ToString(days.last));
}

Interval ToleranceOf(absl::string_view text) {
  const auto quantity = Quantity::Parse(text);
  if (quantity.ok()) return quantity->Tolerance();
  return PrintedPrecision(Dec(text));
}

// --- Random values -----------------------------------------------------------

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}

  int64_t Between(int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(engine_);
  }
  uint64_t Bits() { return engine_(); }
  bool Coin() { return Between(0, 1) == 1; }

  std::string Digits(int64_t count) {
    std::string digits;
    // Many zeros or nines, too: the limit of 38 digits is met by carries.
    const int64_t lowest = Between(0, 3) == 0 ? 9 : 0;
    const int64_t highest = Between(0, 3) == 0 ? lowest : 9;
    while (std::ssize(digits) < count) {
      digits.push_back(static_cast<char>('0' + Between(lowest, highest)));
    }
    return digits;
  }

  std::string Text() {
    std::string text;
    for (int64_t left = Between(0, 6); left > 0; --left) {
      text.push_back(static_cast<char>(Between(0, 127)));
    }
    return text;
  }

  Decimal Number() {
    const int64_t fraction = Between(0, 19);
    std::string text = absl::StrCat(Coin() ? "-" : "", Digits(Between(1, 19)));
    if (fraction > 0) absl::StrAppend(&text, ".", Digits(fraction));
    if (Coin()) absl::StrAppend(&text, "e", Between(-20, 20));
    return Dec(text);
  }

  Date ADate() {
    Date::Parts parts{.year = static_cast<int>(Between(1, 9999)),
                      .precision = static_cast<Date::Precision>(Between(0, 4)),
                      .approximate = Coin(),
                      .uncertain = Coin()};
    constexpr int kParts[] = {0, 2, 4, 12, 12};
    const int parts_per_year = kParts[static_cast<int>(parts.precision)];
    if (parts_per_year > 0) {
      parts.part = static_cast<int>(Between(1, parts_per_year));
    }
    if (parts.precision == Date::Precision::kDay) {
      parts.day = static_cast<int>(Between(1, 28));
    }
    return *Date::Make(parts);
  }

  Bound ABound() {
    const int64_t kind = Between(0, 3);
    if (kind == 0) return OpenBound{};
    if (kind == 1) return UnknownBound{};
    return ADate();
  }

  When AWhen() {
    if (Coin()) return When(ADate());
    const auto interval = When::Interval(ABound(), ABound());
    return interval.ok() ? *interval : AWhen();
  }

  Quantity AQuantity() {
    const std::string units[] = {"%", "x", "CNY", "wafers/month", ""};
    const std::string& unit = units[Between(0, 4)];
    const auto op = static_cast<QuantityOp>(Between(0, 8));
    if (op != QuantityOp::kRange) return Quantity(op, Number(), unit);
    const auto range =
        Quantity::Range({Number(), Coin()}, {Number(), Coin()}, unit);
    return range.ok() ? *range : AQuantity();
  }

  DateTime ATime() {
    const DateTime time{static_cast<int64_t>(Bits()) / 64};
    return time.IsValid() ? time : ATime();
  }

  Value AValue(int depth = 0);

 private:
  std::mt19937_64 engine_;
};

Value Random::AValue(int depth) {
  const auto last = depth < 3 ? Value::Kind::kMap : Value::Kind::kQuantity;
  switch (static_cast<Value::Kind>(Between(0, static_cast<int64_t>(last)))) {
    case Value::Kind::kNull:
      return Value();
    case Value::Kind::kBool:
      return Value(Coin());
    case Value::Kind::kInt:
      return Value(Coin() ? static_cast<int64_t>(Bits()) : Between(-9, 9));
    case Value::Kind::kDouble:
      return Value(Coin() ? std::bit_cast<double>(Bits())
                          : static_cast<double>(Between(-2, 2)));
    case Value::Kind::kDecimal:
      return Value(Number());
    case Value::Kind::kText:
      return Value::String(Text(), Coin() ? "en" : "");
    case Value::Kind::kBytes:
      return Value(Bytes{Text()});
    case Value::Kind::kDate:
      return Value(ADate());
    case Value::Kind::kInterval:
      return Value(AWhen());
    case Value::Kind::kDateTime:
      return Value(ATime());
    case Value::Kind::kDuration:
      return Value(Duration{.months = static_cast<int32_t>(Between(-30, 30)),
                            .days = static_cast<int32_t>(Between(-9, 9)),
                            .seconds = Between(-99999, 99999)});
    case Value::Kind::kQuantity:
      return Value(AQuantity());
    case Value::Kind::kList: {
      List list;
      for (int64_t i = Between(0, 3); i > 0; --i) {
        list.push_back(AValue(depth + 1));
      }
      return Value(std::move(list));
    }
    case Value::Kind::kMap: {
      Map map;
      for (int64_t i = Between(0, 3); i > 0; --i) {
        map.insert_or_assign(Text(), AValue(depth + 1));
      }
      return Value(std::move(map));
    }
  }
  return Value();
}

std::string Encode(const Value& value) {
  std::string bytes;
  PutValue(value, &bytes);
  return bytes;
}

Value Nested(int depth) {
  Value value;
  for (int i = 0; i < depth; ++i) value = Value(List{value});
  return value;
}

// --- Decimal -----------------------------------------------------------------

TEST(DecimalTest, KeepsThePrintedForm) {
  ExpectLiterals<Decimal>({
      {"0", "0"},
      {"-0", "0"},
      {"-0.0", "0.0"},
      {"007", "7"},
      {"-3", "-3"},
      {"40.50", "40.50"},
      {"0.0005", "0.0005"},
      {"28.81e9", "28.81e9"},
      {"28.81E+09", "28.81e9"},
      {"1.5e0", "1.5"},
      {"10e-1", "10e-1"},
      {"0.00e5", "0.00e5"},
      {"1e1000", "1e1000"},
      {"1e-1000", "1e-1000"},
      {"99999999999999999999999999999999999999",
       "99999999999999999999999999999999999999"},
      {"0.00000000000000000000000000000000000001",
       "0.00000000000000000000000000000000000001"},
      {"1e1001", "! between 1e-1000 and 1e1000"},
      {"10e1000", "! between 1e-1000 and 1e1000"},
      {"1e-99999999999999999999", "! between 1e-1000 and 1e1000"},
      {"100000000000000000000000000000000000000", "! at most 38 digits"},
      {"0.000000000000000000000000000000000000001", "! at most 38 digits"},
      {"", "! expected digits"},
      {"-", "! expected digits"},
      {"+1", "! expected digits"},
      {".5", "! expected digits"},
      {"5.", "! expected digits"},
      {"1e", "! expected digits"},
      {"1e+", "! expected digits"},
      {"1,5", "! \"1,5\" is no number"},
      {" 1", "! expected digits"},
      {"0x10", "! expected digits"},
      {"nan", "! expected digits"},
  });
}

TEST(DecimalTest, NumbersCompareAsNumbersAndIdentityAsPrinted) {
  const char* const equal[] = {"1", "1.0", "10e-1", "0.1e1"};
  for (const char* a : equal) {
    for (const char* b : equal) {
      EXPECT_EQ(CompareNumbers(Dec(a), Dec(b)), std::strong_ordering::equal);
      EXPECT_EQ(Dec(a) == Dec(b), a == b);
      EXPECT_EQ((Dec(a) <=> Dec(b)) == 0, a == b);
    }
  }

  const char* const rising[] = {"-1e1000",
                                "-2",
                                "-1.5e0",
                                "-1e-1000",
                                "0e900",
                                "1e-1000",
                                "0.1",
                                "1",
                                "99999999999999999999999999999999999998",
                                "99999999999999999999999999999999999999",
                                "1.0000000000000000000000000000000000001e38",
                                "1e39",
                                "9e999",
                                "1e1000"};
  for (size_t i = 0; i + 1 < std::size(rising); ++i) {
    EXPECT_TRUE(CompareNumbers(Dec(rising[i]), Dec(rising[i + 1])) < 0)
        << rising[i];
    EXPECT_TRUE(CompareNumbers(Dec(rising[i + 1]), Dec(rising[i])) > 0)
        << rising[i];
  }
}

TEST(DecimalTest, ArithmeticPrintsAsItsOperandsDid) {
  EXPECT_EQ(Add(Dec("28.81e9"), Dec("1e9"))->ToString(), "29.81e9");
  EXPECT_EQ(Add(Dec("1.50"), Dec("1.5"))->ToString(), "3.00");
  EXPECT_EQ(Subtract(Dec("16"), Dec("0.5"))->ToString(), "15.5");
  EXPECT_EQ(Multiply(Dec("28.81e9"), Dec("0.16"))->ToString(), "4.6096e9");
  EXPECT_EQ(Multiply(Dec("51"), Dec("0.01"))->ToString(), "0.51");
}

TEST(DecimalTest, ArithmeticIsExactAtTheLimitOrRefused) {
  const Decimal most = Dec("99999999999999999999999999999999999999");
  EXPECT_EQ(Add(most, Dec("1"))->ToString(),
            "10000000000000000000000000000000000000e1");
  EXPECT_EQ(Add(most, most), std::nullopt);
  EXPECT_EQ(Subtract(Dec("1e38"), Dec("1")), most);
  EXPECT_EQ(Add(Dec("1e38"), Dec("1")), std::nullopt);
  EXPECT_EQ(Add(Dec("1e1000"), Dec("0")), Dec("1e1000"));
  EXPECT_EQ(Add(Dec("9e1000"), Dec("1e1000")), std::nullopt);
  EXPECT_EQ(Multiply(Dec("1e600"), Dec("1e600")), std::nullopt);
  EXPECT_EQ(Multiply(Dec("1267650600228229401496703205376"),  // 2^100, 5^50
                     Dec("88817841970012523233890533447265625")),
            Dec("1125899906842624e50"));
}

// A whole number of any length, lowest digit first: slow and obvious.
struct Big {
  bool negative = false;
  std::vector<int> digits;
};

Big ToBig(const Decimal& number, int exponent) {
  Big big;
  big.digits.assign(static_cast<size_t>(number.exponent() - exponent), 0);
  Int128 left = number.coefficient();
  big.negative = left < 0;
  for (; left != 0; left /= 10) {
    big.digits.push_back(std::abs(static_cast<int>(left % 10)));
  }
  return big;
}

void Normalize(Big& big) {
  while (!big.digits.empty() && big.digits.back() == 0) big.digits.pop_back();
  if (big.digits.empty()) big.negative = false;
}

// Digits may be of any size and sign; the result has them from 0 to 9.
Big Carried(std::vector<int> digits) {
  for (int pass = 0; pass < 2; ++pass) {
    int carry = 0;
    for (int& digit : digits) {
      const int sum = digit + carry;
      carry = sum / 10 - (sum % 10 < 0 ? 1 : 0);
      digit = sum - carry * 10;
    }
    for (; carry > 0; carry /= 10) digits.push_back(carry % 10);
    if (carry == 0) {
      Big big{.negative = pass == 1, .digits = std::move(digits)};
      Normalize(big);
      return big;
    }
    // Below zero: undo the borrow behind the last digit and change the sign.
    digits.push_back(carry);
    for (int& digit : digits) digit = -digit;
  }
  ADD_FAILURE() << "no carry after a change of sign";
  return {};
}

Big AddBig(const Big& a, const Big& b) {
  std::vector<int> sum(std::max(a.digits.size(), b.digits.size()), 0);
  for (const Big* big : {&a, &b}) {
    for (size_t i = 0; i < big->digits.size(); ++i) {
      sum[i] += big->negative ? -big->digits[i] : big->digits[i];
    }
  }
  return Carried(std::move(sum));
}

Big MultiplyBig(const Big& a, const Big& b) {
  std::vector<int> product(a.digits.size() + b.digits.size(), 0);
  for (size_t i = 0; i < a.digits.size(); ++i) {
    for (size_t j = 0; j < b.digits.size(); ++j) {
      product[i + j] += a.digits[i] * b.digits[j];
    }
  }
  Big big = Carried(std::move(product));
  big.negative = a.negative != b.negative;
  Normalize(big);
  return big;
}

// Whether `result` is the number `want` * 10^exponent, or is missing because
// that needs more than 38 digits.
void ExpectResult(const std::optional<Decimal>& result, Big want,
                  int exponent) {
  Normalize(want);
  size_t zeros = 0;
  while (zeros < want.digits.size() && want.digits[zeros] == 0) ++zeros;
  const size_t needed = want.digits.size() - zeros;
  ASSERT_EQ(result.has_value(), needed <= size_t{Decimal::kMaxDigits});
  if (!result.has_value()) return;
  // The result may have a smaller exponent only if it is zero.
  Big got = ToBig(*result, std::min(exponent, result->exponent()));
  Normalize(got);
  EXPECT_EQ(got.negative, want.negative);
  EXPECT_EQ(got.digits, want.digits);
}

TEST(DecimalTest, ArithmeticAgreesWithLongHand) {
  const unsigned seed = Seed();
  SCOPED_TRACE(absl::StrCat("GUANXI_TEST_SEED=", seed));
  Random random(seed);
  for (int i = 0; i < kRandomRounds; ++i) {
    const Decimal a = random.Number();
    const Decimal b = random.Number();
    SCOPED_TRACE(absl::StrCat(a.ToString(), " and ", b.ToString()));
    const int exponent = std::min(a.exponent(), b.exponent());
    Big x = ToBig(a, exponent);
    Big y = ToBig(b, exponent);

    ExpectResult(Add(a, b), AddBig(x, y), exponent);
    ExpectResult(Multiply(a, b), MultiplyBig(x, y), 2 * exponent);
    y.negative = !y.negative;
    const Big difference = AddBig(x, y);
    ExpectResult(Subtract(a, b), difference, exponent);
    const auto order = CompareNumbers(a, b);
    EXPECT_EQ(order == 0, difference.digits.empty());
    EXPECT_EQ(order < 0, difference.negative);
    EXPECT_EQ(Dec(a.ToString()), a);
  }
}

TEST(DecimalTest, ProductsOfTwosAndFivesFitWhenTheirTensCancel) {
  Decimal two(1);
  for (int i = 0; i <= 126; ++i) {
    if (i > 0) two = *Multiply(two, Decimal(2));
    Decimal five(1);
    for (int j = 0; j <= 54; ++j) {
      if (j > 0) five = *Multiply(five, Decimal(5));
      ExpectResult(Multiply(two, five),
                   MultiplyBig(ToBig(two, 0), ToBig(five, 0)), 0);
    }
  }
}

TEST(DecimalTest, ArithmeticAgreesWithWholeNumbers) {
  const unsigned seed = Seed();
  SCOPED_TRACE(absl::StrCat("GUANXI_TEST_SEED=", seed));
  Random random(seed);
  constexpr int kScale = 6;
  for (int i = 0; i < kRandomRounds; ++i) {
    const int64_t x = random.Between(-1'000'000'000, 1'000'000'000);
    const int64_t y = random.Between(-1'000'000'000, 1'000'000'000);
    const Decimal a = *Decimal::Make(x, -kScale, kScale);
    const Decimal b = *Decimal::Make(y, -kScale, kScale);

    EXPECT_EQ(Add(a, b), *Decimal::Make(x + y, -kScale, kScale));
    EXPECT_EQ(Subtract(a, b), *Decimal::Make(x - y, -kScale, kScale));
    EXPECT_EQ(Multiply(a, b),
              *Decimal::Make(Int128{x} * y, -2 * kScale, 2 * kScale));
    EXPECT_EQ(CompareNumbers(a, b), x <=> y);
    EXPECT_DOUBLE_EQ(a.ToDouble(), static_cast<double>(x) / 1e6);
  }
}

// --- Quantity ----------------------------------------------------------------

TEST(QuantityTest, KeepsThePrintedForm) {
  ExpectLiterals<Quantity>({
      {"16%", "16%"},
      {"16 %", "16%"},
      {">40 x", ">40x"},
      {"44.5x", "44.5x"},
      {"4e9 EUR", "4e9 EUR"},
      {"4e9EUR", "4e9 EUR"},
      {"4 \t EUR", "4 EUR"},
      {"4EUR", "4 EUR"},
      {">580e9 CNY", ">580e9 CNY"},
      {"~4.03e9 USD", "~4.03e9 USD"},
      {"<~4e9 CNY", "<~4e9 CNY"},
      {">~4e9", ">~4e9"},
      {">=2", ">=2"},
      {"<=-2.50%", "<=-2.50%"},
      {"<50%", "<50%"},
      {"25..50%", "25..50%"},
      {"25<..50 %", "25<..50%"},
      {"25..<50%", "25..<50%"},
      {"25<..<50%", "25<..<50%"},
      {"25..50", "25..50"},
      {"2.5e3..2.6e3 CNY", "2.5e3..2.6e3 CNY"},
      {"-5..-4.5x", "-5..-4.5x"},
      {"81 'wafers'", "81 'wafers'"},
      {"81'wafers/month'", "81 'wafers/month'"},
      {"5 'CNY'", "5 CNY"},
      {"5 '%'", "5%"},
      {"16", "! expected %, x, a currency"},
      {"16 eur", "! at byte 3"},
      {"16 EURO", "! expected a unit or the end at byte 6"},
      {"16%%", "! expected a unit or the end at byte 3"},
      {"16% ", "! expected a unit or the end at byte 3"},
      {"%", "! expected a number at byte 0"},
      {"~ 80%", "! expected a number at byte 1"},
      {"25..", "! expected a number at byte 4"},
      {"50..25%", "! no number lies in it"},
      {"25<..25%", "! no number lies in it"},
      {"~25..50%", "! expected a unit or the end at byte 3"},
      {"5 ''", "! expected the name of a unit"},
      {"5 'mm", "! expected ' later"},
      {"5 'a\nb'", "! expected a unit of one line"},
      {"5.%", "! at byte 1"},
  });
}

TEST(QuantityTest, ToleranceIsWhatTheLiteralCanMean) {
  const LiteralRow rows[] = {
      {"16%", "[15.5, 16.5)"},
      {"16.0%", "[15.95, 16.05)"},
      {"-16%", "[-16.5, -15.5)"},
      {"0%", "[-0.5, 0.5)"},
      {"4e9 EUR", "[3.5e9, 4.5e9)"},
      {"28.81e9", "[28.805e9, 28.815e9)"},
      {"40", "[40, 40]"},
      {"40.0", "[39.95, 40.05)"},
      {"400 'wafers'", "[399.5, 400.5)"},
      {"~80%", "[76.00, 84.00]"},
      {"~-80%", "[-84.00, -76.00]"},
      {"~0%", "[0.00, 0.00]"},
      {"<~4e9", "[360e7, 4e9]"},
      {"<~-10%", "[-10, -9.00]"},
      {">~10%", "[10, 11.00]"},
      {">~-10%", "[-11.00, -10]"},
      {">50%", "(50, ..]"},
      {"<=50%", "[.., 50]"},
      {"25<..50%", "(25, 50]"},
      {"99999999999999999999999999999999999999%",
       "[99999999999999999999999999999999999999, "
       "99999999999999999999999999999999999999]"},
      {"1e-1000%", "[1e-1000, 1e-1000]"},
      {"0.00000000000000000000000000000000000001%",
       "[0.00000000000000000000000000000000000005e-1, "
       "0.00000000000000000000000000000000000015e-1)"},
      {"<~99999999999999999999999999999999999999",
       "[9000000000000000000000000000000000000e1, "
       "99999999999999999999999999999999999999]"},
  };
  for (const LiteralRow& row : rows) {
    EXPECT_EQ(ToText(ToleranceOf(row.text)), row.printed) << row.text;
  }
}

TEST(QuantityTest, StatedEndsHaveNoPrecision) {
  const LiteralRow rows[] = {
      {"16%", "[16, 16]"},  {"~80%", "[80, 80]"},     {"<~4e9", "[4e9, 4e9]"},
      {">50%", "(50, ..]"}, {"25..<50%", "[25, 50)"},
  };
  for (const LiteralRow& row : rows) {
    EXPECT_EQ(ToText(Quantity::Parse(row.text)->Stated()), row.printed);
  }
}

TEST(QuantityTest, ABareIntegerIsExactWithoutUnitOnly) {
  const Quantity plain(QuantityOp::kExact, Dec("40"), "");
  const Quantity share(QuantityOp::kExact, Dec("40"), "%");

  EXPECT_EQ(ToText(plain.Tolerance()), "[40, 40]");
  EXPECT_EQ(ToText(share.Tolerance()), "[39.5, 40.5)");
}

TEST(QuantityTest, RandomOnesReadBack) {
  const unsigned seed = Seed();
  SCOPED_TRACE(absl::StrCat("GUANXI_TEST_SEED=", seed));
  Random random(seed);
  for (int i = 0; i < kRandomRounds; ++i) {
    const Quantity quantity = random.AQuantity();
    if (quantity.op() == QuantityOp::kExact && quantity.unit().empty())
      continue;

    EXPECT_THAT(Quantity::Parse(quantity.ToString()), IsOkAndHolds(quantity))
        << quantity.ToString();
    EXPECT_FALSE(quantity.Tolerance().empty()) << quantity.ToString();
  }
}

TEST(IntervalTest, IntersectionKeepsTheTighterEnds) {
  const Interval whole;
  const Interval half = Quantity::Parse(">50%")->Stated();
  const Interval closed = Quantity::Parse("50..60%")->Stated();
  const Interval open = Quantity::Parse("50<..<60%")->Stated();

  EXPECT_EQ(ToText(Intersect(whole, half)), "(50, ..]");
  EXPECT_EQ(ToText(Intersect(half, closed)), "(50, 60]");
  EXPECT_EQ(ToText(Intersect(closed, open)), "(50, 60)");
  EXPECT_TRUE(Intersect(half, Interval::Point(Dec("50"))).empty());
  EXPECT_FALSE(Intersect(closed, Interval::Point(Dec("50"))).empty());
}

TEST(IntervalTest, WidthsAndLowerEndsOrder) {
  const auto stated = [](absl::string_view text) {
    return Quantity::Parse(text)->Stated();
  };
  const Interval narrow_to_wide[] = {
      stated("5%"),
      stated("0..1e-1000"),
      stated("1..1.0000000000000000000000000000000000001"),
      stated("1..3"),
      stated("1e-1000..3"),  // 42 digits short of 3; rounded to it
      stated("-9e1000..9e1000"),
      stated(">5"),
      Interval(),
  };
  for (size_t i = 0; i < std::size(narrow_to_wide); ++i) {
    for (size_t j = 0; j < std::size(narrow_to_wide); ++j) {
      EXPECT_EQ(CompareWidths(narrow_to_wide[i], narrow_to_wide[j]), i <=> j)
          << i << " " << j;
    }
  }
  EXPECT_TRUE(CompareWidths(stated("1e-1000..3"), stated("0..3")) == 0);

  EXPECT_TRUE(CompareLowerEnds(stated("<5"), stated("-9e1000..5")) < 0);
  EXPECT_TRUE(CompareLowerEnds(stated("5..6"), stated("5<..6")) < 0);
  EXPECT_TRUE(CompareLowerEnds(stated("5..6"), stated("5.0..9")) == 0);
  EXPECT_TRUE(CompareLowerEnds(stated("<5"), stated("<7")) == 0);
}

// --- Days, dates and intervals of dates --------------------------------------

TEST(DateTest, KeepsThePrintedForm) {
  ExpectLiterals<Date>({
      {"2025", "2025"},
      {"0001", "0001"},
      {"2025-H1", "2025-H1"},
      {"2025-Q4", "2025-Q4"},
      {"2025-33", "2025-Q1"},
      {"2025-36", "2025-Q4"},
      {"2025-40", "2025-H1"},
      {"2025-41", "2025-H2"},
      {"2025-09", "2025-09"},
      {"2024-02-29", "2024-02-29"},
      {"2025~", "2025~"},
      {"2025-09?", "2025-09?"},
      {"2025-09-30~?", "2025-09-30~?"},
      {"2025-13", "! months go from 01 to 12"},
      {"2025-00", "! months go from 01 to 12"},
      {"2025-21", "! quarters are Q1 to Q4 or 33 to 36"},
      {"2025-Q5", "! quarters are Q1 to Q4 or 33 to 36"},
      {"2025-H0", "! halves H1, H2"},
      {"2025-02-30", "! this month has the days 01 to 28"},
      {"2024-02-30", "! this month has the days 01 to 29"},
      {"1900-02-29", "! this month has the days 01 to 28"},
      {"2025-04-31", "! this month has the days 01 to 30"},
      {"2025-04-00", "! this month has the days 01 to 30"},
      {"0000", "! years go from 0001 to 9999"},
      {"0000-01-01", "! years go from 0001 to 9999"},
      {"", "! expected a date such as 2025"},
      {"25", "! expected a date"},
      {"20250", "! then ~, ? or ~?"},
      {"2025-", "! expected a date"},
      {"2025-9", "! expected a date"},
      {"2025-09-3", "! expected a date"},
      {"2025-Q1-01", "! expected a date"},
      {"2025-h1", "! expected a date"},
      {"2025?~", "! then ~, ? or ~?"},
      {"2025/2026", "! expected a date"},
      {"-2025", "! expected a date"},
  });
}

TEST(DateTest, DaysFollowTheCalendar) {
  Day day{-135140};  // 1600-01-01
  for (int year = 1600; year <= 2400; ++year) {
    const Day first_of_year = day;
    for (int month = 1; month <= 12; ++month) {
      const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
      constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
      const int count = kDays[month - 1] + (month == 2 && leap ? 1 : 0);
      const Date by_month = *Date::Make(
          {.year = year, .precision = Date::Precision::kMonth, .part = month});
      ASSERT_EQ(by_month.days().first, day);
      for (int i = 1; i <= count; ++i, day = After(day)) {
        const Date date = Date::FromDay(day);
        ASSERT_EQ(date.parts().year, year);
        ASSERT_EQ(date.parts().part, month);
        ASSERT_EQ(date.parts().day, i);
        ASSERT_EQ(date.days(), (DayRange{day, day}));
      }
      ASSERT_EQ(by_month.days().last, Before(day));
    }
    ASSERT_EQ(Date::FromYear(year).days(),
              (DayRange{first_of_year, Before(day)}));
  }
}

TEST(DateTest, DaysOutsideTheYearsOfDatesAreClamped) {
  EXPECT_EQ(Date::FromDay(kEndOfTime).ToString(), "9999-12-31");
  EXPECT_EQ(Date::FromDay(kBeginningOfTime).ToString(), "0001-01-01");
  EXPECT_EQ(ToString(After(ToDate("9999").days().last)), "10000-01-01");
}

TEST(DateTest, PartsOfAYearCoverIt) {
  const LiteralRow rows[] = {
      {"2024", "2024-01-01 - 2024-12-31"},
      {"2024-H1", "2024-01-01 - 2024-06-30"},
      {"2024-H2", "2024-07-01 - 2024-12-31"},
      {"2024-Q1", "2024-01-01 - 2024-03-31"},
      {"2024-Q2", "2024-04-01 - 2024-06-30"},
      {"2024-Q3", "2024-07-01 - 2024-09-30"},
      {"2024-Q4", "2024-10-01 - 2024-12-31"},
      {"2024-02~", "2024-02-01 - 2024-02-29"},
      {"9999-12-31?", "9999-12-31 - 9999-12-31"},
      {"0001", "0001-01-01 - 0001-12-31"},
  };
  for (const LiteralRow& row : rows) {
    EXPECT_EQ(ToText(ToDate(row.text).days()), row.printed);
  }
}

TEST(DateTest, OrdersByFirstDayThenLastThenFlags) {
  const char* const rising[] = {"2024",    "2025-01-01", "2025-01", "2025-Q1",
                                "2025-H1", "2025",       "2025?",   "2025~",
                                "2025~?",  "2025-02"};
  for (size_t i = 0; i < std::size(rising); ++i) {
    for (size_t j = 0; j < std::size(rising); ++j) {
      EXPECT_EQ(ToDate(rising[i]) <=> ToDate(rising[j]), i <=> j);
    }
  }
}

TEST(DayTest, PrintsAndParses) {
  EXPECT_EQ(ToString(Day{0}), "1970-01-01");
  EXPECT_EQ(ToString(Day{-1}), "1969-12-31");
  EXPECT_EQ(ToString(kEndOfTime), "..");
  EXPECT_EQ(ToString(kBeginningOfTime), "..");
  EXPECT_EQ(ToString(Before(kEndOfTime)), "..");
  EXPECT_EQ(ToString(After(kBeginningOfTime)), "..");
  EXPECT_THAT(ParseDay("1970-01-02"), IsOkAndHolds(Day{1}));
  EXPECT_THAT(ParseDay("1970-01"), StatusIs(absl::StatusCode::kInvalidArgument,
                                            HasSubstr("YYYY-MM-DD")));
  EXPECT_THAT(ParseDay("1970-01-01~"), Not(IsOk()));
}

TEST(WhenTest, KeepsThePrintedForm) {
  ExpectLiterals<When>({
      {"2025-H1", "2025-H1"},
      {"2025/2025", "2025/2025"},
      {"2022/..", "2022/.."},
      {"../2024", "../2024"},
      {"/2023-05", "/2023-05"},
      {"2023-05~/", "2023-05~/"},
      {"2023-06/2023", "2023-06/2023"},
      {"/", "! at least one end must be a date"},
      {"../", "! at least one end must be a date"},
      {"../..", "! at least one end must be a date"},
      {"2023/2020", "! it ends before it starts"},
      {"2023-06-02/2023-06-01", "! it ends before it starts"},
      {"2022/...", "! expected a date"},
      {"2022/2023/2024", "! expected a date"},
      {"2022-13/..", "! months go from 01 to 12"},
      {"", "! expected a date"},
  });
}

TEST(WhenTest, HoldsDuringAndHasHappenedAt) {
  struct Row {
    std::string text;
    std::string possible;
    std::string certain;
    std::string happened_possible;
    std::string happened_certain;
  };
  const Row rows[] = {
      {"2022", "2022-01-01 - 2022-12-31", "2022-01-01 - 2022-12-31",
       "2022-01-01 - ..", "2022-12-31 - .."},
      {"2022~", "2022-01-01 - 2022-12-31", "2022-01-01 - 2022-12-31",
       "2022-01-01 - ..", "2022-12-31 - .."},
      {"2020/2023", "2020-01-01 - 2023-12-31", "2020-12-31 - 2023-01-01",
       "2020-01-01 - ..", "2023-12-31 - .."},
      {"2025/2025", "2025-01-01 - 2025-12-31", "never", "2025-01-01 - ..",
       "2025-12-31 - .."},
      {"2022-12-16/2023-03-01", "2022-12-16 - 2023-03-01",
       "2022-12-16 - 2023-03-01", "2022-12-16 - ..", "2023-03-01 - .."},
      {"2022/..", "2022-01-01 - ..", "2022-12-31 - ..", "2022-01-01 - ..",
       "never"},
      {"../2024", ".. - 2024-12-31", ".. - 2024-01-01", ".. - ..",
       "2024-12-31 - .."},
      {"2022-05-01/", "2022-05-01 - ..", "2022-05-01 - 2022-05-01",
       "2022-05-01 - ..", "never"},
      {"2022/", "2022-01-01 - ..", "never", "2022-01-01 - ..", "never"},
      {"/2022-05-01", ".. - 2022-05-01", "2022-05-01 - 2022-05-01", ".. - ..",
       "2022-05-01 - .."},
      {"/2022", ".. - 2022-12-31", "never", ".. - ..", "2022-12-31 - .."},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.text);
    const When when = ToWhen(row.text);
    EXPECT_EQ(ToText(when.During().possible), row.possible);
    EXPECT_EQ(ToText(when.During().certain), row.certain);
    EXPECT_EQ(ToText(when.Happened().possible), row.happened_possible);
    EXPECT_EQ(ToText(when.Happened().certain), row.happened_certain);
    EXPECT_EQ(ToText(when.days()), row.possible);
  }
}

TEST(WhenTest, StartIsTheRangeOfItsFirstBound) {
  const LiteralRow rows[] = {
      {"2022", "2022-01-01 - 2022-12-31"},
      {"2020/2023", "2020-01-01 - 2020-12-31"},
      {"2020/", "2020-01-01 - 2020-12-31"},
      {"/2023", ".. - 2023-12-31"},
  };
  for (const LiteralRow& row : rows) {
    EXPECT_EQ(ToText(ToWhen(row.text).start_days()), row.printed);
  }
  EXPECT_EQ(ToWhen("../2023").start_days(),
            (DayRange{kBeginningOfTime, kBeginningOfTime}));
}

TEST(WhenTest, CertainDaysLieWithinPossibleOnes) {
  const unsigned seed = Seed();
  SCOPED_TRACE(absl::StrCat("GUANXI_TEST_SEED=", seed));
  Random random(seed);
  for (int i = 0; i < kRandomRounds; ++i) {
    const When when = random.AWhen();
    SCOPED_TRACE(when.ToString());
    for (const Span& span : {when.During(), when.Happened()}) {
      EXPECT_FALSE(span.possible.empty());
      EXPECT_TRUE(span.certain == kNoDays ||
                  Intersect(span.possible, span.certain) == span.certain);
    }
    EXPECT_THAT(When::Parse(when.ToString()), IsOkAndHolds(when));
  }
}

// --- Vectors -----------------------------------------------------------------

std::vector<nlohmann::json> VectorsWith(absl::string_view prefix) {
  std::ifstream file(GUANXI_SOURCE_DIR "/tests/vectors/domain.json");
  std::vector<nlohmann::json> found;
  for (const auto& row : nlohmann::json::parse(file)) {
    const auto id = row["id"].get<std::string>();
    if (absl::StartsWith(id, prefix)) found.push_back(row);
  }
  EXPECT_GE(found.size(), 3U) << prefix;
  return found;
}

TEST(VectorTest, Dates) {
  for (const auto& row : VectorsWith("DATE-")) {
    SCOPED_TRACE(row["id"]);
    const auto literal = row["literal"].get<std::string>();
    const DayRange days = ToDate(literal).days();
    EXPECT_EQ(ToString(days.first), row["expect"][0]);
    EXPECT_EQ(ToString(After(days.last)), row["expect"][1]);
  }
}

TEST(VectorTest, Holds) {
  for (const auto& row : VectorsWith("HOLDS-")) {
    SCOPED_TRACE(row["id"]);
    const When when = ToWhen(row["interval"].get<std::string>());
    const Day day = *ParseDay(row["day"].get<std::string>());
    const auto expect = row["expect"].get<std::string>();
    EXPECT_EQ(ToString(when.During().HoldsOn(day)), expect);
  }
}

TEST(VectorTest, Compatibility) {
  for (const auto& row : VectorsWith("COMPAT-")) {
    SCOPED_TRACE(row["id"]);
    const Interval a = ToleranceOf(row["a"].get<std::string>());
    const Interval b = ToleranceOf(row["b"].get<std::string>());
    EXPECT_EQ(!Intersect(a, b).empty(), row["expect"].get<bool>());
  }
}

// --- Instants and durations --------------------------------------------------

TEST(DateTimeTest, KeepsTheInstant) {
  ExpectLiterals<DateTime>({
      {"2025-09-01T08:30:00.25+08:00", "2025-09-01T00:30:00.25Z"},
      {"2025-09-01T00:30:00-00:30", "2025-09-01T01:00:00Z"},
      {"2025-01-01T00:00:00+00:01", "2024-12-31T23:59:00Z"},
      {"1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"},
      {"1970-01-01t00:00:00z", "1970-01-01T00:00:00Z"},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
      {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
      {"2025-09-01T08:30:00.000100Z", "2025-09-01T08:30:00.0001Z"},
      {"0001-01-01T00:00:00+00:01", "! years go from 0001 to 9999"},
      {"2025-02-30T00:00:00Z", "! this month has the days 01 to 28"},
      {"2025-09-01", "! expected RFC 3339"},
      {"2025-09-01T08:30Z", "! expected RFC 3339"},
      {"2025-09-01T08:30:00", "! expected RFC 3339"},
      {"2025-09-01T24:00:00Z", "! expected RFC 3339"},
      {"2025-09-01T08:60:00Z", "! expected RFC 3339"},
      {"2016-12-31T23:59:60Z", "! expected RFC 3339"},
      {"2025-09-01T08:30:00.Z", "! expected RFC 3339"},
      {"2025-09-01T08:30:00.1234567Z", "! expected RFC 3339"},
      {"2025-09-01T08:30:00+0800", "! expected RFC 3339"},
      {"2025-09-01T08:30:00Zx", "! expected RFC 3339"},
      {"2025-09T08:30:00Z", "! expected YYYY-MM-DD"},
  });
  EXPECT_EQ(DateTime::Parse("1969-12-31T23:59:59.5Z")->day(), Day{-1});
  EXPECT_FALSE(
      DateTime{std::numeric_limits<int64_t>::min()}.ToString().empty());
}

TEST(DurationTest, PrintsTheLargestUnitsFirst) {
  ExpectLiterals<Duration>({
      {"P1Y", "P1Y"},
      {"P3M", "P3M"},
      {"P14M", "P1Y2M"},
      {"P2W", "P14D"},
      {"P1Y2M3DT4H5M6S", "P1Y2M3DT4H5M6S"},
      {"PT1H30M", "PT1H30M"},
      {"PT90M", "PT1H30M"},
      {"PT36H", "PT36H"},
      {"P0D", "P0D"},
      {"PT0S", "P0D"},
      {"P", "! expected ISO 8601"},
      {"PT", "! expected ISO 8601"},
      {"P1YT", "! expected ISO 8601"},
      {"P1D1M", "! expected ISO 8601"},
      {"P1M1M", "! expected ISO 8601"},
      {"PY", "! expected ISO 8601"},
      {"P1", "! expected ISO 8601"},
      {"P1H", "! expected ISO 8601"},
      {"P0.5Y", "! without fractions"},
      {"-P1D", "! expected ISO 8601"},
      {"P1DT1H ", "! expected ISO 8601"},
      {"P999999999999Y", "! expected ISO 8601"},
      {"PT99999999999999999999S", "! expected ISO 8601"},
      {"PT9223372036854775807S", "PT2562047788015215H30M7S"},
      {"PT9223372036854775807M", "! expected ISO 8601"},
  });
}

TEST(DurationTest, AddsMonthsThenDaysThenWholeDaysOfSeconds) {
  struct Row {
    std::string day, duration, sum;
  };
  const Row rows[] = {
      {"2025-01-31", "P1M", "2025-02-28"},
      {"2024-01-31", "P1M", "2024-02-29"},
      {"2024-02-29", "P1Y", "2025-02-28"},
      {"2025-12-31", "P2M", "2026-02-28"},
      {"2025-01-31", "P1M1D", "2025-03-01"},
      {"2025-01-01", "PT47H", "2025-01-02"},
      {"2025-01-01", "P2W", "2025-01-15"},
      {"0001-01-01", "P9998Y", "9999-01-01"},
      {"2025-01-01", "P178956970Y2147483647D", ".."},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.duration);
    const Day day = *ParseDay(row.day);
    EXPECT_EQ(ToString(AddDuration(day, *Duration::Parse(row.duration))),
              row.sum);
  }
  EXPECT_EQ(AddDuration(kEndOfTime, Duration{.days = 1}), kEndOfTime);
  EXPECT_EQ(ToString(AddDuration(Day{0}, Duration{.months = -1})),
            "1969-12-01");
}

// --- Values ------------------------------------------------------------------

static_assert(!std::is_constructible_v<Value, int>);
static_assert(!std::is_constructible_v<Value, const char*>);
static_assert(!std::is_constructible_v<Value, float>);
static_assert(std::is_nothrow_move_constructible_v<Value>);

TEST(ValueTest, PrintsForTheLanguageAndForPeople) {
  struct Row {
    Value value;
    std::string literal;
    std::string display;
  };
  const Row rows[] = {
      {Value(), "null", "null"},
      {Value(true), "true", "true"},
      {Value(int64_t{-40}), "-40", "-40"},
      {Value(40.5), "double(40.5)", "40.5"},
      {Value(0.1), "double(0.1)", "0.1"},
      {Value(1e300), "double(1e+300)", "1e+300"},
      {Value(-0.0), "double(-0)", "-0"},
      {Value(Dec("28.81e9")), "28.81e9", "28.81e9"},
      {Value::String("a \"b\"\n\x01", "zh-Hans"),
       "\"a \\\"b\\\"\\n\\u0001\"@zh-Hans", "a \"b\"\n\x01"},
      {Value(Bytes{"\xff\x01"}), "bytes(\"/wE=\")", "bytes(\"/wE=\")"},
      {Value(ToDate("2016")), "date(2016)", "2016"},
      {Value(ToDate("2016~")), "date(2016~)", "2016~"},
      {Value(ToDate("2016-05")), "2016-05", "2016-05"},
      {Value(ToWhen("2021/..")), "date(2021/..)", "2021/.."},
      {Value(*DateTime::Parse("2025-09-01T00:00:00Z")), "2025-09-01T00:00:00Z",
       "2025-09-01T00:00:00Z"},
      {Value(*Duration::Parse("PT90M")), "PT1H30M", "PT1H30M"},
      {Value(*Quantity::Parse("4e9 EUR")), "4e9 EUR", "4e9 EUR"},
      {Value(List{Value(int64_t{1}), Value::String("b")}), "[1, \"b\"]",
       "[1, b]"},
      {Value(Map{{"a-b", Value(int64_t{1})}, {"c d", Value(List{})}}),
       "{a-b: 1, \"c d\": []}", "{a-b: 1, \"c d\": []}"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(row.value.ToString(), row.literal);
    EXPECT_EQ(row.value.ToDisplay(), row.display);
  }
}

TEST(ValueTest, KindsOrderByKindThenWithin) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<Value> rising = {
      Value(),
      Value(false),
      Value(true),
      Value(int64_t{-1}),
      Value(int64_t{2}),
      Value(-nan),
      Value(-0.0),
      Value(0.0),
      Value(nan),
      Value(Dec("1.00")),
      Value(Dec("1.0")),
      Value(Dec("1")),
      Value::String("a"),
      Value::String("a", "en"),
      Value::String("b"),
      Value(Bytes{""}),
      Value(ToDate("2016")),
      Value(ToWhen("2016")),
      Value(ToWhen("2016/2016")),
      Value(ToWhen("2016/..")),
      Value(DateTime{}),
      Value(Duration{}),
      Value(*Quantity::Parse("16%")),
      Value(List{}),
      Value(List{Value()}),
      Value(List{Value(), Value()}),
      Value(List{Value(true)}),
      Value(Map{}),
      Value(Map{{"a", Value()}}),
  };
  for (size_t i = 0; i < rising.size(); ++i) {
    for (size_t j = 0; j < rising.size(); ++j) {
      EXPECT_EQ(rising[i] <=> rising[j], i <=> j) << i << " " << j;
      EXPECT_EQ(rising[i] == rising[j], i == j);
    }
  }
}

TEST(ValueTest, OrderHashAndBytesAgreeOnRandomValues) {
  const unsigned seed = Seed();
  SCOPED_TRACE(absl::StrCat("GUANXI_TEST_SEED=", seed));
  Random random(seed);
  const absl::Hash<Value> hash;
  for (int i = 0; i < kRandomRounds; ++i) {
    const Value a = random.AValue();
    const Value b = random.AValue();
    const Value c = random.AValue();
    const Value copy = a;

    EXPECT_EQ(a, copy);
    EXPECT_EQ(hash(a), hash(copy));
    EXPECT_EQ(a == b, Encode(a) == Encode(b));
    EXPECT_EQ((a <=> b) == 0, a == b);
    EXPECT_EQ(a<b, b> a);
    EXPECT_TRUE(!(a < b && b < c) || a < c);
  }
}

// --- Binary form -------------------------------------------------------------

// The file format: these bytes may never change.
TEST(CodecTest, BytesOfEachKind) {
  const std::pair<Value, std::string> rows[] = {
      {Value(), "00"},
      {Value(true), "0101"},
      {Value(int64_t{-2}), "0203"},
      {Value(1.5), "03000000000000f83f"},
      {Value(Dec("-28.81e9")),
       "0481"
       "2d"
       "0e"
       "02"},
      {Value::String("ab", "en"),
       "05026162"
       "02656e"},
      {Value(Bytes{"a"}), "060161"},
      {Value(ToDate("2025")), "0700e90f"},
      {Value(ToDate("2025-H2~")), "0709e90f02"},
      {Value(ToDate("2025-09-30~?")), "071ce90f091e"},
      {Value(ToWhen("2025")), "080000e90f"},
      {Value(ToWhen("2025/..")), "080200e90f"},
      {Value(ToWhen("/2025")), "080700e90f"},
      {Value(DateTime{64}), "098001"},
      {Value(Duration{.months = 1, .days = -1, .seconds = 2}), "0a020104"},
      {Value(*Quantity::Parse("16%")),
       "0b00200000"
       "0125"},
      {Value(*Quantity::Parse("1..<2")),
       "0b18020000040000"
       "00"},
      {Value(List{Value(), Value(false)}), "0c02000100"},
      {Value(Map{{"a", Value()}}), "0d01016100"},
  };
  for (const auto& [value, hex] : rows) {
    const std::string bytes = Encode(value);
    EXPECT_EQ(absl::BytesToHexString(bytes), hex) << value.ToString();
    ByteReader reader(bytes);
    EXPECT_EQ(reader.ReadValue(), value);
    EXPECT_OK(CheckRead(reader, "a value"));
    ByteReader passing(bytes);
    passing.SkipValue();
    EXPECT_OK(CheckRead(passing, "a value passed over"));
  }
}

TEST(CodecTest, NumbersAndDaysReadBack) {
  constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
  constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
  const Day days[] = {kBeginningOfTime,
                      After({kBeginningOfTime.number + 1}),
                      Day{-1},
                      Day{0},
                      Day{20000},
                      Before(Before(kEndOfTime)),
                      Day{kEndOfTime.number - 1},
                      kEndOfTime};
  std::string bytes;
  for (const uint64_t number :
       {uint64_t{0}, uint64_t{127}, uint64_t{128}, kMost}) {
    PutVarint(number, &bytes);
  }
  for (const int64_t number : {int64_t{0}, int64_t{-1}, kLeast}) {
    PutSigned(number, &bytes);
  }
  for (const Day day : days) PutDay(day, &bytes);

  ByteReader reader(bytes);
  EXPECT_EQ(reader.Varint(), 0U);
  EXPECT_EQ(reader.Varint(), 127U);
  EXPECT_EQ(reader.Varint(), 128U);
  EXPECT_EQ(reader.Varint(), kMost);
  EXPECT_EQ(reader.Signed(), 0);
  EXPECT_EQ(reader.Signed(), -1);
  EXPECT_EQ(reader.Signed(), kLeast);
  for (const Day day : days) EXPECT_EQ(reader.ReadDay(), day);
  EXPECT_OK(CheckRead(reader, "numbers"));
}

TEST(CodecTest, RefusesBytesThatNoWriterWrites) {
  const std::pair<absl::string_view, absl::string_view> rows[] = {
      {"", "nothing"},
      {"0e", "unknown kind"},
      {"0102", "boolean 2"},
      {"028000", "needless byte of a varint"},
      {"02ffffffffffffffffff02", "varint past 64 bits"},
      {"02808080808080808080808001", "varint of too many bytes"},
      {"0300", "short double"},
      {"04020027", "39 fraction digits"},
      {"0402d20f00", "magnitude 1001"},
      {"05ffffffff7f61", "length past the end"},
      {"0700"
       "00",
       "year 0"},
      {"0700"
       "904e",
       "year 10000"},
      {"0703e90f0d", "month 13"},
      {"0704e90f021e", "2025-02-30"},
      {"0705e90f", "precision 5"},
      {"0720e90f", "unknown flag of a date"},
      {"0805", "open to open"},
      {"080a", "unknown bounds"},
      {"080100ea0f00e90f", "2026/2025"},
      {"09feffffffffffffffff01", "instant past the year 9999"},
      {"0aff80808010"
       "0000",
       "months past 32 bits"},
      {"0b10200000"
       "0125",
       "flag on a plain quantity"},
      {"0b092000000125", "operator 9"},
      {"0b0020000001"
       "27",
       "quote in a unit"},
      {"0b18040000020000"
       "00",
       "2..<1"},
      {"0b58020000040000"
       "00",
       "unknown flag of a range"},
      {"0cffffffff0f00", "count past the end"},
      {"0d020161000161"
       "00",
       "a key twice"},
      {"0d020162000161"
       "00",
       "keys out of order"},
      {"0000", "left over"},
  };
  for (const auto& [hex, why] : rows) {
    const std::string bytes = absl::HexStringToBytes(hex);
    ByteReader reader(bytes);
    static_cast<void>(reader.ReadValue());
    const absl::Status status = CheckRead(reader, why);
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << why;
    ASSERT_TRUE(GetErrorInfo(status).has_value());
    EXPECT_EQ(GetErrorInfo(status)->reason, "STORE_DAMAGED");
  }
}

TEST(CodecTest, AFailedReaderReturnsZeros) {
  ByteReader reader("\x05\x01");
  EXPECT_TRUE(reader.ReadValue().is_null());
  EXPECT_FALSE(reader.ok());

  EXPECT_EQ(reader.Byte(), 0);
  EXPECT_EQ(reader.Varint(), 0U);
  EXPECT_EQ(reader.String(), "");
  EXPECT_EQ(reader.ReadDay(), Day());
  EXPECT_EQ(reader.ReadDate(), Date());
  EXPECT_EQ(reader.ReadWhen(), When(Date()));
  EXPECT_TRUE(reader.ReadValue().is_null());
}

TEST(CodecTest, NestingHasALimit) {
  const std::string deepest = Encode(Nested(Value::kMaxDepth));
  ByteReader good(deepest);
  EXPECT_EQ(good.ReadValue(), Nested(Value::kMaxDepth));
  EXPECT_TRUE(good.ok());

  const std::string deeper = absl::StrCat("\x0c\x01", deepest);
  ByteReader bad(deeper);
  static_cast<void>(bad.ReadValue());
  EXPECT_FALSE(bad.ok());
}

// Reads from a buffer of the exact size, so that ASan sees a step outside.
// What reads must be what its own bytes say, and be passed over too.
void ExpectFailsOrReadsBack(const std::string& bytes) {
  const std::vector<char> exact(bytes.begin(), bytes.end());
  ByteReader reader(absl::string_view(exact.data(), exact.size()));
  ByteReader passing = reader;
  passing.SkipValue();
  const Value value = reader.ReadValue();
  if (!CheckRead(reader, "random bytes").ok()) return;
  EXPECT_EQ(Encode(value), bytes) << absl::BytesToHexString(bytes);
  EXPECT_OK(CheckRead(passing, "random bytes"));
}

TEST(CodecTest, RandomValuesReadBackAndDamagedOnesDoNotLie) {
  const unsigned seed = Seed();
  SCOPED_TRACE(absl::StrCat("GUANXI_TEST_SEED=", seed));
  Random random(seed);
  for (int i = 0; i < kRandomRounds; ++i) {
    const Value value = random.AValue();
    const std::string bytes = Encode(value);
    ByteReader reader(bytes);
    ByteReader passing = reader;
    EXPECT_EQ(reader.ReadValue(), value);
    EXPECT_OK(CheckRead(reader, "a random value"));
    passing.SkipValue();
    EXPECT_OK(CheckRead(passing, "a random value passed over"));

    const int64_t last = std::ssize(bytes) - 1;
    const auto cut = static_cast<size_t>(random.Between(0, last));
    ByteReader short_reader(absl::string_view(bytes).substr(0, cut));
    ByteReader short_passing = short_reader;
    static_cast<void>(short_reader.ReadValue());
    EXPECT_FALSE(short_reader.ok());
    short_passing.SkipValue();
    EXPECT_FALSE(short_passing.ok());
    for (int flip = 0; flip < 4; ++flip) {
      std::string damaged = bytes;
      char& byte = damaged[static_cast<size_t>(random.Between(0, last))];
      byte = static_cast<char>(byte ^ (1 << random.Between(0, 7)));
      ExpectFailsOrReadsBack(damaged);
    }
  }
}

TEST(CodecTest, RandomBytesDoNoHarm) {
  const unsigned seed = Seed();
  SCOPED_TRACE(absl::StrCat("GUANXI_TEST_SEED=", seed));
  Random random(seed);
  for (int i = 0; i < 10 * kRandomRounds; ++i) {
    std::string bytes(1, static_cast<char>(random.Between(0, 14)));
    for (int64_t left = random.Between(0, 12); left > 0; --left) {
      bytes.push_back(
          static_cast<char>(random.Between(0, random.Coin() ? 14 : 255)));
    }
    ExpectFailsOrReadsBack(bytes);
  }
}

}  // namespace
}  // namespace guanxi
