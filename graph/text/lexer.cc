#include "graph/text/lexer.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

#include "graph/base/error.h"
#include "graph/text/parser.h"
#include "graph/text/utf8.h"

namespace guanxi::text {
namespace {

constexpr size_t kMaxDescribedBytes = 40;

// The bytes of the line break at the front of `text`: 0, 1 or 2.
size_t BreakLength(absl::string_view text) {
  if (absl::StartsWith(text, "\n")) return 1;
  return absl::StartsWith(text, "\r\n") ? 2 : 0;
}

size_t SkipSpaces(absl::string_view text, size_t at) {
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  return at;
}

// To the line break that ends the comment.
size_t SkipComment(absl::string_view text, size_t at) {
  at = std::min(text.find('\n', at), text.size());
  return at < text.size() && text[at - 1] == '\r' ? at - 1 : at;
}

// Skips whole blank and comment lines from the start of a line; returns the
// start of the first other line.
size_t SkipEmptyLines(absl::string_view text, size_t line) {
  for (;;) {
    size_t at = SkipSpaces(text, line);
    if (at < text.size() && text[at] == '#') at = SkipComment(text, at);
    const size_t line_break = BreakLength(text.substr(at));
    if (line_break == 0) return at == text.size() ? at : line;
    line = at + line_break;
  }
}

// Characters that a reader would not see in a message.
bool IsInvisible(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0xa0) || (c >= 0x2000 && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202f) || c == 0x3000 || c == 0xfeff;
}

bool IsLiteral(char c) {
  return IsWordCharacter(c) || absl::StrContains("-.~?", c);
}

// The bytes at the front of `text` that a reader takes for one literal, if it
// is one or not: 40cny, 2025-13~, 08:61.
size_t LiteralLength(absl::string_view text) {
  size_t n = 0;
  while (n < text.size()) {
    const bool in_time = n > 0 && n + 1 < text.size() && text[n] == ':' &&
                         IsDigit(text[n - 1]) && IsDigit(text[n + 1]);
    if (!IsLiteral(text[n]) && !in_time) break;
    ++n;
  }
  return n;
}

std::string JoinAlternatives(const std::vector<absl::string_view>& items) {
  if (items.size() < 3) return absl::StrJoin(items, " or ");
  return absl::StrCat(
      "one of: ", absl::StrJoin(items.begin(), items.end() - 1, ", "), ", or ",
      items.back());
}

}  // namespace

bool IsLetter(char c) {
  return absl::ascii_isalpha(static_cast<unsigned char>(c));
}

bool IsDigit(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c));
}

bool IsWordCharacter(char c) { return IsLetter(c) || IsDigit(c) || c == '_'; }

size_t WordLength(absl::string_view text) {
  if (text.empty() || !IsLetter(text[0])) return 0;
  size_t n = 1;
  while (n < text.size()) {
    if (IsWordCharacter(text[n])) {
      ++n;
    } else if (text[n] == '-' && n + 1 < text.size() &&
               (IsLetter(text[n + 1]) || IsDigit(text[n + 1]))) {
      n += 2;
    } else {
      break;
    }
  }
  return n;
}

size_t DigitsLength(absl::string_view text) {
  size_t n = 0;
  while (n < text.size() && IsDigit(text[n])) ++n;
  return n;
}

Lexer::Lexer(absl::string_view text, absl::string_view file, int first_line)
    : text_(text), file_(file), statement_line_(first_line) {
  // The details of an error cannot hold a NUL.
  std::replace(file_.begin(), file_.end(), '\0', '?');
}

bool Lexer::NextStatement() {
  at_ += BreakLength(rest());
  at_ = SkipSpaces(text_, SkipEmptyLines(text_, at_));
  statement_line_ += static_cast<int>(
      std::count(text_.begin() + statement_, text_.begin() + at_, '\n'));
  statement_ = at_;
  return at_ < text_.size();
}

absl::Status Lexer::EndStatement() const {
  if (!AtEnd()) return Unexpected({"the end of the statement"});
  const size_t bytes = token_end_ - statement_;
  if (bytes <= kMaxStatementBytes) return absl::OkStatus();
  return Fail(statement_,
              absl::StrCat("found a statement of ", bytes, " bytes"),
              absl::StrCat("at most ", kMaxStatementBytes));
}

