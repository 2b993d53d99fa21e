#include "graph/model/timing.h"

#include <algorithm>

#include "graph/value/time.h"

namespace guanxi {
namespace {

constexpr Span kAlways{};

Extent ExtentOf(const Candidate& candidate) {
  return Extent(candidate.value == nullptr ? Value() : *candidate.value);
}

bool SameClass(const TimedCandidate& a, const TimedCandidate& b) {
  return ModeClass(a.claim().mode) == ModeClass(b.claim().mode);
}

// Whether `other` has a say in the timing of `claim`. A denial says nothing of
// when something else holds.
bool MayTime(const TimedCandidate& other, const TimedCandidate& claim) {
  return &other != &claim && SameClass(other, claim) &&
         other.claim().mode != Mode::kNegated &&
         other.claim().rank != Rank::kDeprecated &&
         other.claim().valid.when.has_value();
}

bool IsObservation(const FactTime& time, const ValidTime& valid) {
  return time.kind == TimeKind::kState && valid.kind == ValidTime::Kind::kAt;
}

void EndBefore(Day certain, Day possible, Span& span) {
  span.certain.last = std::min(span.certain.last, Before(certain));
  span.possible.last = std::min(span.possible.last, Before(possible));
}

// The days on which `successor` can have taken over. What holds throughout a
// date took over on its first day.
DayRange TakeOverDays(const ValidTime& successor) {
  const When& when = *successor.when;
  if (successor.kind == ValidTime::Kind::kAt) return when.days();
  if (when.is_date()) return {when.days().first, when.days().first};
  return when.start_days();
}

// An observation holds from its day until an incompatible later claim, or until
// it is stale.
Timing TimeObservation(const FactTime& time, const TimedCandidate& observation,
                       absl::Span<const TimedCandidate> all) {
  const DayRange observed = observation.claim().valid.when->days();
  Span span{.possible = {observed.first, kEndOfTime},
            .certain = {observed.last, kEndOfTime}};
  Timing timing;
  timing.unrecorded.push_back({kBeginningOfTime, Before(observed.first)});
  if (time.stale_after.has_value()) {
    const Day possible_end = AddDuration(observed.last, *time.stale_after);
    EndBefore(After(AddDuration(observed.first, *time.stale_after)),
              After(possible_end), span);
    timing.unrecorded.push_back({After(possible_end), kEndOfTime});
  }
  for (const TimedCandidate& other : all) {
    if (!MayTime(other, observation)) continue;
    const DayRange start = TakeOverDays(other.claim().valid);
    if (start.first <= observed.last) continue;
    if (other.extent.Meets(observation.extent)) continue;
    EndBefore(start.first, start.last, span);
  }
  timing.spans.push_back(span);
  return timing;
}

Timing TimeDated(const FactTime& time, const TimedCandidate& claim,
                 absl::Span<const TimedCandidate> all) {
  const ValidTime& valid = claim.claim().valid;
  if (time.kind == TimeKind::kPeriod) return {.spans = {kAlways}};
  if (IsObservation(time, valid)) return TimeObservation(time, claim, all);
  const bool event = time.kind == TimeKind::kEvent;
  return {.spans = {event ? valid.when->Happened() : valid.when->During()},
          .denies_outside = true};
}

template <typename T>
void RemoveRepeated(std::vector<T>& items) {
  std::ranges::sort(items);
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

Timing TimeUndated(const TimedCandidate& undated,
                   absl::Span<const TimedCandidate> all) {
  Timing timing;
  for (const TimedCandidate& other : all) {
    if (!MayTime(other, undated)) continue;
    if (!other.extent.Meets(undated.extent)) continue;
    const Timing& from = other.timing;
    timing.spans.insert(timing.spans.end(), from.spans.begin(),
                        from.spans.end());
    timing.unrecorded.insert(timing.unrecorded.end(), from.unrecorded.begin(),
                             from.unrecorded.end());
  }
  if (timing.spans.empty()) return {.spans = {kAlways}, .undated = true};
  RemoveRepeated(timing.spans);
  RemoveRepeated(timing.unrecorded);
  return timing;
}

}  // namespace

Holds Timing::HoldsOn(Day day) const {
  Holds best = Holds::kNo;
  for (const Span& span : spans) best = std::max(best, span.HoldsOn(day));
  return best;
}

bool Timing::UnrecordedOn(Day day) const {
  return std::ranges::any_of(
      unrecorded, [day](const DayRange& days) { return days.Contains(day); });
}

std::vector<TimedCandidate> TimeClaims(const FactTime& time,
                                       absl::Span<const Candidate> candidates) {
  std::vector<TimedCandidate> timed;
  timed.reserve(candidates.size());
  for (const Candidate& candidate : candidates) {
    timed.push_back({candidate, ExtentOf(candidate), {}});
  }
  for (TimedCandidate& claim : timed) {
    if (claim.claim().valid.when) claim.timing = TimeDated(time, claim, timed);
  }
  for (TimedCandidate& claim : timed) {
    if (!claim.claim().valid.when) claim.timing = TimeUndated(claim, timed);
  }
  return timed;
}

}  // namespace guanxi
