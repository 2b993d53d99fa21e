#include "graph/value/civil.h"

#include "absl/strings/str_cat.h"

namespace guanxi {
namespace {

constexpr int64_t kYearsPerEra = 400;
constexpr int64_t kDaysPerEra = 146097;
constexpr int64_t kDaysPerYear = 365;
// From 0000-03-01 to 1970-01-01.
constexpr int64_t kDaysToEpoch = 719468;

bool IsLeap(int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int64_t FloorDivide(int64_t number, int64_t divisor) {
  return number / divisor - (number % divisor < 0 ? 1 : 0);
}

}  // namespace

int DaysInMonth(int64_t year, int month) {
  if (month == 2) return IsLeap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// Years are counted from March here: the leap day is then the last of its year,
// and the lengths of the months before it follow the line (153 m + 2) / 5.
int64_t DaysFromCivil(const CivilDay& civil) {
  const int64_t year = civil.month > 2 ? civil.year : civil.year - 1;
  const int64_t month = civil.month > 2 ? civil.month - 3 : civil.month + 9;
  const int64_t era = FloorDivide(year, kYearsPerEra);
  const int64_t year_of_era = year - era * kYearsPerEra;
  const int64_t day_of_year = (153 * month + 2) / 5 + civil.day - 1;
  const int64_t day_of_era = year_of_era * kDaysPerYear + year_of_era / 4 -
                             year_of_era / 100 + day_of_year;
  return era * kDaysPerEra + day_of_era - kDaysToEpoch;
}

CivilDay CivilFromDays(int64_t days) {
  const int64_t shifted = days + kDaysToEpoch;
  const int64_t era = FloorDivide(shifted, kDaysPerEra);
  const int64_t day_of_era = shifted - era * kDaysPerEra;
  // Without the leap days of 4 years (1460), 100 years and 400 years.
  const int64_t year_of_era = (day_of_era - day_of_era / 1460 +
                               day_of_era / 36524 - day_of_era / 146096) /
                              kDaysPerYear;
  const int64_t day_of_year =
      day_of_era -
      (kDaysPerYear * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t month = (5 * day_of_year + 2) / 153;
  const int64_t day = day_of_year - (153 * month + 2) / 5 + 1;
  const int64_t civil_month = month < 10 ? month + 3 : month - 9;
  const int64_t year = era * kYearsPerEra + year_of_era;
  return {.year = civil_month > 2 ? year : year + 1,
          .month = static_cast<int>(civil_month),
          .day = static_cast<int>(day)};
}

std::string ToString(const CivilDay& civil) {
  return absl::StrCat(absl::Dec(civil.year, absl::kZeroPad4), "-",
                      TwoDigits(civil.month), "-", TwoDigits(civil.day));
}

std::string TwoDigits(int64_t number) {
  return absl::StrCat(absl::Dec(number, absl::kZeroPad2));
}

}  // namespace guanxi
