#ifndef GUANXI_SERVER_CONVERT_PATH_COST_H_
#define GUANXI_SERVER_CONVERT_PATH_COST_H_

#include "absl/status/statusor.h"

#include "graph/traverse/path.h"
#include "guanxi/v1/graph_service.pb.h"
#include "server/convert/field_path.h"

namespace guanxi::server {

// INVALID_ARGUMENT [FIELD_REQUIRED, FIELD_INVALID].
absl::StatusOr<traverse::PathCost> FromProto(const v1::PathCost& cost,
                                             const FieldPath& field);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_CONVERT_PATH_COST_H_
