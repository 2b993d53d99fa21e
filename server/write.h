#ifndef GUANXI_SERVER_WRITE_H_
#define GUANXI_SERVER_WRITE_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "graph/model/statement.h"
#include "guanxi/v1/fact_service.pb.h"

namespace guanxi::server {

// Refuses values that are nested too deep to be answered in messages.
// INVALID_ARGUMENT [FIELD_INVALID].
absl::Status CheckDepth(absl::Span<const Statement> statements);

// The statements of a commit, each positioned by its index. INVALID_ARGUMENT
// [FIELD_REQUIRED, FIELD_INVALID, SYNTAX].
absl::StatusOr<std::vector<Statement>> ReadStatements(
    const v1::CommitRequest& request);

// Says which part of the request an error of the store is about: an operation,
// the field `kg`, or FILE:LINE:COLUMN of an import.
absl::Status LocateError(const absl::Status& error,
                         const v1::CommitRequest* request);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_WRITE_H_
