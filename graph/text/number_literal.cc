#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/text/literals.h"
#include "graph/value/quantity.h"

namespace guanxi::text {
namespace {

constexpr std::array<absl::string_view, 1> kUnits = {
    "a unit (%, x, three capitals or 'text')"};

// The longest first, so that the first that matches is the longest.
struct Operator {
  absl::string_view token;
  QuantityOp op;
};
constexpr std::array<Operator, 7> kOperators = {{
    {"<=", QuantityOp::kLessOrEqual},
    {">=", QuantityOp::kGreaterOrEqual},
    {"<~", QuantityOp::kNearly},
    {">~", QuantityOp::kSomewhatAbove},
    {"<", QuantityOp::kLess},
    {">", QuantityOp::kGreater},
    {"~", QuantityOp::kAbout},
}};

struct RangeOperator {
  absl::string_view token;
  bool lower_closed;
  bool upper_closed;
};
constexpr std::array<RangeOperator, 4> kRangeOperators = {{
    {"<..<", false, false},
    {"<..", false, true},
    {"..<", true, false},
    {"..", true, true},
}};

// The bytes of the number at the front of `text`.
size_t NumberLength(absl::string_view text) {
  size_t n = absl::StartsWith(text, "-") ? 1 : 0;
  const size_t digits = DigitsLength(text.substr(n));
  if (digits == 0) return 0;
  n += digits;
  if (n < text.size() && text[n] == '.') {
    const size_t fraction = DigitsLength(text.substr(n + 1));
    if (fraction > 0) n += 1 + fraction;
  }
  if (n < text.size() && (text[n] == 'e' || text[n] == 'E')) {
    size_t exponent = n + 1;
    if (exponent < text.size() && absl::StrContains("+-", text[exponent])) {
      ++exponent;
    }
    const size_t power = DigitsLength(text.substr(exponent));
    if (power > 0) n = exponent + power;
  }
  return n;
}

// Whether a number may end before `next`: 5. and 40cny are not numbers, while
// 25..50 and 40CNY begin with one.
bool MayFollowNumber(absl::string_view next) {
  if (next.empty()) return true;
  if (next[0] == '.') return absl::StartsWith(next, "..");
  if (!IsWordCharacter(next[0])) return true;
  const size_t word = WordLength(next);
  return word > 0 && IsPlainUnit(next.substr(0, word));
}

template <typename Operators>
auto AcceptOperator(Lexer& lexer, const Operators& operators) {
  std::optional<typename Operators::value_type> found;
  for (const auto& candidate : operators) {
    if (lexer.Accept(candidate.token)) {
      found = candidate;
      break;
    }
  }
  return found;
}

absl::StatusOr<std::string> ReadQuotedUnit(Lexer& lexer) {
  const absl::string_view text = lexer.rest();
  const size_t end = text.find('\'', 1);
  if (end == absl::string_view::npos || !IsUnit(text.substr(1, end - 1))) {
    return lexer.Fail(lexer.offset(), "found a quoted unit without text or end",
                      "one on one line, as in 'wafers/month'");
  }
  return std::string(lexer.Take(end + 1).substr(1, end - 1));
}

// Empty if there is no unit.
absl::StatusOr<std::string> ReadUnit(Lexer& lexer) {
  if (lexer.Accept("%")) return "%";
  if (lexer.Peek() == '\'') return ReadQuotedUnit(lexer);
  const absl::string_view word = lexer.PeekWord();
  if (!word.empty() && IsPlainUnit(word)) {
    return std::string(lexer.Take(word.size()));
  }
  lexer.Suggest(kUnits);
  return "";
}

absl::StatusOr<Value> ReadRange(Lexer& lexer, size_t offset,
                                const Decimal& lower,
                                const RangeOperator& range) {
  ASSIGN_OR_RETURN(const Decimal upper, ReadNumber(lexer));
  ASSIGN_OR_RETURN(std::string unit, ReadUnit(lexer));
  absl::StatusOr<Quantity> quantity =
      Quantity::Range({lower, range.lower_closed}, {upper, range.upper_closed},
                      std::move(unit));
  if (!quantity.ok()) {
    return lexer.Fail(offset, "found an empty range",
                      "the smaller number first, as in 25..50");
  }
  return Value(*std::move(quantity));
}

}  // namespace

absl::StatusOr<Decimal> ReadNumber(Lexer& lexer) {
  const size_t offset = lexer.offset();
  const size_t bytes = NumberLength(lexer.rest());
  if (bytes == 0) return lexer.Unexpected({"a number"});
  if (!MayFollowNumber(lexer.rest().substr(bytes))) {
    return lexer.Fail(offset, absl::StrCat("found ", lexer.Describe(offset)),
                      "a number such as 40, 40.5 or 4e9, and then perhaps a "
                      "unit (%, x, three capitals or 'text')");
  }
  const absl::StatusOr<Decimal> number =
      Decimal::Parse(lexer.rest().substr(0, bytes));
  if (!number.ok()) {
    return lexer.Fail(offset, absl::StrCat("found ", lexer.Describe(offset)),
                      "a number of at most 38 digits and of a size that can "
                      "be stored");
  }
  lexer.Take(bytes);
  return *number;
}

absl::StatusOr<double> ReadDouble(Lexer& lexer) {
  const size_t offset = lexer.offset();
  const absl::string_view text = lexer.rest();
  RETURN_IF_ERROR(ReadNumber(lexer).status());
  double number = 0;
  if (!absl::SimpleAtod(text.substr(0, NumberLength(text)), &number) ||
      std::isinf(number)) {
    return lexer.Fail(offset, absl::StrCat("found ", lexer.Describe(offset)),
                      "a number that a double can hold");
  }
  return number;
}

absl::StatusOr<Value> ReadNumberValue(Lexer& lexer) {
  if (const auto found = AcceptOperator(lexer, kOperators)) {
    ASSIGN_OR_RETURN(const Decimal number, ReadNumber(lexer));
    ASSIGN_OR_RETURN(std::string unit, ReadUnit(lexer));
    return Value(Quantity(found->op, number, std::move(unit)));
  }
  const size_t offset = lexer.offset();
  const absl::string_view text = lexer.rest();
  ASSIGN_OR_RETURN(const Decimal number, ReadNumber(lexer));
  if (const auto range = AcceptOperator(lexer, kRangeOperators)) {
    return ReadRange(lexer, offset, number, *range);
  }
  ASSIGN_OR_RETURN(std::string unit, ReadUnit(lexer));
  if (!unit.empty()) {
    return Value(Quantity(QuantityOp::kExact, number, std::move(unit)));
  }
  int64_t integer = 0;
  if (number.IsInteger() &&
      absl::SimpleAtoi(text.substr(0, NumberLength(text)), &integer)) {
    return Value(integer);
  }
  return Value(number);
}

}  // namespace guanxi::text
