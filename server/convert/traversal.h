#ifndef GUANXI_SERVER_CONVERT_TRAVERSAL_H_
#define GUANXI_SERVER_CONVERT_TRAVERSAL_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <google/protobuf/repeated_field.h>

#include "graph/base/budget.h"
#include "graph/model/view.h"
#include "graph/store/snapshot.h"
#include "graph/traverse/spec.h"
#include "guanxi/v1/graph.pb.h"
#include "server/convert/field_path.h"

namespace guanxi::server {

// What a request may take: where it says nothing, and at most.
struct BudgetLimits {
  Budget otherwise;
  Budget most;
};

// The lens that a request looks through; `today` stands for no day.
// INVALID_ARGUMENT [FIELD_INVALID].
absl::StatusOr<Lens> FromProto(const v1::ReadOptions& options, Day today,
                               const FieldPath& field);

// Until when what is read was believed.
store::KnownAt FromProto(const v1::Moment& moment);

absl::StatusOr<Evidence> FromProto(v1::Evidence evidence,
                                   const FieldPath& field);

// Fills all of `spec` but what its lens already has from read options, and
// what only a snapshot tells: the entities to exclude.
// INVALID_ARGUMENT [FIELD_INVALID].
absl::Status ReadTraversal(const v1::TraversalOptions& options,
                           const BudgetLimits& limits, const FieldPath& field,
                           traverse::TraversalSpec* spec);

// At most 100 names. INVALID_ARGUMENT [FIELD_REQUIRED, FIELD_INVALID].
absl::StatusOr<std::vector<std::string>> ReadNames(
    const google::protobuf::RepeatedPtrField<std::string>& names,
    const FieldPath& field);

// The limits of a request. INVALID_ARGUMENT [FIELD_INVALID].
absl::Status ReadBudget(const v1::Budget& asked, const BudgetLimits& limits,
                        const FieldPath& field, Budget* budget);

v1::Completeness ToProto(const traverse::Completeness& completeness);

// The moment that a lens shows at a revision.
v1::ResolvedMoment ToProto(Revision revision, const Lens& lens);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_CONVERT_TRAVERSAL_H_
