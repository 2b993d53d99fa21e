#include "graph/store/unique.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/model/predicate.h"
#include "graph/store/adjacency.h"
#include "graph/store/claim_table.h"
#include "graph/store/lens.h"
#include "graph/store/placement.h"
#include "graph/store/record.h"
#include "graph/store/value_index.h"

namespace guanxi::store {
namespace {

bool Counts(const StoredClaim& stored, absl::string_view property) {
  return stored.fact.kind == FactKind::kProperty &&
         stored.fact.name == property && stored.believed() &&
         ModeClass(stored.claim.mode) == Mode::kAsserted &&
         stored.claim.rank != Rank::kDeprecated;
}

// Whether two values are one: numbers by size, all else by identity.
bool IsSame(const Value& a, const Value& b) {
  if (a == b) return true;
  if (PlaceOf(a).line != Place::Line::kNumber) return false;
  const Predicate equal{
      .property = "", .comparison = Comparison::kEqual, .bound = b};
  const Predicate back{
      .property = "", .comparison = Comparison::kEqual, .bound = a};
  return Judge(equal, a) == Holds::kYes && Judge(back, b) == Holds::kYes;
}

bool ContainsValue(const std::vector<Value>& values, const Value& value) {
  return std::ranges::any_of(
      values, [&value](const Value& held) { return IsSame(held, value); });
}

absl::Status Taken(absl::string_view entity, absl::string_view property,
                   const Value& value, absl::string_view other) {
  return MakeError(
      absl::StatusCode::kAlreadyExists, "UNIQUE_TAKEN",
      absl::StrCat("'", property, "' is unique, and ", value.ToString(),
                   " is claimed of '", entity, "' and of '", other,
                   "': expected another value, or that the two are the same, "
                   "as in: same (",
                   entity, ") (", other, ")"),
      {{"entity", entity},
       {"property", property},
       {"value", value.ToString()},
       {"taken_by", other}});
}

}  // namespace

absl::Status UniqueCheck::Check(
    const std::vector<LogEntry>& log,
    const std::set<std::string>& newly_unique) const {
  const bool any = std::ranges::any_of(
      at_.catalog.schema.properties(),
      [](const auto& declared) { return declared.second.unique; });
  if (!any) return absl::OkStatus();
  for (const std::string& name : newly_unique) {
    RETURN_IF_ERROR(CheckProperty(name));
  }
  std::set<EntityId> entities;
  std::set<RelationshipId> relationships;
  for (const LogEntry& entry : log) {
    // A change of the schema has no owner.
    if (entry.owner.id == 0) continue;
    if (entry.owner.kind == OwnerKind::kEntity) {
      entities.insert(EntityId{entry.owner.id});
    } else if (entry.owner.kind == OwnerKind::kRelationship) {
      relationships.insert(RelationshipId{entry.owner.id});
    }
  }
  RETURN_IF_ERROR(AddJudged(relationships, entities));
  for (const EntityId id : entities) RETURN_IF_ERROR(CheckEntity(id));
  return absl::OkStatus();
}

absl::Status UniqueCheck::CheckProperty(const std::string& name) const {
  const PropertyDeclaration* declared = at_.catalog.schema.FindProperty(name);
  const std::optional<PropertyId> property = at_.catalog.properties.Find(name);
  if (declared == nullptr || !declared->unique || !property.has_value()) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(
      const auto entities,
      FindCandidates(*property, {.property = name, .bound = Value()},
                     std::numeric_limits<size_t>::max(), at_.txn, at_.tables));
  for (const EntityId id : *entities) {
    RETURN_IF_ERROR(CheckValues(id, *declared));
  }
  return absl::OkStatus();
}

// What a `same` that is gone had joined stands by itself again. Each cluster is
// walked once, however many judgements of it were touched.
absl::Status UniqueCheck::AddJudged(
    const std::set<RelationshipId>& relationships,
    std::set<EntityId>& entities) const {
  std::set<EntityId> judged;
  for (const RelationshipId id : relationships) {
    ASSIGN_OR_RETURN(const RecordView record, ReadRecord(at_, id));
    ASSIGN_OR_RETURN(const RelationshipHead head,
                     record.ReadRelationshipHead());
    if (head.type != kSameType) continue;
    for (const EntityId end : {head.subject, head.object}) {
      if (judged.contains(end)) continue;
      ASSIGN_OR_RETURN(const std::set<EntityId> cluster, Cluster(end));
      judged.insert(cluster.begin(), cluster.end());
    }
  }
  entities.merge(judged);
  return absl::OkStatus();
}

absl::Status UniqueCheck::CheckEntity(EntityId id) const {
  for (const auto& [name, declared] : at_.catalog.schema.properties()) {
    if (declared.unique) RETURN_IF_ERROR(CheckValues(id, declared));
  }
  return absl::OkStatus();
}

absl::Status UniqueCheck::CheckValues(
    EntityId id, const PropertyDeclaration& property) const {
  ASSIGN_OR_RETURN(const std::vector<Value> values,
                   ValuesOf(id, property.name));
  for (const Value& value : values) {
    RETURN_IF_ERROR(CheckAgainst(id, property.name, value));
  }
  return absl::OkStatus();
}

absl::Status UniqueCheck::CheckAgainst(EntityId id, const std::string& property,
                                       const Value& value) const {
  const Predicate equal{
      .property = property, .comparison = Comparison::kEqual, .bound = value};
  ASSIGN_OR_RETURN(
      const auto candidates,
      FindCandidates(*at_.catalog.properties.Find(property), equal,
                     std::numeric_limits<size_t>::max(), at_.txn, at_.tables));
  std::optional<std::set<EntityId>> cluster;
  for (const EntityId other : *candidates) {
    if (other == id) continue;
    ASSIGN_OR_RETURN(const std::vector<Value> values,
                     ValuesOf(other, property));
    if (!ContainsValue(values, value)) continue;
    if (!cluster.has_value()) {
      ASSIGN_OR_RETURN(cluster, Cluster(id));
    }
    if (cluster->contains(other)) continue;
    ASSIGN_OR_RETURN(const std::string key, ReadEntityKey(at_, id));
    ASSIGN_OR_RETURN(const std::string other_key, ReadEntityKey(at_, other));
    return Taken(key, property, value, other_key);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Value>> UniqueCheck::ValuesOf(
    EntityId id, const std::string& property) const {
  std::vector<Value> values;
  const std::optional<PropertyId> name = at_.catalog.properties.Find(property);
  if (!name.has_value()) return values;
  ASSIGN_OR_RETURN(const RecordView record, ReadRecord(at_, id));
  const auto [begin, end] = record.Find(FactKind::kProperty, name->value);
  if (begin == end) return values;
  for (size_t i = begin; i < end; ++i) {
    ASSIGN_OR_RETURN(const RecordFact fact, record.ReadFact(i, at_.catalog));
    if (fact.implicit.has_value()) values.push_back(fact.implicit->value);
  }
  ASSIGN_OR_RETURN(const std::vector<StoredClaim> claims,
                   ReadClaims(at_.txn, at_.tables, Owner::Of(id)));
  for (const StoredClaim& stored : claims) {
    if (Counts(stored, property)) values.push_back(stored.claim.value);
  }
  return values;
}

absl::StatusOr<std::set<EntityId>> UniqueCheck::Cluster(EntityId id) const {
  std::set<EntityId> joined = {id};
  std::vector<EntityId> queue = {id};
  while (!queue.empty()) {
    const EntityId member = queue.back();
    queue.pop_back();
    std::vector<Slot> slots;
    for (const SlotSide side : kSlotSides) {
      RETURN_IF_ERROR(WalkSlots(at_, member, {side, kJudgement}, {kSameType},
                                [&slots](const Slot& slot) {
                                  slots.push_back(slot);
                                  return true;
                                })
                          .status());
    }
    for (const Slot& slot : slots) {
      ASSIGN_OR_RETURN(const RecordView record,
                       ReadRecord(at_, slot.relationship));
      const auto [begin, end] = record.Find(FactKind::kExistence, 0);
      if (begin == end) continue;
      ASSIGN_OR_RETURN(const RecordFact fact,
                       record.ReadFact(begin, at_.catalog));
      const bool believed =
          AdmitExistence(fact, {}).admission == Admission::kShown;
      if (believed && joined.insert(slot.other).second) {
        queue.push_back(slot.other);
      }
    }
  }
  return joined;
}

}  // namespace guanxi::store
