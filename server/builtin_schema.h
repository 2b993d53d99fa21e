#ifndef GUANXI_SERVER_BUILTIN_SCHEMA_H_
#define GUANXI_SERVER_BUILTIN_SCHEMA_H_

#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/schema.h"

namespace guanxi::server {

// The declarations that a fresh store starts with: those of seed/schema.kg.
absl::StatusOr<std::vector<Declaration>> BuiltinDeclarations();

// The schema that they make.
absl::StatusOr<Schema> BuiltinSchema();

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_BUILTIN_SCHEMA_H_
