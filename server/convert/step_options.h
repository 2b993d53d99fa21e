#ifndef GUANXI_SERVER_CONVERT_STEP_OPTIONS_H_
#define GUANXI_SERVER_CONVERT_STEP_OPTIONS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"

#include "graph/base/status_macros.h"
#include "graph/model/schema.h"
#include "server/convert/enums.h"
#include "server/convert/field_path.h"
#include "server/convert/predicate.h"
#include "server/convert/traversal.h"

namespace guanxi::server {

// Fills what a step of a pattern and a hop have in common: which relationships
// they are, and to what. `types` are those of the whole traversal.
// INVALID_ARGUMENT [FIELD_REQUIRED, FIELD_INVALID, VALUE_TYPE].
template <typename Proto, typename Step>
absl::Status ReadStepOptions(const Proto& proto, const Schema& schema,
                             const std::vector<std::string>& types,
                             const FieldPath& field, Step* step) {
  if (proto.direction() != v1::DIRECTION_UNSPECIFIED) {
    ASSIGN_OR_RETURN(step->direction, FromProto(kDirections, proto.direction(),
                                                FieldPath(field, "direction")));
  }
  ASSIGN_OR_RETURN(step->types,
                   ReadNames(proto.types(), FieldPath(field, "types")));
  ASSIGN_OR_RETURN(step->labels,
                   ReadNames(proto.labels(), FieldPath(field, "labels")));
  ASSIGN_OR_RETURN(step->entity_predicates,
                   FromProto(proto.entity_predicates(), schema,
                             FieldPath(field, "entity_predicates")));
  ASSIGN_OR_RETURN(step->relationship_predicates,
                   FromProto(proto.relationship_predicates(), schema,
                             step->types.empty() ? types : step->types,
                             FieldPath(field, "relationship_predicates")));
  return absl::OkStatus();
}

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_CONVERT_STEP_OPTIONS_H_
