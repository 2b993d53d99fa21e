#ifndef GUANXI_GRAPH_FORMATS_JSON_LINES_H_
#define GUANXI_GRAPH_FORMATS_JSON_LINES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/model/schema.h"
#include "graph/model/statement.h"

// JSON Lines: the twin of the .kg language for programs (docs/formats.md). One
// object a line says one statement, under the same words.
namespace guanxi::formats {

// A line is at most this long.
inline constexpr size_t kMaxLineBytes = 4'000'000;

// Prints one statement as a line with its break. Values are JSON where JSON has
// them, else their literals as strings; a `type` stands beside a literal unless
// `schema` declares it. A deletion, which the format has no words for, prints
// as nothing.
std::string PrintJsonLine(const Statement::Body& body, const Schema& schema);

struct JsonLinesOptions {
  std::string file;  // how messages and positions name the text; may be empty
  Schema schema;     // what is declared before the first line
  int first_line = 1;
};

// Whether a file is JSON Lines and not .kg: by its name, else by its first
// byte.
bool IsJsonLines(absl::string_view file, absl::string_view text);

// Reads a whole text, in order. A declaration counts for the lines behind it.
// Blank lines are skipped, and a byte order mark.
//
// INVALID_ARGUMENT [SYNTAX] {file, line, column, problem, expected}: the first
// mistake, as text::Parse(). Nothing is returned then.
absl::StatusOr<std::vector<Statement>> ReadJsonLines(
    absl::string_view text, const JsonLinesOptions& options);

}  // namespace guanxi::formats

#endif  // GUANXI_GRAPH_FORMATS_JSON_LINES_H_
