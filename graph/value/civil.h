#ifndef GUANXI_GRAPH_VALUE_CIVIL_H_
#define GUANXI_GRAPH_VALUE_CIVIL_H_

#include <cstdint>
#include <string>

namespace guanxi {

inline constexpr int kMinYear = 1;
inline constexpr int kMaxYear = 9999;
inline constexpr int kMonthsPerYear = 12;

// A day of the proleptic Gregorian calendar; month and day from 1.
struct CivilDay {
  int64_t year = 1970;
  int month = 1;
  int day = 1;
};

int DaysInMonth(int64_t year, int month);

// Days since 1970-01-01, and back; for any int32 number of days.
int64_t DaysFromCivil(const CivilDay& civil);
CivilDay CivilFromDays(int64_t days);

// "2025-09-30".
std::string ToString(const CivilDay& civil);

// "09": at least two digits.
std::string TwoDigits(int64_t number);

}  // namespace guanxi

#endif  // GUANXI_GRAPH_VALUE_CIVIL_H_
