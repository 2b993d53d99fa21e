#include "graph/store/evidence.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/model/judge.h"
#include "graph/store/claim_table.h"
#include "graph/value/codec.h"

namespace guanxi::store {
namespace {

bool ShownFirst(const ClaimView& a, const ClaimView& b) {
  return a.verdict < b.verdict ||
         (a.verdict == b.verdict && a.claim.id < b.claim.id);
}

}  // namespace

OwnerEvidence::OwnerEvidence(const Standpoint& at, const StoredEntity& stored)
    : at_(at),
      owner_(Owner::Of(stored.id)),
      type_(nullptr),
      record_facts_(stored.facts),
      folded_(stored.said) {}

OwnerEvidence::OwnerEvidence(const Standpoint& at,
                             const StoredRelationship& stored)
    : at_(at),
      owner_(Owner::Of(stored.id)),
      type_(&stored.key.type),
      record_facts_(stored.facts),
      folded_(stored.said) {}

absl::Status OwnerEvidence::Load() {
  if (facts_.has_value()) return absl::OkStatus();
  standings_ = std::make_unique<Standings>(at_.txn, at_.tables, at_.revision);
  if (folded_.has_value()) {
    said_ = *folded_;
  } else {
    ASSIGN_OR_RETURN(said_.claims, ReadClaims(at_.txn, at_.tables, owner_));
    if (!at_.latest) RewindTo(at_.revision, said_.claims);
    for (const RecordFact& fact : record_facts_) {
      if (fact.implicit) said_.implicit.emplace(fact.key, *fact.implicit);
    }
  }
  const Schema& schema = at_.catalog.schema;
  if (type_ == nullptr) {
    ASSIGN_OR_RETURN(facts_, OwnerFacts::OfEntity(said_, schema, *standings_));
  } else {
    ASSIGN_OR_RETURN(facts_,
                     OwnerFacts::OfRelationship(
                         said_, schema.FindRelationship(*type_), *standings_));
  }
  return absl::OkStatus();
}

Revision OwnerEvidence::ImplicitSince(const FactKey& fact) const {
  const bool relationship = owner_.kind == OwnerKind::kRelationship;
  const FactKey key = relationship ? FactKey() : fact;
  const auto held = std::ranges::find(record_facts_, key, &RecordFact::key);
  const bool found = held != record_facts_.end() && held->implicit.has_value();
  return found ? held->implicit->since : Revision();
}

absl::StatusOr<std::vector<ClaimView>> OwnerEvidence::ClaimsOf(
    const RecordFact& fact, const Slice& slice, Day day, Evidence evidence) {
  if (evidence == Evidence::kNone) return std::vector<ClaimView>();
  if (evidence == Evidence::kAll) return AllClaims(fact.key, &slice, day);
  const Winner& winner = fact.winners[slice.winner];
  if (winner.claim == 0) {
    Claim claim{.value = winner.value,
                .qualifiers = winner.qualifiers,
                .implicit = true};
    return std::vector<ClaimView>{
        {.claim = std::move(claim), .since = ImplicitSince(fact.key)}};
  }
  ASSIGN_OR_RETURN(ClaimView shown, ReadWinner(winner));
  return std::vector<ClaimView>{std::move(shown)};
}

absl::StatusOr<std::optional<StoredClaim>> OwnerEvidence::FindClaim(
    uint32_t ordinal) const {
  if (folded_.has_value()) {
    const auto found =
        std::ranges::find(folded_->claims, ordinal, &StoredClaim::ordinal);
    return found == folded_->claims.end() ? std::nullopt
                                          : std::optional(*found);
  }
  ASSIGN_OR_RETURN(std::optional<StoredClaim> stored,
                   ReadClaim(at_.txn, at_.tables, {owner_, ordinal}));
  if (stored.has_value() && !stored->RewindTo(at_.revision)) stored.reset();
  return stored;
}

absl::StatusOr<ClaimView> OwnerEvidence::ReadWinner(
    const Winner& winner) const {
  ASSIGN_OR_RETURN(std::optional<StoredClaim> stored, FindClaim(winner.claim));
  if (!stored.has_value()) {
    ByteReader missing("");
    missing.Fail();
    RETURN_IF_ERROR(CheckRead(missing, absl::StrCat("claim ", winner.claim)));
  }
  return ClaimView{.claim = std::move(stored->claim),
                   .since = stored->beliefs.back().from};
}

ClaimView OwnerEvidence::ViewOf(const FactCandidates& fact,
                                size_t candidate) const {
  const StoredClaim* stored = fact.stored[candidate];
  return {.claim = *fact.candidates[candidate].claim,
          .since = stored == nullptr ? ImplicitSince(fact.key)
                                     : stored->beliefs.back().from};
}

absl::StatusOr<std::vector<ClaimView>> OwnerEvidence::AllClaims(
    const FactKey& key, const Slice* shown, Day day) {
  RETURN_IF_ERROR(Load());
  std::vector<ClaimView> claims;
  const auto fact =
      std::ranges::find(facts_->facts(), key, &FactCandidates::key);
  if (fact == facts_->facts().end()) return claims;
  const std::vector<Judged> judged =
      JudgeClaims(fact->time, fact->candidates,
                  shown ? shown->mode_class : Mode::kAsserted, day);
  for (size_t i = 0; i < judged.size(); ++i) {
    claims.push_back(ViewOf(*fact, i));
    claims.back().verdict = judged[i].verdict;
    claims.back().rule = judged[i].rule;
  }
  std::ranges::sort(claims, ShownFirst);
  return claims;
}

}  // namespace guanxi::store
