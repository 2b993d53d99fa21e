#ifndef GUANXI_GRAPH_VALUE_SCANNER_H_
#define GUANXI_GRAPH_VALUE_SCANNER_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace guanxi {

// The pieces of a number of the .kg grammar, not yet judged.
struct NumberText {
  bool negative = false;
  absl::string_view integer;
  absl::string_view fraction;  // empty: no point
  bool exponent_negative = false;
  absl::string_view exponent;  // digits only; empty: no exponent
};

// Reads a literal from left to right. Every method consumes what it returns,
// and nothing if it does not match.
class Scanner {
 public:
  explicit Scanner(absl::string_view text) : text_(text) {}

  bool done() const { return position_ == text_.size(); }
  size_t position() const { return position_; }
  absl::string_view text() const { return text_; }
  absl::string_view rest() const { return text_.substr(position_); }

  bool Consume(absl::string_view token);
  absl::string_view Take(size_t count);
  // Exactly `count` digits as a number (at most 9); nullopt if there are fewer.
  std::optional<int> Number(size_t count);
  // All digits that follow, perhaps none.
  absl::string_view Digits();
  // Blanks and tabs.
  void SkipBlanks();
  // The longest number: a point or an exponent without digits stays unread.
  std::optional<NumberText> NumberLiteral();

 private:
  absl::string_view text_;
  size_t position_ = 0;
};

// INVALID_ARGUMENT: `"2025-13" is no date: months go from 01 to 12`. A long
// text is cut.
absl::Status NotA(absl::string_view kind, absl::string_view text,
                  absl::string_view why);

}  // namespace guanxi

#endif  // GUANXI_GRAPH_VALUE_SCANNER_H_
