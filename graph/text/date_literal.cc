#include <array>
#include <utility>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/text/literals.h"

namespace guanxi::text {
namespace {

constexpr absl::string_view kADate =
    "a date such as 2025, 2025-H1, 2025-Q3, 2025-09 or 2025-09-30, each "
    "perhaps with ~, ? or ~?";
constexpr size_t kDayBytes = 10;  // 2025-09-30

// The bytes of the front of `text` that have the look of a date, flags
// included: digits, then letters and digits behind each hyphen.
size_t DateLength(absl::string_view text) {
  size_t n = DigitsLength(text);
  if (n == 0) return 0;
  while (n + 1 < text.size() && text[n] == '-' &&
         (IsLetter(text[n + 1]) || IsDigit(text[n + 1]))) {
    n += 2;
    while (n < text.size() && (IsLetter(text[n]) || IsDigit(text[n]))) ++n;
  }
  while (n < text.size() && absl::StrContains("~?", text[n])) ++n;
  return n;
}

bool IsDateTime(absl::string_view date) {
  return date.size() > kDayBytes && absl::StrContains("Tt", date[kDayBytes]);
}

size_t DateTimeLength(absl::string_view text) {
  size_t n = 0;
  while (n < text.size() && (IsLetter(text[n]) || IsDigit(text[n]) ||
                             absl::StrContains(":.+-", text[n]))) {
    ++n;
  }
  return n;
}

absl::Status NoDate(const Lexer& lexer) {
  return lexer.Fail(lexer.offset(),
                    absl::StrCat("found ", lexer.Describe(lexer.offset())),
                    kADate);
}

absl::StatusOr<Value> ReadDateTime(Lexer& lexer) {
  const size_t bytes = DateTimeLength(lexer.rest());
  const absl::StatusOr<DateTime> time =
      DateTime::Parse(lexer.rest().substr(0, bytes));
  if (!time.ok()) {
    return lexer.Fail(lexer.offset(),
                      absl::StrCat("found ", lexer.Describe(lexer.offset())),
                      "a time such as 2025-09-01T08:30:00Z or "
                      "2025-09-01T08:30:00.25+08:00");
  }
  lexer.Take(bytes);
  return Value(*time);
}

absl::StatusOr<Bound> ReadBound(Lexer& lexer) {
  if (lexer.Accept("..")) return OpenBound();
  if (!IsDigit(lexer.Peek())) return UnknownBound();
  ASSIGN_OR_RETURN(const Date date, ReadDate(lexer));
  return date;
}

constexpr absl::string_view kOrAnInterval =
    ", or an interval such as 2022/.. or 2021/2023";

}  // namespace

absl::StatusOr<Date> ReadDate(Lexer& lexer) {
  const absl::string_view text = lexer.rest();
  const size_t bytes = DateLength(text);
  if (bytes == 0) return lexer.Unexpected({kADate});
  if (bytes < text.size() && IsWordCharacter(text[bytes])) return NoDate(lexer);
  const absl::StatusOr<Date> date = Date::Parse(text.substr(0, bytes));
  if (!date.ok()) return NoDate(lexer);
  lexer.Take(bytes);
  return *date;
}

bool LooksAtDate(const Lexer& lexer) {
  return DateLength(lexer.rest()) > DigitsLength(lexer.rest());
}

absl::StatusOr<Value> ReadDateValue(Lexer& lexer) {
  const absl::string_view text = lexer.rest();
  if (IsDateTime(text.substr(0, DateLength(text)))) return ReadDateTime(lexer);
  ASSIGN_OR_RETURN(const Date date, ReadDate(lexer));
  return Value(date);
}

absl::StatusOr<When> ReadWhen(Lexer& lexer) {
  const size_t offset = lexer.offset();
  ASSIGN_OR_RETURN(const Bound start, ReadBound(lexer));
  const auto* date = std::get_if<Date>(&start);
  if (!lexer.Accept("/")) {
    if (date != nullptr) return When(*date);
    return lexer.Unexpected({absl::StrCat(kADate, kOrAnInterval)});
  }
  ASSIGN_OR_RETURN(const Bound end, ReadBound(lexer));
  if (date == nullptr && !std::holds_alternative<Date>(end)) {
    return lexer.Fail(offset, "found an interval without a date",
                      "at least one, as in 2022/..");
  }
  absl::StatusOr<When> when = When::Interval(start, end);
  if (when.ok()) return when;
  return lexer.Fail(offset, "found an interval that ends before it starts",
                    "the earlier date first");
}

absl::StatusOr<Duration> ReadDuration(Lexer& lexer) {
  const absl::string_view word = lexer.PeekWord();
  const absl::StatusOr<Duration> duration = Duration::Parse(word);
  if (!duration.ok()) {
    return lexer.Unexpected({"a duration such as P3M, P1Y6M or PT1H30M"});
  }
  lexer.Take(word.size());
  return *duration;
}

bool LooksLikeDuration(absl::string_view word) {
  if (!absl::StartsWith(word, "P")) return false;
  bool time = false;
  size_t parts = 0;
  size_t at = 1;
  while (at < word.size()) {
    if (word[at] == 'T' && !time) {
      time = true;
      ++at;
    }
    const size_t digits = DigitsLength(word.substr(at));
    at += digits;
    if (digits == 0 || at == word.size()) return false;
    if (!absl::StrContains(time ? "HMS" : "YMWD", word[at])) return false;
    ++at;
    ++parts;
  }
  return parts > 0;
}

}  // namespace guanxi::text
