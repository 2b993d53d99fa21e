#ifndef GUANXI_SERVER_CONVERT_PRECONDITION_H_
#define GUANXI_SERVER_CONVERT_PRECONDITION_H_

#include <vector>

#include "absl/status/statusor.h"

#include "graph/store/precondition.h"
#include "guanxi/v1/fact_service.pb.h"

namespace guanxi::server {

inline constexpr int kMaxPreconditions = 1000;

// INVALID_ARGUMENT [FIELD_REQUIRED, FIELD_INVALID].
absl::StatusOr<std::vector<store::Precondition>> ReadPreconditions(
    const v1::CommitRequest& request);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_CONVERT_PRECONDITION_H_
