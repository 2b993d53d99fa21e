#include "server/builtin_schema.h"

#include <utility>
#include <variant>

#include "graph/base/status_macros.h"
#include "graph/text/parser.h"
#include "server/seed_schema.h"

namespace guanxi::server {

absl::StatusOr<std::vector<Declaration>> BuiltinDeclarations() {
  ASSIGN_OR_RETURN(std::vector<Statement> statements,
                   text::Parse(kSeedSchema, {.file = "schema.kg"}));
  std::vector<Declaration> declarations;
  for (Statement& statement : statements) {
    if (auto* declaration = std::get_if<Declaration>(&statement.body)) {
      declarations.push_back(std::move(*declaration));
    }
  }
  return declarations;
}

absl::StatusOr<Schema> BuiltinSchema() {
  ASSIGN_OR_RETURN(const std::vector<Declaration> declarations,
                   BuiltinDeclarations());
  Schema schema;
  for (const Declaration& declaration : declarations) {
    RETURN_IF_ERROR(schema.Declare(declaration));
  }
  return schema;
}

}  // namespace guanxi::server
