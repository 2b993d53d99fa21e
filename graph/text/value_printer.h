#ifndef GUANXI_GRAPH_TEXT_VALUE_PRINTER_H_
#define GUANXI_GRAPH_TEXT_VALUE_PRINTER_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "graph/model/schema.h"
#include "graph/value/value.h"

// The canonical literals of the .kg language: each reads back as what it was
// printed from, by the same schema.
namespace guanxi::text {

// A word as it is, else a string: cambricon, "LEI:5493001KJTIIGC8Y1R12".
std::string PrintId(absl::string_view id);

// `type`: how the value is declared; nullptr if it is not. Of a list type the
// elements are of that type.
std::string PrintValue(const Value& value, const Type* type);

// In braces. A name that is no field takes any value.
std::string PrintMap(const Map& map, const std::vector<Field>& fields);

// Likewise of the properties of an entity, which the schema declares.
std::string PrintProperties(const Map& map, const Schema& schema);

}  // namespace guanxi::text

#endif  // GUANXI_GRAPH_TEXT_VALUE_PRINTER_H_
