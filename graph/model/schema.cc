#include "graph/model/schema.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"

namespace guanxi {
namespace {

constexpr absl::string_view kBaseTypeNames[] = {
    "bool",      "int",   "double", "decimal",  "string",
    "text@lang", "bytes", "date",   "datetime", "duration",
    "percent",   "money", "ratio",  "quantity", "range",
    "period",    "code",  "id",     "enum"};

absl::Status InvalidDeclaration(absl::string_view name,
                                absl::string_view problem) {
  return MakeError(absl::StatusCode::kInvalidArgument, "SCHEMA_INVALID",
                   absl::StrCat("declaration of '", name, "': ", problem),
                   {{"name", name}});
}

absl::Status CheckType(absl::string_view owner, const Type& type) {
  if (type.base == BaseType::kEnum && type.choices.empty()) {
    return InvalidDeclaration(
        owner, "expected at least one choice, as in: enum(yes, no)");
  }
  return absl::OkStatus();
}

// Fields are typed and named once, and each key names one of them.
absl::Status CheckFields(absl::string_view owner,
                         const std::vector<Field>& fields,
                         const std::vector<std::string>& keys) {
  std::set<std::string> names;
  for (const Field& field : fields) {
    RETURN_IF_ERROR(CheckType(owner, field.type));
    if (!names.insert(field.name).second) {
      return InvalidDeclaration(
          owner, absl::StrCat("'", field.name, "' stands twice"));
    }
  }
  for (const std::string& key : keys) {
    if (names.contains(key)) continue;
    return InvalidDeclaration(
        owner, absl::StrCat("key '", key, "' is none of its fields (",
                            absl::StrJoin(names, ", "), ")"));
  }
  return absl::OkStatus();
}

absl::Status CheckStaleness(absl::string_view owner, TimeKind kind,
                            const std::optional<Duration>& stale_after) {
  if (!stale_after.has_value() || kind == TimeKind::kState) {
    return absl::OkStatus();
  }
  return InvalidDeclaration(owner, "only a state can have stale_after");
}

template <typename Map>
auto FindIn(const Map& map, absl::string_view name) -> const
    typename Map::mapped_type* {
  const auto found = map.find(name);
  return found == map.end() ? nullptr : &found->second;
}

std::vector<std::string> Sorted(const std::set<std::string>& names) {
  return {names.begin(), names.end()};
}

absl::Status WrongType(const Type& type, const Value& value,
                       absl::string_view example) {
  return MakeError(
      absl::StatusCode::kInvalidArgument, "VALUE_TYPE",
      absl::StrCat("found ", value.ToString(), ", a ", KindName(value.kind()),
                   "; expected a ", type.ToString(), ", as in: ", example),
      {{"value", value.ToString()}, {"expected", type.ToString()}});
}

// The plain decimal of an integer or decimal value.
std::optional<Decimal> AsDecimal(const Value& value) {
  if (const auto* number = value.get_if<int64_t>()) return Decimal(*number);
  if (const auto* decimal = value.get_if<Decimal>()) return *decimal;
  return std::nullopt;
}

bool HasUnit(const Value& value, absl::Span<const absl::string_view> units) {
  const auto* quantity = value.get_if<Quantity>();
  return quantity != nullptr &&
         std::ranges::find(units, quantity->unit()) != units.end();
}

bool IsMoney(const Value& value) {
  const auto* quantity = value.get_if<Quantity>();
  return quantity != nullptr && quantity->unit().size() == 3 &&
         IsPlainUnit(quantity->unit());
}

bool IsNumber(const Value& value) {
  return AsDecimal(value).has_value() || value.get_if<Quantity>() != nullptr;
}

bool IsPlainText(const Value& value) {
  const auto* text = value.get_if<Text>();
  return text != nullptr && text->language.empty();
}

// 2016 as a date: four digits are a year where a date is due.
absl::StatusOr<Value> CoerceDate(const Type& type, const Value& value) {
  constexpr absl::string_view kExample = "2025-09-30, 2025-H1 or 2025";
  if (value.get_if<Date>() != nullptr) return value;
  const auto* year = value.get_if<int64_t>();
  if (year == nullptr || *year < 1 || *year > 9999) {
    return WrongType(type, value, kExample);
  }
  return Value(Date::FromYear(static_cast<int>(*year)));
}

absl::StatusOr<Value> CoerceNumber(const Type& type, const Value& value) {
  if (type.base == BaseType::kInt) {
    if (value.get_if<int64_t>() != nullptr) return value;
    return WrongType(type, value, "40");
  }
  const std::optional<Decimal> decimal = AsDecimal(value);
  if (type.base == BaseType::kDecimal) {
    if (decimal.has_value()) return Value(*decimal);
    return WrongType(type, value, "40.5");
  }
  if (value.get_if<double>() != nullptr) return value;
  if (decimal.has_value()) return Value(decimal->ToDouble());
  return WrongType(type, value, "double(40.5)");
}

absl::StatusOr<Value> CoerceQuantity(const Type& type, const Value& value) {
  switch (type.base) {
    case BaseType::kPercent:
      if (HasUnit(value, {"%"})) return value;
      return WrongType(type, value, "16% or 25..50%");
    case BaseType::kMoney:
      if (IsMoney(value)) return value;
      return WrongType(type, value, "28.81e9 CNY");
    case BaseType::kRatio:
      if (HasUnit(value, {"x", "%"})) return value;
      return WrongType(type, value, "44.5x or 16%");
    default:  // quantity and range take any number
      if (IsNumber(value)) return value;
      return WrongType(type, value, ">=2 or 40 'wafers'");
  }
}

absl::StatusOr<Value> CoerceChoice(const Type& type, const Value& value) {
  const std::string choices = absl::StrJoin(type.choices, ", ");
  if (!IsPlainText(value)) return WrongType(type, value, choices);
  const std::string& word = value.get_if<Text>()->text;
  if (std::ranges::find(type.choices, word) != type.choices.end()) return value;
  return WrongType(type, value, choices);
}

template <typename T>
absl::StatusOr<Value> Require(const Type& type, const Value& value,
                              absl::string_view example) {
  if (value.get_if<T>() != nullptr) return value;
  return WrongType(type, value, example);
}

}  // namespace

absl::string_view ToString(BaseType type) {
  return kBaseTypeNames[static_cast<size_t>(type)];
}

absl::string_view ToString(TimeKind kind) {
  switch (kind) {
    case TimeKind::kState:
      return "state";
    case TimeKind::kEvent:
      return "event";
    case TimeKind::kPeriod:
      return "period";
  }
  return "";
}

std::string Type::ToString() const {
  std::string text(guanxi::ToString(base));
  if (base == BaseType::kEnum) {
    absl::StrAppend(&text, "(", absl::StrJoin(choices, ", "), ")");
  }
  return list ? text + "[]" : text;
}

absl::Status Schema::Declare(const Declaration& declaration) {
  if (const auto* label = std::get_if<LabelDeclaration>(&declaration)) {
    for (const std::string& parent : label->parents) {
      const std::vector<std::string> above = WithAncestors(parent);
      if (std::ranges::find(above, label->name) == above.end()) continue;
      return InvalidDeclaration(label->name,
                                "a label cannot be its own ancestor");
    }
    labels_[label->name] = *label;
    return absl::OkStatus();
  }
  if (const auto* prop = std::get_if<PropertyDeclaration>(&declaration)) {
    RETURN_IF_ERROR(CheckType(prop->name, prop->type));
    RETURN_IF_ERROR(CheckFields(prop->name, prop->qualifiers, prop->keys));
    RETURN_IF_ERROR(CheckStaleness(prop->name, prop->kind, prop->stale_after));
    properties_[prop->name] = *prop;
    return absl::OkStatus();
  }
  const auto& rel = std::get<RelationshipDeclaration>(declaration);
  if (rel.kind == TimeKind::kPeriod) {
    return InvalidDeclaration(rel.name,
                              "a relationship is a state or an event");
  }
  RETURN_IF_ERROR(CheckFields(rel.name, rel.properties, rel.keys));
  RETURN_IF_ERROR(CheckStaleness(rel.name, rel.kind, rel.stale_after));
  relationships_[rel.name] = rel;
  return absl::OkStatus();
}

const LabelDeclaration* Schema::FindLabel(absl::string_view name) const {
  return FindIn(labels_, name);
}

const PropertyDeclaration* Schema::FindProperty(absl::string_view name) const {
  return FindIn(properties_, name);
}

const RelationshipDeclaration* Schema::FindRelationship(
    absl::string_view name) const {
  return FindIn(relationships_, name);
}

std::vector<std::string> Schema::WithAncestors(absl::string_view label) const {
  const LabelDeclaration* own = FindLabel(label);
  if (own == nullptr || own->parents.empty()) return {std::string(label)};
  std::set<std::string> found = {std::string(label)};
  std::vector<std::string> queue = {std::string(label)};
  while (!queue.empty()) {
    const LabelDeclaration* declared = FindLabel(queue.back());
    queue.pop_back();
    if (declared == nullptr) continue;
    for (const std::string& parent : declared->parents) {
      if (found.insert(parent).second) queue.push_back(parent);
    }
  }
  return Sorted(found);
}

std::vector<std::string> Schema::WithDescendants(
    absl::string_view label) const {
  std::multimap<std::string, std::string> children;
  for (const auto& [name, declared] : labels_) {
    for (const std::string& parent : declared.parents) {
      children.emplace(parent, name);
    }
  }
  std::set<std::string> found = {std::string(label)};
  std::vector<std::string> queue = {std::string(label)};
  while (!queue.empty()) {
    const auto [begin, end] = children.equal_range(queue.back());
    queue.pop_back();
    for (auto child = begin; child != end; ++child) {
      if (found.insert(child->second).second) queue.push_back(child->second);
    }
  }
  return Sorted(found);
}

absl::StatusOr<Value> CoerceField(const std::vector<Field>& fields,
                                  absl::string_view name, const Value& value) {
  const auto field = std::ranges::find(fields, name, &Field::name);
  if (field == fields.end()) return value;
  const List* list = value.get_if<List>();
  if (list == nullptr || !field->type.list) return Coerce(field->type, value);
  List coerced;
  for (const Value& element : *list) {
    ASSIGN_OR_RETURN(Value one, Coerce(field->type, element));
    coerced.push_back(std::move(one));
  }
  return Value(std::move(coerced));
}

absl::StatusOr<Value> Coerce(const Type& type, const Value& value) {
  switch (type.base) {
    case BaseType::kBool:
      return Require<bool>(type, value, "true");
    case BaseType::kInt:
    case BaseType::kDecimal:
    case BaseType::kDouble:
      return CoerceNumber(type, value);
    case BaseType::kPercent:
    case BaseType::kMoney:
    case BaseType::kRatio:
    case BaseType::kQuantity:
    case BaseType::kRange:
      return CoerceQuantity(type, value);
    case BaseType::kDate:
    case BaseType::kPeriod:
      return CoerceDate(type, value);
    case BaseType::kDateTime:
      return Require<DateTime>(type, value, "2025-09-01T08:30:00Z");
    case BaseType::kDuration:
      return Require<Duration>(type, value, "P3M");
    case BaseType::kBytes:
      return Require<Bytes>(type, value, "bytes(\"AAEC\")");
    case BaseType::kString:
    case BaseType::kText:
    case BaseType::kCode:
    case BaseType::kId:
      return Require<Text>(type, value, "\"text\"");
    case BaseType::kEnum:
      return CoerceChoice(type, value);
  }
  return value;
}

}  // namespace guanxi
