#include "graph/value/time.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"

#include "graph/value/civil.h"
#include "graph/value/scanner.h"

namespace guanxi {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr size_t kMicrosDigits = 6;
constexpr int64_t kSecondsPerMinute = 60;
constexpr int64_t kSecondsPerHour = 3600;
constexpr int64_t kSecondsPerDay = 86400;
constexpr int64_t kMicrosPerDay = kSecondsPerDay * kMicrosPerSecond;
constexpr int64_t kDaysPerWeek = 7;

constexpr absl::string_view kExpectedTime =
    "expected RFC 3339, as in 2025-09-01T08:30:00Z or "
    "2025-09-01T08:30:00.25+08:00";
constexpr absl::string_view kExpectedDuration =
    "expected ISO 8601 with the largest unit first, as in P1Y, P3M, P2W or "
    "PT1H30M, without fractions";

// "HH:MM" in seconds.
std::optional<int64_t> ScanHourMinute(Scanner& scanner) {
  const std::optional<int> hour = scanner.Number(2);
  if (!hour.has_value() || *hour > 23 || !scanner.Consume(":")) {
    return std::nullopt;
  }
  const std::optional<int> minute = scanner.Number(2);
  if (!minute.has_value() || *minute > 59) return std::nullopt;
  return *hour * kSecondsPerHour + *minute * kSecondsPerMinute;
}

// ":SS" with an optional fraction, in microseconds.
std::optional<int64_t> ScanSeconds(Scanner& scanner) {
  if (!scanner.Consume(":")) return std::nullopt;
  const std::optional<int> seconds = scanner.Number(2);
  if (!seconds.has_value() || *seconds > 59) return std::nullopt;
  int64_t fraction = 0;
  if (scanner.Consume(".")) {
    const absl::string_view digits = scanner.Digits();
    if (digits.empty() || digits.size() > kMicrosDigits) return std::nullopt;
    for (size_t i = 0; i < kMicrosDigits; ++i) {
      fraction = fraction * 10 + (i < digits.size() ? digits[i] - '0' : 0);
    }
  }
  return *seconds * kMicrosPerSecond + fraction;
}

// "Z" or "+HH:MM", in seconds east of Greenwich.
std::optional<int64_t> ScanOffset(Scanner& scanner) {
  if (scanner.Consume("Z") || scanner.Consume("z")) return 0;
  const bool west = scanner.Consume("-");
  if (!west && !scanner.Consume("+")) return std::nullopt;
  const std::optional<int64_t> offset = ScanHourMinute(scanner);
  if (!offset.has_value()) return std::nullopt;
  return west ? -*offset : *offset;
}

// The time of day in UTC, in microseconds; it may lie on a day beside.
std::optional<int64_t> ScanTimeOfDay(Scanner& scanner) {
  const std::optional<int64_t> minutes = ScanHourMinute(scanner);
  if (!minutes.has_value()) return std::nullopt;
  const std::optional<int64_t> micros = ScanSeconds(scanner);
  if (!micros.has_value()) return std::nullopt;
  const std::optional<int64_t> offset = ScanOffset(scanner);
  if (!offset.has_value() || !scanner.done()) return std::nullopt;
  return (*minutes - *offset) * kMicrosPerSecond + *micros;
}

enum class Counter : uint8_t { kMonths, kDays, kSeconds };
struct Unit {
  absl::string_view name;
  Counter counter;
  int64_t factor;
};
constexpr std::array<Unit, 4> kDateUnits = {{
    {"Y", Counter::kMonths, kMonthsPerYear},
    {"M", Counter::kMonths, 1},
    {"W", Counter::kDays, kDaysPerWeek},
    {"D", Counter::kDays, 1},
}};
constexpr std::array<Unit, 3> kTimeUnits = {{
    {"H", Counter::kSeconds, kSecondsPerHour},
    {"M", Counter::kSeconds, kSecondsPerMinute},
    {"S", Counter::kSeconds, 1},
}};

// Counts before they are narrowed to the fields of a Duration.
struct Counts {
  int64_t months = 0;
  int64_t days = 0;
  int64_t seconds = 0;

  int64_t& of(Counter counter) {
    switch (counter) {
      case Counter::kMonths:
        return months;
      case Counter::kDays:
        return days;
      case Counter::kSeconds:
        break;
    }
    return seconds;
  }
};

// Adds digits * factor; false if there are no digits or too many.
bool AddCount(absl::string_view digits, int64_t factor, int64_t& sum) {
  int64_t count = 0;
  for (const char digit : digits) {
    if (__builtin_mul_overflow(count, 10, &count) ||
        __builtin_add_overflow(count, digit - '0', &count)) {
      return false;
    }
  }
  return !digits.empty() && !__builtin_mul_overflow(count, factor, &count) &&
         !__builtin_add_overflow(sum, count, &sum);
}

// Reads counts with the units of `units`, in their order; false if there is
// none or one is wrong.
bool ScanCounts(Scanner& scanner, absl::Span<const Unit> units,
                Counts& counts) {
  size_t next = 0;
  while (!scanner.done() && scanner.rest()[0] != 'T') {
    const absl::string_view digits = scanner.Digits();
    while (next < units.size() && !scanner.Consume(units[next].name)) ++next;
    if (next == units.size()) return false;
    const Unit& unit = units[next++];
    if (!AddCount(digits, unit.factor, counts.of(unit.counter))) return false;
  }
  return next > 0;
}

void AppendCount(int64_t count, absl::string_view unit, std::string& text) {
  if (count != 0) absl::StrAppend(&text, count, unit);
}

// The nearest day that an int32 holds: the unbounded ones at both ends.
Day Saturated(int64_t days) {
  return {static_cast<int32_t>(
      std::clamp<int64_t>(days, kBeginningOfTime.number, kEndOfTime.number))};
}

int64_t FloorDay(int64_t microseconds) {
  return microseconds / kMicrosPerDay -
         (microseconds % kMicrosPerDay < 0 ? 1 : 0);
}

}  // namespace

