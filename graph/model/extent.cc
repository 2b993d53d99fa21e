#include "graph/model/extent.h"

#include <utility>

#include "graph/base/check.h"

namespace guanxi {
namespace {

// The number of missing ends, then the length between those that are there:
// every half-line is as wide as every other.
std::pair<int, int64_t> Width(const DayRange& days) {
  const int missing = (days.first == kBeginningOfTime ? 1 : 0) +
                      (days.last == kEndOfTime ? 1 : 0);
  if (missing > 0) return {missing, 0};
  return {0, int64_t{days.last.number} - int64_t{days.first.number}};
}

}  // namespace

Extent::Extent(const Value& value) {
  if (const auto* number = value.get_if<int64_t>()) {
    held_ = Interval::Point(Decimal(*number));
  } else if (const auto* decimal = value.get_if<Decimal>()) {
    held_ = PrintedPrecision(*decimal);
  } else if (const auto* quantity = value.get_if<Quantity>()) {
    held_ = quantity->Tolerance();
  } else if (const auto* date = value.get_if<Date>()) {
    held_ = date->days();
  } else if (const auto* when = value.get_if<When>()) {
    held_ = when->days();
  } else {
    held_ = value;
  }
}

bool Extent::Meets(const Extent& other) const {
  if (held_.index() != other.held_.index()) return false;
  if (const auto* interval = std::get_if<Interval>(&held_)) {
    return !guanxi::Intersect(*interval, std::get<Interval>(other.held_))
                .empty();
  }
  if (const auto* days = std::get_if<DayRange>(&held_)) {
    return !guanxi::Intersect(*days, std::get<DayRange>(other.held_)).empty();
  }
  return std::get<Value>(held_) == std::get<Value>(other.held_);
}

Extent Extent::Intersect(const Extent& other) const {
  GUANXI_CHECK(held_.index() == other.held_.index());
  if (const auto* interval = std::get_if<Interval>(&held_)) {
    return Extent(
        Held(guanxi::Intersect(*interval, std::get<Interval>(other.held_))));
  }
  if (const auto* days = std::get_if<DayRange>(&held_)) {
    return Extent(
        Held(guanxi::Intersect(*days, std::get<DayRange>(other.held_))));
  }
  return *this;
}

std::weak_ordering Extent::CompareWidths(const Extent& a, const Extent& b) {
  if (a.held_.index() != b.held_.index()) {
    return a.held_.index() <=> b.held_.index();
  }
  if (const auto* interval = std::get_if<Interval>(&a.held_)) {
    return guanxi::CompareWidths(*interval, std::get<Interval>(b.held_));
  }
  if (const auto* days = std::get_if<DayRange>(&a.held_)) {
    return Width(*days) <=> Width(std::get<DayRange>(b.held_));
  }
  return std::weak_ordering::equivalent;
}

std::weak_ordering Extent::CompareNarrowness(const Extent& a, const Extent& b) {
  const std::weak_ordering width = CompareWidths(a, b);
  if (width != 0 || a.held_.index() != b.held_.index()) return width;
  if (const auto* interval = std::get_if<Interval>(&a.held_)) {
    return CompareLowerEnds(*interval, std::get<Interval>(b.held_));
  }
  if (const auto* days = std::get_if<DayRange>(&a.held_)) {
    return days->first <=> std::get<DayRange>(b.held_).first;
  }
  return std::get<Value>(a.held_) <=> std::get<Value>(b.held_);
}

bool Compatible(const Value& a, const Value& b) {
  return Extent(a).Meets(Extent(b));
}

}  // namespace guanxi
