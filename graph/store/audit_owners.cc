// Entities and relationships: their records against their claims, and what the
// other tables must have of them.

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/store/audit.h"
#include "graph/store/claim_table.h"
#include "graph/store/damage.h"
#include "graph/store/entity_index.h"
#include "graph/store/owner_facts.h"
#include "graph/store/placement.h"
#include "graph/store/value_index.h"

namespace guanxi::store {
namespace {

// One owner's record, decoded.
struct Opened {
  Owner owner;
  std::string where;
  absl::string_view bytes;
  std::vector<RecordFact> facts;
};

absl::StatusOr<OwnerClaims> Said(const Audit& audit, const Opened& opened) {
  OwnerClaims said;
  ASSIGN_OR_RETURN(said.claims,
                   ReadClaims(audit.txn(), audit.tables(), opened.owner));
  for (const RecordFact& fact : opened.facts) {
    if (fact.implicit) said.implicit.emplace(fact.key, *fact.implicit);
  }
  return said;
}

// `resolve` makes the record anew of what is said. Claims and sources that
// cannot be read are reported where they lie.
template <typename Resolve>
void AuditResolution(Audit& audit, const Opened& opened, Resolve resolve) {
  const absl::StatusOr<OwnerClaims> said = Said(audit, opened);
  if (!said.ok()) return;
  const absl::StatusOr<std::string> record = resolve(*said);
  if (record.ok()) {
    if (*record == opened.bytes) return;
    audit.Report("record_stale", opened.where,
                 "its record is not what its believed claims come to; "
                 "expected it to be resolved anew");
  } else if (!absl::IsDataLoss(record.status())) {
    audit.Report("record_stale", opened.where,
                 std::string(record.status().message()));
  }
}

void AuditImplicit(Audit& audit, const Opened& opened) {
  for (const RecordFact& fact : opened.facts) {
    if (!fact.implicit) continue;
    const uint64_t since = fact.implicit->since.number;
    if (audit.Knows(fact.implicit->since)) continue;
    audit.Report("revision", opened.where,
                 absl::StrCat("an implicit claim is of revision ", since,
                              "; expected one that there was"));
  }
}

// Opens the record of an owner, or reports that it does not open.
absl::StatusOr<RecordView> Open(Audit& audit, absl::string_view bytes,
                                Opened& opened) {
  opened.bytes = bytes;
  absl::StatusOr<RecordView> record = RecordView::Parse(bytes);
  if (!record.ok()) {
    audit.Report("record", opened.where,
                 std::string(record.status().message()));
    return record;
  }
  absl::StatusOr<std::vector<RecordFact>> facts =
      ReadFacts(*record, audit.catalog());
  if (!facts.ok()) {
    audit.Report("record", opened.where, std::string(facts.status().message()));
    return facts.status();
  }
  opened.facts = *std::move(facts);
  AuditImplicit(audit, opened);
  return record;
}

// Claims that cannot be read are reported where they lie.
void AuditValueIndex(Audit& audit, const Opened& opened) {
  const absl::StatusOr<OwnerClaims> said = Said(audit, opened);
  if (!said.ok()) return;
  const Tuple<1> tuple = {opened.owner.id};
  for (const std::string& key : IndexedKeys(*said, audit.catalog())) {
    if (!audit.Lacks({audit.tables().property, key}, tuple)) continue;
    audit.Report("index_missing", opened.where,
                 absl::StrCat("expected it in the index of property ",
                              ReadBigEndian(key.substr(0, 4))));
  }
}

void AuditEntityIndexes(Audit& audit, const Opened& opened) {
  const IndexEntries entries = IndexEntriesOf(opened.facts, audit.catalog());
  const Tuple<1> tuple = {opened.owner.id};
  for (const std::string& prefix : entries.labels) {
    if (!audit.Lacks({audit.tables().label, prefix}, tuple)) continue;
    audit.Report("index_missing", opened.where,
                 absl::StrCat("expected it in the index of label ",
                              ReadBigEndian(prefix)));
  }
  AuditValueIndex(audit, opened);
  if (!audit.property_facts().has_value()) return;
  for (const auto& [property, count] : entries.counts) {
    (*audit.property_facts())[property] += count;
  }
}

// Whether the key of an entity finds it. A purged one has none, and no facts.
bool IsFound(const Audit& audit, EntityId id, absl::string_view entity_key,
             const Opened& opened) {
  if (entity_key.empty()) return opened.facts.empty();
  const auto found = audit.txn().Get(audit.tables().entity_key, entity_key);
  return found.ok() && found->has_value() && **found == IdKey(id);
}

void AuditEntity(Audit& audit, EntityId id, absl::string_view bytes) {
  Opened opened{.owner = Owner::Of(id),
                .where = absl::StrCat("entity ", id.value)};
  const absl::StatusOr<RecordView> record = Open(audit, bytes, opened);
  if (!record.ok()) {
    audit.property_facts().reset();
    return;
  }
  const absl::string_view key = record->entity_key();
  if (!IsFound(audit, id, key, opened)) {
    audit.Report("entity_key_missing", opened.where,
                 absl::StrCat("its key '", absl::Utf8SafeCEscape(key),
                              "' does not find it; expected it to"));
  }
  AuditEntityIndexes(audit, opened);
  AuditResolution(
      audit, opened,
      [&](const OwnerClaims& said) -> absl::StatusOr<std::string> {
        ASSIGN_OR_RETURN(const OwnerFacts facts,
                         OwnerFacts::OfEntity(said, audit.catalog().schema,
                                              audit.standings()));
        ASSIGN_OR_RETURN(const std::vector<RecordFact> resolved,
                         facts.ResolveAll(said));
        return EncodeEntity({std::string(key)}, resolved, audit.scratch());
      });
}

void AuditRelationshipSlots(Audit& audit, const Opened& opened,
                            const RelationshipHead& head) {
  const RelationshipId id{opened.owner.id};
  const Placement placement = PlacementOf(
      head.type, IsSymmetric(audit.catalog(), head.type), opened.facts);
  AuditMoves(audit, id, head, placement);
  for (const SlotRow& slot :
       SlotRowsOf({id, head, placement}, audit.tables())) {
    const std::string prefix = IdKey(slot.at);
    if (!audit.Lacks({slot.table, prefix}, slot.tuple)) continue;
    audit.Report("slot_missing", opened.where,
                 absl::StrCat("expected its slot with entity ", slot.at.value,
                              ", in the state ", placement.state));
  }
  const std::string prefix = TypePrefix(head.type);
  if (!opened.facts.empty() &&
      audit.Lacks({audit.tables().type, prefix}, Tuple<1>{id.value})) {
    audit.Report(
        "index_missing", opened.where,
        absl::StrCat("expected it in the index of type ", head.type.value));
  }
}

void AuditEnds(Audit& audit, const Opened& opened,
               const RelationshipHead& head) {
  for (const EntityId end : {head.subject, head.object}) {
    if (audit.Exists(audit.tables().entity, IdKey(end))) continue;
    audit.Report("end_missing", opened.where,
                 absl::StrCat("its entity ", end.value,
                              " is missing; expected its record"));
  }
  if (!audit.Knows(head.created)) {
    audit.Report("revision", opened.where,
                 absl::StrCat("it was made in revision ", head.created.number,
                              "; expected one that there was"));
  }
}

void AuditRelationship(Audit& audit, RelationshipId id,
                       absl::string_view bytes) {
  Opened opened{.owner = Owner::Of(id),
                .where = absl::StrCat("relationship ", id.value)};
  const absl::StatusOr<RecordView> record = Open(audit, bytes, opened);
  if (!record.ok()) return;
  const absl::StatusOr<RelationshipHead> head = record->ReadRelationshipHead();
  const absl::StatusOr<const std::string*> type =
      head.ok() ? TypeName(audit.catalog(), head->type) : head.status();
  if (!type.ok()) {
    audit.Report("record", opened.where, std::string(type.status().message()));
    return;
  }
  AuditEnds(audit, opened, *head);
  const RelationshipDeclaration* declared =
      audit.catalog().schema.FindRelationship(**type);
  AuditRelationshipSlots(audit, opened, *head);
  AuditResolution(audit, opened,
                  [&](const OwnerClaims& said) -> absl::StatusOr<std::string> {
                    ASSIGN_OR_RETURN(const OwnerFacts facts,
                                     OwnerFacts::OfRelationship(
                                         said, declared, audit.standings()));
                    ASSIGN_OR_RETURN(const std::vector<RecordFact> resolved,
                                     facts.ResolveAll(said));
                    return EncodeRelationship(*head, resolved, audit.scratch());
                  });
}

}  // namespace

absl::Status AuditEntities(Audit& audit) {
  RETURN_IF_ERROR(audit.Begin("entity"));
  IdSequence ids(audit, "entity", &Counters::next_entity);
  kv::Cursor cursor = audit.txn().Walk(audit.tables().entity);
  for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
    RETURN_IF_ERROR(audit.Count());
    const std::optional<uint64_t> id = ids.Take(cursor.key());
    if (id.has_value()) AuditEntity(audit, EntityId{*id}, cursor.value());
  }
  ids.Finish();
  return cursor.status();
}

