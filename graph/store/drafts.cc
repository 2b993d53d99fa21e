#include "graph/store/drafts.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/adjacency.h"
#include "graph/store/damage.h"
#include "graph/store/entity_index.h"
#include "graph/store/fact_codec.h"
#include "graph/store/history.h"
#include "graph/store/limits.h"
#include "graph/store/past_slots.h"
#include "graph/store/tombstone.h"
#include "graph/store/tuple_cursor.h"
#include "graph/store/tuple_set.h"
#include "graph/store/value_index.h"
#include "graph/value/codec.h"

namespace guanxi::store {
namespace {

absl::Status OwnerTooLarge() {
  const std::string most = absl::StrCat(kMaxClaimsOfOwner);
  return MakeError(absl::StatusCode::kResourceExhausted, "OWNER_TOO_LARGE",
                   absl::StrCat("one entity or relationship has at most ", most,
                                " claims; expected them to be about several"),
                   {{"limit", most}});
}

absl::Status Missing(ClaimRef ref) {
  return Damaged(absl::StrCat("claim ", ref.ordinal,
                              ", which an id stands for, is missing"));
}

// Of a relationship that was made for a statement that was skipped: nothing is
// left of it.
bool IsStillborn(const Draft& draft) {
  return !draft.written && draft.owner.kind == OwnerKind::kRelationship &&
         draft.said.claims.empty() && draft.said.implicit.empty();
}

}  // namespace

absl::Status NotBelieved(absl::string_view claim) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "CLAIM_NOT_BELIEVED",
      absl::StrCat("claim '", claim,
                   "' is no longer believed; expected the id of the claim "
                   "that took its place"),
      {{"claim", claim}});
}

Standpoint Drafts::Here() const {
  return {txn_, tables_, catalog_, counters_.revision};
}

absl::Status TooManyClaims(absl::string_view key) {
  const std::string most = absl::StrCat(kMaxClaimsPerCommit);
  return MakeError(absl::StatusCode::kResourceExhausted, "COMMIT_TOO_LARGE",
                   absl::StrCat("more than ", most, " claims rest on '", key,
                                "'; delete relationships of it in other "
                                "commits first"),
                   {{"limit", most}});
}

absl::StatusOr<Draft*> Drafts::MakeEntity(absl::string_view key) {
  const auto known = entity_ids_.find(key);
  if (known != entity_ids_.end()) return Get(Owner::Of(known->second));
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> stored,
                   txn_.Get(tables_.entity_key, key));
  if (stored.has_value()) {
    EntityId id;
    ASSIGN_OR_RETURN(id.value, ReadIdRow(*stored, "an entity's key"));
    entity_ids_.emplace(key, id);
    return Get(Owner::Of(id));
  }
  EntityId id;
  ASSIGN_OR_RETURN(id.value, TakeFreshId(OwnerKind::kEntity));
  RETURN_IF_ERROR(txn_.Put(tables_.entity_key, key, IdKey(id)));
  entity_ids_.emplace(key, id);
  auto draft = std::make_unique<Draft>();
  draft->owner = Owner::Of(id);
  draft->entity.key = std::string(key);
  draft->created = true;
  draft->written = false;
  ASSIGN_OR_RETURN(Draft * kept, Keep(std::move(draft)));
  Touch(*kept);
  return kept;
}

absl::StatusOr<Draft*> Drafts::FindStoredEntity(absl::string_view key) {
  if (!entity_ids_.contains(key)) {
    ASSIGN_OR_RETURN(const std::optional<absl::string_view> stored,
                     txn_.Get(tables_.entity_key, key));
    if (!stored.has_value()) return nullptr;
  }
  return MakeEntity(key);
}

absl::StatusOr<Draft*> Drafts::FindEntity(absl::string_view key) {
  ASSIGN_OR_RETURN(Draft * draft, FindStoredEntity(key));
  if (draft == nullptr) return nullptr;
  const bool said =
      !draft->said.implicit.empty() ||
      std::ranges::any_of(draft->said.claims, &StoredClaim::believed);
  if (said) return draft;
  RETURN_IF_ERROR(Flush());  // its relationships may be in hand
  ASSIGN_OR_RETURN(const bool touched,
                   IsTouched(Here(), EntityId{draft->owner.id}));
  return touched ? draft : nullptr;
}

