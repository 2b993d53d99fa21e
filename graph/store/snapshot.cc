#include "graph/store/snapshot.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/adjacency.h"
#include "graph/store/counters.h"
#include "graph/store/damage.h"
#include "graph/store/entity_condition.h"
#include "graph/store/entity_index.h"
#include "graph/store/key.h"
#include "graph/store/log.h"
#include "graph/store/placement.h"
#include "graph/store/record.h"
#include "graph/store/record_column.h"
#include "graph/store/selection.h"
#include "graph/store/source_table.h"
#include "graph/store/tuple_cursor.h"
#include "graph/store/tuple_set.h"
#include "graph/store/value_index.h"
#include "graph/store/view_reader.h"
#include "graph/value/codec.h"

namespace guanxi::store {
namespace {

absl::Status NotYet(Revision wanted, Revision latest) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "REVISION_NOT_YET",
      absl::StrCat("the store is at revision ", latest.number,
                   "; expected one up to that, not ", wanted.number),
      {{"revision", absl::StrCat(wanted.number)},
       {"latest_revision", absl::StrCat(latest.number)}});
}

// Of many the first ones: more would only push those out again.
template <typename Id>
void PrefetchRecords(absl::Span<const Id> ids, const RecordColumn* records) {
  constexpr size_t kMost = 1000;
  if (records == nullptr) return;
  ids = ids.first(std::min(ids.size(), kMost));
  for (const Id id : ids) records->PrefetchPlace(Owner::Of(id));
  for (const Id id : ids) records->PrefetchRecord(Owner::Of(id));
}

}  // namespace

Snapshot::Snapshot(kv::ReadTxn txn, const Tables& tables,
                   std::shared_ptr<const Catalog> catalog,
                   const Counters& counters)
    : txn_(std::move(txn)),
      tables_(tables),
      catalog_(std::move(catalog)),
      latest_(counters.revision),
      entity_bound_(counters.next_entity),
      revision_(counters.revision) {}

absl::Status Snapshot::GoTo(const KnownAt& known_at) {
  Revision wanted = known_at.revision.value_or(latest_);
  if (known_at.time.has_value()) {
    ASSIGN_OR_RETURN(wanted,
                     FindRevisionAt(txn_, tables_, *known_at.time, latest_));
  }
  if (wanted > latest_) return NotYet(wanted, latest_);
  revision_ = wanted;
  identities_.clear();
  past_slots_.Forget();
  LogRow head{.next_entity = 1, .next_relationship = 1};
  if (wanted.number > 0 && wanted < latest_) {
    ASSIGN_OR_RETURN(const std::optional<LogRow> row,
                     ReadLogHead(txn_, tables_, wanted));
    if (row.has_value()) head = *row;
  }
  next_entity_ = head.next_entity;
  next_relationship_ = head.next_relationship;
  return absl::OkStatus();
}

void Snapshot::Use(std::shared_ptr<const RecordColumn> records) {
  GUANXI_CHECK(records->Covers(latest_));
  records_ = std::move(records);
}

void Snapshot::Prefetch(absl::Span<const RelationshipId> relationships) const {
  PrefetchRecords(relationships, records_.get());
}

void Snapshot::Prefetch(absl::Span<const EntityId> entities) const {
  PrefetchRecords(entities, records_.get());
}

absl::StatusOr<std::optional<EntityId>> Snapshot::FindEntity(
    absl::string_view key) const {
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> found,
                   txn_.Get(tables_.entity_key, key));
  if (!found.has_value()) return std::nullopt;
  EntityId id;
  ASSIGN_OR_RETURN(id.value, ReadIdRow(*found, "an entity's key"));
  if (!standpoint().Knows(id)) return std::nullopt;
  ASSIGN_OR_RETURN(const RecordView record, ReadRecord(standpoint(), id));
  if (record.fact_count() > 0) return id;
  ASSIGN_OR_RETURN(const bool touched, IsTouched(standpoint(), id));
  return touched ? std::optional(id) : std::nullopt;
}

absl::StatusOr<std::vector<EntityId>> Snapshot::FindByName(
    absl::string_view name, const Lens& lens, size_t limit) const {
  const Predicate named{.property = std::string(kNameProperty),
                        .comparison = Comparison::kEqual,
                        .bound = Value::String(name)};
  std::set<EntityId> found;
  const std::optional<PropertyId> property =
      catalog_->properties.Find(named.property);
  if (!property || !IsIndexed(schema(), named.property)) {
    return std::vector<EntityId>();
  }
  ASSIGN_OR_RETURN(
      const auto candidates,
      FindCandidates(*property, named, std::numeric_limits<size_t>::max(), txn_,
                     tables_));
  const EntityCondition condition(*this, lens, {.predicates = {named}});
  for (const EntityId id : *candidates) {
    if (found.size() == limit) break;
    ASSIGN_OR_RETURN(const Holds holds, condition.Judge(id));
    if (!Passes(holds, lens)) continue;
    ASSIGN_OR_RETURN(const Cluster* cluster, ClusterOf(id, lens));
    found.insert(cluster->canonical);
  }
  return std::vector<EntityId>(found.begin(), found.end());
}

