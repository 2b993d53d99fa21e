#include <array>
#include <utility>

#include "absl/strings/str_cat.h"

#include "server/convert/value.h"

namespace guanxi::server {
namespace {

using server::ToProto;  // beside the ones below

constexpr int kMonthsPerYear = 12;

void WriteEnd(const std::optional<Interval::End>& end,
              v1::QuantityBound* (v1::Quantity::*mutable_bound)(),
              v1::Quantity* quantity) {
  if (!end.has_value()) return;
  v1::QuantityBound* bound = (quantity->*mutable_bound)();
  bound->set_number(end->number.ToString());
  bound->set_closed(end->closed);
}

v1::Quantity ToProto(const Quantity& quantity) {
  v1::Quantity proto;
  proto.set_literal(quantity.ToString());
  const Interval stated = quantity.Stated();
  WriteEnd(stated.lower, &v1::Quantity::mutable_lower, &proto);
  WriteEnd(stated.upper, &v1::Quantity::mutable_upper, &proto);
  proto.set_unit(quantity.unit());
  proto.set_approximate(quantity.op() == QuantityOp::kAbout ||
                        quantity.op() == QuantityOp::kNearly ||
                        quantity.op() == QuantityOp::kSomewhatAbove);
  return proto;
}

v1::Date ToProto(const Date& date) {
  v1::Date proto;
  proto.set_literal(date.ToString());
  proto.set_first_day(DayToProto(date.days().first));
  proto.set_last_day(DayToProto(date.days().last));
  proto.set_approximate(date.approximate());
  proto.set_uncertain(date.uncertain());
  return proto;
}

// Sets the kind of a message that a value has.
struct ValueWriter {
  void operator()(Null) const {}
  void operator()(bool held) const { proto.set_bool_value(held); }
  void operator()(int64_t held) const { proto.set_int_value(held); }
  void operator()(double held) const { proto.set_double_value(held); }
  void operator()(const Decimal& held) const {
    proto.set_decimal_value(held.ToString());
  }
  void operator()(const Text& held) const {
    if (held.language.empty()) {
      proto.set_string_value(held.text);
      return;
    }
    proto.mutable_text_value()->set_text(held.text);
    proto.mutable_text_value()->set_language(held.language);
  }
  void operator()(const Bytes& held) const {
    proto.set_bytes_value(held.bytes);
  }
  void operator()(const Date& held) const {
    *proto.mutable_date_value() = ToProto(held);
  }
  void operator()(const When& held) const {
    *proto.mutable_period_value() = ToProto(held);
  }
  void operator()(const DateTime& held) const {
    const int64_t micros =
        (held.microseconds % kMicrosPerSecond + kMicrosPerSecond) %
        kMicrosPerSecond;
    auto* timestamp = proto.mutable_datetime_value();
    timestamp->set_seconds((held.microseconds - micros) / kMicrosPerSecond);
    timestamp->set_nanos(static_cast<int32_t>(micros * kNanosPerMicro));
  }
  void operator()(const Duration& held) const {
    proto.set_duration_value(held.ToString());
  }
  void operator()(const Quantity& held) const {
    *proto.mutable_quantity_value() = ToProto(held);
  }
  void operator()(const guanxi::List& held) const {
    v1::ListValue* list = proto.mutable_list_value();
    for (const Value& value : held) *list->add_values() = ToProto(value);
  }
  void operator()(const Map& held) const {
    *proto.mutable_map_value()->mutable_fields() = ToProto(held);
  }

  v1::Value& proto;
};

// The date whose days these are, coarsest first.
std::optional<Date> SameDays(const DayRange& days) {
  constexpr std::array<std::pair<Date::Precision, int>, 5> kPrecisions = {{
      {Date::Precision::kYear, 0},
      {Date::Precision::kHalf, 2},
      {Date::Precision::kQuarter, 4},
      {Date::Precision::kMonth, 12},
      {Date::Precision::kDay, 0},
  }};
  const Date::Parts first = Date::FromDay(days.first).parts();
  for (const auto& [precision, per_year] : kPrecisions) {
    Date::Parts parts{.year = first.year, .precision = precision};
    if (per_year > 0) {
      parts.part = (first.part - 1) / (kMonthsPerYear / per_year) + 1;
    }
    if (precision == Date::Precision::kDay) parts = first;
    const auto date = Date::Make(parts);
    if (date.ok() && date->days() == days) return *date;
  }
  return std::nullopt;
}

}  // namespace

void Write(const Value& value, v1::Value* proto) {
  std::visit(ValueWriter{*proto}, value.held());
}

v1::Value ToProto(const Value& value) {
  v1::Value proto;
  Write(value, &proto);
  return proto;
}

ProtoMap ToProto(const Map& map) {
  ProtoMap proto;
  for (const auto& [name, value] : map) proto[name] = ToProto(value);
  return proto;
}

v1::Period ToProto(const When& when) {
  v1::Period proto;
  proto.set_literal(when.ToString());
  proto.set_first_day(DayToProto(when.days().first));
  proto.set_last_day(DayToProto(when.days().last));
  return proto;
}

std::string DayToProto(Day day) {
  const bool bounded = day != kBeginningOfTime && day != kEndOfTime;
  return bounded ? ToString(day) : "";
}

std::string PeriodToProto(const DayRange& days) {
  const bool bounded =
      days.first != kBeginningOfTime && days.last != kEndOfTime;
  if (bounded) {
    if (const auto date = SameDays(days)) return date->ToString();
  }
  return absl::StrCat(ToString(days.first), "/", ToString(days.last));
}

}  // namespace guanxi::server
