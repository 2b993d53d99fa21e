#include "graph/store/drafts.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/base/status_macros.h"
#include "graph/store/entity_index.h"
#include "graph/store/fact_codec.h"
#include "graph/store/tuple_cursor.h"
#include "graph/store/tuple_set.h"
#include "graph/store/value_index.h"
#include "graph/value/codec.h"

namespace guanxi::store {
namespace {

bool IsSymmetric(TypeId type, const Catalog& catalog) {
  const RelationshipDeclaration* declared =
      catalog.schema.FindRelationship(*catalog.types.Get(type));
  return declared != nullptr && declared->symmetric;
}

}  // namespace

absl::StatusOr<Draft*> Drafts::MakeEntity(absl::string_view key) {
  const auto known = entity_ids_.find(key);
  if (known != entity_ids_.end()) return Get(Owner::Of(known->second));
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> stored,
                   txn_.Get(tables_.entity_key, key));
  if (stored.has_value()) {
    const EntityId id{ReadBigEndian(*stored)};
    entity_ids_.emplace(key, id);
    return Get(Owner::Of(id));
  }
  const EntityId id{counters_.next_entity++};
  RETURN_IF_ERROR(txn_.Put(tables_.entity_key, key, IdKey(id)));
  entity_ids_.emplace(key, id);
  auto draft = std::make_unique<Draft>();
  draft->owner = Owner::Of(id);
  draft->entity.key = std::string(key);
  draft->created = true;
  draft->touched = true;
  return (drafts_[draft->owner] = std::move(draft)).get();
}

absl::StatusOr<Draft*> Drafts::FindEntity(absl::string_view key) {
  if (!entity_ids_.contains(key)) {
    ASSIGN_OR_RETURN(const std::optional<absl::string_view> stored,
                     txn_.Get(tables_.entity_key, key));
    if (!stored.has_value()) return nullptr;
  }
  ASSIGN_OR_RETURN(Draft * draft, MakeEntity(key));
  const bool said =
      !draft->said.implicit.empty() ||
      std::ranges::any_of(draft->said.claims, &StoredClaim::believed);
  if (said) return draft;
  ASSIGN_OR_RETURN(const bool touched,
                   IsTouched(txn_, tables_, EntityId{draft->owner.id}));
  return touched ? draft : nullptr;
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
  ASSIGN_OR_RETURN(draft->entity, record.ReadEntityHead());
  RETURN_IF_ERROR(LoadSaid(record, *draft));
  return (drafts_[draft->owner] = std::move(draft)).get();
}

absl::StatusOr<Draft*> Drafts::LoadRelationship(RelationshipId id) {
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> bytes,
                   txn_.Get(tables_.relationship, IdKey(id)));
  ASSIGN_OR_RETURN(const RecordView record,
                   RecordView::Parse(bytes.value_or("")));
  auto draft = std::make_unique<Draft>();
  draft->owner = Owner::Of(id);
  ASSIGN_OR_RETURN(draft->relationship, record.ReadRelationshipHead());
  RETURN_IF_ERROR(LoadSaid(record, *draft));
  return (drafts_[draft->owner] = std::move(draft)).get();
}

absl::Status Drafts::LoadSaid(const RecordView& record, Draft& draft) {
  ASSIGN_OR_RETURN(draft.old_facts, ReadFacts(record, catalog_));
  for (const RecordFact& fact : draft.old_facts) {
    if (fact.implicit) draft.said.implicit.emplace(fact.key, *fact.implicit);
  }
  ASSIGN_OR_RETURN(draft.said.claims, ReadClaims(txn_, tables_, draft.owner));
  return absl::OkStatus();
}

