#ifndef GUANXI_GRAPH_FORMATS_JSON_LINE_H_
#define GUANXI_GRAPH_FORMATS_JSON_LINE_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/formats/json_fields.h"

namespace guanxi::formats {

// Parses one line as JSON. INVALID_ARGUMENT [SYNTAX]: it is not, is longer than
// kMaxLineBytes, is nested too deep, or names a field of an object twice.
absl::StatusOr<Json> ParseLine(absl::string_view line, const Place& place);

}  // namespace guanxi::formats

#endif  // GUANXI_GRAPH_FORMATS_JSON_LINE_H_
