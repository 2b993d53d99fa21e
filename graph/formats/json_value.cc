#include "graph/formats/json_value.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/text/parser.h"

namespace guanxi::formats {
namespace {

using Kind = Value::Kind;

// The kinds that stand as literals in strings, as `type` names them.
struct TypeName {
  Kind kind;
  absl::string_view name;
  absl::string_view example;
};
constexpr std::array<TypeName, 10> kTypeNames = {{
    {Kind::kText, "text", "any text"},
    {Kind::kMap, "map", "an object"},
    {Kind::kDouble, "double", "inf, -inf or nan"},
    {Kind::kDecimal, "decimal", "a number such as 40.5"},
    {Kind::kBytes, "bytes", "base64"},
    {Kind::kDate, "date", "a date such as 2025, 2025-H1 or 2025-09-30"},
    {Kind::kInterval, "interval", "an interval such as 2022/.."},
    {Kind::kDateTime, "datetime", "a time such as 2025-09-01T08:30:00Z"},
    {Kind::kDuration, "duration", "a duration such as P3M"},
    {Kind::kQuantity, "quantity", "a quantity such as 16% or 4e9 CNY"},
}};

const TypeName& NameOf(Kind kind) {
  for (const TypeName& one : kTypeNames) {
    if (one.kind == kind) return one;
  }
  return kTypeNames.front();
}

// The kind whose literals need no `type` where a value is declared so.
std::optional<Kind> PlainKind(const Type* type) {
  if (type == nullptr) return std::nullopt;
  switch (type->base) {
    case BaseType::kDate:
    case BaseType::kPeriod:
      return Kind::kDate;
    case BaseType::kDecimal:
      return Kind::kDecimal;
    case BaseType::kBytes:
      return Kind::kBytes;
    case BaseType::kDateTime:
      return Kind::kDateTime;
    case BaseType::kDuration:
      return Kind::kDuration;
    case BaseType::kPercent:
    case BaseType::kMoney:
    case BaseType::kRatio:
    case BaseType::kQuantity:
    case BaseType::kRange:
      return Kind::kQuantity;
    case BaseType::kBool:
    case BaseType::kInt:
    case BaseType::kDouble:
    case BaseType::kString:
    case BaseType::kText:
    case BaseType::kCode:
    case BaseType::kId:
    case BaseType::kEnum:
      return std::nullopt;
  }
  return std::nullopt;
}

struct Writer {
  const Type* type;

  OrderedJson operator()(const Null&) const { return nullptr; }
  OrderedJson operator()(bool held) const { return held; }
  // A year that is declared as a date stands as one.
  OrderedJson operator()(int64_t held) const {
    const bool is_year =
        PlainKind(type) == Kind::kDate && held >= 1 && held <= 9999;
    if (!is_year) return held;
    return Date::FromYear(static_cast<int>(held)).ToString();
  }
  OrderedJson operator()(double held) const {
    if (std::isfinite(held)) return held;
    if (std::isnan(held)) return Tagged(Kind::kDouble, "nan");
    return Tagged(Kind::kDouble, held < 0 ? "-inf" : "inf");
  }
  OrderedJson operator()(const Text& held) const {
    if (!held.language.empty()) {
      OrderedJson json = Tagged(Kind::kText, held.text);
      json["lang"] = held.language;
      return json;
    }
    if (PlainKind(type).has_value()) return Tagged(Kind::kText, held.text);
    return held.text;
  }
  OrderedJson operator()(const Bytes& held) const {
    return Literal(Kind::kBytes, absl::Base64Escape(held.bytes));
  }
  OrderedJson operator()(const Decimal& held) const {
    return Literal(Kind::kDecimal, held.ToString());
  }
  OrderedJson operator()(const Date& held) const {
    return Literal(Kind::kDate, held.ToString());
  }
  OrderedJson operator()(const When& held) const {
    return Literal(Kind::kInterval, held.ToString());
  }
  OrderedJson operator()(const DateTime& held) const {
    return Literal(Kind::kDateTime, held.ToString());
  }
  OrderedJson operator()(const Duration& held) const {
    return Literal(Kind::kDuration, held.ToString());
  }
  OrderedJson operator()(const Quantity& held) const {
    return Literal(Kind::kQuantity, held.ToString());
  }
  OrderedJson operator()(const List& held) const {
    OrderedJson list = OrderedJson::array();
    for (const Value& element : held) list.push_back(ToJson(element, type));
    return list;
  }
  OrderedJson operator()(const Map& held) const {
    OrderedJson map = OrderedJson::object();
    for (const auto& [name, value] : held) map[name] = ToJson(value, nullptr);
    return Tagged(Kind::kMap, std::move(map));
  }

