#ifndef GUANXI_GRAPH_MODEL_TIMING_H_
#define GUANXI_GRAPH_MODEL_TIMING_H_

#include <vector>

#include "absl/types/span.h"

#include "graph/model/extent.h"
#include "graph/model/resolve.h"
#include "graph/value/date.h"

namespace guanxi {

// On which days one claim holds (DESIGN.md §1.1).
struct Timing {
  std::vector<Span> spans;
  std::vector<DayRange> unrecorded;  // before an observation, or stale
  bool undated = false;              // it holds always for want of any date
  bool denies_outside = false;       // `during`, or the date of an event

  Holds HoldsOn(Day day) const;
  bool UnrecordedOn(Day day) const;
};

// A claim's candidate with what its value can mean and when it holds.
struct TimedCandidate {
  Candidate candidate;
  Extent extent;
  Timing timing;

  const Claim& claim() const { return *candidate.claim; }
};

// Times each claim by itself, ends observations by their successors and gives
// undated claims the time of their compatible dated ones.
std::vector<TimedCandidate> TimeClaims(const FactTime& time,
                                       absl::Span<const Candidate> candidates);

}  // namespace guanxi

#endif  // GUANXI_GRAPH_MODEL_TIMING_H_
