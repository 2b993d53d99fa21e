#ifndef GUANXI_GRAPH_TEXT_SCHEMA_READER_H_
#define GUANXI_GRAPH_TEXT_SCHEMA_READER_H_

#include "absl/status/statusor.h"

#include "graph/model/schema.h"
#include "graph/text/lexer.h"

namespace guanxi::text {

// Read the rest of a statement that began with `label`, `prop` or `rel`.
// Whether the declaration makes sense is Schema::Declare()'s question.
absl::StatusOr<Declaration> ReadLabelDeclaration(Lexer& lexer);
absl::StatusOr<Declaration> ReadPropertyDeclaration(Lexer& lexer);
absl::StatusOr<Declaration> ReadRelationshipDeclaration(Lexer& lexer);

}  // namespace guanxi::text

#endif  // GUANXI_GRAPH_TEXT_SCHEMA_READER_H_