absl::Status AuditEntityKeys(Audit& audit) {
  RETURN_IF_ERROR(audit.Begin("entity_key"));
  kv::Cursor cursor = audit.txn().Walk(audit.tables().entity_key);
  for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
    RETURN_IF_ERROR(audit.Count());
    const absl::StatusOr<uint64_t> id = ReadIdRow(cursor.value(), "it");
    bool fits = false;
    if (id.ok()) {
      const auto bytes = audit.txn().Get(audit.tables().entity, IdKey(*id));
      ASSIGN_OR_RETURN(const std::optional<RecordView> record,
                       audit.FindRecord(audit.tables().entity, *id));
      const bool unreadable = bytes.ok() && bytes->has_value() && !record;
      fits = unreadable || (record && record->entity_key() == cursor.key());
    }
    if (fits) continue;
    audit.Report(
        "entity_key_extra",
        absl::StrCat("key '", absl::Utf8SafeCEscape(cursor.key()), "'"),
        "it finds no entity that has this key; expected one");
  }
  return cursor.status();
}

absl::Status AuditRelationships(Audit& audit) {
  RETURN_IF_ERROR(audit.Begin("relationship"));
  // A statement that was skipped leaves the id that it took without a record.
  IdSequence ids(audit, "relationship", &Counters::next_relationship,
                 IdSequence::Gaps::kSome);
  kv::Cursor cursor = audit.txn().Walk(audit.tables().relationship);
  for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
    RETURN_IF_ERROR(audit.Count());
    const std::optional<uint64_t> id = ids.Take(cursor.key());
    if (!id.has_value()) continue;
    AuditRelationship(audit, RelationshipId{*id}, cursor.value());
  }
  ids.Finish();
  return cursor.status();
}

}  // namespace guanxi::store