absl::StatusOr<uint64_t> Drafts::TakeFreshId(OwnerKind kind) {
  const bool is_entity = kind == OwnerKind::kEntity;
  uint64_t& next =
      is_entity ? counters_.next_entity : counters_.next_relationship;
  bool& checked = is_entity ? entity_ids_checked_ : relationship_ids_checked_;
  if (!std::exchange(checked, true)) {
    kv::Cursor last =
        txn_.Walk(is_entity ? tables_.entity : tables_.relationship);
    last.SeekAtOrBefore(IdKey(kMaxId));
    RETURN_IF_ERROR(last.status());
    if (last.Valid() && ReadBigEndian(last.key()) >= next) {
      return Damaged("the counters give ids that are taken");
    }
  }
  return TakeId(next);
}

absl::StatusOr<Draft*> Drafts::Keep(std::unique_ptr<Draft> draft) {
  const auto [at, added] = drafts_.try_emplace(draft->owner);
  if (!added) return Damaged("the counters give an id that is taken");
  at->second = std::move(draft);
  return at->second.get();
}

absl::StatusOr<Draft*> Drafts::Get(Owner owner) {
  const auto known = drafts_.find(owner);
  if (known != drafts_.end()) return known->second.get();
  return owner.kind == OwnerKind::kEntity
             ? LoadEntity(EntityId{owner.id})
             : LoadRelationship(RelationshipId{owner.id});
}

absl::StatusOr<Draft*> Drafts::LoadEntity(EntityId id) {
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> bytes,
                   txn_.Get(tables_.entity, IdKey(id)));
  ASSIGN_OR_RETURN(const RecordView record,
                   RecordView::Parse(bytes.value_or("")));
  auto draft = std::make_unique<Draft>();
  draft->owner = Owner::Of(id);
  draft->entity.key = std::string(record.entity_key());
  RETURN_IF_ERROR(LoadSaid(record, *draft));
  return Keep(std::move(draft));
}

absl::StatusOr<Draft*> Drafts::LoadRelationship(RelationshipId id) {
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> bytes,
                   txn_.Get(tables_.relationship, IdKey(id)));
  ASSIGN_OR_RETURN(const RecordView record,
                   RecordView::Parse(bytes.value_or("")));
  auto draft = std::make_unique<Draft>();
  draft->owner = Owner::Of(id);
  ASSIGN_OR_RETURN(draft->relationship, record.ReadRelationshipHead());
  RETURN_IF_ERROR(TypeName(catalog_, draft->relationship.type).status());
  RETURN_IF_ERROR(LoadSaid(record, *draft));
  return Keep(std::move(draft));
}

absl::Status Drafts::LoadSaid(const RecordView& record, Draft& draft) {
  ASSIGN_OR_RETURN(draft.old_facts, ReadFacts(record, catalog_));
  for (const RecordFact& fact : draft.old_facts) {
    if (fact.implicit) draft.said.implicit.emplace(fact.key, *fact.implicit);
  }
  ASSIGN_OR_RETURN(draft.said.claims, ReadClaims(txn_, tables_, draft.owner));
  ASSIGN_OR_RETURN(draft.last_ordinal,
                   LastPurgedOrdinal(txn_, tables_, draft.owner));
  if (!draft.said.claims.empty()) {
    draft.last_ordinal =
        std::max(draft.last_ordinal, draft.said.claims.back().ordinal);
  }
  return absl::OkStatus();
}

absl::StatusOr<Draft*> Drafts::MakeRelationship(const RelationshipKey& key) {
  ASSIGN_OR_RETURN(Draft * found, FindRelationship(key));
  if (found != nullptr) return found;
  ASSIGN_OR_RETURN(const Draft* subject, MakeEntity(key.subject));
  ASSIGN_OR_RETURN(const Draft* object, MakeEntity(key.object));
  RelationshipId id;
  ASSIGN_OR_RETURN(id.value, TakeFreshId(OwnerKind::kRelationship));
  auto draft = std::make_unique<Draft>();
  draft->owner = Owner::Of(id);
  draft->relationship = {.subject = {subject->owner.id},
                         .object = {object->owner.id},
                         .type = catalog_.types.Intern(key.type),
                         .created = counters_.revision,
                         .name = key.name,
                         .keys = key.keys};
  draft->created = true;
  draft->written = false;
  ASSIGN_OR_RETURN(Draft * kept, Keep(std::move(draft)));
  Touch(*kept);
  new_relationships_.emplace(RelationshipName(key), id);
  return kept;
}

