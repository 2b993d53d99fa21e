#include "graph/store/lens.h"

#include <algorithm>

namespace guanxi::store {
namespace {

bool IsRecorded(const Slice& slice) {
  return slice.presence != Presence::kUnrecorded;
}

bool Covers(const Slice& slice, Day day) {
  return IsRecorded(slice) && slice.days.Contains(day);
}

// Every stretch of a fact's history, hidden ones included.
Stretches History(absl::Span<const Slice> slices, const ModeSet& modes) {
  Stretches history;
  const std::vector<Day> starts = SliceStarts({slices});
  for (size_t i = 0; i < starts.size(); ++i) {
    const Slice* slice = SliceOn(slices, modes, starts[i]);
    if (slice == nullptr) continue;
    const Day last =
        i + 1 == starts.size() ? kEndOfTime : Before(starts[i + 1]);
    const bool joins = !history.empty() && history.back().slice == slice &&
                       After(history.back().days.last) == starts[i];
    if (joins) {
      history.back().days.last = last;
    } else {
      history.push_back({{starts[i], last}, slice});
    }
  }
  return history;
}

// Leaves of `days` those around `day` that are not beyond others.
void CutAround(Day day, const DayRange& others, DayRange& days) {
  if (others.last < day) {
    days.first = std::max(days.first, After(others.last));
  } else if (day < others.first) {
    days.last = std::min(days.last, Before(others.first));
  }
}

// The stretch of the history around a day: a slice gives way on the days of
// those that stand before it.
Stretches StretchOn(absl::Span<const Slice> slices, const ModeSet& modes,
                    Day day) {
  const Slice* shown = SliceOn(slices, modes, day);
  if (shown == nullptr) return {};
  DayRange days = shown->days;
  for (const Slice* before = slices.data(); before != shown; ++before) {
    if (!modes.Contains(before->mode_class) || !IsRecorded(*before)) continue;
    CutAround(day, before->days, days);
  }
  return {{days, shown}};
}

// Whether `days` of a lens, one or any, touch the slice.
bool Touches(const Slice& slice, const Lens& lens) {
  return !lens.valid_at.has_value() || slice.days.Contains(*lens.valid_at);
}

Admission AdmissionOf(const RecordFact& existence, const Slice& slice,
                      const Lens& lens) {
  if (lens.certain && slice.presence == Presence::kMaybe) {
    return Admission::kUncertain;
  }
  if (existence.winners[slice.winner].confidence < lens.min_confidence) {
    return Admission::kLowConfidence;
  }
  return Admission::kShown;
}

}  // namespace

bool HoldsAlways(absl::Span<const Slice> slices) {
  if (slices.size() != 1) return false;
  const Slice& slice = slices.front();
  return slice.days == DayRange{} && slice.presence == Presence::kYes &&
         slice.mode_class == Mode::kAsserted;
}

const Slice* SliceOfClassOn(absl::Span<const Slice> slices, Mode mode_class,
                            Day day) {
  for (const Slice& slice : slices) {
    if (slice.mode_class == mode_class && Covers(slice, day)) return &slice;
  }
  return nullptr;
}

Stretch StretchOfClassOn(absl::Span<const Slice> slices, Mode mode_class,
                         bool certain, Day day) {
  Stretch none;
  for (const Slice& slice : slices) {
    const bool is_hidden = certain && slice.presence == Presence::kMaybe;
    if (slice.mode_class != mode_class || !IsRecorded(slice) || is_hidden) {
      continue;
    }
    // Those of one class have no day in common.
    if (slice.days.Contains(day)) return {slice.days, &slice};
    CutAround(day, slice.days, none.days);
  }
  return none;
}

const Slice* SliceOn(absl::Span<const Slice> slices, const ModeSet& modes,
                     Day day) {
  // Slices are sorted by mode class.
  for (const Slice& slice : slices) {
    if (modes.Contains(slice.mode_class) && Covers(slice, day)) return &slice;
  }
  return nullptr;
}

std::vector<Day> SliceStarts(
    absl::Span<const absl::Span<const Slice>> slices_of_facts) {
  std::vector<Day> starts = {kBeginningOfTime};
  for (const absl::Span<const Slice> slices : slices_of_facts) {
    for (const Slice& slice : slices) {
      starts.push_back(slice.days.first);
      if (slice.days.last != kEndOfTime) {
        starts.push_back(After(slice.days.last));
      }
    }
  }
  std::sort(starts.begin(), starts.end());
  starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
  return starts;
}

Stretches ShowFact(absl::Span<const Slice> slices, const Lens& lens) {
  if (HoldsAlways(slices) && lens.modes.Contains(Mode::kAsserted)) {
    return {{DayRange(), &slices.front()}};
  }
  Stretches shown = lens.valid_at.has_value()
                        ? StretchOn(slices, lens.modes, *lens.valid_at)
                        : History(slices, lens.modes);
  if (!lens.certain) return shown;
  const auto is_hidden = [](const Stretch& stretch) {
    return stretch.slice->presence == Presence::kMaybe;
  };
  shown.erase(std::remove_if(shown.begin(), shown.end(), is_hidden),
              shown.end());
  return shown;
}

Admitted AdmitExistence(const RecordFact& existence, const Lens& lens) {
  Admitted best;
  const auto improve = [&best](Admission admission, Mode mode) {
    if (admission < best.admission) best = {admission, mode};
  };
  const auto improve_by = [&](const Slice& slice) {
    improve(AdmissionOf(existence, slice, lens), slice.mode_class);
  };
  if (lens.valid_at.has_value()) {
    const Slice* slice = SliceOn(existence.slices, lens.modes, *lens.valid_at);
    if (slice != nullptr) improve_by(*slice);
  } else {
    for (const Stretch& stretch : History(existence.slices, lens.modes)) {
      improve_by(*stretch.slice);
    }
  }
  if (best.admission != Admission::kAbsent) return best;
  for (const Slice& slice : existence.slices) {
    if (!Touches(slice, lens)) continue;
    if (slice.mode_class == Mode::kNegated) {
      if (!IsRecorded(slice)) continue;
      improve(Admission::kDenied, slice.mode_class);
    } else if (!IsRecorded(slice)) {
      improve(Admission::kUnrecorded, slice.mode_class);
    } else {
      improve(Admission::kOtherMode, slice.mode_class);
    }
  }
  return best;
}

}  // namespace guanxi::store
