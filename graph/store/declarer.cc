#include "graph/store/declarer.h"

#include <algorithm>
#include <variant>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/damage.h"
#include "graph/store/entity_index.h"
#include "graph/store/limits.h"
#include "graph/store/property_scan.h"
#include "graph/store/schema_codec.h"
#include "graph/store/source_table.h"
#include "graph/store/tuple_cursor.h"
#include "graph/store/tuple_set.h"
#include "graph/store/value_index.h"

namespace guanxi::store {
namespace {

absl::Status InUse(absl::string_view name) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "SCHEMA_IN_USE",
      absl::StrCat("'", name,
                   "' has facts, so that only its comment and further fields "
                   "may change; declare another name in its place"),
      {{"name", name}});
}

absl::Status DoesNotFit(const PropertyDeclaration& property,
                        const Value& value) {
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "SCHEMA_IN_USE",
      absl::StrCat("'", property.name, "' has facts, and one of them, ",
                   value.ToString(), ", is no ", property.type.ToString(),
                   ": expected a type that all of them have"),
      {{"name", property.name}, {"value", value.ToString()}});
}

const Declaration* Known(const Declaration& declaration, const Schema& schema,
                         Declaration& copy) {
  const auto find = [&](const auto* found) -> const Declaration* {
    if (found == nullptr) return nullptr;
    copy = *found;
    return &copy;
  };
  if (const auto* label = std::get_if<LabelDeclaration>(&declaration)) {
    return find(schema.FindLabel(label->name));
  }
  if (const auto* prop = std::get_if<PropertyDeclaration>(&declaration)) {
    return find(schema.FindProperty(prop->name));
  }
  return find(schema.FindRelationship(
      std::get<RelationshipDeclaration>(declaration).name));
}

absl::Status SchemaTooLarge(absl::string_view what, size_t found,
                            size_t limit) {
  return MakeError(
      absl::StatusCode::kResourceExhausted, "SCHEMA_TOO_LARGE",
      absl::StrCat("found ", found, " ", what, "; expected at most ", limit),
      {{"limit", absl::StrCat(limit)}});
}

absl::Status CheckSize(const Declaration& declaration, const Schema& schema) {
  const size_t bytes = EncodeDeclaration(declaration).size();
  if (bytes > kMaxDeclarationBytes) {
    return SchemaTooLarge("bytes in one declaration", bytes,
                          kMaxDeclarationBytes);
  }
  const size_t count = schema.labels().size() + schema.properties().size() +
                       schema.relationships().size();
  if (count <= kMaxDeclarations) return absl::OkStatus();
  return SchemaTooLarge("declarations", count, kMaxDeclarations);
}

// Whether every field of `before` stands unchanged in `after`.
bool OnlyAdds(const std::vector<Field>& before,
              const std::vector<Field>& after) {
  return std::ranges::all_of(before, [&after](const Field& field) {
    return std::ranges::find(after, field) != after.end();
  });
}

}  // namespace

absl::Status Declarer::Declare(const Declaration& declaration) {
  Declaration copy;
  const Declaration* known = Known(declaration, catalog_.schema, copy);
  if (known != nullptr && *known == declaration) return absl::OkStatus();
  RETURN_IF_ERROR(std::visit(
      [this](const auto& held) { return CheckUse(held); }, declaration));
  const auto* property = std::get_if<PropertyDeclaration>(&declaration);
  const bool had_index =
      property != nullptr && IsIndexed(catalog_.schema, property->name);
  RETURN_IF_ERROR(catalog_.schema.Declare(declaration));
  RETURN_IF_ERROR(CheckSize(declaration, catalog_.schema));
  if (property != nullptr && !had_index) {
    RETURN_IF_ERROR(BuildIndex(*property));
  }
  if (property != nullptr && property->unique) {
    newly_unique_.insert(property->name);
  }
  drafts_.log().push_back({LogOperation::kSchemaChanged, {}, 0});
  return SaveDeclaration(declaration, tables_, txn_);
}

absl::Status Declarer::CheckUse(const PropertyDeclaration& property) const {
  const std::optional<PropertyId> id = catalog_.properties.Find(property.name);
  if (!id.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const uint64_t facts,
                   CountPropertyFacts(*id, txn_, tables_));
  if (facts == 0) return absl::OkStatus();
  const PropertyDeclaration* found =
      catalog_.schema.FindProperty(property.name);
  PropertyDeclaration before = found ? *found : PropertyDeclaration();
  if (!OnlyAdds(before.qualifiers, property.qualifiers)) {
    return InUse(property.name);
  }
  if (found == nullptr) {
    RETURN_IF_ERROR(CheckValues(property));
    before.type = property.type;
    before.type.list = false;
  }
  before.name = property.name;
  before.comment = property.comment;
  before.qualifiers = property.qualifiers;
  before.index = property.index;
  before.unique = property.unique;
  return before == property ? absl::OkStatus() : InUse(property.name);
}

