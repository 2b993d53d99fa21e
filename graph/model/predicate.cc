#include "graph/model/predicate.h"

#include <cmath>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"

namespace guanxi {
namespace {

using Line = Place::Line;
using End = Interval::End;

constexpr int64_t kMicrosecondsPerDay = int64_t{86'400} * 1'000'000;

std::optional<End> EndAt(Day day) {
  if (day == kBeginningOfTime || day == kEndOfTime) return std::nullopt;
  return End{.number = Decimal(day.number)};
}

Interval DaysOf(const DayRange& days) {
  return {.lower = EndAt(days.first), .upper = EndAt(days.last)};
}

Interval NumbersOf(const Quantity& quantity) {
  switch (quantity.op()) {
    case QuantityOp::kAbout:
    case QuantityOp::kNearly:
    case QuantityOp::kSomewhatAbove:
      return quantity.Tolerance();
    default:
      return quantity.Stated();
  }
}

std::optional<Decimal> ShortestDecimal(double number) {
  if (!std::isfinite(number)) return std::nullopt;
  // Prints as few digits as read back as the same number.
  const std::string text = Value(number).ToDisplay();
  const auto decimal = Decimal::Parse(text);
  if (!decimal.ok()) return std::nullopt;
  return *decimal;
}

Place AtNumbers(const Interval& interval, std::string unit = "") {
  return {.line = Line::kNumber, .interval = interval, .unit = std::move(unit)};
}

// Days as the instants in them.
Interval InstantsOf(const Interval& days) {
  Interval instants;
  if (days.lower.has_value()) {
    const auto first = static_cast<int64_t>(days.lower->number.coefficient());
    instants.lower = End{.number = Decimal(first * kMicrosecondsPerDay)};
  }
  if (days.upper.has_value()) {
    const auto last = static_cast<int64_t>(days.upper->number.coefficient());
    instants.upper = End{.number = Decimal((last + 1) * kMicrosecondsPerDay),
                         .closed = false};
  }
  return instants;
}

bool IsOrdered(Line line) { return line != Line::kOther; }

bool JudgeOrder(Comparison comparison, int order) {
  switch (comparison) {
    case Comparison::kExists:
      return true;
    case Comparison::kEqual:
      return order == 0;
    case Comparison::kLess:
      return order < 0;
    case Comparison::kLessOrEqual:
      return order <= 0;
    case Comparison::kGreater:
      return order > 0;
    case Comparison::kGreaterOrEqual:
      return order >= 0;
  }
  return false;
}

Holds YesOrNo(bool yes) { return yes ? Holds::kYes : Holds::kNo; }

Holds JudgeText(Comparison comparison, const Place& text, const Place& bound) {
  if (!bound.language.empty() && bound.language != text.language) {
    return Holds::kNo;
  }
  return YesOrNo(JudgeOrder(comparison, text.text.compare(bound.text)));
}

// Whether all of `inner` lies in `outer`.
bool IsWithin(const Interval& inner, const Interval& outer) {
  const auto beyond = [](const End& end) {
    return End{.number = end.number, .closed = !end.closed};
  };
  if (outer.lower.has_value()) {
    const Interval below{.upper = beyond(*outer.lower)};
    if (!Intersect(inner, below).empty()) return false;
  }
  if (outer.upper.has_value()) {
    const Interval above{.lower = beyond(*outer.upper)};
    if (!Intersect(inner, above).empty()) return false;
  }
  return true;
}

absl::Status NotOrdered(const Predicate& predicate) {
  return MakeError(
      absl::StatusCode::kInvalidArgument, "VALUE_TYPE",
      absl::StrCat("a ", KindName(predicate.bound.kind()), ", as ",
                   predicate.bound.ToString(),
                   ", has no order; expected = in the condition on '",
                   predicate.property, "'"),
      {{"name", predicate.property}, {"value", predicate.bound.ToString()}});
}

absl::Status WrongBound(const Predicate& predicate) {
  const bool exists = predicate.comparison == Comparison::kExists;
  return MakeError(
      absl::StatusCode::kInvalidArgument, "VALUE_TYPE",
      absl::StrCat("the condition on '", predicate.property, "' has ",
                   exists ? "a value though it asks whether there is one"
                          : "no value; expected one to compare with"),
      {{"name", predicate.property}});
}

// Whether a value of another type than `base` will do as a bound.
bool StandsIn(BaseType base, const Value& bound) {
  const Place place = PlaceOf(bound);
  switch (base) {
    case BaseType::kInt:
    case BaseType::kDecimal:
    case BaseType::kDouble:
      return place.line == Line::kNumber && place.unit.empty();
    case BaseType::kDate:
    case BaseType::kPeriod:
    case BaseType::kDateTime:
      return place.line == Line::kDay;
    default:
      return false;
  }
}

}  // namespace

Place PlaceOf(const Value& value) {
  if (const auto* number = value.get_if<int64_t>()) {
    return AtNumbers(Interval::Point(Decimal(*number)));
  }
  if (const auto* decimal = value.get_if<Decimal>()) {
    return AtNumbers(Interval::Point(*decimal));
  }
  if (const auto* binary = value.get_if<double>()) {
    const std::optional<Decimal> decimal = ShortestDecimal(*binary);
    return decimal ? AtNumbers(Interval::Point(*decimal)) : Place();
  }
  if (const auto* quantity = value.get_if<Quantity>()) {
    return AtNumbers(NumbersOf(*quantity), quantity->unit());
  }
  if (const auto* date = value.get_if<Date>()) {
    return {.line = Line::kDay, .interval = DaysOf(date->days())};
  }
  if (const auto* when = value.get_if<When>()) {
    return {.line = Line::kDay, .interval = DaysOf(when->days())};
  }
  if (const auto* instant = value.get_if<DateTime>()) {
    return {.line = Line::kInstant,
            .interval = Interval::Point(Decimal(instant->microseconds))};
  }
  if (const auto* text = value.get_if<Text>()) {
    return {.line = Line::kText,
            .text = absl::AsciiStrToLower(text->text),
            .language = text->language};
  }
  return {};
}

Interval Satisfying(Comparison comparison, const Interval& bound) {
  const auto beyond = [](std::optional<End> end) {
    if (end.has_value()) end->closed = !end->closed;
    return end;
  };
  // Nothing lies beyond a missing end.
  const End zero{.number = Decimal(0), .closed = false};
  const Interval nothing{.lower = zero, .upper = zero};
  switch (comparison) {
    case Comparison::kExists:
      return {};
    case Comparison::kEqual:
      return bound;
    case Comparison::kLess:
      if (!bound.lower.has_value()) return nothing;
      return {.upper = beyond(bound.lower)};
    case Comparison::kLessOrEqual:
      return {.upper = bound.upper};
    case Comparison::kGreater:
      if (!bound.upper.has_value()) return nothing;
      return {.lower = beyond(bound.upper)};
    case Comparison::kGreaterOrEqual:
      return {.lower = bound.lower};
  }
  return {};
}

absl::StatusOr<Predicate> FitPredicate(const Type* type, Predicate predicate) {
  const bool exists = predicate.comparison == Comparison::kExists;
  if (exists != predicate.bound.is_null()) return WrongBound(predicate);
  if (exists) return predicate;
  if (type != nullptr && !StandsIn(type->base, predicate.bound)) {
    ASSIGN_OR_RETURN(predicate.bound, Coerce(*type, predicate.bound));
  }
  if (predicate.comparison != Comparison::kEqual &&
      !IsOrdered(PlaceOf(predicate.bound).line)) {
    return NotOrdered(predicate);
  }
  return predicate;
}

Holds Judge(const Predicate& predicate, const Value& value) {
  if (predicate.comparison == Comparison::kExists) return Holds::kYes;
  const Place place = PlaceOf(value);
  Place bound = PlaceOf(predicate.bound);
  if (place.line == Line::kInstant && bound.line == Line::kDay) {
    bound.line = Line::kInstant;
    bound.interval = InstantsOf(bound.interval);
  }
  if (place.line != bound.line || place.unit != bound.unit) return Holds::kNo;
  if (place.line == Line::kOther) return YesOrNo(value == predicate.bound);
  if (place.line == Line::kText) {
    return JudgeText(predicate.comparison, place, bound);
  }
  const Interval wanted = Satisfying(predicate.comparison, bound.interval);
  if (Intersect(place.interval, wanted).empty()) return Holds::kNo;
  return IsWithin(place.interval, wanted) ? Holds::kYes : Holds::kMaybe;
}

}  // namespace guanxi
