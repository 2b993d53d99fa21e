#include "graph/store/snapshot.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/adjacency.h"
#include "graph/store/entity_index.h"
#include "graph/store/key.h"
#include "graph/store/log.h"
#include "graph/store/placement.h"
#include "graph/store/record.h"
#include "graph/store/source_table.h"
#include "graph/store/tuple_cursor.h"
#include "graph/store/tuple_set.h"
#include "graph/store/view_reader.h"
#include "graph/value/codec.h"

namespace guanxi::store {
namespace {

constexpr absl::string_view kNameProperty = "name";

absl::Status NotYet(Revision wanted, Revision latest) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "REVISION_NOT_YET",
      absl::StrCat("the store is at revision ", latest.number,
                   "; expected one up to that, not ", wanted.number),
      {{"revision", absl::StrCat(wanted.number)},
       {"latest_revision", absl::StrCat(latest.number)}});
}

}  // namespace

Snapshot::Snapshot(kv::ReadTxn txn, const Tables& tables,
                   std::shared_ptr<const Catalog> catalog, Revision latest)
    : txn_(std::move(txn)),
      tables_(tables),
      catalog_(std::move(catalog)),
      latest_(latest),
      revision_(latest) {}

absl::Status Snapshot::GoTo(const KnownAt& known_at) {
  Revision wanted = known_at.revision.value_or(latest_);
  if (known_at.time.has_value()) {
    ASSIGN_OR_RETURN(wanted,
                     FindRevisionAt(txn_, tables_, *known_at.time, latest_));
  }
  if (wanted > latest_) return NotYet(wanted, latest_);
  revision_ = wanted;
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

absl::StatusOr<std::optional<EntityId>> Snapshot::FindEntity(
    absl::string_view key) const {
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> found,
                   txn_.Get(tables_.entity_key, key));
  if (!found.has_value()) return std::nullopt;
  const EntityId id{ReadBigEndian(*found)};
  if (!standpoint().Knows(id)) return std::nullopt;
  ASSIGN_OR_RETURN(const RecordView record, ReadRecord(standpoint(), id));
  if (record.fact_count() > 0) return id;
  ASSIGN_OR_RETURN(const bool touched, IsTouched(standpoint(), id));
  return touched ? std::optional(id) : std::nullopt;
}

absl::StatusOr<std::vector<EntityId>> Snapshot::FindByName(
    absl::string_view name, size_t limit) const {
  std::vector<EntityId> found;
  const std::optional<PropertyId> property =
      catalog_->properties.Find(kNameProperty);
  if (!property.has_value()) return found;
  const std::string prefix = PropertyPrefix(*property, Value::String(name));
  TupleCursor<1> cursor(txn_, {tables_.property, prefix});
  for (cursor.SeekFirst(); cursor.Valid() && found.size() < limit;
       cursor.Next()) {
    found.push_back(EntityId{cursor.value(0)});
  }
  RETURN_IF_ERROR(cursor.status());
  return found;
}

absl::StatusOr<std::string> Snapshot::EntityKey(EntityId id) const {
  ASSIGN_OR_RETURN(const RecordView record, ReadRecord(standpoint(), id));
  ASSIGN_OR_RETURN(EntityHead head, record.ReadEntityHead());
  return std::move(head.key);
}

absl::StatusOr<EntityView> Snapshot::ReadEntity(
    EntityId id, const Lens& lens, Evidence evidence,
    const EntityFilter& filter) const {
  ASSIGN_OR_RETURN(const RecordView record, ReadRecord(standpoint(), id));
  const EntityReader reader(standpoint(), lens, evidence);
  ASSIGN_OR_RETURN(EntityView view, reader.Read(id, record, filter.property));
  if (view.in_view) return view;
  ASSIGN_OR_RETURN(view.in_view, HasRelationship(id, lens));
  return view;
}

