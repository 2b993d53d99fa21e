#include "server/convert/path_cost.h"

#include <cmath>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "server/convert/enums.h"
#include "server/convert/value.h"

namespace guanxi::server {
namespace {

using traverse::PathCost;
using traverse::PriceBasis;

absl::Status CheckPrice(double price, const FieldPath& field) {
  if (price >= 0 && std::isfinite(price)) return absl::OkStatus();
  return Invalid(field, absl::StrCat(price), "0 or more");
}

}  // namespace

absl::StatusOr<PathCost> FromProto(const v1::PathCost& proto,
                                   const FieldPath& field) {
  PathCost cost;
  ASSIGN_OR_RETURN(cost.basis,
                   FromProtoOr(kPriceBases, proto.basis(),
                               FieldPath(field, "basis"), PriceBasis::kOne));
  const FieldPath property(field, "property");
  if (cost.basis == PriceBasis::kProperty) {
    RETURN_IF_ERROR(CheckName(proto.property(), property));
  } else if (!proto.property().empty()) {
    return Invalid(property, proto.property(),
                   "none unless basis is PRICE_BASIS_PROPERTY");
  }
  cost.property = proto.property();
  ASSIGN_OR_RETURN(cost.function,
                   FromProtoOr(kPriceFunctions, proto.function(),
                               FieldPath(field, "function"), cost.function));
  if (proto.has_otherwise()) cost.otherwise = proto.otherwise();
  RETURN_IF_ERROR(CheckPrice(proto.otherwise(), FieldPath(field, "otherwise")));
  cost.hub_penalty = proto.hub_penalty();
  RETURN_IF_ERROR(
      CheckPrice(proto.hub_penalty(), FieldPath(field, "hub_penalty")));
  return cost;
}

}  // namespace guanxi::server
