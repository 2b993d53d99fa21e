#ifndef GUANXI_SERVER_CONVERT_PREDICATE_H_
#define GUANXI_SERVER_CONVERT_PREDICATE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <google/protobuf/repeated_field.h>

#include "graph/model/predicate.h"
#include "graph/model/schema.h"
#include "graph/traverse/spec.h"
#include "guanxi/v1/graph.pb.h"
#include "server/convert/field_path.h"

namespace guanxi::server {

using ProtoPredicates = google::protobuf::RepeatedPtrField<v1::Predicate>;

// Conditions on properties of entities, fitted to what the schema declares.
// INVALID_ARGUMENT [FIELD_REQUIRED, FIELD_INVALID, VALUE_TYPE].
absl::StatusOr<std::vector<Predicate>> FromProto(
    const ProtoPredicates& predicates, const Schema& schema,
    const FieldPath& field);

// Likewise on properties of relationships of these types; empty: of any.
absl::StatusOr<std::vector<Predicate>> FromProto(
    const ProtoPredicates& predicates, const Schema& schema,
    const std::vector<std::string>& types, const FieldPath& field);

// Fills the predicates of `spec`, whose types of relationship are those asked
// for. Errors as above.
absl::Status ReadPredicates(const v1::TraversalOptions& options,
                            const Schema& schema, const FieldPath& field,
                            traverse::TraversalSpec* spec);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_CONVERT_PREDICATE_H_
