#ifndef GUANXI_GRAPH_VALUE_TIME_H_
#define GUANXI_GRAPH_VALUE_TIME_H_

#include <compare>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/value/date.h"

namespace guanxi {

// An instant in microseconds since 1970-01-01T00:00:00Z. Leap seconds are not
// counted. An offset in the text is converted to UTC and not kept.
struct DateTime {
  int64_t microseconds = 0;

  // Parses RFC 3339: "2025-09-01T08:30:00.25+08:00". INVALID_ARGUMENT: not one,
  // a second 60, more than six digits of a fraction, or outside the years 0001
  // to 9999 in UTC.
  static absl::StatusOr<DateTime> Parse(absl::string_view text);

  // Whether it lies in the years 0001 to 9999, as every parsed one does. Others
  // cannot be read back from the file.
  bool IsValid() const;

  Day day() const;

  // "2025-09-01T00:30:00.25Z", fraction only as long as needed.
  std::string ToString() const;

  friend auto operator<=>(const DateTime&, const DateTime&) = default;
};

// An ISO 8601 duration in calendar parts: P1Y, P3M, P2W, PT1H30M. Weeks are
// kept as days; fractions are refused. Parsed ones are never negative.
struct Duration {
  int32_t months = 0;
  int32_t days = 0;
  int64_t seconds = 0;

  // INVALID_ARGUMENT if it is not one.
  static absl::StatusOr<Duration> Parse(absl::string_view text);

  // Canonical: the largest units first, "P1Y2M3DT4H5M6S"; zero is "P0D".
  std::string ToString() const;

  friend auto operator<=>(const Duration&, const Duration&) = default;
};

// `day` plus `duration`: months first (a day that the month lacks becomes its
// last one), then days, then whole days of the seconds. Unbounded stays so.
Day AddDuration(Day day, const Duration& duration);

}  // namespace guanxi

#endif  // GUANXI_GRAPH_VALUE_TIME_H_
