#ifndef GUANXI_GRAPH_STORE_LENS_H_
#define GUANXI_GRAPH_STORE_LENS_H_

#include <optional>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"

#include "graph/model/view.h"
#include "graph/store/record.h"

namespace guanxi::store {

// A stretch of days on which a fact shows one slice.
struct Stretch {
  DayRange days;
  const Slice* slice = nullptr;
  friend bool operator==(const Stretch&, const Stretch&) = default;
};

// The slice that a fact shows on a day: that of the first admitted mode class,
// in the order of Mode, that holds. nullptr if none does.
const Slice* SliceOn(absl::Span<const Slice> slices, const ModeSet& modes,
                     Day day);

// Whether a fact with these slices shows the same under every lens that admits
// asserted claims: by one slice, surely, on every day.
bool HoldsAlways(absl::Span<const Slice> slices);

// The slice of one mode class that holds on a day, or nullptr.
const Slice* SliceOfClassOn(absl::Span<const Slice> slices, Mode mode_class,
                            Day day);

// The days around one on which a fact shows the same slice of a mode class, or
// none (nullptr), if those that hold maybe do not count for `certain`.
Stretch StretchOfClassOn(absl::Span<const Slice> slices, Mode mode_class,
                         bool certain, Day day);

// What a lens shows of a fact, oldest first: the stretch around its day, or
// every one. A stretch that `certain` hides is left out.
using Stretches = absl::InlinedVector<Stretch, 1>;
Stretches ShowFact(absl::Span<const Slice> slices, const Lens& lens);

// The days on which a new one of the slices begins, and those after one's last,
// from the beginning of time on.
std::vector<Day> SliceStarts(
    absl::Span<const absl::Span<const Slice>> slices_of_facts);

// What a lens makes of one relationship; the best that can be said first.
enum class Admission : uint8_t {
  kShown,
  kLowConfidence,
  kUncertain,
  kOtherMode,  // `mode` says which
  kUnrecorded,
  kDenied,
  kAbsent,  // it does not hold; not counted
};
struct Admitted {
  Admission admission = Admission::kAbsent;
  Mode mode = Mode::kAsserted;
  RelationshipId relationship;  // of those that are folded the first
};

// By the relationship's fact of existence.
Admitted AdmitExistence(const RecordFact& existence, const Lens& lens);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_LENS_H_
