#include "graph/text/option_words.h"

#include <vector>

#include "absl/strings/str_cat.h"

namespace guanxi::text {
namespace {

uint32_t Bit(const OptionWord& word) { return uint32_t{1} << word.slot; }

}  // namespace

absl::StatusOr<const OptionWord*> OptionWords::Next(Lexer& lexer) {
  const absl::string_view here = lexer.PeekWord();
  for (const OptionWord& word : words_) {
    if (word.word != here || (allowed_ & Bit(word)) == 0) continue;
    absl::string_view& taken = taken_.at(word.slot);
    if (!taken.empty()) {
      return lexer.Fail(lexer.offset(),
                        absl::StrCat("found '", here, "' after '", taken, "'"),
                        "one of them at most");
    }
    taken = word.word;
    lexer.Take(here.size());
    return &word;
  }
  return nullptr;
}

absl::Status OptionWords::CheckEnd(
    const Lexer& lexer, absl::Span<const absl::string_view> others) const {
  if (lexer.AtEnd()) return absl::OkStatus();
  std::vector<absl::string_view> expected;
  for (const OptionWord& word : words_) {
    const bool open =
        (allowed_ & Bit(word)) != 0 && taken_.at(word.slot).empty();
    if (open) expected.push_back(word.word);
  }
  expected.insert(expected.end(), others.begin(), others.end());
  expected.push_back("the end of the statement");
  return lexer.Unexpected(expected);
}

}  // namespace guanxi::text
