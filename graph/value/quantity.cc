#include "graph/value/quantity.h"

#include <array>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/base/status_macros.h"
#include "graph/value/scaled.h"
#include "graph/value/scanner.h"

namespace guanxi {
namespace {

using End = Interval::End;

struct OpText {
  absl::string_view text;
  QuantityOp op;
};
// Longer texts first, where one begins with another.
constexpr std::array<OpText, 7> kOps = {{
    {"<~", QuantityOp::kNearly},
    {"<=", QuantityOp::kLessOrEqual},
    {"<", QuantityOp::kLess},
    {">~", QuantityOp::kSomewhatAbove},
    {">=", QuantityOp::kGreaterOrEqual},
    {">", QuantityOp::kGreater},
    {"~", QuantityOp::kAbout},
}};

struct RangeText {
  absl::string_view text;
  bool lower_closed;
  bool upper_closed;
};
constexpr std::array<RangeText, 4> kRanges = {{
    {"<..<", false, false},
    {"<..", false, true},
    {"..<", true, false},
    {"..", true, true},
}};

// The product of so many digits and a percentage of three fits in 38.
constexpr int kDigitsBeforeScaling = 35;

absl::Status Expected(absl::string_view what, const Scanner& scanner) {
  return NotA("quantity", scanner.text(),
              absl::StrCat("expected ", what, " at byte ", scanner.position()));
}

QuantityOp ScanOp(Scanner& scanner) {
  for (const OpText& row : kOps) {
    if (scanner.Consume(row.text)) return row.op;
  }
  return QuantityOp::kExact;
}

// The row of the dots that follow, nullptr if none do.
const RangeText* ScanRange(Scanner& scanner) {
  for (const RangeText& row : kRanges) {
    if (scanner.Consume(row.text)) return &row;
  }
  return nullptr;
}

absl::StatusOr<Decimal> ScanNumber(Scanner& scanner) {
  const size_t from = scanner.position();
  if (!scanner.NumberLiteral().has_value()) {
    return Expected("a number", scanner);
  }
  return Decimal::Parse(scanner.text().substr(from, scanner.position() - from));
}

absl::StatusOr<std::string> ScanUnit(Scanner& scanner) {
  scanner.SkipBlanks();
  if (scanner.Consume("'")) {
    const size_t length = scanner.rest().find('\'');
    if (length == absl::string_view::npos) return Expected("' later", scanner);
    if (length == 0) return Expected("the name of a unit", scanner);
    std::string unit(scanner.Take(length));
    if (!IsUnit(unit)) return Expected("a unit of one line", scanner);
    scanner.Consume("'");
    return unit;
  }
  if (IsPlainUnit(scanner.rest().substr(0, 1))) {
    return std::string(scanner.Take(1));
  }
  if (IsPlainUnit(scanner.rest().substr(0, 3))) {
    return std::string(scanner.Take(3));
  }
  return std::string();
}

absl::string_view TextOf(QuantityOp op) {
  for (const OpText& row : kOps) {
    if (row.op == op) return row.text;
  }
  return "";
}

std::string UnitSuffix(absl::string_view unit) {
  if (unit.empty() || unit == "%" || unit == "x") return std::string(unit);
  if (IsPlainUnit(unit)) return absl::StrCat(" ", unit);
  return absl::StrCat(" '", unit, "'");
}

// `number` times percent/100, rounded first only where it has to be.
Decimal Percent(const Decimal& number, int percent) {
  const Decimal factor = *Decimal::Make(percent, -2);
  if (const auto exact = Multiply(number, factor)) return *exact;
  const Scaled rounded = Round(ToScaled(number), kDigitsBeforeScaling);
  const auto base = Decimal::Make(rounded.coefficient, rounded.exponent);
  if (!base.ok()) return number;
  return Multiply(*base, factor).value_or(number);
}

// From one number to the other, whichever is larger.
Interval Between(const Decimal& a, const Decimal& b) {
  const bool rising = CompareNumbers(a, b) <= 0;
  return {.lower = End{.number = rising ? a : b, .closed = true},
          .upper = End{.number = rising ? b : a, .closed = true}};
}

}  // namespace

absl::StatusOr<Quantity> Quantity::Parse(absl::string_view text) {
  Scanner scanner(text);
  const QuantityOp op = ScanOp(scanner);
  ASSIGN_OR_RETURN(const Decimal number, ScanNumber(scanner));
  std::optional<Decimal> upper;
  const RangeText* range =
      op == QuantityOp::kExact ? ScanRange(scanner) : nullptr;
  if (range != nullptr) {
    ASSIGN_OR_RETURN(upper, ScanNumber(scanner));
  }
  ASSIGN_OR_RETURN(std::string unit, ScanUnit(scanner));
  if (op == QuantityOp::kExact && range == nullptr && unit.empty()) {
    return Expected("%, x, a currency such as CNY or a unit in quotes ('mm')",
                    scanner);
  }
  if (!scanner.done()) return Expected("a unit or the end", scanner);
  if (range == nullptr) return Quantity(op, number, std::move(unit));
  return Range({.number = number, .closed = range->lower_closed},
               {.number = *upper, .closed = range->upper_closed},
               std::move(unit));
}

Quantity::Quantity(QuantityOp op, Decimal number, std::string unit)
    : op_(op), number_(number), unit_(std::move(unit)) {
  GUANXI_CHECK(op != QuantityOp::kRange);
  GUANXI_CHECK(unit_.empty() || IsUnit(unit_));
}

absl::StatusOr<Quantity> Quantity::Range(End lower, End upper,
                                         std::string unit) {
  if (!unit.empty() && !IsUnit(unit)) {
    return NotA("unit", unit, "it must be one line without '");
  }
  Quantity range(QuantityOp::kExact, lower.number, std::move(unit));
  range.op_ = QuantityOp::kRange;
  range.upper_ = upper.number;
  range.lower_closed_ = lower.closed;
  range.upper_closed_ = upper.closed;
  if (range.Stated().empty()) {
    return NotA("quantity", range.ToString(),
                "no number lies in it; the lower end comes first");
  }
  return range;
}

Interval Quantity::Stated() const {
  switch (op_) {
    case QuantityOp::kExact:
    case QuantityOp::kAbout:
    case QuantityOp::kNearly:
    case QuantityOp::kSomewhatAbove:
      return Interval::Point(number_);
    case QuantityOp::kLess:
    case QuantityOp::kLessOrEqual:
      return {.lower = std::nullopt,
              .upper = End{.number = number_,
                           .closed = op_ == QuantityOp::kLessOrEqual}};
    case QuantityOp::kGreater:
    case QuantityOp::kGreaterOrEqual:
      return {.lower = End{.number = number_,
                           .closed = op_ == QuantityOp::kGreaterOrEqual},
              .upper = std::nullopt};
    case QuantityOp::kRange:
      return {.lower = End{.number = number_, .closed = lower_closed_},
              .upper = End{.number = upper_, .closed = upper_closed_}};
  }
  GUANXI_CHECK(false);
}

Interval Quantity::Tolerance() const {
  switch (op_) {
    case QuantityOp::kExact:
      return unit_.empty() ? PrintedPrecision(number_)
                           : HalfDigitAround(number_);
    case QuantityOp::kAbout:
      return Between(Percent(number_, 95), Percent(number_, 105));
    case QuantityOp::kNearly:
      return Between(Percent(number_, 90), number_);
    case QuantityOp::kSomewhatAbove:
      return Between(number_, Percent(number_, 110));
    case QuantityOp::kLess:
    case QuantityOp::kLessOrEqual:
    case QuantityOp::kGreater:
    case QuantityOp::kGreaterOrEqual:
    case QuantityOp::kRange:
      return Stated();
  }
  GUANXI_CHECK(false);
}

std::string Quantity::ToString() const {
  const std::string suffix = UnitSuffix(unit_);
  if (op_ != QuantityOp::kRange) {
    return absl::StrCat(TextOf(op_), number_.ToString(), suffix);
  }
  return absl::StrCat(number_.ToString(), lower_closed_ ? ".." : "<..",
                      upper_closed_ ? "" : "<", upper_.ToString(), suffix);
}

std::strong_ordering operator<=>(const Quantity& a, const Quantity& b) {
  const auto fields = [](const Quantity& q) {
    return std::tie(q.unit_, q.number_, q.op_, q.upper_, q.lower_closed_,
                    q.upper_closed_);
  };
  return fields(a) <=> fields(b);
}

bool IsPlainUnit(absl::string_view text) {
  if (text == "%" || text == "x") return true;
  if (text.size() != 3) return false;
  for (const char letter : text) {
    if (!absl::ascii_isupper(static_cast<unsigned char>(letter))) return false;
  }
  return true;
}

bool IsUnit(absl::string_view text) {
  if (text.empty()) return false;
  for (const char letter : text) {
    if (letter == '\'' ||
        absl::ascii_iscntrl(static_cast<unsigned char>(letter))) {
      return false;
    }
  }
  return true;
}

}  // namespace guanxi
