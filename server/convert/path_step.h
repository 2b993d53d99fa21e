#ifndef GUANXI_SERVER_CONVERT_PATH_STEP_H_
#define GUANXI_SERVER_CONVERT_PATH_STEP_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include <google/protobuf/repeated_field.h>

#include "graph/model/schema.h"
#include "graph/traverse/path.h"
#include "guanxi/v1/graph_service.pb.h"
#include "server/convert/field_path.h"

namespace guanxi::server {

// The steps of a pattern, their conditions fitted to what the schema declares.
// `types` are those of the whole traversal.
// INVALID_ARGUMENT [FIELD_REQUIRED, FIELD_INVALID, VALUE_TYPE].
absl::StatusOr<std::vector<traverse::PathStep>> FromProto(
    const google::protobuf::RepeatedPtrField<v1::PathStep>& steps,
    const Schema& schema, const std::vector<std::string>& types,
    const FieldPath& field);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_CONVERT_PATH_STEP_H_
