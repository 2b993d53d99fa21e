#include "graph/store/value_key.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/store/key.h"
#include "graph/value/codec.h"

namespace guanxi::store {
namespace {

using Line = Place::Line;
using End = Interval::End;

// The first byte of an encoded value.
constexpr char kNumber = '\x10';       // one number
constexpr char kNumberRange = '\x11';  // several, by the lower end
constexpr char kDays = '\x20';  // at most kMaxShortDays of them, as of a date
constexpr char kManyDays = '\x21';  // more
constexpr char kInstant = '\x30';
constexpr char kText = '\x40';
constexpr char kOther = '\x50';

constexpr int64_t kMaxShortDays = 366;
constexpr int64_t kMicrosecondsPerDay = int64_t{86'400} * 1'000'000;

// Behind whatever a key goes on with.
constexpr char kBehind[] = "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF";

// A zero byte becomes 00 FF, the end 00 00, so that no text begins another.
constexpr absl::string_view kEscapedZero("\0\xFF", 2);
constexpr absl::string_view kTextEnd("\0\0", 2);

std::string Escape(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\0') {
      escaped.append(kEscapedZero.data(), kEscapedZero.size());
    } else {
      escaped.push_back(c);
    }
  }
  return escaped;
}

std::string EncodeText(absl::string_view text) {
  std::string encoded = Escape(text);
  encoded.append(kTextEnd.data(), kTextEnd.size());
  return encoded;
}

// Sign, place of the first digit, digits, 0; all but the sign inverted for
// negative numbers.
std::string EncodeDecimal(const Decimal& number) {
  constexpr char kNegative = '\0';
  constexpr char kZero = '\1';
  constexpr char kPositive = '\2';
  constexpr int kExponentBias = 1 << 15;
  if (number.coefficient() == 0) return std::string(1, kZero);
  std::string digits;
  for (Int128 rest = number.coefficient(); rest != 0; rest /= 10) {
    const int digit = std::abs(static_cast<int>(rest % 10));
    digits.insert(digits.begin(), static_cast<char>('0' + digit));
  }
  const int place = number.exponent() + static_cast<int>(digits.size());
  digits.resize(digits.find_last_not_of('0') + 1);
  digits.push_back('\0');
  std::string magnitude =
      BigEndian(static_cast<uint64_t>(place + kExponentBias), 2) + digits;
  if (number.coefficient() > 0) return kPositive + magnitude;
  for (char& byte : magnitude) byte = static_cast<char>(~byte);
  return kNegative + magnitude;
}

// The number of an end that is a whole one.
int64_t WholeAt(const std::optional<End>& end, int64_t otherwise) {
  if (!end.has_value()) return otherwise;
  return static_cast<int64_t>(end->number.coefficient());
}

std::string EncodeDay(int64_t day) {
  constexpr int64_t kBias = int64_t{1} << 31;
  return BigEndian(static_cast<uint64_t>(day + kBias), 4);
}

std::string EncodeInstant(int64_t microseconds) {
  constexpr uint64_t kBias = uint64_t{1} << 63;
  return BigEndian(static_cast<uint64_t>(microseconds) ^ kBias, 8);
}

std::string EncodeDays(const Interval& days) {
  const int64_t first = WholeAt(days.lower, kBeginningOfTime.number);
  const int64_t last = WholeAt(days.upper, kEndOfTime.number);
  const bool few = last - first < kMaxShortDays;
  return absl::StrCat(std::string(1, few ? kDays : kManyDays), EncodeDay(first),
                      EncodeDay(last));
}

// A missing end sorts before all others.
std::string EncodeEnd(const std::optional<End>& end) {
  if (!end.has_value()) return std::string(1, '\0');
  return '\1' + EncodeDecimal(end->number);
}

bool IsOneNumber(const Interval& interval) {
  return interval.lower.has_value() && interval.upper.has_value() &&
         CompareNumbers(interval.lower->number, interval.upper->number) == 0;
}

std::string EncodeNumbers(const Place& place) {
  const Interval& interval = place.interval;
  if (IsOneNumber(interval)) {
    return absl::StrCat(std::string(1, kNumber), EncodeText(place.unit),
                        EncodeDecimal(interval.lower->number));
  }
  return absl::StrCat(std::string(1, kNumberRange), EncodeText(place.unit),
                      EncodeEnd(interval.lower), EncodeEnd(interval.upper));
}

std::string Encode(const Value& value) {
  const Place place = PlaceOf(value);
  switch (place.line) {
    case Line::kNumber:
      return EncodeNumbers(place);
    case Line::kDay:
      return EncodeDays(place.interval);
    case Line::kInstant:
      return kInstant + EncodeInstant(WholeAt(place.interval.lower, 0));
    case Line::kText:
      return kText + EncodeText(place.text);
    case Line::kOther:
      break;
  }
  std::string bytes;
  PutValue(value, &bytes);
  return kOther + Digest128(bytes);
}

// Ranges in the making, for one property.
class Ranges {
 public:
  explicit Ranges(PropertyId property) : prefix_(PropertyPrefix(property)) {}

