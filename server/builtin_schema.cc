#include "server/builtin_schema.h"

#include <utility>
#include <variant>

#include "graph/base/status_macros.h"
#include "graph/text/parser.h"
#include "server/seed_schema.h"

namespace guanxi::server {

absl::StatusOr<std::vector<Declaration>> BuiltinSchema() {
  ASSIGN_OR_RETURN(std::vector<Statement> statements,
                   text::Parse(kSeedSchema, {.file = "schema.kg"}));
  std::vector<Declaration> schema;
  for (Statement& statement : statements) {
    if (auto* declaration = std::get_if<Declaration>(&statement.body)) {
      schema.push_back(std::move(*declaration));
    }
  }
  return schema;
}

}  // namespace guanxi::server