absl::StatusOr<DateTime> DateTime::Parse(absl::string_view text) {
  const size_t t = text.find_first_of("Tt");
  if (t == absl::string_view::npos) {
    return NotA("datetime", text, kExpectedTime);
  }
  const absl::StatusOr<Day> day = ParseDay(text.substr(0, t));
  if (!day.ok()) return NotA("datetime", text, day.status().message());
  Scanner scanner(text.substr(t + 1));
  const std::optional<int64_t> time = ScanTimeOfDay(scanner);
  if (!time.has_value()) return NotA("datetime", text, kExpectedTime);
  const DateTime parsed{day->number * kMicrosPerDay + *time};
  if (!parsed.IsValid()) {
    return NotA("datetime", text, "in UTC, years go from 0001 to 9999");
  }
  return parsed;
}

bool DateTime::IsValid() const {
  const int64_t year = CivilFromDays(FloorDay(microseconds)).year;
  return year >= kMinYear && year <= kMaxYear;
}

Day DateTime::day() const { return Saturated(FloorDay(microseconds)); }

std::string DateTime::ToString() const {
  const int64_t days = FloorDay(microseconds);
  const int64_t micros =
      (microseconds % kMicrosPerDay + kMicrosPerDay) % kMicrosPerDay;
  const int64_t seconds = micros / kMicrosPerSecond;
  std::string text =
      absl::StrCat(::guanxi::ToString(CivilFromDays(days)), "T",
                   TwoDigits(seconds / kSecondsPerHour), ":",
                   TwoDigits(seconds % kSecondsPerHour / kSecondsPerMinute),
                   ":", TwoDigits(seconds % kSecondsPerMinute));
  if (const int64_t fraction = micros % kMicrosPerSecond; fraction != 0) {
    // The leading 1 keeps the zeros behind the point.
    std::string digits = absl::StrCat(kMicrosPerSecond + fraction).substr(1);
    while (digits.back() == '0') digits.pop_back();
    absl::StrAppend(&text, ".", digits);
  }
  return absl::StrCat(text, "Z");
}

absl::StatusOr<Duration> Duration::Parse(absl::string_view text) {
  Scanner scanner(text);
  Counts counts;
  bool good = scanner.Consume("P");
  const bool has_date_part = good && !absl::StartsWith(scanner.rest(), "T");
  if (has_date_part) good = ScanCounts(scanner, kDateUnits, counts);
  if (good && scanner.Consume("T")) {
    good = ScanCounts(scanner, kTimeUnits, counts);
  }
  constexpr int64_t kMax = std::numeric_limits<int32_t>::max();
  if (!good || !scanner.done() || counts.months > kMax || counts.days > kMax) {
    return NotA("duration", text, kExpectedDuration);
  }
  return Duration{.months = static_cast<int32_t>(counts.months),
                  .days = static_cast<int32_t>(counts.days),
                  .seconds = counts.seconds};
}

std::string Duration::ToString() const {
  std::string text = "P";
  AppendCount(months / kMonthsPerYear, "Y", text);
  AppendCount(months % kMonthsPerYear, "M", text);
  AppendCount(days, "D", text);
  if (seconds != 0) {
    text.push_back('T');
    AppendCount(seconds / kSecondsPerHour, "H", text);
    AppendCount(seconds % kSecondsPerHour / kSecondsPerMinute, "M", text);
    AppendCount(seconds % kSecondsPerMinute, "S", text);
  }
  return text == "P" ? "P0D" : text;
}

Day AddDuration(Day day, const Duration& duration) {
  if (day == kBeginningOfTime || day == kEndOfTime) return day;
  CivilDay civil = CivilFromDays(day.number);
  const int64_t months =
      civil.year * kMonthsPerYear + (civil.month - 1) + duration.months;
  const int64_t month =
      (months % kMonthsPerYear + kMonthsPerYear) % kMonthsPerYear;
  civil.year = (months - month) / kMonthsPerYear;
  civil.month = static_cast<int>(month) + 1;
  civil.day = std::min(civil.day, DaysInMonth(civil.year, civil.month));
  return Saturated(DaysFromCivil(civil) + duration.days +
                   duration.seconds / kSecondsPerDay);
}

}  // namespace guanxi
