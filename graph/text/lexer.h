#ifndef GUANXI_GRAPH_TEXT_LEXER_H_
#define GUANXI_GRAPH_TEXT_LEXER_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "graph/model/statement.h"

namespace guanxi::text {

// ASCII only, as ids and words are.
bool IsLetter(char c);
bool IsDigit(char c);
bool IsWordCharacter(char c);  // a letter, a digit or _

// How many bytes of the front of `text` are a word, or a run of digits.
size_t WordLength(absl::string_view text);
size_t DigitsLength(absl::string_view text);

// A cursor over .kg text. What a token is depends on the place (27-29 is two
// line numbers after a source, half a date elsewhere), so the readers of
// literals say how much to take; the lexer knows blanks, comments, brackets,
// where statements end, and how to say what is wrong.
//
// Between calls it stands at a token or where the statement ends: never at a
// blank. Not thread-safe; `text` must outlive it.
class Lexer {
 public:
  // `text` is UTF-8 without a byte order mark; its first line is that of the
  // file with this number.
  Lexer(absl::string_view text, absl::string_view file, int first_line = 1);

  // Moves to the first token of the next statement; false if there is none.
  // Only at the start and after EndStatement() was OK.
  bool NextStatement();

  // INVALID_ARGUMENT if the statement goes on or is longer than
  // kMaxStatementBytes.
  absl::Status EndStatement() const;

  // What is not read yet: starts at the token.
  absl::string_view rest() const { return text_.substr(at_); }
  size_t offset() const { return at_; }
  size_t statement_offset() const { return statement_; }
  bool AtEnd() const;  // of the statement

  // The first byte of the token; '\0' at the end of the text.
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  absl::string_view PeekWord() const;
  bool LooksAt(absl::string_view token) const;

  // Reads `token`, punctuation such as "]->" or "date(", if it stands here.
  bool Accept(absl::string_view token);
  bool AcceptWord(absl::string_view word);

  // INVALID_ARGUMENT if `token` does not stand here.
  absl::Status Expect(absl::string_view token);

  // Reads that many bytes, which hold no bracket that opens or closes anything.
  absl::string_view Take(size_t bytes);

  // Says that, here, these could stand too, for Unexpected() at this place.
  // `expected` must be static.
  void Suggest(absl::Span<const absl::string_view> expected);

  // "seed.kg:12:7: found 'form', expected one of: from, at, or during".
  absl::Status Unexpected(absl::Span<const absl::string_view> expected) const;

  // "seed.kg:12:7: <problem>, expected <expected>". `offset` lies in the
  // current statement.
  absl::Status Fail(size_t offset, absl::string_view problem,
                    absl::string_view expected) const;

  // What stands at `offset`, briefly: "'form'", "a string", "the end of the
  // line".
  std::string Describe(size_t offset) const;

  // Line and column of `offset`, which lies in the current statement.
  Position Locate(size_t offset) const;

 private:
  void SkipBlanks();

  absl::string_view text_;
  std::string file_;
  size_t at_ = 0;
  size_t token_end_ = 0;
  size_t statement_ = 0;
  int statement_line_;
  int open_brackets_ = 0;
  absl::Span<const absl::string_view> suggestion_;
  size_t suggestion_offset_ = 0;
};

}  // namespace guanxi::text

#endif  // GUANXI_GRAPH_TEXT_LEXER_H_
