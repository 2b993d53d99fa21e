#include "graph/model/fact.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"

namespace guanxi {
namespace {

absl::Status WrongTime(absl::string_view name, absl::string_view problem) {
  return MakeError(absl::StatusCode::kInvalidArgument, "TIME_KIND",
                   absl::StrCat("'", name, "' ", problem), {{"name", name}});
}

std::string UnitOf(const Value& value) {
  const Quantity* quantity = value.get_if<Quantity>();
  return quantity == nullptr ? "" : quantity->unit();
}

std::string LanguageOf(const Value& value) {
  const Text* text = value.get_if<Text>();
  return text == nullptr ? "" : text->language;
}

// Sorts the given qualifiers into the key and the rest.
absl::Status TakeQualifiers(const PropertyDeclaration& declaration,
                            const Map& given, PropertyFact& fact) {
  for (const auto& [name, value] : given) {
    ASSIGN_OR_RETURN(Value held,
                     CoerceField(declaration.qualifiers, name, value));
    const bool in_key =
        std::ranges::find(declaration.keys, name) != declaration.keys.end();
    (in_key ? fact.key.qualifiers : fact.qualifiers).emplace(name, held);
  }
  return absl::OkStatus();
}

}  // namespace

std::strong_ordering operator<=>(const FactKey& a, const FactKey& b) {
  const auto head = std::tie(a.kind, a.name) <=> std::tie(b.kind, b.name);
  if (head != 0) return head;
  const auto newest_first = b.days <=> a.days;
  if (newest_first != 0) return newest_first;
  return std::tie(a.time, a.qualifiers, a.unit, a.language, a.element) <=>
         std::tie(b.time, b.qualifiers, b.unit, b.language, b.element);
}

std::string RelationshipKey::ToString() const {
  std::string map =
      keys.empty() ? "" : absl::StrCat(" ", Value(keys).ToString());
  return absl::StrCat("(", subject, ")-[", name, ":", type, map, "]->(", object,
                      ")");
}

absl::Status CheckObservation(TimeKind kind, absl::string_view name,
                              const ValidTime& valid) {
  if (kind == TimeKind::kEvent && valid.kind == ValidTime::Kind::kDuring) {
    return WrongTime(name,
                     "is an event, which has no duration: expected `at` in "
                     "place of `during` (`at A/B`: on some day from A to B)");
  }
  if (kind != TimeKind::kEvent && valid.kind == ValidTime::Kind::kAt &&
      !valid.when->is_date()) {
    return WrongTime(name,
                     "is no event: expected one date after `at`, or `during` "
                     "with the interval");
  }
  return absl::OkStatus();
}

absl::StatusOr<PropertyFact> MakePropertyFact(const Schema& schema,
                                              absl::string_view property,
                                              const Value& value,
                                              const Map& qualifiers,
                                              const ValidTime& valid) {
  static const PropertyDeclaration& undeclared = *new PropertyDeclaration();
  const PropertyDeclaration* found = schema.FindProperty(property);
  const PropertyDeclaration& declaration = found ? *found : undeclared;

  PropertyFact fact;
  fact.key.kind = FactKind::kProperty;
  fact.key.name = std::string(property);
  fact.value = value;
  if (found != nullptr) {
    ASSIGN_OR_RETURN(fact.value, Coerce(declaration.type, value));
  }
  RETURN_IF_ERROR(CheckObservation(declaration.kind, property, valid));
  if (declaration.kind != TimeKind::kState && valid.when.has_value()) {
    fact.key.time = valid.kind;
    fact.key.days = valid.when->days();
  }
  RETURN_IF_ERROR(TakeQualifiers(declaration, qualifiers, fact));
  fact.key.unit = UnitOf(fact.value);
  fact.key.language = LanguageOf(fact.value);
  if (declaration.type.list) fact.key.element = fact.value;
  return fact;
}

FactKey RelationshipPropertyKey(absl::string_view property,
                                const Value& value) {
  FactKey key;
  key.kind = FactKind::kProperty;
  key.name = std::string(property);
  key.unit = UnitOf(value);
  key.language = LanguageOf(value);
  return key;
}

}  // namespace guanxi
