#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/text/parser.h"
#include "server/convert/value.h"

namespace guanxi::server {
namespace {

// There are many bits for what is no number, and one word for it in .kg.
double OneNan(double number) {
  return std::isnan(number) ? std::numeric_limits<double>::quiet_NaN() : number;
}

absl::StatusOr<Value> ReadValue(const v1::Value& value, const FieldPath& field,
                                int depth);

// Parses a literal with `parse`, which says itself what is wrong with it.
template <typename Parse>
auto ReadLiteral(const std::string& literal, const FieldPath& field,
                 absl::string_view expected, Parse parse)
    -> decltype(parse(literal)) {
  if (literal.empty()) return Missing(field, expected);
  auto parsed = parse(literal);
  if (!parsed.ok()) return InField(parsed.status(), field, literal);
  return parsed;
}

absl::StatusOr<Text> ReadText(const v1::Text& text, const FieldPath& field) {
  const FieldPath language(field, "language");
  if (text.language().empty()) {
    return Missing(language,
                   "a language tag, or a string_value for text without one");
  }
  RETURN_IF_ERROR(CheckName(text.language(), language));
  if (!text::IsLanguage(text.language())) {
    return Invalid(language, text.language(),
                   "a language tag such as en or zh-Hant");
  }
  return Text{text.text(), text.language()};
}

absl::StatusOr<DateTime> ReadDateTime(
    const google::protobuf::Timestamp& timestamp, const FieldPath& field) {
  const std::string shown =
      absl::StrCat(timestamp.seconds(), " s, ", timestamp.nanos(), " ns");
  // The years that DateTime has, so that the product below cannot overflow.
  constexpr int64_t kMaxSeconds = int64_t{1} << 40;
  if (timestamp.nanos() < 0 || timestamp.nanos() % kNanosPerMicro != 0 ||
      timestamp.nanos() >= kMicrosPerSecond * kNanosPerMicro ||
      timestamp.seconds() > kMaxSeconds || timestamp.seconds() < -kMaxSeconds) {
    return Invalid(field, shown, "an instant to the microsecond");
  }
  const DateTime read{timestamp.seconds() * kMicrosPerSecond +
                      timestamp.nanos() / kNanosPerMicro};
  if (!read.IsValid()) return Invalid(field, shown, "years 0001 to 9999");
  return read;
}

absl::StatusOr<guanxi::List> ReadList(const v1::ListValue& list,
                                      const FieldPath& field, int depth) {
  guanxi::List values;
  const FieldPath elements(field, "values");
  for (int i = 0; i < list.values_size(); ++i) {
    ASSIGN_OR_RETURN(Value value,
                     ReadValue(list.values(i), FieldPath(elements, i), depth));
    values.push_back(std::move(value));
  }
  return values;
}

absl::StatusOr<Map> ReadMap(const ProtoMap& map, const FieldPath& field,
                            int depth) {
  Map values;
  for (const auto& [name, value] : map) {
    const FieldPath entry = FieldPath::Key(field, name);
    RETURN_IF_ERROR(CheckName(name, entry));
    ASSIGN_OR_RETURN(values[name], ReadValue(value, entry, depth));
  }
  return values;
}

// The value of a StatusOr as a Value, or its error.
template <typename T>
absl::StatusOr<Value> Held(absl::StatusOr<T> held) {
  if (!held.ok()) return held.status();
  return Value(*std::move(held));
}

absl::StatusOr<Value> ReadScalar(const v1::Value& value,
                                 const FieldPath& field) {
  using Kind = v1::Value::KindCase;
  switch (value.kind_case()) {
    case Kind::kDecimalValue:
      return Held(ReadLiteral(value.decimal_value(),
                              FieldPath(field, "decimal_value"), "a number",
                              Decimal::Parse));
    case Kind::kTextValue:
      return Held(ReadText(value.text_value(), FieldPath(field, "text_value")));
    case Kind::kDateValue:
      return Held(
          FromProto(value.date_value(), FieldPath(field, "date_value")));
    case Kind::kPeriodValue: {
      const FieldPath period(field, "period_value");
      return Held(ParseWhen(value.period_value().literal(),
                            FieldPath(period, "literal")));
    }
    case Kind::kDatetimeValue:
      return Held(ReadDateTime(value.datetime_value(),
                               FieldPath(field, "datetime_value")));
    case Kind::kDurationValue:
      return Held(ReadLiteral(value.duration_value(),
                              FieldPath(field, "duration_value"),
                              "an ISO 8601 duration", Duration::Parse));
    case Kind::kQuantityValue: {
      const FieldPath quantity(field, "quantity_value");
      return Held(ReadLiteral(value.quantity_value().literal(),
                              FieldPath(quantity, "literal"),
                              "a quantity, as in 16%", Quantity::Parse));
    }
    default:
      return Missing(field, "a value of some kind");
  }
}

absl::StatusOr<Value> ReadValue(const v1::Value& value, const FieldPath& field,
                                int depth) {
  if (depth > kMaxValueDepth) {
    return Invalid(field, "",
                   absl::StrCat("at most ", kMaxValueDepth, " levels"));
  }
  using Kind = v1::Value::KindCase;
  switch (value.kind_case()) {
    case Kind::kBoolValue:
      return Value(value.bool_value());
    case Kind::kIntValue:
      return Value(value.int_value());
    case Kind::kDoubleValue:
      return Value(OneNan(value.double_value()));
    case Kind::kStringValue:
      return Value::String(value.string_value());
    case Kind::kBytesValue:
      return Value(Bytes{value.bytes_value()});
    case Kind::kListValue:
      return Held(ReadList(value.list_value(), FieldPath(field, "list_value"),
                           depth + 1));
    case Kind::kMapValue: {
      const FieldPath map(field, "map_value");
      return Held(ReadMap(value.map_value().fields(), FieldPath(map, "fields"),
                          depth + 1));
    }
    default:
      return ReadScalar(value, field);
  }
}

}  // namespace

absl::StatusOr<Value> FromProto(const v1::Value& value,
                                const FieldPath& field) {
  return ReadValue(value, field, 1);
}

absl::StatusOr<Map> FromProto(const ProtoMap& map, const FieldPath& field) {
  return ReadMap(map, field, 1);
}

absl::StatusOr<Date> FromProto(const v1::Date& date, const FieldPath& field) {
  return ReadLiteral(date.literal(), FieldPath(field, "literal"),
                     "a date, as in 2025-09", Date::Parse);
}

absl::StatusOr<When> ParseWhen(const std::string& literal,
                               const FieldPath& field) {
  return ReadLiteral(literal, field, "a date or an interval, as in 2022/..",
                     When::Parse);
}

int Depth(const Value& value) {
  int deepest = 0;
  if (const guanxi::List* list = value.get_if<guanxi::List>()) {
    for (const Value& held : *list) deepest = std::max(deepest, Depth(held));
  } else if (const Map* map = value.get_if<Map>()) {
    for (const auto& [name, held] : *map) {
      deepest = std::max(deepest, Depth(held));
    }
  }
  return deepest + 1;
}

}  // namespace guanxi::server