absl::StatusOr<std::string> Snapshot::EntityKey(EntityId id) const {
  return ReadEntityKey(standpoint(), id);
}

Identity& Snapshot::identity(const Lens& lens) const {
  return identities_.try_emplace(lens.valid_at, lens.valid_at).first->second;
}

absl::StatusOr<const Cluster*> Snapshot::ClusterOf(EntityId id,
                                                   const Lens& lens) const {
  return identity(lens).Of(standpoint(), id);
}

absl::StatusOr<EntityView> Snapshot::ReadEntity(
    EntityId id, const Lens& lens, Evidence evidence,
    const EntityFilter& filter) const {
  ASSIGN_OR_RETURN(const StoredEntity stored,
                   ReadStored(standpoint(), id, identity(lens),
                              {.all = evidence != Evidence::kNone}));
  const EntityReader reader(standpoint(), lens, evidence);
  ASSIGN_OR_RETURN(EntityView view, reader.Read(stored, filter.property));
  RETURN_IF_ERROR(AddIdentity(id, lens, view));
  if (view.in_view) return view;
  ASSIGN_OR_RETURN(view.in_view, HasRelationship(id, lens));
  return view;
}

absl::Status Snapshot::AddIdentity(EntityId id, const Lens& lens,
                                   EntityView& view) const {
  ASSIGN_OR_RETURN(const bool may_merge, identity(lens).MayMerge(standpoint()));
  if (!may_merge) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Cluster* cluster, ClusterOf(id, lens));
  if (cluster->merged()) {
    for (const EntityId member : cluster->members) {
      ASSIGN_OR_RETURN(std::string key, EntityKey(member));
      view.members.push_back(std::move(key));
    }
  }
  for (const auto& [first, second] : cluster->blocked_by) {
    ASSIGN_OR_RETURN(std::string one, EntityKey(first));
    ASSIGN_OR_RETURN(std::string other, EntityKey(second));
    view.blocked_by.emplace_back(std::move(one), std::move(other));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Snapshot::HasRelationship(EntityId id,
                                               const Lens& lens) const {
  ASSIGN_OR_RETURN(const bool may_merge, identity(lens).MayMerge(standpoint()));
  absl::Status status;
  const auto is_hidden = [&](const Slot& slot) {
    // What it is folded with can say more of a relationship that is plain.
    if (slot.plain && !may_merge) return false;
    const auto admitted = Admit(slot.relationship, lens);
    status = admitted.status();
    return status.ok() && admitted->admission != Admission::kShown;
  };
  ASSIGN_OR_RETURN(const Cluster* cluster, ClusterOf(id, lens));
  for (const EntityId member : cluster->members) {
    for (const SlotSide side : kSlotSides) {
      ASSIGN_OR_RETURN(const bool none,
                       WalkSlots(standpoint(), member, {side}, {}, is_hidden));
      RETURN_IF_ERROR(status);
      if (!none) return true;
    }
  }
  return false;
}

absl::StatusOr<EntitySummary> Snapshot::ReadSummary(EntityId id,
                                                    const Lens& lens) const {
  ASSIGN_OR_RETURN(const StoredEntity stored,
                   ReadStored(standpoint(), id, identity(lens), Portion()));
  return EntityReader(standpoint(), lens, Evidence::kNone).Summarise(stored);
}

absl::StatusOr<std::vector<RelationshipView>> Snapshot::ReadRelationship(
    RelationshipId id, const Lens& lens, Evidence evidence,
    const RelationshipFilter& filter) const {
  if (!standpoint().Knows(id)) return std::vector<RelationshipView>();
  const Portion portion = {.all = !filter.property.has_value(),
                           .existence = true,
                           .property = filter.property.value_or("")};
  ASSIGN_OR_RETURN(
      StoredRelationship stored,
      ReadStored(standpoint(), id, identity(lens),
                 evidence == Evidence::kNone ? Portion() : portion));
  RelationshipReader reader(standpoint(), lens, evidence);
  if (stored.record.has_value() && evidence == Evidence::kNone) {
    return reader.ReadPortion(std::move(stored), portion);
  }
  return reader.Read(stored);
}

absl::StatusOr<Admitted> Snapshot::Admit(RelationshipId id,
                                         const Lens& lens) const {
  if (!standpoint().Knows(id)) return Admitted();
  ASSIGN_OR_RETURN(const bool may_merge, identity(lens).MayMerge(standpoint()));
  if (may_merge) {
    ASSIGN_OR_RETURN(
        const StoredRelationship stored,
        ReadStored(standpoint(), id, identity(lens), {.existence = true}));
    const auto existence =
        std::ranges::find(stored.facts, FactKind::kExistence,
                          [](const RecordFact& fact) { return fact.key.kind; });
    Admitted admitted;
    if (existence != stored.facts.end()) {
      admitted = AdmitExistence(*existence, lens);
    }
    admitted.relationship = stored.first;
    return admitted;
  }
  return AdmitAlone(id, lens);
}

absl::StatusOr<Admitted> Snapshot::AdmitAlone(RelationshipId id,
                                              const Lens& lens) const {
  ASSIGN_OR_RETURN(const RecordView record, ReadRecord(standpoint(), id));
  const RecordView::Range existence = record.Find(FactKind::kExistence, 0);
  if (existence.begin == existence.end) return Admitted{.relationship = id};
  ASSIGN_OR_RETURN(const RecordFact fact,
                   record.ReadFact(existence.begin, *catalog_));
  Admitted admitted = AdmitExistence(fact, lens);
  admitted.relationship = id;
  return admitted;
}

absl::StatusOr<std::vector<EntityId>> Snapshot::ListByLabel(
    absl::string_view label, std::optional<EntityId> after,
    size_t limit) const {
  const uint64_t first = after.has_value() ? after->value + 1 : 0;
  std::set<EntityId> found;
  for (const std::string& name : schema().WithDescendants(label)) {
    const std::optional<LabelId> id = catalog_->labels.Find(name);
    if (!id.has_value()) continue;
    const std::string prefix = LabelPrefix(*id);
    TupleCursor<1> cursor(txn_, {tables_.label, prefix});
    size_t taken = 0;
    for (cursor.Seek({first}); cursor.Valid() && taken < limit; cursor.Next()) {
      const EntityId entity{cursor.value(0)};
      if (!standpoint().Knows(entity)) break;  // nor any behind it
      found.insert(entity);
      ++taken;
    }
    RETURN_IF_ERROR(cursor.status());
  }
  std::vector<EntityId> ids(found.begin(), found.end());
  if (ids.size() > limit) ids.resize(limit);
  return ids;
}

absl::StatusOr<bool> Snapshot::IsFirstListed(EntityId id,
                                             absl::string_view label,
                                             const Lens& lens) const {
  ASSIGN_OR_RETURN(const Cluster* cluster, ClusterOf(id, lens));
  if (!cluster->merged()) return true;
  for (const std::string& name : schema().WithDescendants(label)) {
    const std::optional<LabelId> label_id = catalog_->labels.Find(name);
    if (!label_id.has_value()) continue;
    const std::string prefix = LabelPrefix(*label_id);
    TupleCursor<1> cursor(txn_, {tables_.label, prefix});
    for (const EntityId member : cluster->members) {
      if (id <= member) continue;
      cursor.Seek({member.value});
      if (cursor.Valid() && cursor.value(0) == member.value) return false;
    }
    RETURN_IF_ERROR(cursor.status());
  }
  return true;
}

absl::StatusOr<std::vector<FactClaims>> Snapshot::EntityClaims(
    EntityId id, const Lens& lens, absl::string_view property) const {
  ASSIGN_OR_RETURN(const StoredEntity stored,
                   ReadStored(standpoint(), id, identity(lens)));
  const EntityReader reader(standpoint(), lens, Evidence::kAll);
  return reader.ReadClaims(stored, property);
}

absl::StatusOr<std::vector<FactClaims>> Snapshot::RelationshipClaims(
    RelationshipId id, const Lens& lens) const {
  ASSIGN_OR_RETURN(const StoredRelationship stored,
                   ReadStored(standpoint(), id, identity(lens)));
  RelationshipReader reader(standpoint(), lens, Evidence::kAll);
  return reader.ReadClaims(stored);
}

absl::StatusOr<std::optional<SourceView>> Snapshot::FindSource(
    absl::string_view id) const {
  ASSIGN_OR_RETURN(const std::optional<SourceId> found,
                   FindSourceId(txn_, tables_, id));
  if (!found.has_value()) return std::nullopt;
  ASSIGN_OR_RETURN(const std::optional<SourceRecord> record,
                   ReadSource(txn_, tables_, *found));
  if (!record.has_value() || revision_ < record->versions.front().since) {
    return std::nullopt;
  }
  return SourceView{record->name, record->DescriptionAt(revision_)};
}

}  // namespace guanxi::store
