#ifndef GUANXI_SERVER_CONVERT_ENUMS_H_
#define GUANXI_SERVER_CONVERT_ENUMS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/base/status_macros.h"
#include "graph/model/claim.h"
#include "graph/model/fact.h"
#include "graph/model/predicate.h"
#include "graph/model/resolve.h"
#include "graph/model/schema.h"
#include "graph/model/statement.h"
#include "graph/model/view.h"
#include "graph/store/store.h"
#include "graph/topology/topology.h"
#include "graph/traverse/neighbourhood.h"
#include "graph/traverse/path.h"
#include "graph/traverse/spec.h"
#include "guanxi/v1/claim.pb.h"
#include "guanxi/v1/graph.pb.h"
#include "guanxi/v1/graph_service.pb.h"
#include "guanxi/v1/schema.pb.h"
#include "guanxi/v1/statement.pb.h"
#include "server/convert/field_path.h"

namespace guanxi::server {

// One row of a table that pairs our enumerators with those of the contract.
template <typename Ours, typename Theirs>
struct EnumPair {
  Ours ours;
  Theirs theirs;
};

inline constexpr EnumPair<Mode, v1::Mode> kModes[] = {
    {Mode::kAsserted, v1::MODE_ASSERTED},
    {Mode::kReported, v1::MODE_REPORTED},
    {Mode::kExpected, v1::MODE_EXPECTED},
    {Mode::kPlanned, v1::MODE_PLANNED},
    {Mode::kInferred, v1::MODE_INFERRED},
    {Mode::kOpinion, v1::MODE_OPINION},
    {Mode::kSuggested, v1::MODE_SUGGESTED},
    {Mode::kNegated, v1::MODE_NEGATED},
};
inline constexpr EnumPair<Rank, v1::Rank> kRanks[] = {
    {Rank::kDeprecated, v1::RANK_DEPRECATED},
    {Rank::kNormal, v1::RANK_NORMAL},
    {Rank::kPreferred, v1::RANK_PREFERRED},
};
inline constexpr EnumPair<Verdict, v1::Verdict> kVerdicts[] = {
    {Verdict::kShown, v1::VERDICT_SHOWN},
    {Verdict::kAgrees, v1::VERDICT_AGREES},
    {Verdict::kLost, v1::VERDICT_LOST},
    {Verdict::kLostToo, v1::VERDICT_LOST},
    {Verdict::kDenies, v1::VERDICT_DENIES},
    {Verdict::kNotHolding, v1::VERDICT_NOT_HOLDING},
    {Verdict::kOtherMode, v1::VERDICT_OTHER_MODE},
};
inline constexpr EnumPair<LossRule, v1::LossRule> kLossRules[] = {
    {LossRule::kDeprecated, v1::LOSS_RULE_DEPRECATED},
    {LossRule::kImplicit, v1::LOSS_RULE_IMPLICIT},
    {LossRule::kRank, v1::LOSS_RULE_RANK},
    {LossRule::kTier, v1::LOSS_RULE_TIER},
    {LossRule::kRoots, v1::LOSS_RULE_ROOTS},
    {LossRule::kPrecision, v1::LOSS_RULE_PRECISION},
    {LossRule::kRecency, v1::LOSS_RULE_RECENCY},
    {LossRule::kConfidence, v1::LOSS_RULE_CONFIDENCE},
    {LossRule::kId, v1::LOSS_RULE_ID},
};
inline constexpr EnumPair<traverse::PathMode, v1::PathMode> kPathModes[] = {
    {traverse::PathMode::kAnyShortest, v1::PATH_MODE_ANY_SHORTEST},
    {traverse::PathMode::kAllShortest, v1::PATH_MODE_ALL_SHORTEST},
    {traverse::PathMode::kAll, v1::PATH_MODE_ALL},
    {traverse::PathMode::kKShortest, v1::PATH_MODE_K_SHORTEST},
};
inline constexpr EnumPair<traverse::PathRestrictor, v1::PathRestrictor>
    kPathRestrictors[] = {
        {traverse::PathRestrictor::kAcyclic, v1::PATH_RESTRICTOR_ACYCLIC},
        {traverse::PathRestrictor::kTrail, v1::PATH_RESTRICTOR_TRAIL},
        {traverse::PathRestrictor::kWalk, v1::PATH_RESTRICTOR_WALK},
};
inline constexpr EnumPair<traverse::PriceBasis, v1::PriceBasis> kPriceBases[] =
    {
        {traverse::PriceBasis::kOne, v1::PRICE_BASIS_ONE},
        {traverse::PriceBasis::kProperty, v1::PRICE_BASIS_PROPERTY},
        {traverse::PriceBasis::kConfidence, v1::PRICE_BASIS_CONFIDENCE},
};
inline constexpr EnumPair<traverse::PriceFunction, v1::PriceFunction>
    kPriceFunctions[] = {
        {traverse::PriceFunction::kValue, v1::PRICE_FUNCTION_VALUE},
        {traverse::PriceFunction::kInverse, v1::PRICE_FUNCTION_INVERSE},
        {traverse::PriceFunction::kNegativeLogarithm,
         v1::PRICE_FUNCTION_NEGATIVE_LOGARITHM},
};
inline constexpr EnumPair<Evidence, v1::Evidence> kEvidences[] = {
    {Evidence::kNone, v1::EVIDENCE_NONE},
    {Evidence::kShown, v1::EVIDENCE_SHOWN},
    {Evidence::kAll, v1::EVIDENCE_ALL},
};
inline constexpr EnumPair<Holds, v1::Holds> kHolds[] = {
    {Holds::kNo, v1::HOLDS_NO},
    {Holds::kMaybe, v1::HOLDS_MAYBE},
    {Holds::kYes, v1::HOLDS_YES},
};
inline constexpr EnumPair<FactKind, v1::FactKind> kFactKinds[] = {
    {FactKind::kExistence, v1::FACT_KIND_EXISTENCE},
    {FactKind::kLabel, v1::FACT_KIND_LABEL},
    {FactKind::kProperty, v1::FACT_KIND_PROPERTY},
    {FactKind::kDate, v1::FACT_KIND_DATE},
};
inline constexpr EnumPair<ValidTime::Kind, v1::FactTimeKind> kFactTimeKinds[] =
    {
        {ValidTime::Kind::kNone, v1::FACT_TIME_KIND_UNSPECIFIED},
        {ValidTime::Kind::kAt, v1::FACT_TIME_KIND_AT},
        {ValidTime::Kind::kDuring, v1::FACT_TIME_KIND_DURING},
};
inline constexpr EnumPair<BaseType, v1::BaseType> kBaseTypes[] = {
    {BaseType::kBool, v1::BASE_TYPE_BOOL},
    {BaseType::kInt, v1::BASE_TYPE_INT},
    {BaseType::kDouble, v1::BASE_TYPE_DOUBLE},
    {BaseType::kDecimal, v1::BASE_TYPE_DECIMAL},
    {BaseType::kString, v1::BASE_TYPE_STRING},
    {BaseType::kText, v1::BASE_TYPE_TEXT},
    {BaseType::kBytes, v1::BASE_TYPE_BYTES},
    {BaseType::kDate, v1::BASE_TYPE_DATE},
    {BaseType::kDateTime, v1::BASE_TYPE_DATETIME},
    {BaseType::kDuration, v1::BASE_TYPE_DURATION},
    {BaseType::kPercent, v1::BASE_TYPE_PERCENT},
    {BaseType::kMoney, v1::BASE_TYPE_MONEY},
    {BaseType::kRatio, v1::BASE_TYPE_RATIO},
    {BaseType::kQuantity, v1::BASE_TYPE_QUANTITY},
    {BaseType::kRange, v1::BASE_TYPE_RANGE},
    {BaseType::kPeriod, v1::BASE_TYPE_PERIOD},
    {BaseType::kCode, v1::BASE_TYPE_CODE},
    {BaseType::kId, v1::BASE_TYPE_ID},
    {BaseType::kEnum, v1::BASE_TYPE_ENUM},
};
inline constexpr EnumPair<TimeKind, v1::TimeKind> kTimeKinds[] = {
    {TimeKind::kState, v1::TIME_KIND_STATE},
    {TimeKind::kEvent, v1::TIME_KIND_EVENT},
    {TimeKind::kPeriod, v1::TIME_KIND_PERIOD},
};
inline constexpr EnumPair<Judgement, v1::Judgement> kJudgements[] = {
    {Judgement::kSame, v1::JUDGEMENT_SAME},
    {Judgement::kDifferent, v1::JUDGEMENT_DIFFERENT},
    {Judgement::kUnsure, v1::JUDGEMENT_UNSURE},
};
inline constexpr EnumPair<store::NoticeKind, v1::NoticeKind> kNoticeKinds[] = {
    {store::NoticeKind::kSkipped, v1::NOTICE_KIND_SKIPPED},
    {store::NoticeKind::kUnknownName, v1::NOTICE_KIND_UNKNOWN_NAME},
    {store::NoticeKind::kImplicitNotShown, v1::NOTICE_KIND_IMPLICIT_NOT_SHOWN},
    {store::NoticeKind::kKeepsId, v1::NOTICE_KIND_KEEPS_ID},
    {store::NoticeKind::kNothingToEnd, v1::NOTICE_KIND_NOTHING_TO_END},
    {store::NoticeKind::kIdentifierInvalid, v1::NOTICE_KIND_IDENTIFIER_INVALID},
};
inline constexpr EnumPair<Comparison, v1::Comparison> kComparisons[] = {
    {Comparison::kExists, v1::COMPARISON_EXISTS},
    {Comparison::kEqual, v1::COMPARISON_EQUAL},
    {Comparison::kLess, v1::COMPARISON_LESS},
    {Comparison::kLessOrEqual, v1::COMPARISON_LESS_OR_EQUAL},
    {Comparison::kGreater, v1::COMPARISON_GREATER},
    {Comparison::kGreaterOrEqual, v1::COMPARISON_GREATER_OR_EQUAL},
};
inline constexpr EnumPair<Direction, v1::Direction> kDirections[] = {
    {Direction::kOut, v1::DIRECTION_OUT},
    {Direction::kIn, v1::DIRECTION_IN},
    {Direction::kBoth, v1::DIRECTION_BOTH},
};
inline constexpr EnumPair<traverse::Outcome, v1::Outcome> kOutcomes[] = {
    {traverse::Outcome::kComplete, v1::OUTCOME_COMPLETE},
    {traverse::Outcome::kTruncated, v1::OUTCOME_TRUNCATED},
    {traverse::Outcome::kProvenNone, v1::OUTCOME_PROVEN_NONE},
};
// Of a cancelled traversal nobody gets to see an answer.
inline constexpr EnumPair<Stop, v1::StopReason> kStops[] = {
    {Stop::kNone, v1::STOP_REASON_UNSPECIFIED},
    {Stop::kEntities, v1::STOP_REASON_MAX_ENTITIES},
    {Stop::kRelationships, v1::STOP_REASON_MAX_RELATIONSHIPS},
    {Stop::kResults, v1::STOP_REASON_MAX_RESULTS},
    {Stop::kBytes, v1::STOP_REASON_MAX_BYTES},
    {Stop::kDeadline, v1::STOP_REASON_DEADLINE},
    {Stop::kLength, v1::STOP_REASON_MAX_LENGTH},
    {Stop::kPerEntity, v1::STOP_REASON_MAX_PER_ENTITY},
    {Stop::kCost, v1::STOP_REASON_MAX_COST},
    {Stop::kHub, v1::STOP_REASON_HUB},
};
inline constexpr EnumPair<traverse::KeepOrder, v1::KeepOrder> kKeepOrders[] = {
    {traverse::KeepOrder::kAsMet, v1::KEEP_ORDER_AS_MET},
    {traverse::KeepOrder::kKey, v1::KEEP_ORDER_KEY},
    {traverse::KeepOrder::kHighest, v1::KEEP_ORDER_HIGHEST},
    {traverse::KeepOrder::kLowest, v1::KEEP_ORDER_LOWEST},
    {traverse::KeepOrder::kSurest, v1::KEEP_ORDER_SUREST},
};
inline constexpr EnumPair<traverse::HubAction, v1::HubAction> kHubActions[] = {
    {traverse::HubAction::kSkip, v1::HUB_ACTION_SKIP},
    {traverse::HubAction::kStop, v1::HUB_ACTION_STOP},
    {traverse::HubAction::kCap, v1::HUB_ACTION_CAP},
};

// The contract's enumerator. Ours must be in the table (GUANXI_CHECKed).
template <typename Ours, typename Theirs, size_t N>
Theirs ToProto(const EnumPair<Ours, Theirs> (&table)[N], Ours value) {
  for (const auto& [ours, theirs] : table) {
    if (ours == value) return theirs;
  }
  GUANXI_CHECK(false);
}

// Our enumerator. INVALID_ARGUMENT [FIELD_REQUIRED, FIELD_INVALID].
template <typename Ours, typename Theirs, size_t N>
absl::StatusOr<Ours> FromProto(const EnumPair<Ours, Theirs> (&table)[N],
                               Theirs value, const FieldPath& field) {
  for (const auto& [ours, theirs] : table) {
    if (theirs == value) return ours;
  }
  constexpr absl::string_view kExpected = "a named value of the enum";
  if (value == Theirs{}) return Missing(field, kExpected);
  return Invalid(field, absl::StrCat(static_cast<int>(value)), kExpected);
}

// The same, but an unspecified value is `otherwise`.
template <typename Ours, typename Theirs, size_t N>
absl::StatusOr<Ours> FromProtoOr(const EnumPair<Ours, Theirs> (&table)[N],
                                 Theirs value, const FieldPath& field,
                                 Ours otherwise) {
  if (value == Theirs{}) return otherwise;
  return FromProto(table, value, field);
}

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_CONVERT_ENUMS_H_
