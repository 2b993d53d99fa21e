#ifndef GUANXI_GRAPH_VALUE_DATE_H_
#define GUANXI_GRAPH_VALUE_DATE_H_

#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace guanxi {

// A day, UTC, counted from 1970-01-01. kBeginningOfTime and kEndOfTime stand
// for "no bound".
struct Day {
  int32_t number = 0;
  friend auto operator<=>(const Day&, const Day&) = default;
};
inline constexpr Day kBeginningOfTime{std::numeric_limits<int32_t>::min()};
inline constexpr Day kEndOfTime{std::numeric_limits<int32_t>::max()};

// The day before and after; "no bound" stays "no bound".
Day Before(Day day);
Day After(Day day);

// "2025-09-30"; ".." for an unbounded day. ParseDay() reads the years 0001 to
// 9999 back.
std::string ToString(Day day);

// Parses YYYY-MM-DD. INVALID_ARGUMENT if it is no day of the calendar.
absl::StatusOr<Day> ParseDay(absl::string_view text);

// Days from `first` to `last`, both included; empty if last < first.
struct DayRange {
  Day first = kBeginningOfTime;
  Day last = kEndOfTime;

  bool empty() const { return last < first; }
  bool Contains(Day day) const { return first <= day && day <= last; }
  friend auto operator<=>(const DayRange&, const DayRange&) = default;
};
inline constexpr DayRange kNoDays{kEndOfTime, kBeginningOfTime};
DayRange Intersect(const DayRange& a, const DayRange& b);

// A date as a source gives it: a year, half, quarter, month or day, perhaps
// flagged approximate (~) or uncertain (?). Flags never widen it.
class Date {
 public:
  enum class Precision : uint8_t { kYear, kHalf, kQuarter, kMonth, kDay };

  struct Parts {
    int year = 1970;
    Precision precision = Precision::kYear;
    int part = 0;  // half, quarter or month, from 1; 0 for a year
    int day = 0;   // from 1; 0 unless precision is kDay
    bool approximate = false;
    bool uncertain = false;
  };

  Date() = default;  // the year 1970

  // Parses `date` of the .kg grammar: 2025, 2025-H1, 2025-Q3, 2025-33 … 2025-41
  // (EDTF), 2025-09, 2025-09-30, each with ~, ? or ~?. Years 0001 to 9999.
  // INVALID_ARGUMENT otherwise.
  static absl::StatusOr<Date> Parse(absl::string_view text);
  // INVALID_ARGUMENT as Parse().
  static absl::StatusOr<Date> Make(const Parts& parts);
  // A day outside the years 0001 to 9999 becomes the nearest one inside.
  static Date FromDay(Day day);
  // 1 to 9999 (GUANXI_CHECKed).
  static Date FromYear(int year);

  Parts parts() const;
  Precision precision() const { return precision_; }
  bool approximate() const { return approximate_; }
  bool uncertain() const { return uncertain_; }

  // The days that it can mean.
  DayRange days() const;

  // As given; EDTF quarters and halves print as Q and H.
  std::string ToString() const;

  friend bool operator==(const Date&, const Date&) = default;
  // By first day, then last day, then flags.
  friend std::strong_ordering operator<=>(const Date&, const Date&);

 private:
  int16_t year_ = 1970;
  Precision precision_ = Precision::kYear;
  uint8_t part_ = 0;  // half, quarter or month, from 1
  uint8_t day_ = 0;   // from 1
  bool approximate_ = false;
  bool uncertain_ = false;
};

enum class Holds : uint8_t { kNo, kMaybe, kYes };

// "no", "maybe", "yes".
absl::string_view ToString(Holds holds);

// Days on which something surely and possibly holds: no outside `possible`, yes
// inside `certain`, else maybe. `certain` lies within `possible` or is kNoDays.
struct Span {
  DayRange possible;
  DayRange certain;

  Holds HoldsOn(Day day) const;
  friend auto operator<=>(const Span&, const Span&) = default;
};

struct OpenBound {  // ".."
  friend auto operator<=>(const OpenBound&, const OpenBound&) = default;
};
struct UnknownBound {  // nothing
  friend auto operator<=>(const UnknownBound&, const UnknownBound&) = default;
};
using Bound = std::variant<Date, OpenBound, UnknownBound>;

// `when` of the .kg grammar: a date or an interval of two bounds, at least one
// of them a date.
class When {
 public:
  explicit When(const Date& date) : start_(date), end_(date) {}

  // INVALID_ARGUMENT: no bound is a date, or the end lies wholly before the
  // start.
  static absl::StatusOr<When> Interval(const Bound& start, const Bound& end);

  // Parses "2025-H1", "2022/..", "/2023-05", "../2024". INVALID_ARGUMENT.
  static absl::StatusOr<When> Parse(absl::string_view text);

  // Whether it was given as one date.
  bool is_date() const { return !interval_; }
  const Bound& start() const { return start_; }
  const Bound& end() const { return end_; }

  // First day of the start to last day of the end; unknown and open bounds are
  // unbounded.
  DayRange days() const;

  // The first and the last day on which it can have begun; an open or unknown
  // start is unbounded on both sides (kBeginningOfTime … kBeginningOfTime for
  // open, kBeginningOfTime … last possible end for unknown).
  DayRange start_days() const;

  // When a fact holds that is said to hold `during` this (DESIGN.md §1.1).
  Span During() const;

  // When an event has happened that is said to have happened `at` this: no
  // before the first possible day, yes from the last possible one on.
  Span Happened() const;

  std::string ToString() const;

  friend bool operator==(const When&, const When&) = default;
  // By days(), then as given.
  friend std::strong_ordering operator<=>(const When&, const When&);

 private:
  When() = default;

  Bound start_;
  Bound end_;
  bool interval_ = false;
};

}  // namespace guanxi

#endif  // GUANXI_GRAPH_VALUE_DATE_H_
