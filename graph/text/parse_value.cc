#include "graph/text/parse_value.h"

#include "graph/base/status_macros.h"
#include "graph/text/lexer.h"
#include "graph/text/literals.h"

namespace guanxi::text {

absl::StatusOr<Value> ParseValue(absl::string_view text) {
  Lexer lexer(text, "");
  lexer.NextStatement();
  ASSIGN_OR_RETURN(Value value, ReadValue(lexer));
  RETURN_IF_ERROR(lexer.EndStatement());
  return value;
}

}  // namespace guanxi::text
