#include "graph/value/date.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/base/status_macros.h"
#include "graph/value/civil.h"
#include "graph/value/scanner.h"

namespace guanxi {
namespace {

using Precision = Date::Precision;

constexpr absl::string_view kDateKind = "date";

constexpr absl::string_view kExpected =
    "expected a date such as 2025, 2025-H1, 2025-Q3, 2025-09 or 2025-09-30";
constexpr absl::string_view kExpectedPart =
    "months go from 01 to 12, quarters are Q1 to Q4 or 33 to 36, halves H1, H2 "
    "or 40, 41";

// EDTF numbers quarters and halves as further months.
constexpr int kEdtfFirstQuarter = 33;
constexpr int kEdtfFirstHalf = 40;
constexpr int kHalves = 2;
constexpr int kQuarters = 4;

// How many parts of this precision a year has; 0 if it has none.
int PartsPerYear(Precision precision) {
  switch (precision) {
    case Precision::kYear:
      return 0;
    case Precision::kHalf:
      return kHalves;
    case Precision::kQuarter:
      return kQuarters;
    case Precision::kMonth:
    case Precision::kDay:
      return kMonthsPerYear;
  }
  GUANXI_CHECK(false);
}

// What keeps `parts` from being a date; empty: nothing.
std::string Problem(const Date::Parts& parts) {
  if (parts.year < kMinYear || parts.year > kMaxYear) {
    return "years go from 0001 to 9999";
  }
  const int count = PartsPerYear(parts.precision);
  if (parts.part < (count == 0 ? 0 : 1) || parts.part > count) {
    return std::string(kExpectedPart);
  }
  const bool has_day = parts.precision == Precision::kDay;
  const int last_day = has_day ? DaysInMonth(parts.year, parts.part) : 0;
  if (parts.day < (has_day ? 1 : 0) || parts.day > last_day) {
    return absl::StrCat("this month has the days 01 to ", last_day);
  }
  return "";
}

// Sets precision and part from what follows "2025-", but not a day.
bool ScanPart(Scanner& scanner, Date::Parts& parts) {
  const bool half = scanner.Consume("H");
  const bool quarter = !half && scanner.Consume("Q");
  const std::optional<int> part = scanner.Number(half || quarter ? 1 : 2);
  if (!part.has_value()) return false;
  parts.part = *part;
  parts.precision = half      ? Precision::kHalf
                    : quarter ? Precision::kQuarter
                              : Precision::kMonth;
  if (half || quarter) return true;
  if (*part >= kEdtfFirstHalf && *part < kEdtfFirstHalf + kHalves) {
    parts.precision = Precision::kHalf;
    parts.part = *part - kEdtfFirstHalf + 1;
  } else if (*part >= kEdtfFirstQuarter &&
             *part < kEdtfFirstQuarter + kQuarters) {
    parts.precision = Precision::kQuarter;
    parts.part = *part - kEdtfFirstQuarter + 1;
  }
  return true;
}

bool ScanParts(Scanner& scanner, Date::Parts& parts) {
  const std::optional<int> year = scanner.Number(4);
  if (!year.has_value()) return false;
  parts.year = *year;
  if (scanner.Consume("-") && !ScanPart(scanner, parts)) return false;
  if (parts.precision == Precision::kMonth && scanner.Consume("-")) {
    const std::optional<int> day = scanner.Number(2);
    if (!day.has_value()) return false;
    parts.precision = Precision::kDay;
    parts.day = *day;
  }
  parts.approximate = scanner.Consume("~");
  parts.uncertain = scanner.Consume("?");
  return true;
}

Day ToDay(int year, int month, int day) {
  return {static_cast<int32_t>(
      DaysFromCivil({.year = year, .month = month, .day = day}))};
}

}  // namespace

Day Before(Day day) {
  if (day == kBeginningOfTime || day == kEndOfTime) return day;
  return {day.number - 1};
}

Day After(Day day) {
  if (day == kBeginningOfTime || day == kEndOfTime) return day;
  return {day.number + 1};
}

std::string ToString(Day day) {
  if (day == kBeginningOfTime || day == kEndOfTime) return "..";
  return ToString(CivilFromDays(day.number));
}

absl::StatusOr<Day> ParseDay(absl::string_view text) {
  ASSIGN_OR_RETURN(const Date date, Date::Parse(text));
  if (date.precision() != Precision::kDay || date.approximate() ||
      date.uncertain()) {
    return NotA("day", text, "expected YYYY-MM-DD, as in 2025-09-30");
  }
  return date.days().first;
}

DayRange Intersect(const DayRange& a, const DayRange& b) {
  return {.first = std::max(a.first, b.first),
          .last = std::min(a.last, b.last)};
}

absl::StatusOr<Date> Date::Parse(absl::string_view text) {
  Scanner scanner(text);
  Parts parts;
  if (!ScanParts(scanner, parts)) return NotA(kDateKind, text, kExpected);
  if (const std::string why = Problem(parts); !why.empty()) {
    return NotA(kDateKind, text, why);
  }
  if (!scanner.done()) {
    return NotA(kDateKind, text, absl::StrCat(kExpected, ", then ~, ? or ~?"));
  }
  return Make(parts);
}

absl::StatusOr<Date> Date::Make(const Parts& parts) {
  if (const std::string why = Problem(parts); !why.empty()) {
    return NotA(kDateKind,
                absl::StrCat(parts.year, "-", parts.part, "-", parts.day), why);
  }
  Date date;
  date.year_ = static_cast<int16_t>(parts.year);
  date.precision_ = parts.precision;
  date.part_ = static_cast<uint8_t>(parts.part);
  date.day_ = static_cast<uint8_t>(parts.day);
  date.approximate_ = parts.approximate;
  date.uncertain_ = parts.uncertain;
  return date;
}

Date Date::FromDay(Day day) {
  const Day first = ToDay(kMinYear, 1, 1);
  const Day last = ToDay(kMaxYear, 12, 31);
  const CivilDay civil = CivilFromDays(std::clamp(day, first, last).number);
  const auto date = Make({.year = static_cast<int>(civil.year),
                          .precision = Precision::kDay,
                          .part = civil.month,
                          .day = civil.day});
  GUANXI_CHECK(date.ok());
  return *date;
}

Date Date::FromYear(int year) {
  const auto date = Make({.year = year});
  GUANXI_CHECK(date.ok());
  return *date;
}

Date::Parts Date::parts() const {
  return {.year = year_,
          .precision = precision_,
          .part = part_,
          .day = day_,
          .approximate = approximate_,
          .uncertain = uncertain_};
}

DayRange Date::days() const {
  if (precision_ == Precision::kDay) {
    const Day day = ToDay(year_, part_, day_);
    return {.first = day, .last = day};
  }
  const int months = precision_ == Precision::kYear
                         ? kMonthsPerYear
                         : kMonthsPerYear / PartsPerYear(precision_);
  const int last_month = part_ == 0 ? kMonthsPerYear : part_ * months;
  return {.first = ToDay(year_, last_month - months + 1, 1),
          .last = ToDay(year_, last_month, DaysInMonth(year_, last_month))};
}

std::string Date::ToString() const {
  std::string text = absl::StrCat(absl::Dec(year_, absl::kZeroPad4));
  if (precision_ == Precision::kHalf) absl::StrAppend(&text, "-H", part_);
  if (precision_ == Precision::kQuarter) absl::StrAppend(&text, "-Q", part_);
  if (precision_ >= Precision::kMonth) {
    absl::StrAppend(&text, "-", TwoDigits(part_));
  }
  if (precision_ == Precision::kDay) {
    absl::StrAppend(&text, "-", TwoDigits(day_));
  }
  return absl::StrCat(text, approximate_ ? "~" : "", uncertain_ ? "?" : "");
}

std::strong_ordering operator<=>(const Date& a, const Date& b) {
  if (const auto order = a.days() <=> b.days(); order != 0) return order;
  if (const auto order = a.approximate_ <=> b.approximate_; order != 0) {
    return order;
  }
  return a.uncertain_ <=> b.uncertain_;
}

}  // namespace guanxi
