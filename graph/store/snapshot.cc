#include "graph/store/snapshot.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/store/entity_index.h"
#include "graph/store/key.h"
#include "graph/store/placement.h"
#include "graph/store/record.h"
#include "graph/store/selection.h"
#include "graph/store/source_table.h"
#include "graph/store/tuple_cursor.h"
#include "graph/store/tuple_set.h"
#include "graph/store/value_index.h"
#include "graph/store/view_reader.h"
#include "graph/value/codec.h"

namespace guanxi::store {
namespace {

constexpr char kNameProperty[] = "name";

absl::StatusOr<RecordView> ReadRecord(const kv::Txn& txn, kv::Table table,
                                      uint64_t id) {
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> bytes,
                   txn.Get(table, IdKey(id)));
  return RecordView::Parse(bytes.value_or(""));
}

}  // namespace

Snapshot::Snapshot(kv::ReadTxn txn, const Tables& tables,
                   std::shared_ptr<const Catalog> catalog, Revision revision)
    : txn_(std::move(txn)),
      tables_(tables),
      catalog_(std::move(catalog)),
      revision_(revision) {}

absl::StatusOr<std::optional<EntityId>> Snapshot::FindEntity(
    absl::string_view key) const {
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> found,
                   txn_.Get(tables_.entity_key, key));
  if (!found.has_value()) return std::nullopt;
  const EntityId id{ReadBigEndian(*found)};
  ASSIGN_OR_RETURN(const RecordView record,
                   ReadRecord(txn_, tables_.entity, id.value));
  if (record.fact_count() > 0) return id;
  ASSIGN_OR_RETURN(const bool touched, IsTouched(txn_, tables_, id));
  return touched ? std::optional(id) : std::nullopt;
}

absl::StatusOr<std::vector<EntityId>> Snapshot::FindByName(
    absl::string_view name, const Lens& lens, size_t limit) const {
  const Predicate named{.property = kNameProperty,
                        .comparison = Comparison::kEqual,
                        .bound = Value::String(name)};
  std::vector<EntityId> found;
  const std::optional<PropertyId> property =
      catalog_->properties.Find(named.property);
  if (!property || !IsIndexed(schema(), named.property)) return found;
  ASSIGN_OR_RETURN(
      const auto candidates,
      FindCandidates(*property, named, std::numeric_limits<size_t>::max(), txn_,
                     tables_));
  for (const EntityId id : *candidates) {
    if (found.size() == limit) break;
    ASSIGN_OR_RETURN(const Holds holds, JudgeEntity(*this, id, lens, named));
    if (Passes(holds, lens)) found.push_back(id);
  }
  return found;
}

absl::StatusOr<std::string> Snapshot::EntityKey(EntityId id) const {
  ASSIGN_OR_RETURN(const RecordView record,
                   ReadRecord(txn_, tables_.entity, id.value));
  ASSIGN_OR_RETURN(EntityHead head, record.ReadEntityHead());
  return std::move(head.key);
}

absl::StatusOr<EntityView> Snapshot::ReadEntity(
    EntityId id, const Lens& lens, Evidence evidence,
    const EntityFilter& filter) const {
  ASSIGN_OR_RETURN(const RecordView record,
                   ReadRecord(txn_, tables_.entity, id.value));
  const EntityReader reader({txn_, tables_, *catalog_}, lens, evidence);
  ASSIGN_OR_RETURN(EntityView view, reader.Read(id, record, filter.property));
  if (view.in_view) return view;
  ASSIGN_OR_RETURN(view.in_view, HasRelationship(id, lens));
  return view;
}

absl::StatusOr<bool> Snapshot::HasRelationship(EntityId id,
                                               const Lens& lens) const {
  for (const kv::Table table : {tables_.adjacency_out, tables_.adjacency_in}) {
    TupleCursor<4> cursor(txn_, {table, IdKey(id)});
    for (cursor.SeekFirst(); cursor.Valid(); cursor.Next()) {
      if (cursor.value(kSlotState) == kPlain) return true;
      ASSIGN_OR_RETURN(
          const Admitted admitted,
          Admit(RelationshipId{cursor.value(kSlotRelationship)}, lens));
      if (admitted.admission == Admission::kShown) return true;
    }
    RETURN_IF_ERROR(cursor.status());
  }
  return false;
}

absl::StatusOr<std::vector<std::string>> Snapshot::ReadLabels(
    EntityId id, const Lens& lens) const {
  ASSIGN_OR_RETURN(const RecordView record,
                   ReadRecord(txn_, tables_.entity, id.value));
  return ReadShownLabels(record, *catalog_, lens);
}

absl::StatusOr<std::vector<RelationshipView>> Snapshot::ReadRelationship(
    RelationshipId id, const Lens& lens, Evidence evidence) const {
  ASSIGN_OR_RETURN(const RecordView record,
                   ReadRecord(txn_, tables_.relationship, id.value));
  ASSIGN_OR_RETURN(const RelationshipHead head, record.ReadRelationshipHead());
  RelationshipView base{.id = id};
  ASSIGN_OR_RETURN(base.key, KeyOf(head));
  const RelationshipDeclaration* declared =
      schema().FindRelationship(base.key.type);
  base.symmetric = declared != nullptr && declared->symmetric;
  RelationshipReader reader({txn_, tables_, *catalog_}, lens, evidence);
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
  ASSIGN_OR_RETURN(const RecordView record,
                   ReadRecord(txn_, tables_.relationship, id.value));
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
  ASSIGN_OR_RETURN(const RecordView record,
                   ReadRecord(txn_, tables_.entity, id.value));
  const EntityReader reader({txn_, tables_, *catalog_}, lens, Evidence::kAll);
  return reader.ReadClaims(id, record, property);
}

absl::StatusOr<std::vector<FactClaims>> Snapshot::RelationshipClaims(
    RelationshipId id, const Lens& lens) const {
  ASSIGN_OR_RETURN(const RecordView record,
                   ReadRecord(txn_, tables_.relationship, id.value));
  ASSIGN_OR_RETURN(const RelationshipHead head, record.ReadRelationshipHead());
  ASSIGN_OR_RETURN(const RelationshipKey key, KeyOf(head));
  RelationshipReader reader({txn_, tables_, *catalog_}, lens, Evidence::kAll);
  return reader.ReadClaims(id, record, key);
}

absl::StatusOr<std::optional<SourceView>> Snapshot::FindSource(
    absl::string_view id) const {
  ASSIGN_OR_RETURN(const std::optional<SourceId> found,
                   FindSourceId(txn_, tables_, id));
  if (!found.has_value()) return std::nullopt;
  ASSIGN_OR_RETURN(const std::optional<SourceRecord> record,
                   ReadSource(txn_, tables_, *found));
  if (!record.has_value()) return std::nullopt;
  return SourceView{record->name, record->description()};
}

}  // namespace guanxi::store