absl::StatusOr<Draft*> Drafts::MakeRelationship(const RelationshipKey& key) {
  ASSIGN_OR_RETURN(Draft * found, FindRelationship(key));
  if (found != nullptr) return found;
  ASSIGN_OR_RETURN(const Draft* subject, MakeEntity(key.subject));
  ASSIGN_OR_RETURN(const Draft* object, MakeEntity(key.object));
  const RelationshipId id{counters_.next_relationship++};
  auto draft = std::make_unique<Draft>();
  draft->owner = Owner::Of(id);
  draft->relationship = {.subject = {subject->owner.id},
                         .object = {object->owner.id},
                         .type = catalog_.types.Intern(key.type),
                         .created = counters_.revision,
                         .name = key.name,
                         .keys = key.keys};
  draft->created = true;
  draft->touched = true;
  new_relationships_.emplace(RelationshipName(key), id);
  return (drafts_[draft->owner] = std::move(draft)).get();
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
  for (const kv::Table table : {tables_.adjacency_out, tables_.aside}) {
    TupleCursor<4> cursor(txn_, {table, IdKey(subject)});
    for (cursor.Seek({type.value, object.value, 0, 0}); cursor.Valid();
         cursor.Next()) {
      const Tuple<4> slot = cursor.tuple();
      if (slot[kSlotType] != type.value) break;
      if (slot[kSlotOther] != object.value) break;
      const RelationshipId id{slot[kSlotRelationship]};
      ASSIGN_OR_RETURN(const std::optional<absl::string_view> bytes,
                       txn_.Get(tables_.relationship, IdKey(id)));
      ASSIGN_OR_RETURN(const RecordView record,
                       RecordView::Parse(bytes.value_or("")));
      ASSIGN_OR_RETURN(const RelationshipHead head,
                       record.ReadRelationshipHead());
      if (head.subject == subject && head.name == key.name &&
          head.keys == key.keys) {
        return id;
      }
    }
    RETURN_IF_ERROR(cursor.status());
  }
  return std::nullopt;
}

absl::Status Drafts::Believe(Draft& draft, StoredClaim claim) {
  claim.ordinal =
      draft.said.claims.empty() ? 1 : draft.said.claims.back().ordinal + 1;
  claim.beliefs = {{.from = counters_.revision}};
  RETURN_IF_ERROR(WriteClaim(draft.owner, claim, tables_, txn_));
  log_.push_back({LogOperation::kClaimBelieved, draft.owner, claim.ordinal});
  draft.said.claims.push_back(std::move(claim));
  draft.touched = true;
  return absl::OkStatus();
}

absl::Status Drafts::BelieveAgain(Draft& draft, StoredClaim& known,
                                  const Claim& claim) {
  known.claim.rank = claim.rank;
  known.claim.confidence = claim.confidence;
  known.claim.note = claim.note;
  known.claim.qualifiers = claim.qualifiers;
  known.beliefs.push_back({.from = counters_.revision});
  draft.touched = true;
  log_.push_back({LogOperation::kClaimBelieved, draft.owner, known.ordinal});
  return WriteClaim(draft.owner, known, tables_, txn_);
}

absl::Status Drafts::End(Draft& draft, StoredClaim& claim) {
  claim.beliefs.back().to = counters_.revision;
  draft.touched = true;
  log_.push_back({LogOperation::kClaimEnded, draft.owner, claim.ordinal});
  return WriteClaim(draft.owner, claim, tables_, txn_);
}

void Drafts::SetImplicit(Draft& draft, const FactKey& fact,
                         ImplicitClaim claim) {
  draft.said.implicit[fact] = std::move(claim);
  draft.touched = true;
  log_.push_back({LogOperation::kImplicitSet, draft.owner, 0});
}

absl::StatusOr<int64_t> Drafts::EndAll(Draft& draft) {
  int64_t ended = 0;
  for (StoredClaim& claim : draft.said.claims) {
    if (!claim.believed()) continue;
    RETURN_IF_ERROR(End(draft, claim));
    ++ended;
  }
  if (draft.said.implicit.empty()) return ended;
  ended += static_cast<int64_t>(draft.said.implicit.size());
  draft.said.implicit.clear();
  draft.touched = true;
  log_.push_back({LogOperation::kImplicitRemoved, draft.owner, 0});
  return ended;
}

