#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/base/status_macros.h"
#include "graph/value/date.h"
#include "graph/value/scanner.h"

namespace guanxi {
namespace {

constexpr absl::string_view kOpen = "..";

const Date* AsDate(const Bound& bound) { return std::get_if<Date>(&bound); }

bool IsOpen(const Bound& bound) {
  return std::holds_alternative<OpenBound>(bound);
}

absl::StatusOr<Bound> ParseBound(absl::string_view text) {
  if (text.empty()) return Bound(UnknownBound{});
  if (text == kOpen) return Bound(OpenBound{});
  ASSIGN_OR_RETURN(const Date date, Date::Parse(text));
  return Bound(date);
}

std::string TextOf(const Bound& bound) {
  if (const Date* date = AsDate(bound)) return date->ToString();
  return IsOpen(bound) ? std::string(kOpen) : "";
}

DayRange OrNoDays(const DayRange& days) {
  return days.empty() ? kNoDays : days;
}

}  // namespace

absl::string_view ToString(Holds holds) {
  switch (holds) {
    case Holds::kNo:
      return "no";
    case Holds::kMaybe:
      return "maybe";
    case Holds::kYes:
      return "yes";
  }
  GUANXI_CHECK(false);
}

Holds Span::HoldsOn(Day day) const {
  if (!possible.Contains(day)) return Holds::kNo;
  return certain.Contains(day) ? Holds::kYes : Holds::kMaybe;
}

absl::StatusOr<When> When::Interval(const Bound& start, const Bound& end) {
  When when;
  when.start_ = start;
  when.end_ = end;
  when.interval_ = true;
  const Date* first = AsDate(start);
  const Date* last = AsDate(end);
  if (first == nullptr && last == nullptr) {
    return NotA("interval", when.ToString(),
                "at least one end must be a date, as in 2022/..");
  }
  if (first != nullptr && last != nullptr &&
      last->days().last < first->days().first) {
    return NotA("interval", when.ToString(), "it ends before it starts");
  }
  return when;
}

absl::StatusOr<When> When::Parse(absl::string_view text) {
  const size_t slash = text.find('/');
  if (slash == absl::string_view::npos) {
    ASSIGN_OR_RETURN(const Date date, Date::Parse(text));
    return When(date);
  }
  ASSIGN_OR_RETURN(const Bound start, ParseBound(text.substr(0, slash)));
  ASSIGN_OR_RETURN(const Bound end, ParseBound(text.substr(slash + 1)));
  return Interval(start, end);
}

DayRange When::days() const {
  const Date* first = AsDate(start_);
  const Date* last = AsDate(end_);
  return {.first = first != nullptr ? first->days().first : kBeginningOfTime,
          .last = last != nullptr ? last->days().last : kEndOfTime};
}

DayRange When::start_days() const {
  if (const Date* first = AsDate(start_)) return first->days();
  return {.first = kBeginningOfTime,
          .last = IsOpen(start_) ? kBeginningOfTime : days().last};
}

Span When::During() const {
  if (is_date()) return {.possible = days(), .certain = days()};
  const Date* first = AsDate(start_);
  const Date* last = AsDate(end_);
  DayRange certain;
  if (first != nullptr) certain.first = first->days().last;
  if (last != nullptr) certain.last = last->days().first;
  // Of an unknown end only the known one is sure, and only if it is sure
  // itself.
  if (std::holds_alternative<UnknownBound>(start_)) {
    certain.first = last->days().last;
  }
  if (std::holds_alternative<UnknownBound>(end_)) {
    certain.last = first->days().first;
  }
  return {.possible = days(), .certain = OrNoDays(certain)};
}

Span When::Happened() const {
  const Date* last = AsDate(end_);
  return {.possible = {.first = days().first, .last = kEndOfTime},
          .certain = last == nullptr ? kNoDays
                                     : DayRange{.first = last->days().last,
                                                .last = kEndOfTime}};
}

std::string When::ToString() const {
  const std::string start = TextOf(start_);
  if (is_date()) return start;
  return absl::StrCat(start, "/", TextOf(end_));
}

std::strong_ordering operator<=>(const When& a, const When& b) {
  if (const auto order = a.days() <=> b.days(); order != 0) return order;
  if (const auto order = a.interval_ <=> b.interval_; order != 0) return order;
  if (const auto order = a.start_ <=> b.start_; order != 0) return order;
  return a.end_ <=> b.end_;
}

}  // namespace guanxi