absl::StatusOr<Draft*> Drafts::FindRelationship(const RelationshipKey& key) {
  const auto created = new_relationships_.find(RelationshipName(key));
  if (created != new_relationships_.end()) {
    return Get(Owner::Of(created->second));
  }
  const std::optional<TypeId> type = catalog_.types.Find(key.type);
  if (!type.has_value()) return nullptr;
  ASSIGN_OR_RETURN(const Draft* subject, MakeEntity(key.subject));
  ASSIGN_OR_RETURN(const Draft* object, MakeEntity(key.object));
  ASSIGN_OR_RETURN(
      const std::optional<RelationshipId> id,
      FindStored({subject->owner.id}, {object->owner.id}, *type, key));
  if (!id.has_value()) return nullptr;
  return Get(Owner::Of(*id));
}

absl::StatusOr<std::optional<RelationshipId>> Drafts::FindStored(
    EntityId subject, EntityId object, TypeId type,
    const RelationshipKey& key) const {
  ASSIGN_OR_RETURN(const std::vector<RelationshipId> between,
                   RelationshipsBetween(txn_, tables_, subject, type, object));
  for (const RelationshipId id : between) {
    ASSIGN_OR_RETURN(const RecordView record, ReadRecord(Here(), id));
    ASSIGN_OR_RETURN(const RelationshipHead head,
                     record.ReadRelationshipHead());
    if (head.subject == subject && head.name == key.name &&
        head.keys == key.keys) {
      return id;
    }
  }
  return std::nullopt;
}

absl::StatusOr<ClaimInHand> Drafts::FindClaim(absl::string_view id,
                                              absl::string_view purpose) {
  ASSIGN_OR_RETURN(const std::optional<ClaimRef> ref,
                   FindClaimById(txn_, tables_, id));
  if (ref.has_value()) return GetClaim(*ref);
  return MakeError(absl::StatusCode::kNotFound, "CLAIM_NOT_FOUND",
                   absl::StrCat("there is no claim '", id, "' to ", purpose,
                                "; expected the id of one"),
                   {{"claim", id}});
}

absl::StatusOr<ClaimInHand> Drafts::GetClaim(ClaimRef ref) {
  ASSIGN_OR_RETURN(Draft * draft, Get(ref.owner));
  const auto found =
      std::ranges::find(draft->said.claims, ref.ordinal, &StoredClaim::ordinal);
  if (found == draft->said.claims.end()) return Missing(ref);
  return ClaimInHand{draft, &*found};
}

absl::Status Drafts::Believe(Draft& draft, StoredClaim claim) {
  if (draft.last_ordinal >= kMaxClaimsOfOwner) return OwnerTooLarge();
  claim.ordinal = ++draft.last_ordinal;
  claim.stated_valid = claim.claim.valid;
  claim.Believe(claim.claim, counters_.revision);
  RETURN_IF_ERROR(WriteClaim(draft.owner, claim, tables_, txn_));
  log_.push_back({LogOperation::kClaimBelieved, draft.owner, claim.ordinal});
  draft.said.claims.push_back(std::move(claim));
  Touch(draft);
  return absl::OkStatus();
}

absl::Status Drafts::BelieveAgain(Draft& draft, StoredClaim& known,
                                  const Claim& claim) {
  known.Believe(claim, counters_.revision);
  Touch(draft);
  log_.push_back({LogOperation::kClaimBelieved, draft.owner, known.ordinal});
  return WriteClaim(draft.owner, known, tables_, txn_);
}

absl::Status Drafts::Close(Draft& draft, StoredClaim& claim,
                           StoredClaim::Closing why, Reason reason) {
  claim.Close(counters_.revision, why, std::move(reason));
  Touch(draft);
  log_.push_back({LogOperation::kClaimClosed, draft.owner, claim.ordinal});
  return WriteClaim(draft.owner, claim, tables_, txn_);
}

