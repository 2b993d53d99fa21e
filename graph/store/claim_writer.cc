#include "graph/store/claim_writer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/limits.h"
#include "graph/store/tombstone.h"

namespace guanxi::store {
namespace {

bool SameBesideIdentity(const Claim& a, const Claim& b) {
  return a.rank == b.rank && a.confidence == b.confidence && a.note == b.note &&
         a.qualifiers == b.qualifiers;
}

// Whether two claims of one fact are the same claim (DESIGN.md §1.2).
bool SameIdentity(const Claim& a, const Claim& b) {
  return a.citation == b.citation && a.value == b.value &&
         a.properties == b.properties && a.valid == b.valid &&
         a.mode == b.mode && a.by == b.by && a.supersedes == b.supersedes;
}

// Whether a fact shows, on this day, another claim than the implicit one.
bool ShowsOther(const RecordFact& fact, Day day) {
  return std::ranges::any_of(fact.slices, [&](const Slice& slice) {
    return slice.mode_class == Mode::kAsserted && slice.days.Contains(day) &&
           slice.presence != Presence::kUnrecorded &&
           fact.winners[slice.winner].claim != 0;
  });
}

}  // namespace

absl::Status ClaimWriter::Write(StatedFact stated, const Tail& tail,
                                const Statement& statement) {
  if (tail.empty()) {
    RETURN_IF_ERROR(CountClaim());
    WriteImplicit(stated, statement);
    return absl::OkStatus();
  }
  std::vector<Citation> citations = tail.from;
  if (citations.empty()) citations.emplace_back();
  for (Citation& citation : citations) {
    RETURN_IF_ERROR(CountClaim());
    stated.claim.citation = std::move(citation);
    RETURN_IF_ERROR(WriteClaim(stated, statement));
  }
  return absl::OkStatus();
}

void ClaimWriter::WriteImplicit(const StatedFact& stated,
                                const Statement& statement) {
  ImplicitClaim implicit{.since = counters_.revision,
                         .value = stated.claim.value,
                         .qualifiers = stated.claim.qualifiers};
  if (!stated.claim.properties.empty()) {
    implicit.value = Value(stated.claim.properties);
  }
  const auto known = stated.draft->said.implicit.find(stated.fact);
  if (known != stated.draft->said.implicit.end() &&
      known->second.value == implicit.value &&
      known->second.qualifiers == implicit.qualifiers) {
    ++result_.claims_unchanged;
  } else {
    ++result_.claims_added;
    drafts_.SetImplicit(*stated.draft, stated.fact, std::move(implicit));
  }
  implicit_writes_.push_back({stated.draft, {}, &statement});
  std::vector<FactKey>& written = implicit_writes_.back().facts;
  if (stated.fact.kind == FactKind::kProperty) written.push_back(stated.fact);
  for (const auto& [name, value] : stated.claim.properties) {
    written.push_back(RelationshipPropertyKey(name, value));
  }
}

absl::Status ClaimWriter::WriteClaim(const StatedFact& stated,
                                     const Statement& statement) {
  StoredClaim stored{.claim = stated.claim, .fact = stated.fact};
  stored.identity = ClaimIdentity(stated.owner_name, stated.fact, stated.claim);
  if (!stored.claim.named) stored.claim.id = ClaimIdText(stored.identity);
  ASSIGN_OR_RETURN(const std::optional<ClaimRef> known,
                   FindKnown(*stated.draft, stored));
  if (known.has_value()) return Restate(*known, stored.claim, statement);

  ASSIGN_OR_RETURN(const bool purged, IsPurged(txn_, tables_, stored.identity));
  if (purged) return RefusePurged(stored.claim, statement);
  RETURN_IF_ERROR(CheckName(stored.claim));
  RETURN_IF_ERROR(
      EndSuperseded(stored.claim, OldClaim::kIsBelieved, statement));
  const std::string& source = stored.claim.citation.source;
  if (!source.empty()) {
    ASSIGN_OR_RETURN(const SourceId id, RequireSource(txn_, tables_, source));
    RETURN_IF_ERROR(AddSourceUse(id, stated.draft->owner, tables_, txn_));
  }
  AnswerId(stored.claim);
  ++result_.claims_added;
  return drafts_.Believe(*stated.draft, std::move(stored));
}

absl::StatusOr<std::optional<ClaimRef>> ClaimWriter::FindKnown(
    const Draft& draft, const StoredClaim& stored) const {
  ASSIGN_OR_RETURN(const std::optional<ClaimRef> known,
                   FindClaimByIdentity(txn_, tables_, stored.identity));
  if (known.has_value()) return known;
  for (const StoredClaim& other : draft.said.claims) {
    const bool same = other.beliefs.back().end.has_value() &&
                      other.fact == stored.fact &&
                      SameIdentity(other.claim, stored.claim);
    if (same) return ClaimRef{draft.owner, other.ordinal};
  }
  return std::nullopt;
}

absl::Status ClaimWriter::Restate(ClaimRef ref, const Claim& claim,
                                  const Statement& statement) {
  ASSIGN_OR_RETURN(const ClaimInHand held, drafts_.GetClaim(ref));
  const StoredClaim& known = *held.claim;
  AnswerId(known.claim);
  const bool renamed = claim.named && claim.id != known.claim.id;
  if (renamed) RETURN_IF_ERROR(CheckName(claim));
  if (!known.believed()) return Revive(held, claim, statement);
  if (renamed) {
    Skip(statement,
         absl::StrCat("this claim is known already as '", known.claim.id, "'"));
  } else if (SameBesideIdentity(known.claim, claim)) {
    // What it corrects may have been believed again since.
    RETURN_IF_ERROR(EndSuperseded(claim, OldClaim::kMayBeEnded, statement));
    ++result_.claims_unchanged;
  } else {
    Skip(statement,
         absl::StrCat("claim '", known.claim.id,
                      "' is known with another rank, confidence, note or "
                      "qualifier; to change it, add: supersedes ",
                      known.claim.id));
  }
  return absl::OkStatus();
}

// The claim keeps the id under which it may have been cited.
absl::Status ClaimWriter::Revive(const ClaimInHand& held, const Claim& claim,
                                 const Statement& statement) {
  const std::string& id = held.claim->claim.id;
  if (origin_ == Origin::kImport) {
    Skip(statement,
         absl::StrCat("claim '", id,
                      "' was superseded or retracted; an import does not "
                      "revive it, a commit does"));
    return absl::OkStatus();
  }
  if (claim.named && claim.id != id) {
    Notify(NoticeKind::kKeepsId, statement,
           absl::StrCat("this claim was known as '", id,
                        "' and is believed again under that id"));
  }
  RETURN_IF_ERROR(EndSuperseded(claim, OldClaim::kMayBeEnded, statement));
  ++result_.claims_added;
  return drafts_.BelieveAgain(*held.draft, *held.claim, claim);
}

absl::Status ClaimWriter::RefusePurged(const Claim& claim,
                                       const Statement& statement) {
  if (origin_ == Origin::kImport) {
    AnswerId(claim);
    Skip(statement, "this claim was purged and is not stored again");
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kFailedPrecondition, "CLAIM_PURGED",
                   "this claim was purged and must not be stored; expected "
                   "another source, time or value",
                   {{"claim", claim.id}});
}

absl::Status ClaimWriter::CheckName(const Claim& claim) const {
  if (!claim.named) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<ClaimRef> taken,
                   FindClaimById(txn_, tables_, claim.id));
  if (!taken.has_value()) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kAlreadyExists, "CLAIM_ID_TAKEN",
      absl::StrCat("the id '", claim.id,
                   "' stands for a claim with other content; expected a new "
                   "id, and to correct that claim: supersedes ",
                   claim.id),
      {{"claim", claim.id}});
}

