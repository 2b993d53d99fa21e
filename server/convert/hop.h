#ifndef GUANXI_SERVER_CONVERT_HOP_H_
#define GUANXI_SERVER_CONVERT_HOP_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "graph/model/schema.h"
#include "graph/traverse/neighbourhood.h"
#include "guanxi/v1/graph_service.pb.h"
#include "server/convert/field_path.h"

namespace guanxi::server {

// Fills how far a neighbourhood goes and what its hops ask for, their
// conditions fitted to what the schema declares; the types of the whole
// traversal stand in `spec`.
// INVALID_ARGUMENT [FIELD_REQUIRED, FIELD_INVALID, VALUE_TYPE].
absl::Status ReadHops(const v1::NeighbourhoodRequest& request,
                      const Schema& schema, traverse::NeighbourhoodSpec* spec);

// INVALID_ARGUMENT [FIELD_REQUIRED, FIELD_INVALID].
absl::StatusOr<traverse::HubPolicy> FromProto(const v1::HubPolicy& hubs,
                                              const FieldPath& field);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_CONVERT_HOP_H_
