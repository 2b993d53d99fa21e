#ifndef GUANXI_GRAPH_TEXT_PARSE_VALUE_H_
#define GUANXI_GRAPH_TEXT_PARSE_VALUE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/value/value.h"

namespace guanxi::text {

// Parses one value of the .kg language, in UTF-8: 28.81e9 CNY, "text"@en,
// 2016-05, word. INVALID_ARGUMENT [SYNTAX] {line, column, problem, expected}:
// it is none, or not one alone.
absl::StatusOr<Value> ParseValue(absl::string_view text);

}  // namespace guanxi::text

#endif  // GUANXI_GRAPH_TEXT_PARSE_VALUE_H_