absl::Status ClaimWriter::EndSuperseded(const Claim& claim, OldClaim expected,
                                        const Statement& statement) {
  if (claim.supersedes.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<ClaimRef> ref,
                   FindClaimById(txn_, tables_, claim.supersedes));
  if (!ref.has_value()) return SupersedesUnknown(claim, expected, statement);
  ASSIGN_OR_RETURN(const ClaimInHand old, drafts_.GetClaim(*ref));
  if (!old.claim->believed()) {
    return expected == OldClaim::kMayBeEnded ? absl::OkStatus()
                                             : NotBelieved(claim.supersedes);
  }
  ++result_.claims_retracted;
  return drafts_.Close(*old.draft, *old.claim,
                       StoredClaim::Closing::kSuperseded);
}

// An exported graph holds corrections without what they corrected.
absl::Status ClaimWriter::SupersedesUnknown(const Claim& claim,
                                            OldClaim expected,
                                            const Statement& statement) {
  if (expected == OldClaim::kMayBeEnded) return absl::OkStatus();
  if (origin_ == Origin::kImport) {
    Notify(NoticeKind::kNothingToEnd, statement,
           absl::StrCat("there is no claim '", claim.supersedes,
                        "' here; the one that supersedes it is stored, and "
                        "nothing is ended"));
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kNotFound, "CLAIM_NOT_FOUND",
                   absl::StrCat("there is no claim '", claim.supersedes,
                                "' to supersede; expected the id of one"),
                   {{"claim", claim.supersedes}});
}

absl::Status ClaimWriter::CountClaim() {
  if (++claim_count_ <= kMaxClaimsPerCommit) return absl::OkStatus();
  const std::string most = absl::StrCat(kMaxClaimsPerCommit);
  return MakeError(absl::StatusCode::kResourceExhausted, "COMMIT_TOO_LARGE",
                   absl::StrCat("one commit states at most ", most,
                                " claims; send the rest in another"),
                   {{"limit", most}});
}

void ClaimWriter::AnswerId(const Claim& claim) {
  result_.claim_ids[statement_index_].push_back(claim.id);
}

void ClaimWriter::Skip(const Statement& statement, std::string message) {
  ++result_.claims_skipped;
  Notify(NoticeKind::kSkipped, statement, std::move(message));
}

void ClaimWriter::Notify(NoticeKind kind, const Statement& statement,
                         std::string message) {
  ++result_.notice_count;
  if (result_.notices.size() >= CommitResult::kMaxNotices) return;
  result_.notices.push_back({kind, statement.position, std::move(message)});
}

void ClaimWriter::NoteHiddenImplicitClaims(Day today) {
  for (const ImplicitWrite& write : implicit_writes_) {
    for (const FactKey& key : write.facts) {
      const std::vector<RecordFact>& facts = write.draft->old_facts;
      const auto fact =
          std::ranges::lower_bound(facts, key, {}, &RecordFact::key);
      if (fact == facts.end() || fact->key != key) continue;
      if (!ShowsOther(*fact, today)) continue;
      Notify(NoticeKind::kImplicitNotShown, *write.statement,
             absl::StrCat("'", key.name,
                          "' was written without a source; a claim with one "
                          "stands above it and is shown"));
    }
  }
}

}  // namespace guanxi::store
