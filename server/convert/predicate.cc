#include "server/convert/predicate.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/text/parse_value.h"
#include "server/convert/enums.h"
#include "server/convert/value.h"
#include "server/status.h"

namespace guanxi::server {
namespace {

constexpr int kMaxPredicates = 20;

// The declared type of a property; nullptr if there is none, or not one.
using TypeOf = absl::FunctionRef<const Type*(const std::string&)>;

bool IsText(const Type* type) {
  if (type == nullptr) return false;
  switch (type->base) {
    case BaseType::kString:
    case BaseType::kText:
    case BaseType::kCode:
    case BaseType::kId:
    case BaseType::kEnum:
      return true;
    default:
      return false;
  }
}

bool IsTime(const Type* type) {
  return type != nullptr &&
         (type->base == BaseType::kDate || type->base == BaseType::kPeriod ||
          type->base == BaseType::kDateTime);
}

Value DateOrInterval(const When& when) {
  const Date* date = std::get_if<Date>(&when.start());
  return when.is_date() && date != nullptr ? Value(*date) : Value(when);
}

// Where no quotes are needed: 2016 is a year of a date, all of a text itself.
absl::StatusOr<Value> ReadLiteral(const std::string& literal, const Type* type,
                                  const FieldPath& field) {
  RETURN_IF_ERROR(CheckLength(literal, kMaxNoteBytes, field));
  const bool quoted = absl::StartsWith(literal, "\"");
  if (IsText(type) && !quoted) return Value::String(literal);
  const auto when = When::Parse(literal);
  if (IsTime(type) && when.ok()) return DateOrInterval(*when);
  auto value = text::ParseValue(literal);
  if (value.ok()) return value;
  if (type != nullptr || quoted) {
    return InField(value.status(), field, literal);
  }
  return when.ok() ? DateOrInterval(*when) : Value::String(literal);
}

absl::StatusOr<Value> ReadBound(const v1::Predicate& predicate,
                                const Type* type, const FieldPath& field) {
  const FieldPath literal(field, "literal");
  const FieldPath value(field, "value");
  if (predicate.has_value()) {
    if (!predicate.literal().empty()) {
      return Invalid(literal, predicate.literal(),
                     "nothing beside value: one of the two");
    }
    ASSIGN_OR_RETURN(Value bound, FromProto(predicate.value(), value));
    return bound;
  }
  if (predicate.literal().empty()) {
    return Missing(value, "a value to compare with, or a literal");
  }
  return ReadLiteral(predicate.literal(), type, literal);
}

absl::StatusOr<Predicate> ReadPredicate(const v1::Predicate& predicate,
                                        TypeOf type_of,
                                        const FieldPath& field) {
  const FieldPath property(field, "property");
  RETURN_IF_ERROR(CheckName(predicate.property(), property));
  Predicate read{.property = predicate.property()};
  ASSIGN_OR_RETURN(read.comparison,
                   FromProto(kComparisons, predicate.comparison(),
                             FieldPath(field, "comparison")));
  const Type* type = type_of(read.property);
  if (read.comparison != Comparison::kExists) {
    ASSIGN_OR_RETURN(read.bound, ReadBound(predicate, type, field));
  } else if (predicate.has_value() || !predicate.literal().empty()) {
    return Invalid(FieldPath(field, "comparison"), "COMPARISON_EXISTS",
                   "no value beside it");
  }
  auto fitted = FitPredicate(type, std::move(read));
  if (fitted.ok()) return fitted;
  const FieldPath bound(field, predicate.has_value() ? "value" : "literal");
  return WithField(fitted.status(), bound.ToString());
}

absl::StatusOr<std::vector<Predicate>> ReadAll(const ProtoPredicates& all,
                                               TypeOf type_of,
                                               const FieldPath& field) {
  if (all.size() > kMaxPredicates) {
    return Invalid(field, absl::StrCat(all.size(), " conditions"),
                   absl::StrCat("at most ", kMaxPredicates));
  }
  std::vector<Predicate> read;
  for (int i = 0; i < all.size(); ++i) {
    ASSIGN_OR_RETURN(Predicate one,
                     ReadPredicate(all[i], type_of, FieldPath(field, i)));
    read.push_back(std::move(one));
  }
  return read;
}

// The type that all these types of relationship declare for a property, as far
// as they do; nullptr if they differ or none does.
const Type* SharedType(const Schema& schema,
                       const std::vector<std::string>& types,
                       const std::string& property) {
  const Type* shared = nullptr;
  for (const auto& [name, declared] : schema.relationships()) {
    const bool asked =
        types.empty() || std::ranges::find(types, name) != types.end();
    const auto found =
        std::ranges::find(declared.properties, property, &Field::name);
    if (!asked || found == declared.properties.end()) continue;
    if (shared != nullptr && *shared != found->type) return nullptr;
    shared = &found->type;
  }
  return shared;
}

const Type* EntityType(const Schema& schema, const std::string& property) {
  const PropertyDeclaration* declared = schema.FindProperty(property);
  return declared == nullptr ? nullptr : &declared->type;
}

}  // namespace

absl::StatusOr<std::vector<Predicate>> FromProto(
    const ProtoPredicates& predicates, const Schema& schema,
    const FieldPath& field) {
  return ReadAll(
      predicates,
      [&schema](const std::string& name) { return EntityType(schema, name); },
      field);
}

absl::StatusOr<std::vector<Predicate>> FromProto(
    const ProtoPredicates& predicates, const Schema& schema,
    const std::vector<std::string>& types, const FieldPath& field) {
  return ReadAll(
      predicates,
      [&](const std::string& name) { return SharedType(schema, types, name); },
      field);
}

absl::Status ReadPredicates(const v1::TraversalOptions& options,
                            const Schema& schema, const FieldPath& field,
                            traverse::TraversalSpec* spec) {
  ASSIGN_OR_RETURN(spec->entity_predicates,
                   FromProto(options.entity_predicates(), schema,
                             FieldPath(field, "entity_predicates")));
  ASSIGN_OR_RETURN(
      spec->relationship_predicates,
      FromProto(options.relationship_predicates(), schema, spec->types,
                FieldPath(field, "relationship_predicates")));
  return absl::OkStatus();
}

}  // namespace guanxi::server