// What was written before the name was declared stays as it is, so it must be
// of the type already.
absl::Status Declarer::CheckValues(const PropertyDeclaration& property) const {
  const auto check = [&property](const Value& value) {
    const absl::StatusOr<Value> coerced = Coerce(property.type, value);
    return coerced.ok() && *coerced == value ? absl::OkStatus()
                                             : DoesNotFit(property, value);
  };
  return ScanProperty(property.name, catalog_, tables_, txn_,
                      [&](EntityId, const OwnerClaims& said) -> absl::Status {
                        for (const StoredClaim& stored : said.claims) {
                          if (!stored.believed()) continue;
                          RETURN_IF_ERROR(check(stored.claim.value));
                        }
                        for (const auto& [key, implicit] : said.implicit) {
                          RETURN_IF_ERROR(check(implicit.value));
                        }
                        return absl::OkStatus();
                      });
}

absl::Status Declarer::BuildIndex(const PropertyDeclaration& property) {
  if (!IsIndexed(catalog_.schema, property.name)) return absl::OkStatus();
  if (!catalog_.properties.Find(property.name)) return absl::OkStatus();
  RETURN_IF_ERROR(ScanProperty(property.name, catalog_, tables_, txn_,
                               [&](EntityId id, const OwnerClaims& said) {
                                 return IndexValues(id, said, catalog_, tables_,
                                                    txn_);
                               }));
  for (EntityId id{1}; id.value < counters_.next_entity; ++id.value) {
    RETURN_IF_ERROR(IndexPastValues(id, catalog_, tables_, txn_));
  }
  return absl::OkStatus();
}

absl::Status Declarer::CheckUse(const RelationshipDeclaration& type) const {
  const std::optional<TypeId> id = catalog_.types.Find(type.name);
  if (!id.has_value()) return absl::OkStatus();
  // What is kept of the past says of each place whether it was symmetric.
  if (IsSymmetric(catalog_, *id) != type.symmetric) return InUse(type.name);
  TupleCursor<1> cursor(txn_, {tables_.type, TypePrefix(*id)});
  cursor.SeekFirst();
  RETURN_IF_ERROR(cursor.status());
  if (!cursor.Valid()) return absl::OkStatus();
  const RelationshipDeclaration* found =
      catalog_.schema.FindRelationship(type.name);
  RelationshipDeclaration before = found ? *found : RelationshipDeclaration();
  if (!OnlyAdds(before.properties, type.properties)) return InUse(type.name);
  before.name = type.name;
  before.from = type.from;
  before.to = type.to;
  before.comment = type.comment;
  before.properties = type.properties;
  return before == type ? absl::OkStatus() : InUse(type.name);
}

absl::Status Declarer::Describe(const SourceStatement& source) {
  ASSIGN_OR_RETURN(std::optional<SourceId> id,
                   FindSourceId(txn_, tables_, source.id));
  SourceRecord record{.name = source.id};
  if (id.has_value()) {
    ASSIGN_OR_RETURN(const std::optional<SourceRecord> stored,
                     ReadSource(txn_, tables_, *id));
    if (!stored.has_value()) {
      return Damaged(absl::StrCat("source '", source.id, "' has no record"));
    }
    record = *stored;
    if (record.description() == source.description) return absl::OkStatus();
  } else {
    ASSIGN_OR_RETURN(record.id.value, TakeId(counters_.next_source));
  }
  record.versions.push_back({counters_.revision, source.description});
  RETURN_IF_ERROR(WriteSource(record, tables_, txn_));
  drafts_.log().push_back({LogOperation::kSourceDescribed,
                           {OwnerKind::kSource, record.id.value},
                           0});
  const bool weighs_the_same =
      record.versions.size() > 1 &&
      SameWeight(record.versions.rbegin()[1].description, source.description);
  if (weighs_the_same) return absl::OkStatus();
  return drafts_.TouchDependents(record.id);
}

absl::Status Declarer::LinkLineage(const SourceStatement& source) {
  ASSIGN_OR_RETURN(const std::optional<SourceId> id,
                   FindSourceId(txn_, tables_, source.id));
  if (!id.has_value()) return NoSuchSource(source.id);
  for (const std::string& parent : DerivedFrom(source.description)) {
    ASSIGN_OR_RETURN(const std::optional<SourceId> found,
                     FindSourceId(txn_, tables_, parent));
    if (!found.has_value()) return NoSuchSource(parent);
    RETURN_IF_ERROR(
        AddSourceUse(*found, {OwnerKind::kSource, id->value}, tables_, txn_));
  }
  return absl::OkStatus();
}

}  // namespace guanxi::store