 private:
  static OrderedJson Tagged(Kind kind, OrderedJson value) {
    OrderedJson json;
    json["type"] = std::string(NameOf(kind).name);
    json["value"] = std::move(value);
    return json;
  }
  OrderedJson Literal(Kind kind, std::string text) const {
    if (PlainKind(type) == kind) return text;
    return Tagged(kind, std::move(text));
  }
};

template <typename T>
absl::StatusOr<Value> Held(absl::StatusOr<T> held) {
  if (!held.ok()) return held.status();
  return Value(*std::move(held));
}

absl::StatusOr<Value> ParseDouble(absl::string_view text) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (text == "inf") return Value(kInfinity);
  if (text == "-inf") return Value(-kInfinity);
  if (text == "nan") return Value(std::numeric_limits<double>::quiet_NaN());
  return absl::InvalidArgumentError("");
}

absl::StatusOr<Value> ParseBytes(absl::string_view text) {
  std::string bytes;
  if (absl::Base64Unescape(text, &bytes)) {
    return Value(Bytes{.bytes = std::move(bytes)});
  }
  return absl::InvalidArgumentError("");
}

absl::StatusOr<Value> ParseKind(Kind kind, const std::string& text) {
  switch (kind) {
    case Kind::kDouble:
      return ParseDouble(text);
    case Kind::kDecimal:
      return Held(Decimal::Parse(text));
    case Kind::kBytes:
      return ParseBytes(text);
    case Kind::kDate:
      return Held(Date::Parse(text));
    case Kind::kInterval:
      return Held(When::Parse(text));
    case Kind::kDateTime:
      return Held(DateTime::Parse(text));
    case Kind::kDuration:
      return Held(Duration::Parse(text));
    case Kind::kQuantity:
      return Held(Quantity::Parse(text));
    default:
      return Value::String(text);
  }
}

absl::StatusOr<Value> ReadLiteral(Kind kind, const Json& json,
                                  const Place& place) {
  if (!json.is_string()) return place.Fail(Describe(json), "a string");
  absl::StatusOr<Value> value = ParseKind(kind, json.get<std::string>());
  if (value.ok()) return value;
  return place.Fail(Describe(json), NameOf(kind).example);
}

absl::StatusOr<Value> ReadNumber(const Json& json, const Place& place) {
  const bool fits =
      json.is_number_float() || !json.is_number_unsigned() ||
      json.get<uint64_t>() <=
          static_cast<uint64_t>(std::numeric_limits<int64_t>::max());
  if (!fits) {
    return place.Fail(Describe(json),
                      "an integer of 64 bits, or {\"type\": \"decimal\", "
                      "\"value\": \"…\"}");
  }
  return json.is_number_float() ? Value(json.get<double>())
                                : Value(json.get<int64_t>());
}

// No list or map in a value has more around it than this.
absl::StatusOr<Value> ReadAt(const Json& json, const Type* type,
                             const Place& place, int depth);

absl::StatusOr<Value> ReadList(const Json& json, const Type* type,
                               const Place& place, int depth) {
  List list;
  for (const Json& element : json) {
    ASSIGN_OR_RETURN(Value value, ReadAt(element, type, place, depth + 1));
    list.push_back(std::move(value));
  }
  return Value(std::move(list));
}

absl::StatusOr<Value> ReadMap(const Json& json, const Place& place, int depth) {
  if (!json.is_object()) return place.Fail(Describe(json), "an object");
  Map map;
  for (const auto& [name, held] : json.items()) {
    const Place below = place.Below(name);
    if (!text::IsName(name)) return below.Fail("found this name", "a word");
    ASSIGN_OR_RETURN(Value value, ReadAt(held, nullptr, below, depth + 1));
    map.emplace(name, std::move(value));
  }
  return Value(std::move(map));
}

absl::StatusOr<Value> ReadText(Fields& fields, const Json& json,
                               const Place& place) {
  if (!json.is_string()) return place.Fail(Describe(json), "a string");
  ASSIGN_OR_RETURN(const std::optional<std::string> language,
                   fields.TakeIfString("lang"));
  if (language.has_value() && !text::IsLanguage(*language)) {
    return place.Below("lang").Fail(Describe(Json(*language)),
                                    "a language such as en or zh-Hant");
  }
  return Value::String(json.get<std::string>(), language.value_or(""));
}

std::string AllTypeNames() {
  std::string names;
  for (const TypeName& one : kTypeNames) {
    absl::StrAppend(&names, names.empty() ? "one of: " : ", ", one.name);
  }
  return names;
}

// {"type": …, "value": …}
absl::StatusOr<Value> ReadTagged(const Json& json, const Place& place,
                                 int depth) {
  ASSIGN_OR_RETURN(Fields fields, Fields::Of(json, place));
  ASSIGN_OR_RETURN(const std::string name, fields.TakeString("type"));
  const Json* held = fields.Take("value");
  if (held == nullptr) return place.Fail("found no \"value\"", "one");
  for (const TypeName& one : kTypeNames) {
    if (one.name != name) continue;
    absl::StatusOr<Value> value =
        one.kind == Kind::kText  ? ReadText(fields, *held, place)
        : one.kind == Kind::kMap ? ReadMap(*held, place, depth)
                                 : ReadLiteral(one.kind, *held, place);
    RETURN_IF_ERROR(value.status());
    RETURN_IF_ERROR(fields.Finish());
    return value;
  }
  return place.Below("type").Fail(Describe(Json(name)), AllTypeNames());
}

absl::StatusOr<Value> ReadAt(const Json& json, const Type* type,
                             const Place& place, int depth) {
  if (depth > Value::kMaxDepth) {
    return place.Fail("found lists and maps nested too deep",
                      absl::StrCat("at most ", Value::kMaxDepth));
  }
  if (json.is_boolean()) return Value(json.get<bool>());
  if (json.is_number()) return ReadNumber(json, place);
  if (json.is_array()) return ReadList(json, type, place, depth);
  if (json.is_object()) return ReadTagged(json, place, depth);
  if (!json.is_string()) return place.Fail(Describe(json), "a value");
  const std::optional<Kind> plain = PlainKind(type);
  if (plain.has_value()) return ReadLiteral(*plain, json, place);
  return Value::String(json.get<std::string>());
}

}  // namespace

OrderedJson ToJson(const Value& value, const Type* type) {
  return std::visit(Writer{type}, value.held());
}

absl::StatusOr<Value> FromJson(const Json& json, const Type* type,
                               const Place& place) {
  return ReadAt(json, type, place, 0);
}

}  // namespace guanxi::formats
