#include "graph/store/purger.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/entity_index.h"
#include "graph/store/history.h"
#include "graph/store/limits.h"
#include "graph/store/past_slots.h"
#include "graph/store/tombstone.h"

namespace guanxi::store {
namespace {

absl::Status NothingToPurge(absl::string_view key) {
  return MakeError(absl::StatusCode::kNotFound, "ENTITY_NOT_FOUND",
                   absl::StrCat("there is no entity '", key, "' to purge"),
                   {{"key", key}});
}

// How many implicit claims the facts of several records have; one that stands
// in several counts once.
int64_t CountImplicit(const std::vector<RecordFact>& facts) {
  std::set<std::pair<FactKey, Revision>> claims;
  for (const RecordFact& fact : facts) {
    if (fact.implicit) claims.emplace(fact.key, fact.implicit->since);
  }
  return static_cast<int64_t>(claims.size());
}

void Append(std::vector<RecordFact> from, std::vector<RecordFact>& to) {
  std::ranges::move(from, std::back_inserter(to));
}

}  // namespace

absl::StatusOr<int64_t> Purger::Purge(const PurgeClaimStatement& body,
                                      const std::string& author) {
  RETURN_IF_ERROR(drafts_.Flush());
  ASSIGN_OR_RETURN(const ClaimInHand held,
                   drafts_.FindClaim(body.claim, "purge"));
  RETURN_IF_ERROR(EraseClaim(*held.draft, *held.claim,
                             {counters_.revision, author, body.why}));
  const StoredClaim gone = *held.claim;
  std::erase_if(held.draft->said.claims,
                [ordinal = gone.ordinal](const StoredClaim& claim) {
                  return claim.ordinal == ordinal;
                });
  RETURN_IF_ERROR(RewritePast(*held.draft, {gone}, Implicit::kKept).status());
  return 1;
}

absl::StatusOr<int64_t> Purger::Purge(const PurgeEntityStatement& body,
                                      const std::string& author) {
  RETURN_IF_ERROR(drafts_.Flush());
  ASSIGN_OR_RETURN(Draft * entity, drafts_.FindStoredEntity(body.key));
  if (entity == nullptr) return NothingToPurge(body.key);
  const Tombstone tombstone{counters_.revision, author, body.why};
  ASSIGN_OR_RETURN(const std::vector<RelationshipId> relationships,
                   drafts_.RelationshipsOf(EntityId{entity->owner.id}));
  int64_t erased = 0;
  for (const RelationshipId id : relationships) {
    ASSIGN_OR_RETURN(Draft * draft, drafts_.Get(Owner::Of(id)));
    draft->relationship.name.clear();
    draft->relationship.keys.clear();
    ASSIGN_OR_RETURN(const int64_t claims, EraseAll(*draft, tombstone));
    erased += claims;
    if (erased > kMaxClaimsPerCommit) return TooManyClaims(body.key);
  }
  RETURN_IF_ERROR(txn_.Delete(tables_.entity_key, body.key).status());
  drafts_.ForgetKey(body.key);
  entity->entity.key.clear();
  drafts_.log().push_back({LogOperation::kEntityPurged, entity->owner, 0});
  ASSIGN_OR_RETURN(const int64_t claims, EraseAll(*entity, tombstone));
  if (erased + claims == 0) return NothingToPurge(body.key);
  return erased + claims;
}

absl::Status Purger::EraseClaim(const Draft& draft, const StoredClaim& claim,
                                const Tombstone& tombstone) {
  const ClaimRef ref{draft.owner, claim.ordinal};
  RETURN_IF_ERROR(
      WriteTombstone(ref, claim.identity, tombstone, tables_, txn_));
  drafts_.log().push_back(
      {LogOperation::kClaimPurged, draft.owner, claim.ordinal});
  return DeleteClaim(draft.owner, claim, tables_, txn_);
}

absl::StatusOr<int64_t> Purger::EraseAll(Draft& draft,
                                         const Tombstone& tombstone) {
  const auto count = static_cast<int64_t>(draft.said.claims.size());
  for (const StoredClaim& claim : draft.said.claims) {
    RETURN_IF_ERROR(EraseClaim(draft, claim, tombstone));
  }
  std::vector<StoredClaim> gone = std::exchange(draft.said.claims, {});
  draft.said.implicit.clear();
  ASSIGN_OR_RETURN(const int64_t implicit,
                   RewritePast(draft, std::move(gone), Implicit::kErased));
  if (implicit > 0) {
    drafts_.log().push_back({LogOperation::kImplicitRemoved, draft.owner, 0});
  }
  return count + implicit;
}

Placement Purger::PlaceOf(const Draft& draft,
                          const std::vector<RecordFact>& facts) const {
  const TypeId type = draft.relationship.type;
  return PlacementOf(type, IsSymmetric(catalog_, type), facts);
}

// The present record too is one that must not be kept.
absl::StatusOr<int64_t> Purger::RewritePast(Draft& draft,
                                            std::vector<StoredClaim> gone,
                                            Implicit implicit) {
  Erasure erasure{
      .erased = {.facts = draft.old_facts, .claims = std::move(gone)}};
  IndexedFacts& left = erasure.left;
  const bool is_entity = draft.owner.kind == OwnerKind::kEntity;
  std::vector<PastPlacement> placements;
  ASSIGN_OR_RETURN(std::vector<Image> images,
                   ReadImages(txn_, tables_, draft.owner));
  for (Image& image : images) {
    ASSIGN_OR_RETURN(const RecordView record, RecordView::Parse(image.record));
    ASSIGN_OR_RETURN(std::vector<RecordFact> before,
                     ReadFacts(record, catalog_));
    OwnerClaims said{.claims = draft.said.claims};
    for (const RecordFact& fact : before) {
      if (fact.implicit && implicit == Implicit::kKept) {
        said.implicit.emplace(fact.key, *fact.implicit);
      }
    }
    ASSIGN_OR_RETURN(
        std::vector<RecordFact> facts,
        drafts_.ResolveAt(draft, said, Revision{image.end.number - 1}));
    ASSIGN_OR_RETURN(image.record, drafts_.EncodeRecord(draft, facts));
    RETURN_IF_ERROR(ReplaceImage(draft.owner, image, tables_, txn_));
    if (!is_entity) placements.push_back({image.end, PlaceOf(draft, facts)});
    Append(std::move(before), erasure.erased.facts);
    Append(std::move(facts), left.facts);
  }
  RETURN_IF_ERROR(drafts_.FlushErasing(draft));
  const int64_t implicit_erased =
      implicit == Implicit::kErased ? CountImplicit(erasure.erased.facts) : 0;
  if (!is_entity) {
    RETURN_IF_ERROR(ReplaceMoves(
        RelationshipId{draft.owner.id}, draft.relationship,
        MovesOf(placements, PlaceOf(draft, draft.old_facts)), tables_, txn_));
    return implicit_erased;
  }
  erasure.entity = EntityId{draft.owner.id};
  Append(draft.old_facts, left.facts);
  left.claims = draft.said.claims;
  RETURN_IF_ERROR(EraseIndexEntries(erasure, catalog_, tables_, txn_));
  return implicit_erased;
}

}  // namespace guanxi::store
