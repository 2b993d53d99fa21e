#include "graph/value/scanner.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace guanxi {
namespace {

constexpr size_t kMaxShownBytes = 80;

bool IsDigitAt(absl::string_view text, size_t index) {
  return index < text.size() &&
         absl::ascii_isdigit(static_cast<unsigned char>(text[index]));
}

// The start of `text`, cut between two characters of UTF-8.
std::string Excerpt(absl::string_view text) {
  if (text.size() <= kMaxShownBytes) return absl::Utf8SafeCEscape(text);
  size_t end = kMaxShownBytes;
  while (end > 0 && (text[end] & 0xC0) == 0x80) --end;
  return absl::StrCat(absl::Utf8SafeCEscape(text.substr(0, end)), "...");
}

}  // namespace

bool Scanner::Consume(absl::string_view token) {
  if (!absl::StartsWith(rest(), token)) return false;
  position_ += token.size();
  return true;
}

absl::string_view Scanner::Take(size_t count) {
  const absl::string_view taken = rest().substr(0, count);
  position_ += taken.size();
  return taken;
}

std::optional<int> Scanner::Number(size_t count) {
  int number = 0;
  for (size_t i = 0; i < count; ++i) {
    if (!IsDigitAt(rest(), i)) return std::nullopt;
    number = number * 10 + (rest()[i] - '0');
  }
  position_ += count;
  return number;
}

absl::string_view Scanner::Digits() {
  size_t count = 0;
  while (IsDigitAt(rest(), count)) ++count;
  return Take(count);
}

void Scanner::SkipBlanks() {
  while (Consume(" ") || Consume("\t")) {
  }
}

std::optional<NumberText> Scanner::NumberLiteral() {
  const absl::string_view from = rest();
  const bool negative = absl::StartsWith(from, "-");
  if (!IsDigitAt(from, negative ? 1 : 0)) return std::nullopt;
  NumberText number;
  number.negative = Consume("-");
  number.integer = Digits();
  if (IsDigitAt(rest(), 1) && Consume(".")) number.fraction = Digits();
  const bool has_exponent =
      absl::StartsWith(rest(), "e") || absl::StartsWith(rest(), "E");
  const bool has_sign =
      rest().size() > 1 && (rest()[1] == '-' || rest()[1] == '+');
  if (has_exponent && IsDigitAt(rest(), has_sign ? 2 : 1)) {
    Take(1);
    number.exponent_negative = has_sign && Take(1) == "-";
    number.exponent = Digits();
  }
  return number;
}

absl::Status NotA(absl::string_view kind, absl::string_view text,
                  absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("\"", Excerpt(text), "\" is no ", kind, ": ", why));
}

}  // namespace guanxi
