#ifndef GUANXI_SERVER_CONVERT_STATEMENT_H_
#define GUANXI_SERVER_CONVERT_STATEMENT_H_

#include "absl/status/statusor.h"

#include "graph/model/statement.h"
#include "graph/store/store.h"
#include "guanxi/v1/statement.pb.h"
#include "server/convert/field_path.h"

namespace guanxi::server {

// One operation takes at most this many bytes, as a statement of .kg does.
inline constexpr size_t kMaxOperationBytes = 1'000'000;

// The body of the statement; its position is the caller's to set.
// INVALID_ARGUMENT [FIELD_REQUIRED, FIELD_INVALID].
absl::StatusOr<Statement> FromProto(const v1::Operation& operation,
                                    const FieldPath& field);

v1::WriteSummary ToProto(const store::CommitResult& result);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_CONVERT_STATEMENT_H_
