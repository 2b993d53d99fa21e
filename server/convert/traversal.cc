#include "server/convert/traversal.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include <google/protobuf/repeated_field.h>
#include <google/protobuf/util/time_util.h>

#include "graph/base/status_macros.h"
#include "server/convert/enums.h"
#include "server/convert/value.h"

namespace guanxi::server {
namespace {

using server::ToProto;  // beside the ones below

constexpr int kMaxNames = 100;
constexpr absl::string_view kAnyDay = "any";

absl::StatusOr<std::optional<Day>> ReadDay(const v1::Moment& moment, Day today,
                                           const FieldPath& options) {
  const std::string& day = moment.valid_at();
  if (day.empty()) return today;
  if (day == kAnyDay) return std::nullopt;
  const FieldPath field(options, "moment");
  const auto parsed = ParseDay(day);
  if (!parsed.ok()) {
    return Invalid(FieldPath(field, "valid_at"), day,
                   "a day as in 2025-09-30, or any");
  }
  return *parsed;
}

// One limit of a budget: its field, its place in ours.
struct BudgetRow {
  const char* name;
  int64_t (v1::Budget::*asked)() const;
  int64_t Budget::*limit;
};
constexpr BudgetRow kBudgetRows[] = {
    {"max_entities", &v1::Budget::max_entities, &Budget::max_entities},
    {"max_relationships", &v1::Budget::max_relationships,
     &Budget::max_relationships},
    {"max_results", &v1::Budget::max_results, &Budget::max_results},
    {"max_bytes", &v1::Budget::max_bytes, &Budget::max_bytes},
};

v1::LeftOut ToProto(const LeftOut& left_out) {
  v1::LeftOut proto;
  proto.set_denied(left_out.denied);
  proto.set_unrecorded(left_out.unrecorded);
  proto.set_uncertain(left_out.uncertain);
  proto.set_low_confidence(left_out.low_confidence);
  proto.set_hidden(left_out.hidden);
  proto.set_unpriced(left_out.unpriced);
  for (const auto& [mode, count] : left_out.modes) {
    v1::ModeCount* written = proto.add_modes();
    written->set_mode(ToProto(kModes, mode));
    written->set_count(count);
  }
  for (const HopLeftOut& hop : left_out.hops) {
    v1::HopLeftOut* written = proto.add_hops();
    written->set_hop(hop.hop);
    written->set_capped(hop.capped);
    written->set_to_hubs(hop.to_hubs);
    written->set_hubs(hop.hubs);
  }
  return proto;
}

}  // namespace

absl::StatusOr<Lens> FromProto(const v1::ReadOptions& options, Day today,
                               const FieldPath& field) {
  Lens lens;
  ASSIGN_OR_RETURN(lens.valid_at, ReadDay(options.moment(), today, field));
  const FieldPath modes(field, "modes");
  for (int i = 0; i < options.modes_size(); ++i) {
    const FieldPath place(modes, i);
    ASSIGN_OR_RETURN(const Mode mode,
                     FromProto(kModes, options.modes(i), place));
    if (mode == Mode::kNegated) {
      return Invalid(place, "MODE_NEGATED", "a mode in which facts hold");
    }
    lens.modes.Add(mode);
  }
  lens.certain = options.certain();
  return lens;
}

store::KnownAt FromProto(const v1::Moment& moment) {
  store::KnownAt known_at;
  if (moment.has_revision()) known_at.revision = Revision{moment.revision()};
  if (moment.has_time()) {
    known_at.time = google::protobuf::util::TimeUtil::TimestampToMicroseconds(
        moment.time());
  }
  return known_at;
}

absl::StatusOr<Evidence> FromProto(v1::Evidence evidence,
                                   const FieldPath& field) {
  return FromProtoOr(kEvidences, evidence, field, Evidence::kNone);
}

absl::StatusOr<std::vector<std::string>> ReadNames(
    const google::protobuf::RepeatedPtrField<std::string>& names,
    const FieldPath& field) {
  if (names.size() > kMaxNames) {
    return Invalid(field, absl::StrCat(names.size(), " names"),
                   absl::StrCat("at most ", kMaxNames));
  }
  for (int i = 0; i < names.size(); ++i) {
    RETURN_IF_ERROR(CheckName(names[i], FieldPath(field, i)));
  }
  return std::vector<std::string>(names.begin(), names.end());
}

absl::Status ReadBudget(const v1::Budget& asked, const BudgetLimits& limits,
                        const FieldPath& field, Budget* budget) {
  for (const BudgetRow& row : kBudgetRows) {
    const int64_t limit = (asked.*row.asked)();
    if (limit < 0) {
      return Invalid(FieldPath(field, row.name), absl::StrCat(limit),
                     "0 for the default, or more");
    }
    budget->*row.limit = limit == 0 ? limits.otherwise.*row.limit
                                    : std::min(limit, limits.most.*row.limit);
  }
  return absl::OkStatus();
}

absl::Status ReadTraversal(const v1::TraversalOptions& options,
                           const BudgetLimits& limits, const FieldPath& field,
                           traverse::TraversalSpec* spec) {
  ASSIGN_OR_RETURN(
      spec->direction,
      FromProtoOr(kDirections, options.direction(),
                  FieldPath(field, "direction"), Direction::kBoth));
  ASSIGN_OR_RETURN(spec->types,
                   ReadNames(options.types(), FieldPath(field, "types")));
  ASSIGN_OR_RETURN(spec->labels,
                   ReadNames(options.labels(), FieldPath(field, "labels")));
  ASSIGN_OR_RETURN(
      spec->exclude_types,
      ReadNames(options.exclude_types(), FieldPath(field, "exclude_types")));
  const double confidence = options.min_confidence();
  if (!(confidence >= 0 && confidence <= 1)) {
    return Invalid(FieldPath(field, "min_confidence"), absl::StrCat(confidence),
                   "a number from 0 to 1");
  }
  spec->lens.min_confidence = confidence;
  return ReadBudget(options.budget(), limits, FieldPath(field, "budget"),
                    &spec->budget);
}

v1::Completeness ToProto(const traverse::Completeness& completeness) {
  v1::Completeness proto;
  proto.set_outcome(ToProto(kOutcomes, completeness.outcome));
  proto.set_reason(ToProto(kStops, completeness.reason));
  proto.set_where(completeness.where);
  if (!completeness.left_out.empty()) {
    *proto.mutable_left_out() = ToProto(completeness.left_out);
  }
  return proto;
}

v1::ResolvedMoment ToProto(Revision revision, const Lens& lens) {
  v1::ResolvedMoment proto;
  proto.set_revision(revision.number);
  proto.set_valid_at(lens.valid_at.has_value() ? ToString(*lens.valid_at)
                                               : std::string(kAnyDay));
  return proto;
}

}  // namespace guanxi::server