  // From the encoded value `from` to all that begins with `to`.
  void Add(const std::string& from, const std::string& to) {
    ranges_.push_back({prefix_ + from.substr(0, kMaxValueBytes),
                       prefix_ + to.substr(0, kMaxValueBytes) + kBehind});
  }

  // Of one encoded value.
  void AddOne(const std::string& encoded) { Add(encoded, encoded); }

  std::vector<KeyRange> Take() && { return std::move(ranges_); }

 private:
  std::string prefix_;
  std::vector<KeyRange> ranges_;
};

void AddNumbers(const Interval& wanted, absl::string_view unit,
                Ranges& ranges) {
  const std::string one = kNumber + EncodeText(unit);
  const std::string several = kNumberRange + EncodeText(unit);
  const auto& [lower, upper] = wanted;
  ranges.Add(lower ? one + EncodeDecimal(lower->number) : one,
             upper ? one + EncodeDecimal(upper->number) : one);
  ranges.Add(several, upper ? several + EncodeEnd(upper) : several);
}

void AddDays(const Interval& wanted, Ranges& ranges) {
  const int64_t first = WholeAt(wanted.lower, kBeginningOfTime.number);
  const int64_t last = WholeAt(wanted.upper, kEndOfTime.number);
  const int64_t reach =
      std::max<int64_t>(first - kMaxShortDays, kBeginningOfTime.number);
  ranges.Add(kDays + EncodeDay(reach), kDays + EncodeDay(last));
  ranges.Add(std::string(1, kManyDays), kManyDays + EncodeDay(last));
}

void AddInstants(const Interval& wanted, Ranges& ranges) {
  const int64_t first =
      WholeAt(wanted.lower, std::numeric_limits<int64_t>::min());
  const int64_t last =
      WholeAt(wanted.upper, std::numeric_limits<int64_t>::max());
  ranges.Add(kInstant + EncodeInstant(first), kInstant + EncodeInstant(last));
}

// The days wanted, as instants. Days lie within the years of a Date.
Interval ToInstants(Interval days) {
  if (days.lower.has_value()) {
    days.lower->number = Decimal(WholeAt(days.lower, 0) * kMicrosecondsPerDay);
  }
  if (days.upper.has_value()) {
    days.upper->number =
        Decimal((WholeAt(days.upper, 0) + 1) * kMicrosecondsPerDay);
  }
  return days;
}

void AddTexts(Comparison comparison, absl::string_view text, Ranges& ranges) {
  const std::string all(1, kText);
  switch (comparison) {
    case Comparison::kEqual:
      return ranges.AddOne(kText + EncodeText(text));
    case Comparison::kLess:
    case Comparison::kLessOrEqual:
      return ranges.Add(all, kText + EncodeText(text));
    default:
      return ranges.Add(kText + Escape(text), all);
  }
}

}  // namespace

std::string PropertyPrefix(PropertyId property) {
  return BigEndian(property.value, kNameIdBytes);
}

std::string ValueKey(PropertyId property, const Value& value) {
  std::string encoded = Encode(value);
  if (encoded.size() > kMaxValueBytes) {
    encoded = encoded.substr(0, kMaxValueBytes) + Digest128(encoded);
  }
  return PropertyPrefix(property) + encoded;
}

std::vector<KeyRange> KeyRanges(PropertyId property,
                                const Predicate& predicate) {
  Ranges ranges(property);
  if (predicate.comparison == Comparison::kExists) {
    ranges.AddOne("");
    return std::move(ranges).Take();
  }
  const Place bound = PlaceOf(predicate.bound);
  const Interval wanted = Satisfying(predicate.comparison, bound.interval);
  switch (bound.line) {
    case Line::kNumber:
      AddNumbers(wanted, bound.unit, ranges);
      break;
    case Line::kDay:
      AddDays(wanted, ranges);
      AddInstants(ToInstants(wanted), ranges);
      break;
    case Line::kInstant:
      AddInstants(wanted, ranges);
      break;
    case Line::kText:
      AddTexts(predicate.comparison, bound.text, ranges);
      break;
    case Line::kOther:
      ranges.AddOne(Encode(predicate.bound));
      break;
  }
  return std::move(ranges).Take();
}

}  // namespace guanxi::store
