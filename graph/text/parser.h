#ifndef GUANXI_GRAPH_TEXT_PARSER_H_
#define GUANXI_GRAPH_TEXT_PARSER_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/model/claim.h"
#include "graph/model/statement.h"

namespace guanxi::text {

class Lexer;

// A statement is at most this long, from its first token to its last.
inline constexpr size_t kMaxStatementBytes = 1'000'000;

// And a `use`, which every statement behind it has a copy of.
inline constexpr size_t kMaxDefaultsBytes = 2000;

// Ids and names are at most this long.
inline constexpr size_t kMaxIdBytes = 400;

// Whether `text` is a name of the language, an id (which may have to stand in
// quotes), or a language tag.
bool IsName(absl::string_view text);
bool IsId(absl::string_view text);
bool IsLanguage(absl::string_view text);

struct ParseOptions {
  std::string file;  // how messages and positions name the text; may be empty
};

// Parses a whole .kg text (docs: the .kg language) into its statements, in
// order. `use` is resolved: its words are in the tails of the statements that
// follow. Each statement's position is that of its first token; its index
// counts the statements returned. Schema, sources and entities are not looked
// up: that is the store's work.
//
// INVALID_ARGUMENT [SYNTAX] {file, line, column, problem, expected}: the first
// mistake, as in "seed.kg:12:7: found 'form', expected one of: from, at, …";
// bytes that are not UTF-8 come before any other. Lines and columns count from
// 1, columns in bytes, without a byte order mark. Nothing is returned then.
absl::StatusOr<std::vector<Statement>> Parse(absl::string_view text,
                                             const ParseOptions& options);

// Parses a .kg text that comes in pieces, of which no more need be in memory
// than what may still be one statement. Says what Parse() says; that bytes are
// not UTF-8 it says when they come. Not thread-safe; of no use after an error.
class PieceParser {
 public:
  explicit PieceParser(ParseOptions options) : options_(std::move(options)) {}

  // Appends the statements that are whole in `text`, whatever follows it.
  // Returns how many bytes they took: the others must come again, first, with
  // what follows. Takes nothing of a text of kMaxStatementBytes or less.
  absl::StatusOr<size_t> ParseWhole(absl::string_view text,
                                    std::vector<Statement>* statements);

  // Appends all statements of `text`, which nothing follows.
  absl::Status ParseRest(absl::string_view text,
                         std::vector<Statement>* statements);

 private:
  size_t MarkBytes(absl::string_view text) const;  // of a byte order mark
  absl::Status Begin(Lexer& lexer);
  absl::Status ParseOne(Lexer& lexer, std::vector<Statement>* statements);

  ParseOptions options_;
  bool begun_ = false;
  int line_ = 1;   // of the first byte that was not taken
  Tail defaults_;  // of the last `use`
  int count_ = 0;  // of statements
};

}  // namespace guanxi::text

#endif  // GUANXI_GRAPH_TEXT_PARSER_H_
