#ifndef GUANXI_GRAPH_TEXT_TAIL_READER_H_
#define GUANXI_GRAPH_TEXT_TAIL_READER_H_

#include <cstddef>

#include "absl/status/statusor.h"

#include "graph/model/claim.h"
#include "graph/text/lexer.h"

namespace guanxi::text {

// What may stand in a tail.
enum class TailKind {
  kClaim,     // all words
  kProperty,  // all words and a map of qualifiers
  kDefaults,  // of `use`: not id, supersedes
  kRemoval,   // of `end` and `retract`: from, by, note
};

// Reads the rest of the statement as its tail.
absl::StatusOr<Tail> ReadTail(Lexer& lexer, TailKind kind);

// Reads the rest of a statement that claims `facts` facts as its tail, which
// takes the parts of `defaults` that it lacks; `at` and `during` are one part.
// INVALID_ARGUMENT too if it names (`id`, `supersedes`) other than one claim.
absl::StatusOr<Tail> ReadClaimTail(Lexer& lexer, TailKind kind, size_t facts,
                                   const Tail& defaults);

}  // namespace guanxi::text

#endif  // GUANXI_GRAPH_TEXT_TAIL_READER_H_
