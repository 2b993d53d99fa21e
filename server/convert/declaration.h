#ifndef GUANXI_SERVER_CONVERT_DECLARATION_H_
#define GUANXI_SERVER_CONVERT_DECLARATION_H_

#include "absl/status/statusor.h"

#include "graph/model/schema.h"
#include "guanxi/v1/schema.pb.h"
#include "server/convert/field_path.h"

namespace guanxi::server {

// Each: INVALID_ARGUMENT [FIELD_REQUIRED, FIELD_INVALID]. Whether a declaration
// makes sense with the others is the store's to say.
absl::StatusOr<Declaration> FromProto(const v1::LabelDeclaration& label,
                                      const FieldPath& field);
absl::StatusOr<Declaration> FromProto(const v1::PropertyDeclaration& property,
                                      const FieldPath& field);
absl::StatusOr<Declaration> FromProto(
    const v1::RelationshipDeclaration& relationship, const FieldPath& field);

v1::LabelDeclaration ToProto(const LabelDeclaration& label);
v1::PropertyDeclaration ToProto(const PropertyDeclaration& property);
v1::RelationshipDeclaration ToProto(
    const RelationshipDeclaration& relationship);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_CONVERT_DECLARATION_H_
