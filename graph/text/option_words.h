#ifndef GUANXI_GRAPH_TEXT_OPTION_WORDS_H_
#define GUANXI_GRAPH_TEXT_OPTION_WORDS_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "graph/text/lexer.h"

namespace guanxi::text {

// A word that may begin a part of a statement, as `from` a part of a tail.
struct OptionWord {
  absl::string_view word;
  size_t slot = 0;  // of words in one slot, one may stand in a statement
};
inline constexpr size_t kSlots = 16;  // slots are 0 to kSlots - 1

// The parts of one statement that may come in any order, each at most once.
class OptionWords {
 public:
  // `words` must outlive this; only those whose slot is in `allowed`, a set of
  // bits, may stand.
  OptionWords(absl::Span<const OptionWord> words, uint32_t allowed)
      : words_(words), allowed_(allowed) {}

  // Reads the option word at the lexer; nullptr if there is none.
  // INVALID_ARGUMENT if its slot is taken.
  absl::StatusOr<const OptionWord*> Next(Lexer& lexer);

  // INVALID_ARGUMENT if the statement goes on here: the words that may still
  // come, and `others`, were expected.
  absl::Status CheckEnd(const Lexer& lexer,
                        absl::Span<const absl::string_view> others) const;

 private:
  absl::Span<const OptionWord> words_;
  uint32_t allowed_;
  std::array<absl::string_view, kSlots> taken_ = {};  // the word in each slot
};

}  // namespace guanxi::text

#endif  // GUANXI_GRAPH_TEXT_OPTION_WORDS_H_
