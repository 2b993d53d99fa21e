#ifndef GUANXI_GRAPH_FORMATS_JSON_TYPES_H_
#define GUANXI_GRAPH_FORMATS_JSON_TYPES_H_

#include "absl/strings/string_view.h"

#include "graph/model/schema.h"

namespace guanxi::formats {

// How a value is declared: of a property, of a qualifier of one, of a property
// of a relationship. nullptr if it is not.
const Type* PropertyType(const Schema& schema, absl::string_view property);
const Type* QualifierType(const Schema& schema, absl::string_view property,
                          absl::string_view qualifier);
const Type* RelationshipFieldType(const Schema& schema,
                                  absl::string_view relationship,
                                  absl::string_view field);

}  // namespace guanxi::formats

#endif  // GUANXI_GRAPH_FORMATS_JSON_TYPES_H_
