#ifndef GUANXI_GRAPH_FORMATS_JSON_VALUE_H_
#define GUANXI_GRAPH_FORMATS_JSON_VALUE_H_

#include "absl/status/statusor.h"
#include <nlohmann/json.hpp>

#include "graph/formats/json_fields.h"
#include "graph/model/schema.h"
#include "graph/value/value.h"

namespace guanxi::formats {

using OrderedJson = nlohmann::ordered_json;

// `type`: how the value is declared; nullptr if it is not. Of a list type the
// elements are of that type. Both ways agree: what one writes, the other reads
// by the same type as an equal value.
OrderedJson ToJson(const Value& value, const Type* type);
absl::StatusOr<Value> FromJson(const Json& json, const Type* type,
                               const Place& place);

}  // namespace guanxi::formats

#endif  // GUANXI_GRAPH_FORMATS_JSON_VALUE_H_
