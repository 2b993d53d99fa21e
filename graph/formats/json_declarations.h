#ifndef GUANXI_GRAPH_FORMATS_JSON_DECLARATIONS_H_
#define GUANXI_GRAPH_FORMATS_JSON_DECLARATIONS_H_

#include "absl/status/statusor.h"

#include "graph/formats/json_fields.h"
#include "graph/model/schema.h"

namespace guanxi::formats {

// Read what stands beside `kind` in a declaration. Whether that makes sense is
// Schema::Declare()'s question.
absl::StatusOr<Declaration> TakeLabelDeclaration(Fields& fields);
absl::StatusOr<Declaration> TakePropertyDeclaration(Fields& fields);
absl::StatusOr<Declaration> TakeRelationshipDeclaration(Fields& fields);

}  // namespace guanxi::formats

#endif  // GUANXI_GRAPH_FORMATS_JSON_DECLARATIONS_H_
