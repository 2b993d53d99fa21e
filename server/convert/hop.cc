#include "server/convert/hop.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "server/convert/enums.h"
#include "server/convert/step_options.h"

namespace guanxi::server {
namespace {

using traverse::HopSpec;
using traverse::HubAction;
using traverse::HubPolicy;
using traverse::KeepOrder;
using traverse::NeighbourhoodSpec;

absl::Status CheckRange(int64_t value, int64_t least, int64_t most,
                        const FieldPath& field) {
  if (value >= least && value <= most) return absl::OkStatus();
  return Invalid(field, absl::StrCat(value), absl::StrCat(least, " to ", most));
}

absl::Status CheckShare(int64_t share, const FieldPath& field) {
  if (share >= 0) return absl::OkStatus();
  return Invalid(field, absl::StrCat(share), "0 for all, or more");
}

absl::Status ReadOrder(const v1::HopSpec& proto, const FieldPath& field,
                       HopSpec& hop) {
  ASSIGN_OR_RETURN(hop.order,
                   FromProtoOr(kKeepOrders, proto.order(),
                               FieldPath(field, "order"), KeepOrder::kAsMet));
  hop.property = proto.property();
  const FieldPath property(field, "property");
  const bool by_number =
      hop.order == KeepOrder::kHighest || hop.order == KeepOrder::kLowest;
  if (by_number) return CheckName(hop.property, property);
  if (hop.property.empty()) return absl::OkStatus();
  return Invalid(property, hop.property,
                 "nothing, or `order` to be KEEP_ORDER_HIGHEST or "
                 "KEEP_ORDER_LOWEST");
}

absl::StatusOr<HopSpec> ReadHop(const v1::HopSpec& proto, const Schema& schema,
                                const std::vector<std::string>& types,
                                const FieldPath& field) {
  HopSpec hop;
  RETURN_IF_ERROR(ReadStepOptions(proto, schema, types, field, &hop));
  RETURN_IF_ERROR(
      CheckShare(proto.max_per_entity(), FieldPath(field, "max_per_entity")));
  hop.max_per_entity = proto.max_per_entity();
  RETURN_IF_ERROR(ReadOrder(proto, field, hop));
  return hop;
}

}  // namespace

absl::Status ReadHops(const v1::NeighbourhoodRequest& request,
                      const Schema& schema, NeighbourhoodSpec* spec) {
  const bool says_depth = request.depth() != 0;
  if (says_depth) {
    RETURN_IF_ERROR(CheckRange(request.depth(), 1, NeighbourhoodSpec::kMaxDepth,
                               FieldPath("depth")));
  }
  spec->depth = says_depth ? request.depth() : std::max(request.hops_size(), 1);
  RETURN_IF_ERROR(
      CheckShare(request.max_per_entity(), FieldPath("max_per_entity")));
  spec->max_per_entity = request.max_per_entity();
  const FieldPath field("hops");
  const int most = says_depth ? spec->depth : NeighbourhoodSpec::kMaxDepth;
  if (request.hops_size() > most) {
    return Invalid(field, absl::StrCat(request.hops_size(), " hops"),
                   absl::StrCat("at most ", most));
  }
  for (int i = 0; i < request.hops_size(); ++i) {
    ASSIGN_OR_RETURN(HopSpec hop,
                     ReadHop(request.hops(i), schema, spec->traversal.types,
                             FieldPath(field, i)));
    spec->hops.push_back(std::move(hop));
  }
  return absl::OkStatus();
}

absl::StatusOr<HubPolicy> FromProto(const v1::HubPolicy& hubs,
                                    const FieldPath& field) {
  HubPolicy policy;
  ASSIGN_OR_RETURN(policy.action, FromProto(kHubActions, hubs.action(),
                                            FieldPath(field, "action")));
  RETURN_IF_ERROR(CheckRange(hubs.max_degree(), 1, HubPolicy::kMaxDegree,
                             FieldPath(field, "max_degree")));
  policy.max_degree = hubs.max_degree();
  const FieldPath keep(field, "keep");
  if (policy.action == HubAction::kCap) {
    RETURN_IF_ERROR(CheckRange(hubs.keep(), 1, HubPolicy::kMaxDegree, keep));
  } else if (hubs.keep() != 0) {
    return Invalid(keep, absl::StrCat(hubs.keep()),
                   "0, or `action` to be HUB_ACTION_CAP");
  }
  policy.keep = hubs.keep();
  return policy;
}

}  // namespace guanxi::server
