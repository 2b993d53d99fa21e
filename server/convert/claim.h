#ifndef GUANXI_SERVER_CONVERT_CLAIM_H_
#define GUANXI_SERVER_CONVERT_CLAIM_H_

#include "absl/status/statusor.h"

#include "graph/model/claim.h"
#include "graph/model/view.h"
#include "guanxi/v1/claim.pb.h"
#include "server/convert/field_path.h"

namespace guanxi::server {

// INVALID_ARGUMENT [FIELD_REQUIRED, FIELD_INVALID].
absl::StatusOr<Tail> FromProto(const v1::ClaimTail& tail,
                               const FieldPath& field);

v1::Citation ToProto(const Citation& citation);
v1::Claim ToProto(const ClaimView& view);
v1::Source ToProto(const SourceView& source);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_CONVERT_CLAIM_H_