absl::StatusOr<std::vector<RelationshipId>> Drafts::RelationshipsOf(
    EntityId entity) const {
  std::set<RelationshipId> found;
  for (const kv::Table table :
       {tables_.adjacency_out, tables_.adjacency_in, tables_.aside}) {
    TupleCursor<4> cursor(txn_, {table, IdKey(entity)});
    for (cursor.SeekFirst(); cursor.Valid(); cursor.Next()) {
      found.insert(RelationshipId{cursor.value(kSlotRelationship)});
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
    draft->touched = true;
  }
  return absl::OkStatus();
}

absl::Status Drafts::Flush() {
  for (auto& [owner, draft] : drafts_) {
    if (!draft->touched) continue;
    RETURN_IF_ERROR(owner.kind == OwnerKind::kEntity
                        ? FlushEntity(*draft)
                        : FlushRelationship(*draft));
    draft->touched = false;
    draft->created = false;
  }
  return absl::OkStatus();
}

absl::Status Drafts::FlushEntity(Draft& draft) {
  ASSIGN_OR_RETURN(
      const OwnerFacts facts,
      OwnerFacts::OfEntity(draft.said, catalog_.schema, standings_));
  ASSIGN_OR_RETURN(std::vector<RecordFact> resolved,
                   facts.ResolveAll(draft.said));
  const EntityId id{draft.owner.id};
  RETURN_IF_ERROR(txn_.Put(tables_.entity, IdKey(id),
                           EncodeEntity(draft.entity, resolved, catalog_)));
  RETURN_IF_ERROR(MoveEntityIndexes(id, draft.old_facts, resolved, catalog_,
                                    tables_, txn_));
  RETURN_IF_ERROR(IndexValues(id, draft.said, catalog_, tables_, txn_));
  draft.old_facts = std::move(resolved);
  return absl::OkStatus();
}

absl::Status Drafts::FlushRelationship(Draft& draft) {
  const RelationshipHead& head = draft.relationship;
  const std::string& type = *catalog_.types.Get(head.type);
  ASSIGN_OR_RETURN(
      const OwnerFacts facts,
      OwnerFacts::OfRelationship(
          draft.said, catalog_.schema.FindRelationship(type), standings_));
  ASSIGN_OR_RETURN(std::vector<RecordFact> resolved,
                   facts.ResolveAll(draft.said));
  const RelationshipId id{draft.owner.id};
  RETURN_IF_ERROR(txn_.Put(tables_.relationship, IdKey(id),
                           EncodeRelationship(head, resolved, catalog_)));
  const bool symmetric = IsSymmetric(head.type, catalog_);
  const Placement from =
      draft.created ? Placement{}
                    : PlacementOf(head.type, symmetric, draft.old_facts);
  const Placement to = PlacementOf(head.type, symmetric, resolved);
  RETURN_IF_ERROR(MovePlacement(id, head, from, to, tables_, txn_));
  if (from != to) {
    log_.push_back({LogOperation::kRelationshipMoved, draft.owner,
                    static_cast<uint64_t>(to.place) << 8 | to.state});
  }
  // The index holds what anything is believed of.
  const std::string prefix = TypePrefix(head.type);
  const TupleSet type_index{tables_.type, prefix};
  if (draft.old_facts.empty() && !resolved.empty()) {
    RETURN_IF_ERROR(InsertTuple(txn_, type_index, Tuple<1>{id.value}).status());
  } else if (!draft.old_facts.empty() && resolved.empty()) {
    RETURN_IF_ERROR(EraseTuple(txn_, type_index, Tuple<1>{id.value}).status());
  }
  draft.old_facts = std::move(resolved);
  return absl::OkStatus();
}

}  // namespace guanxi::store
