#include "graph/store/closer.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/source_table.h"

namespace guanxi::store {
namespace {

absl::Status CheckEnd(const Claim& claim, const Date& end) {
  const auto& when = claim.valid.when;
  if (!when.has_value() || when->start_days().first <= end.days().last) {
    return absl::OkStatus();
  }
  return MakeError(
      absl::StatusCode::kInvalidArgument, "END_BEFORE_START",
      absl::StrCat("claim '", claim.id, "' holds ", claim.valid.ToString(),
                   "; expected an end that is not before that, not ",
                   end.ToString()),
      {{"claim", claim.id}, {"end", end.ToString()}});
}

}  // namespace

absl::StatusOr<Reason> Closer::ReasonOf(const Tail& tail) const {
  for (const Citation& citation : tail.from) {
    RETURN_IF_ERROR(RequireSource(txn_, tables_, citation.source).status());
  }
  return Reason{.from = tail.from,
                .by = tail.by.value_or(""),
                .note = tail.note.value_or("")};
}

TimeKind Closer::KindOf(const ClaimInHand& held) const {
  const Schema& schema = catalog_.schema;
  if (held.draft->owner.kind == OwnerKind::kRelationship) {
    const std::string* type = catalog_.types.Get(held.draft->relationship.type);
    const RelationshipDeclaration* declared =
        type ? schema.FindRelationship(*type) : nullptr;
    return declared ? declared->kind : TimeKind::kState;
  }
  if (held.claim->fact.kind != FactKind::kProperty) return TimeKind::kState;
  const PropertyDeclaration* declared =
      schema.FindProperty(held.claim->fact.name);
  return declared ? declared->kind : TimeKind::kState;
}

absl::Status Closer::End(const EndStatement& body, const Statement& statement) {
  ASSIGN_OR_RETURN(const ClaimInHand held,
                   drafts_.FindClaim(body.claim, "end"));
  if (!held.claim->believed()) return NotHeld(body.claim, statement);
  if (KindOf(held) != TimeKind::kState) {
    return MakeError(absl::StatusCode::kInvalidArgument, "TIME_KIND",
                     absl::StrCat("claim '", body.claim,
                                  "' states no state; only a state can end"),
                     {{"claim", body.claim}});
  }
  RETURN_IF_ERROR(CheckEnd(held.claim->claim, body.at));
  if (held.claim->EndsOn(body.at)) {
    ++result_.claims_unchanged;
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(Reason reason, ReasonOf(body.tail));
  ++result_.claims_ended;
  return drafts_.EndOn(*held.draft, *held.claim, body.at, std::move(reason));
}

absl::Status Closer::Retract(const RetractStatement& body,
                             const Statement& statement) {
  ASSIGN_OR_RETURN(const ClaimInHand held,
                   drafts_.FindClaim(body.claim, "retract"));
  if (!held.claim->believed()) return NotHeld(body.claim, statement);
  ASSIGN_OR_RETURN(Reason reason, ReasonOf(body.tail));
  ++result_.claims_retracted;
  return drafts_.Close(*held.draft, *held.claim,
                       StoredClaim::Closing::kRetracted, std::move(reason));
}

absl::Status Closer::NotHeld(absl::string_view claim,
                             const Statement& statement) {
  if (origin_ == Origin::kCommit) return NotBelieved(claim);
  claims_.Skip(statement,
               absl::StrCat("claim '", claim, "' is no longer believed"));
  return absl::OkStatus();
}

}  // namespace guanxi::store