absl::StatusOr<bool> Snapshot::HasRelationship(EntityId id,
                                               const Lens& lens) const {
  absl::Status status;
  const auto is_hidden = [&](const Tuple<4>& slot) {
    if (slot[kSlotState] == kPlain) return false;
    const auto admitted = Admit(RelationshipId{slot[kSlotRelationship]}, lens);
    status = admitted.status();
    return status.ok() && admitted->admission != Admission::kShown;
  };
  for (const Side side : {Side::kOut, Side::kIn}) {
    ASSIGN_OR_RETURN(const bool none,
                     WalkSlots(standpoint(), id, side, {}, is_hidden));
    RETURN_IF_ERROR(status);
    if (!none) return true;
  }
  return false;
}

absl::StatusOr<std::vector<std::string>> Snapshot::ReadLabels(
    EntityId id, const Lens& lens) const {
  ASSIGN_OR_RETURN(const RecordView record, ReadRecord(standpoint(), id));
  return ReadShownLabels(record, *catalog_, lens);
}

absl::StatusOr<std::vector<RelationshipView>> Snapshot::ReadRelationship(
    RelationshipId id, const Lens& lens, Evidence evidence) const {
  ASSIGN_OR_RETURN(const RecordView record, ReadRecord(standpoint(), id));
  ASSIGN_OR_RETURN(const RelationshipHead head, record.ReadRelationshipHead());
  RelationshipView base{.id = id};
  ASSIGN_OR_RETURN(base.key, KeyOf(head));
  const RelationshipDeclaration* declared =
      schema().FindRelationship(base.key.type);
  base.symmetric = declared != nullptr && declared->symmetric;
  RelationshipReader reader(standpoint(), lens, evidence);
  return reader.Read(record, std::move(base));
}

absl::StatusOr<RelationshipKey> Snapshot::KeyOf(
    const RelationshipHead& head) const {
  ASSIGN_OR_RETURN(std::string subject, EntityKey(head.subject));
  ASSIGN_OR_RETURN(std::string object, EntityKey(head.object));
  return RelationshipKey{.subject = std::move(subject),
                         .type = *catalog_->types.Get(head.type),
                         .object = std::move(object),
                         .keys = head.keys,
                         .name = head.name};
}

absl::StatusOr<Admitted> Snapshot::Admit(RelationshipId id,
                                         const Lens& lens) const {
  ASSIGN_OR_RETURN(const RecordView record, ReadRecord(standpoint(), id));
  const RecordView::Range existence = record.Find(FactKind::kExistence, 0);
  if (existence.begin == existence.end) return Admitted();
  ASSIGN_OR_RETURN(const RecordFact fact,
                   record.ReadFact(existence.begin, *catalog_));
  return AdmitExistence(fact, lens);
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
      found.insert(EntityId{cursor.value(0)});
      ++taken;
    }
    RETURN_IF_ERROR(cursor.status());
  }
  std::vector<EntityId> ids(found.begin(), found.end());
  if (ids.size() > limit) ids.resize(limit);
  return ids;
}

absl::StatusOr<std::vector<FactClaims>> Snapshot::EntityClaims(
    EntityId id, const Lens& lens, absl::string_view property) const {
  ASSIGN_OR_RETURN(const RecordView record, ReadRecord(standpoint(), id));
  const EntityReader reader(standpoint(), lens, Evidence::kAll);
  return reader.ReadClaims(id, record, property);
}

absl::StatusOr<std::vector<FactClaims>> Snapshot::RelationshipClaims(
    RelationshipId id, const Lens& lens) const {
  ASSIGN_OR_RETURN(const RecordView record, ReadRecord(standpoint(), id));
  ASSIGN_OR_RETURN(const RelationshipHead head, record.ReadRelationshipHead());
  ASSIGN_OR_RETURN(const RelationshipKey key, KeyOf(head));
  RelationshipReader reader(standpoint(), lens, Evidence::kAll);
  return reader.ReadClaims(id, record, key);
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