absl::Status Drafts::EndOn(Draft& draft, StoredClaim& claim, const Date& end,
                           Reason reason) {
  claim.Close(counters_.revision, StoredClaim::Closing::kEnded,
              std::move(reason));
  claim.EndOn(end, counters_.revision);
  Touch(draft);
  log_.push_back({LogOperation::kClaimEnded, draft.owner, claim.ordinal});
  return WriteClaim(draft.owner, claim, tables_, txn_);
}

void Drafts::SetImplicit(Draft& draft, const FactKey& fact,
                         ImplicitClaim claim) {
  draft.said.implicit[fact] = std::move(claim);
  Touch(draft);
  log_.push_back({LogOperation::kImplicitSet, draft.owner, 0});
}

absl::StatusOr<int64_t> Drafts::EndAll(Draft& draft) {
  int64_t ended = 0;
  for (StoredClaim& claim : draft.said.claims) {
    if (!claim.believed()) continue;
    RETURN_IF_ERROR(Close(draft, claim, StoredClaim::Closing::kDeleted));
    ++ended;
  }
  if (draft.said.implicit.empty()) return ended;
  ended += static_cast<int64_t>(draft.said.implicit.size());
  draft.said.implicit.clear();
  Touch(draft);
  log_.push_back({LogOperation::kImplicitRemoved, draft.owner, 0});
  return ended;
}

absl::StatusOr<std::vector<RelationshipId>> Drafts::RelationshipsOf(
    EntityId entity) const {
  std::set<RelationshipId> found;
  const std::pair<kv::Table, size_t> columns[] = {
      {tables_.adjacency_out, kSlotRelationship},
      {tables_.adjacency_in, kSlotRelationship},
      {tables_.aside, kAsideRelationship}};
  for (const auto& [table, column] : columns) {
    TupleCursor<4> cursor(txn_, {table, IdKey(entity)});
    for (cursor.SeekFirst(); cursor.Valid(); cursor.Next()) {
      found.insert(RelationshipId{cursor.value(column)});
    }
    RETURN_IF_ERROR(cursor.status());
  }
  return std::vector<RelationshipId>(found.begin(), found.end());
}

absl::Status Drafts::TouchDependents(SourceId source) {
  standings_.Forget();
  ASSIGN_OR_RETURN(const std::vector<Owner> owners,
                   DependentOwners(txn_, tables_, source));
  for (const Owner owner : owners) {
    ASSIGN_OR_RETURN(Draft * draft, Get(owner));
    Touch(*draft);
  }
  return absl::OkStatus();
}

void Drafts::Touch(Draft& draft) {
  if (std::exchange(draft.touched, true)) return;
  touched_.push_back(&draft);
}

absl::Status Drafts::Flush() {
  for (Draft* draft : std::exchange(touched_, {})) {
    if (!std::exchange(draft->touched, false) || IsStillborn(*draft)) continue;
    RETURN_IF_ERROR(FlushDraft(*draft, Before::kKept));
  }
  return FlushTypes();
}

absl::Status Drafts::FlushTypes() {
  for (auto& [type, tuples] : std::exchange(newly_of_type_, {})) {
    std::ranges::sort(tuples);
    RETURN_IF_ERROR(
        InsertTuples<1>(txn_, {tables_.type, TypePrefix(type)}, tuples));
  }
  return absl::OkStatus();
}

absl::Status Drafts::FlushErasing(Draft& draft) {
  standings_.Forget();
  draft.touched = false;
  RETURN_IF_ERROR(FlushDraft(draft, Before::kErased));
  return FlushTypes();
}

absl::StatusOr<std::vector<RecordFact>> Drafts::Resolve(
    const Draft& draft, const OwnerClaims& said, Standings& standings) const {
  const Schema& schema = catalog_.schema;
  if (draft.owner.kind == OwnerKind::kEntity) {
    ASSIGN_OR_RETURN(const OwnerFacts facts,
                     OwnerFacts::OfEntity(said, schema, standings));
    return facts.ResolveAll(said);
  }
  const std::string& type = *catalog_.types.Get(draft.relationship.type);
  ASSIGN_OR_RETURN(const OwnerFacts facts,
                   OwnerFacts::OfRelationship(
                       said, schema.FindRelationship(type), standings));
  return facts.ResolveAll(said);
}

