#include <algorithm>
#include <cstdint>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

#include "graph/base/status_macros.h"
#include "graph/text/literals.h"
#include "graph/text/parser.h"
#include "graph/text/utf8.h"

namespace guanxi::text {
namespace {

constexpr absl::string_view kEscapes = "\"\\/bfnrt";
constexpr absl::string_view kEscaped = "\"\\/\b\f\n\r\t";
constexpr size_t kUnicodeEscapeBytes = 6;  // \uXXXX

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

std::optional<char32_t> HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

// The \uXXXX at the front of `text`.
std::optional<char32_t> UnicodeEscape(absl::string_view text) {
  if (text.size() < kUnicodeEscapeBytes || text[0] != '\\' || text[1] != 'u') {
    return std::nullopt;
  }
  char32_t number = 0;
  for (const char c : text.substr(2, 4)) {
    const std::optional<char32_t> digit = HexDigit(c);
    if (!digit.has_value()) return std::nullopt;
    number = number << 4 | *digit;
  }
  return number;
}

bool IsHighSurrogate(char32_t c) { return c >= 0xd800 && c < 0xdc00; }
bool IsLowSurrogate(char32_t c) { return c >= 0xdc00 && c < 0xe000; }

// Appends what the \u escape at the front of `text` means; returns how many
// bytes it takes, with the second half of a surrogate pair; 0 if it is wrong.
size_t AppendUnicodeEscape(absl::string_view text, std::string* out) {
  const std::optional<char32_t> first = UnicodeEscape(text);
  if (!first.has_value() || IsLowSurrogate(*first)) return 0;
  if (!IsHighSurrogate(*first)) {
    AppendUtf8(*first, out);
    return kUnicodeEscapeBytes;
  }
  const std::optional<char32_t> second =
      UnicodeEscape(text.substr(kUnicodeEscapeBytes));
  if (!second.has_value() || !IsLowSurrogate(*second)) return 0;
  AppendUtf8(0x10000 + ((*first - 0xd800) << 10) + (*second - 0xdc00), out);
  return 2 * kUnicodeEscapeBytes;
}

// As AppendUnicodeEscape(), for every escape.
size_t AppendEscape(absl::string_view text, std::string* out) {
  if (text.size() < 2) return 0;
  if (text[1] == 'u') return AppendUnicodeEscape(text, out);
  const size_t which = kEscapes.find(text[1]);
  if (which == absl::string_view::npos) return 0;
  out->push_back(kEscaped[which]);
  return 2;
}

absl::Status FailUnended(const Lexer& lexer) {
  return lexer.Fail(lexer.offset(), "found a string that does not end",
                    "a closing \" on the same line");
}

absl::Status CheckId(const Lexer& lexer, size_t offset, absl::string_view id,
                     absl::string_view what) {
  if (id.empty() || id.size() > kMaxIdBytes) {
    return lexer.Fail(offset, absl::StrCat("found ", id.size(), " bytes"),
                      absl::StrCat(what, " of 1 to ", kMaxIdBytes, " bytes"));
  }
  if (std::any_of(id.begin(), id.end(), IsControl)) {
    return lexer.Fail(offset, "found a control character",
                      absl::StrCat(what, " without any"));
  }
  return absl::OkStatus();
}

}  // namespace

bool IsName(absl::string_view text) {
  return IsId(text) && WordLength(text) == text.size();
}

bool IsId(absl::string_view text) {
  return !text.empty() && text.size() <= kMaxIdBytes &&
         std::none_of(text.begin(), text.end(), IsControl);
}

absl::StatusOr<std::string> ReadString(Lexer& lexer, absl::string_view what) {
  if (lexer.Peek() != '"') return lexer.Unexpected({what});
  const absl::string_view text = lexer.rest();
  std::string out;
  size_t at = 1;
  while (at < text.size() && text[at] != '"') {
    const char c = text[at];
    if (c == '\n' || c == '\r') return FailUnended(lexer);
    if (static_cast<unsigned char>(c) < 0x20) {
      return lexer.Fail(lexer.offset() + at,
                        "found a control character in a string",
                        absl::StrFormat("it written as \\u%04x", c));
    }
    if (c != '\\') {
      out.push_back(c);
      ++at;
      continue;
    }
    const size_t bytes = AppendEscape(text.substr(at), &out);
    if (bytes == 0) {
      return lexer.Fail(lexer.offset() + at, "found an unknown escape",
                        R"(one of: \", \\, \/, \b, \f, \n, \r, \t, or \uXXXX)");
    }
    at += bytes;
  }
  if (at == text.size()) return FailUnended(lexer);
  lexer.Take(at + 1);
  return out;
}

absl::StatusOr<std::string> ReadId(Lexer& lexer, absl::string_view what) {
  if (lexer.Peek() != '"') {
    if (lexer.PeekWord().empty()) {
      return lexer.Unexpected({absl::StrCat(
          what, " (ASCII letters, digits, _ and -, else a string)")});
    }
    return ReadName(lexer, what);
  }
  const size_t offset = lexer.offset();
  ASSIGN_OR_RETURN(std::string id, ReadString(lexer, what));
  RETURN_IF_ERROR(CheckId(lexer, offset, id, what));
  return id;
}

absl::StatusOr<std::string> ReadName(Lexer& lexer, absl::string_view what) {
  const absl::string_view word = lexer.PeekWord();
  if (word.empty()) return lexer.Unexpected({what});
  RETURN_IF_ERROR(CheckId(lexer, lexer.offset(), word, what));
  return std::string(lexer.Take(word.size()));
}

}  // namespace guanxi::text