bool Lexer::AtEnd() const {
  return at_ == text_.size() || BreakLength(rest()) > 0;
}

absl::string_view Lexer::PeekWord() const {
  return rest().substr(0, WordLength(rest()));
}

bool Lexer::LooksAt(absl::string_view token) const {
  return absl::StartsWith(rest(), token);
}

bool Lexer::Accept(absl::string_view token) {
  if (!LooksAt(token)) return false;
  for (const char c : token) {
    if (absl::StrContains("([{", c)) ++open_brackets_;
    if (absl::StrContains(")]}", c)) --open_brackets_;
  }
  Take(token.size());
  return true;
}

bool Lexer::AcceptWord(absl::string_view word) {
  if (PeekWord() != word) return false;
  Take(word.size());
  return true;
}

absl::Status Lexer::Expect(absl::string_view token) {
  if (Accept(token)) return absl::OkStatus();
  return Unexpected({absl::StrCat("'", token, "'")});
}

absl::string_view Lexer::Take(size_t bytes) {
  const absl::string_view token = text_.substr(at_, bytes);
  at_ += bytes;
  token_end_ = at_;
  SkipBlanks();
  return token;
}

void Lexer::SkipBlanks() {
  for (;;) {
    at_ = SkipSpaces(text_, at_);
    if (Peek() == '#') at_ = SkipComment(text_, at_);
    const size_t line_break = BreakLength(rest());
    if (line_break == 0) return;
    const size_t line = SkipEmptyLines(text_, at_ + line_break);
    const size_t next = SkipSpaces(text_, line);
    const bool indented = next > line;
    if (open_brackets_ == 0 && !indented) return;
    at_ = next;
  }
}

void Lexer::Suggest(absl::Span<const absl::string_view> expected) {
  suggestion_ = expected;
  suggestion_offset_ = at_;
}

absl::Status Lexer::Unexpected(
    absl::Span<const absl::string_view> expected) const {
  std::vector<absl::string_view> all;
  if (suggestion_offset_ == at_) {
    all.assign(suggestion_.begin(), suggestion_.end());
  }
  all.insert(all.end(), expected.begin(), expected.end());
  return Fail(at_, absl::StrCat("found ", Describe(at_)),
              JoinAlternatives(all));
}

absl::Status Lexer::Fail(size_t offset, absl::string_view problem,
                         absl::string_view expected) const {
  const Position position = Locate(offset);
  return MakeError(
      absl::StatusCode::kInvalidArgument, "SYNTAX",
      absl::StrCat(position.ToString(), ": ", problem, ", expected ", expected),
      {{"file", file_},
       {"line", absl::StrCat(position.line)},
       {"column", absl::StrCat(position.column)},
       {"problem", problem},
       {"expected", expected}});
}

std::string Lexer::Describe(size_t offset) const {
  const absl::string_view here = text_.substr(offset);
  if (here.empty()) return "the end of the text";
  if (BreakLength(here) > 0) return "the end of the line";
  if (here[0] == '"') return "a string";
  if (const size_t bytes = LiteralLength(here); bytes > 0) {
    const absl::string_view dots = bytes > kMaxDescribedBytes ? "…" : "";
    return absl::StrCat(
        "'", here.substr(0, std::min(bytes, kMaxDescribedBytes)), dots, "'");
  }
  const CodePoint point = DecodeUtf8(here);
  if (IsInvisible(point.number)) {
    return absl::StrFormat("U+%04X", static_cast<uint32_t>(point.number));
  }
  return absl::StrCat("'", here.substr(0, point.bytes), "'");
}

Position Lexer::Locate(size_t offset) const {
  const auto breaks =
      std::count(text_.begin() + statement_, text_.begin() + offset, '\n');
  const size_t before =
      offset == 0 ? absl::string_view::npos : text_.rfind('\n', offset - 1);
  const size_t line_start = before == absl::string_view::npos ? 0 : before + 1;
  return {.file = file_,
          .line = statement_line_ + static_cast<int>(breaks),
          .column = static_cast<int>(offset - line_start) + 1,
          .index = 0};
}

}  // namespace guanxi::text