absl::StatusOr<std::vector<RecordFact>> Drafts::ResolveAt(
    const Draft& draft, OwnerClaims said, Revision revision) const {
  RewindTo(revision, said.claims);
  Standings standings(txn_, tables_, revision);
  return Resolve(draft, said, standings);
}

kv::Table Drafts::TableOf(const Draft& draft) const {
  return draft.owner.kind == OwnerKind::kEntity ? tables_.entity
                                                : tables_.relationship;
}

absl::StatusOr<std::string> Drafts::EncodeRecord(
    const Draft& draft, const std::vector<RecordFact>& facts) {
  return draft.owner.kind == OwnerKind::kEntity
             ? EncodeEntity(draft.entity, facts, catalog_)
             : EncodeRelationship(draft.relationship, facts, catalog_);
}

// Keeps what stands in the table for those who ask about the past.
absl::Status Drafts::KeepBefore(const Draft& draft) {
  if (draft.created) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> before,
                   txn_.Get(TableOf(draft), IdKey(draft.owner.id)));
  // A copy: the view dies at the next write.
  const std::string image(before.value_or(""));
  return KeepImage(draft.owner, counters_.revision, image, tables_, txn_);
}

absl::Status Drafts::FlushDraft(Draft& draft, Before before) {
  ASSIGN_OR_RETURN(std::vector<RecordFact> resolved,
                   Resolve(draft, draft.said, standings_));
  if (before == Before::kKept) RETURN_IF_ERROR(KeepBefore(draft));
  ASSIGN_OR_RETURN(const std::string record, EncodeRecord(draft, resolved));
  RETURN_IF_ERROR(txn_.Put(TableOf(draft), IdKey(draft.owner.id), record));
  RETURN_IF_ERROR(draft.owner.kind == OwnerKind::kEntity
                      ? FlushEntity(draft, resolved)
                      : FlushRelationship(draft, resolved, before));
  draft.old_facts = std::move(resolved);
  draft.written = true;
  return absl::OkStatus();
}

absl::Status Drafts::FlushEntity(const Draft& draft,
                                 const std::vector<RecordFact>& resolved) {
  const EntityId id{draft.owner.id};
  RETURN_IF_ERROR(
      MoveEntityIndexes(id, IndexEntriesOf(draft.old_facts, catalog_),
                        IndexEntriesOf(resolved, catalog_), tables_, txn_));
  return IndexValues(id, draft.said, catalog_, tables_, txn_);
}

absl::Status Drafts::FlushRelationship(const Draft& draft,
                                       const std::vector<RecordFact>& resolved,
                                       Before before) {
  const RelationshipHead& head = draft.relationship;
  const RelationshipId id{draft.owner.id};
  const bool symmetric = IsSymmetric(catalog_, head.type);
  Placed from{.id = id, .head = head, .placement = {}};
  if (draft.written) {
    from.placement = PlacementOf(head.type, symmetric, draft.old_facts);
  }
  const Placement to = PlacementOf(head.type, symmetric, resolved);
  RETURN_IF_ERROR(MovePlacement(from, to, tables_, txn_));
  if (from.placement != to) {
    if (!draft.created && before == Before::kKept) {
      RETURN_IF_ERROR(KeepPlacement(from, counters_.revision, tables_, txn_));
    }
    log_.push_back(
        {LogOperation::kRelationshipMoved, draft.owner, NumberInLog(to)});
  }
  // The index holds what anything is believed of; a judgement stays, for those
  // who ask about the past.
  if (draft.old_facts.empty() && !resolved.empty()) {
    newly_of_type_[head.type].push_back({id.value});
  } else if (!draft.old_facts.empty() && resolved.empty() &&
             !IsJudgement(head.type)) {
    const std::string prefix = TypePrefix(head.type);
    RETURN_IF_ERROR(
        EraseTuple(txn_, {tables_.type, prefix}, Tuple<1>{id.value}).status());
  }
  return absl::OkStatus();
}

}  // namespace guanxi::store
