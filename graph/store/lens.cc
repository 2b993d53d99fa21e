#include "graph/store/lens.h"

#include <algorithm>

namespace guanxi::store {
namespace {

bool Covers(const Slice& slice, Day day) {
  return slice.presence != Presence::kUnrecorded && slice.days.Contains(day);
}

// Every stretch of the fact's history, hidden ones included.
std::vector<Stretch> History(const RecordFact& fact, const ModeSet& modes) {
  std::vector<Stretch> history;
  const std::vector<Day> starts = SliceStarts({&fact});
  for (size_t i = 0; i < starts.size(); ++i) {
    const Slice* slice = SliceOn(fact, modes, starts[i]);
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

bool HoldsAlways(const RecordFact& fact) {
  if (fact.slices.size() != 1) return false;
  const Slice& slice = fact.slices.front();
  return slice.days == DayRange{} && slice.presence == Presence::kYes &&
         slice.mode_class == Mode::kAsserted;
}

const Slice* SliceOfClassOn(const RecordFact& fact, Mode mode_class, Day day) {
  for (const Slice& slice : fact.slices) {
    if (slice.mode_class == mode_class && Covers(slice, day)) return &slice;
  }
  return nullptr;
}

const Slice* SliceOn(const RecordFact& fact, const ModeSet& modes, Day day) {
  // Slices are sorted by mode class.
  for (const Slice& slice : fact.slices) {
    if (modes.Contains(slice.mode_class) && Covers(slice, day)) return &slice;
  }
  return nullptr;
}

std::vector<Day> SliceStarts(const std::vector<const RecordFact*>& facts) {
  std::vector<Day> starts = {kBeginningOfTime};
  for (const RecordFact* fact : facts) {
    for (const Slice& slice : fact->slices) {
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

std::vector<Stretch> ShowFact(const RecordFact& fact, const Lens& lens) {
  if (HoldsAlways(fact) && lens.modes.Contains(Mode::kAsserted)) {
    return {{DayRange(), &fact.slices.front()}};
  }
  std::vector<Stretch> shown = History(fact, lens.modes);
  std::erase_if(shown, [&lens](const Stretch& stretch) {
    return (lens.certain && stretch.slice->presence == Presence::kMaybe) ||
           (lens.valid_at && !stretch.days.Contains(*lens.valid_at));
  });
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
    const Slice* slice = SliceOn(existence, lens.modes, *lens.valid_at);
    if (slice != nullptr) improve_by(*slice);
  } else {
    for (const Stretch& stretch : History(existence, lens.modes)) {
      improve_by(*stretch.slice);
    }
  }
  if (best.admission != Admission::kAbsent) return best;
  for (const Slice& slice : existence.slices) {
    if (!Touches(slice, lens)) continue;
    if (slice.mode_class == Mode::kNegated) {
      if (slice.presence == Presence::kUnrecorded) continue;
      improve(Admission::kDenied, slice.mode_class);
    } else if (slice.presence == Presence::kUnrecorded) {
      improve(Admission::kUnrecorded, slice.mode_class);
    } else {
      improve(Admission::kOtherMode, slice.mode_class);
    }
  }
  return best;
}

}  // namespace guanxi::store
