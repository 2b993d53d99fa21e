#ifndef GUANXI_GRAPH_TEXT_PATTERN_READER_H_
#define GUANXI_GRAPH_TEXT_PATTERN_READER_H_

#include "absl/status/statusor.h"

#include "graph/model/claim.h"
#include "graph/model/statement.h"
#include "graph/text/lexer.h"

namespace guanxi::text {

// Reads an entity, property or relationship statement. Here and below,
// `defaults` are those of the last `use`.
absl::StatusOr<Statement::Body> ReadPattern(Lexer& lexer, const Tail& defaults);

// Reads what follows `same`, `different` or `unsure`.
absl::StatusOr<Statement::Body> ReadJudgement(Lexer& lexer, Judgement judgement,
                                              const Tail& defaults);

}  // namespace guanxi::text

#endif  // GUANXI_GRAPH_TEXT_PATTERN_READER_H_
