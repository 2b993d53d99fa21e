// Adjacency and indexes: their blocks, and that what stands in them is told by
// a record. The other direction is the records' stage.

#include "graph/store/audit_sets.h"

#include <algorithm>
#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/store/audit.h"
#include "graph/store/claim_table.h"
#include "graph/store/entity_index.h"
#include "graph/store/history.h"
#include "graph/store/placement.h"
#include "graph/store/tombstone.h"
#include "graph/store/value_index.h"

namespace guanxi::store {
namespace {

// The slots that a relationship should have; nullopt if its record cannot be
// read.
absl::StatusOr<std::optional<std::vector<SlotRow>>> ExpectedSlots(
    const Audit& audit, RelationshipId id) {
  if (!audit.Exists(audit.tables().relationship, IdKey(id))) {
    return std::vector<SlotRow>();
  }
  ASSIGN_OR_RETURN(const std::optional<RecordView> record,
                   audit.FindRecord(audit.tables().relationship, id.value));
  if (!record.has_value()) return std::nullopt;
  const absl::StatusOr<RelationshipHead> head = record->ReadRelationshipHead();
  if (!head.ok()) return std::nullopt;
  std::vector<RecordFact> existence;
  const RecordView::Range range = record->Find(FactKind::kExistence, 0);
  for (size_t i = range.begin; i < range.end; ++i) {
    absl::StatusOr<RecordFact> fact = record->ReadFact(i, audit.catalog());
    if (!fact.ok()) return std::nullopt;
    existence.push_back(*std::move(fact));
  }
  const absl::StatusOr<const std::string*> type =
      TypeName(audit.catalog(), head->type);
  if (!type.ok()) return std::nullopt;
  const bool symmetric = IsSymmetric(audit.catalog(), head->type);
  return SlotRowsOf({id, *head, PlacementOf(head->type, symmetric, existence)},
                    audit.tables());
}

absl::Status AuditSlotTable(Audit& audit, const SetTable& table) {
  return SetWalker<4>(audit, table)
      .Walk([&](absl::string_view prefix,
                const Tuple<4>& tuple) -> absl::Status {
        const uint64_t entity = ReadBigEndian(prefix);
        const bool aside = table.table.dbi == audit.tables().aside.dbi;
        const uint64_t id =
            aside ? tuple[kAsideRelationship] : tuple[kSlotRelationship];
        ASSIGN_OR_RETURN(const std::optional<std::vector<SlotRow>> slots,
                         ExpectedSlots(audit, RelationshipId{id}));
        if (!slots.has_value()) return absl::OkStatus();
        const bool expected =
            std::ranges::any_of(*slots, [&](const SlotRow& slot) {
              return slot.table.dbi == table.table.dbi &&
                     slot.at.value == entity && slot.tuple == tuple;
            });
        if (expected) return absl::OkStatus();
        audit.Report("slot_extra",
                     absl::StrCat(table.name, " of entity ", entity),
                     absl::StrCat("it has a slot of relationship ", id,
                                  aside ? " in the lane " : " in the state ",
                                  aside ? tuple[kAsideLane] : tuple[kSlotState],
                                  " that the record of that does not ask for"));
        return absl::OkStatus();
      });
}

// Under which values an entity may be found, of now and of the past; nullopt if
// that cannot be read.
absl::StatusOr<std::optional<std::set<std::string>>> AllowedValues(
    const Audit& audit, EntityId entity) {
  std::set<std::string> allowed;
  if (!audit.Exists(audit.tables().entity, IdKey(entity))) return allowed;
  ASSIGN_OR_RETURN(const std::optional<RecordView> record,
                   audit.FindRecord(audit.tables().entity, entity.value));
  const absl::StatusOr<std::vector<StoredClaim>> claims =
      ReadClaims(audit.txn(), audit.tables(), Owner::Of(entity));
  const absl::StatusOr<std::vector<Image>> images =
      ReadImages(audit.txn(), audit.tables(), Owner::Of(entity));
  if (!record.has_value() || !claims.ok() || !images.ok()) return std::nullopt;
  allowed = ValueKeys(*claims, {}, audit.catalog());
  std::vector<RecordView> records = {*record};
  for (const Image& image : *images) {
    const absl::StatusOr<RecordView> past = RecordView::Parse(image.record);
    if (!past.ok()) return std::nullopt;
    records.push_back(*past);
  }
  for (const RecordView& one : records) {
    const absl::StatusOr<std::vector<RecordFact>> facts =
        ReadFacts(one, audit.catalog());
    if (!facts.ok()) return std::nullopt;
    allowed.merge(ValueKeys({}, *facts, audit.catalog()));
  }
  return allowed;
}

void ReportEntry(Audit& audit, const SetTable& table, absl::string_view prefix,
                 uint64_t id) {
  audit.Report("index_extra",
               absl::StrCat(table.name, " ", absl::BytesToHexString(prefix)),
               absl::StrCat(id,
                            " stands in it, but its record does not ask "
                            "for that"));
}

// Those who ask about the past find the labels that an entity had, so that
// their entries stay.
absl::Status AuditLabelIndex(Audit& audit, const SetTable& table) {
  return SetWalker<1>(audit, table)
      .Walk([&](absl::string_view prefix, const Tuple<1>& tuple) {
        if (!audit.Exists(audit.tables().entity, IdKey(tuple[0]))) {
          ReportEntry(audit, table, prefix, tuple[0]);
        }
        return absl::OkStatus();
      });
}

absl::Status AuditPropertyIndex(Audit& audit, const SetTable& table) {
  std::optional<EntityId> entity;  // the last one: it can have many values
  std::optional<std::set<std::string>> allowed;
  return SetWalker<1>(audit, table)
      .Walk(
          [&](absl::string_view prefix, const Tuple<1>& tuple) -> absl::Status {
            if (entity != EntityId{tuple[0]}) {
              entity = EntityId{tuple[0]};
              ASSIGN_OR_RETURN(allowed, AllowedValues(audit, *entity));
            }
            if (allowed && !allowed->contains(std::string(prefix))) {
              ReportEntry(audit, table, prefix, tuple[0]);
            }
            return absl::OkStatus();
          });
}

absl::Status AuditTypeIndex(Audit& audit, const SetTable& table) {
  return SetWalker<1>(audit, table)
      .Walk(
          [&](absl::string_view prefix, const Tuple<1>& tuple) -> absl::Status {
            const bool exists =
                audit.Exists(audit.tables().relationship, IdKey(tuple[0]));
            ASSIGN_OR_RETURN(
                const std::optional<RecordView> record,
                audit.FindRecord(audit.tables().relationship, tuple[0]));
            if (exists && !record) return absl::OkStatus();
            const absl::StatusOr<RelationshipHead> head =
                record ? record->ReadRelationshipHead() : RelationshipHead();
            if (!head.ok()) return absl::OkStatus();
            // Judgements stay, for those who ask about the past.
            const bool expected =
                record && TypePrefix(head->type) == prefix &&
                (record->fact_count() > 0 || IsJudgement(head->type));
            if (!expected) ReportEntry(audit, table, prefix, tuple[0]);
            return absl::OkStatus();
          });
}

// Whether a source says, in whatever description, that it derives from another.
bool Derives(const SourceRecord& source, const std::string& parent) {
  return std::ranges::any_of(
      source.versions, [&](const SourceRecord::Version& version) {
        const std::vector<std::string> from = DerivedFrom(version.description);
        return std::ranges::find(from, parent) != from.end();
      });
}

// Whether `user` rests on the source; true too if that cannot be read.
bool Uses(const Audit& audit, const SourceRecord& source, Owner user) {
  if (user.kind == OwnerKind::kSource) {
    const absl::StatusOr<std::optional<SourceRecord>> child =
        ReadSource(audit.txn(), audit.tables(), SourceId{user.id});
    return !child.ok() || (child->has_value() && Derives(**child, source.name));
  }
  // What a purged claim cited is not known any more.
  const absl::StatusOr<std::vector<Tombstone>> purged =
      ReadTombstones(audit.txn(), audit.tables(), user);
  if (!purged.ok() || !purged->empty()) return true;
  const absl::StatusOr<std::vector<StoredClaim>> claims =
      ReadClaims(audit.txn(), audit.tables(), user);
  return !claims.ok() ||
         std::ranges::any_of(*claims, [&](const StoredClaim& stored) {
           return stored.claim.citation.source == source.name;
         });
}

}  // namespace

absl::Status AuditSlots(Audit& audit) {
  const Tables& tables = audit.tables();
  for (const SetTable& table :
       {SetTable{tables.adjacency_out, "adjacency_out", kIdBytes},
        SetTable{tables.adjacency_in, "adjacency_in", kIdBytes},
        SetTable{tables.aside, "aside", kIdBytes}}) {
    RETURN_IF_ERROR(AuditSlotTable(audit, table));
  }
  return absl::OkStatus();
}

absl::Status AuditIndexes(Audit& audit) {
  const Tables& tables = audit.tables();
  RETURN_IF_ERROR(
      AuditLabelIndex(audit, {tables.label, "label", kNameIdBytes}));
  RETURN_IF_ERROR(AuditPropertyIndex(audit, {tables.property, "property"}));
  return AuditTypeIndex(audit, {tables.type, "type", kNameIdBytes});
}

absl::Status AuditSourceUse(Audit& audit) {
  const SetTable table{audit.tables().source_use, "source_use", kIdBytes};
  return SetWalker<2>(audit, table)
      .Walk([&](absl::string_view prefix,
                const Tuple<2>& tuple) -> absl::Status {
        const absl::StatusOr<std::optional<SourceRecord>> source = ReadSource(
            audit.txn(), audit.tables(), SourceId{ReadBigEndian(prefix)});
        if (!source.ok()) return absl::OkStatus();
        const bool known =
            tuple[0] <= static_cast<uint64_t>(OwnerKind::kSource);
        const Owner user{static_cast<OwnerKind>(known ? tuple[0] : 0),
                         tuple[1]};
        if (known && source->has_value() && Uses(audit, **source, user)) {
          return absl::OkStatus();
        }
        audit.Report("source_use_extra",
                     absl::StrCat("source ", ReadBigEndian(prefix)),
                     absl::StrCat("owner ", tuple[1], " of kind ", tuple[0],
                                  " is said to rest on it, but no claim and no "
                                  "lineage does"));
        return absl::OkStatus();
      });
}

}  // namespace guanxi::store
