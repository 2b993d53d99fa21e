#include "graph/traverse/path_list.h"

#include <algorithm>

#include "graph/traverse/price.h"

namespace guanxi::traverse {

PathLister::PathLister(const PathSteps& steps, PathShape shape,
                       const PathSpec& spec, Meter& meter)
    : steps_(steps),
      shape_(shape),
      spec_(spec),
      meter_(meter),
      entered_(steps.waypoint_count(), false) {}

void PathLister::ListLength(int length, VisitPath take) {
  bool more = true;
  for (uint32_t from = 0; more && Going() && from < steps_.waypoint_count();
       ++from) {
    if (steps_.CanBegin(from, length)) more = ListFrom(from, length, take);
  }
}

// Calls `take` with each path of the length that begins here. Returns whether
// to go on, as ListOn() does.
bool PathLister::ListFrom(uint32_t from, int length, VisitPath take) {
  Enter(Begin(from));
  bool more = length > 0 || take(path_);
  while (more && Going() && length > 0 && !turns_.empty()) {
    more = ListOn(length, take);
  }
  while (!turns_.empty()) Leave();
  return more;
}

bool PathLister::ListOn(int length, VisitPath take) {
  const std::optional<size_t> step = NextStep();
  if (!step.has_value()) return Going();
  const int left = length - static_cast<int>(turns_.size());
  const Step& taken = steps_[*step];
  const std::optional<Turn> next =
      After(*step, left == 0 ? steps_.AdmitsLast(taken) : steps_.Admits(taken));
  if (!next.has_value()) return true;
  if (left > 0) {
    if (!steps_.LeadsOn(next->waypoint, next->states, left)) return true;
    path_.relationships.push_back(taken.relationship);
    Enter(*next);
    return true;
  }
  const bool ends = steps_.MayEnd(next->waypoint, next->states);
  if (!ends || IsListedTheOtherWay(*step)) return true;
  path_.relationships.push_back(taken.relationship);
  Enter(*next);
  const bool more = take(path_);
  Leave();
  return more;
}

PathCounts PathLister::Count(const Lengths& lengths) {
  counted_.assign(steps_.waypoint_count(), false);
  PathCounts counts;
  for (uint32_t from = 0; Going() && from < steps_.waypoint_count(); ++from) {
    if (steps_.waypoint(from).is_from) CountFrom(from, lengths, counts);
  }
  return counts;
}

void PathLister::CountFrom(uint32_t from, const Lengths& lengths,
                           PathCounts& counts) {
  const Turn begin = Begin(from);
  const bool is_path =
      lengths.shortest == 0 && steps_.MayEnd(from, begin.states);
  if (is_path) AddTo(counts, 0, from);
  Enter(begin);
  while (Going() && lengths.longest > 0 && !turns_.empty()) {
    CountOn(lengths, counts);
  }
  while (!turns_.empty()) Leave();
}

void PathLister::CountOn(const Lengths& lengths, PathCounts& counts) {
  const std::optional<size_t> step = NextStep();
  if (!step.has_value()) return;
  const Step& taken = steps_[*step];
  const auto length = static_cast<int>(turns_.size());
  if (length >= lengths.shortest) {
    const std::optional<Turn> end = After(*step, steps_.AdmitsLast(taken));
    const bool ends = end && steps_.MayEnd(end->waypoint, end->states) &&
                      !IsListedTheOtherWay(*step);
    if (ends) AddTo(counts, turns_.size(), end->waypoint);
  }
  if (length == lengths.longest) return;
  const std::optional<Turn> next = After(*step, steps_.Admits(taken));
  const bool leads_on = next && next->states != 0 &&
                        steps_.LeadsOnWithin(next->waypoint, next->states,
                                             lengths.longest - length);
  if (!leads_on) return;
  path_.relationships.push_back(taken.relationship);
  Enter(*next);
}

void PathLister::AddTo(PathCounts& counts, size_t length, uint32_t end) {
  if (length >= counts.by_length.size()) counts.by_length.resize(length + 1);
  ++counts.by_length[length];
  counts.ends += counted_[end] ? 0 : 1;
  counted_[end] = true;
}

// The step to try next from where the walk stands; nullopt: there was none, and
// it has gone back by one, or the meter says no.
std::optional<size_t> PathLister::NextStep() {
  Turn& here = turns_.back();
  if (here.next == steps_.EndFrom(here.waypoint)) {
    Leave();
    return std::nullopt;
  }
  if (!meter_.CountRelationship()) return std::nullopt;
  return here.next++;
}

// Where a step that `admits` admit leads from where the walk stands; nullopt:
// it is not to be taken.
std::optional<PathLister::Turn> PathLister::After(size_t step,
                                                  States admits) const {
  const Turn& here = turns_.back();
  const Step& taken = steps_[step];
  if (!MayTake(taken)) return std::nullopt;
  const double confidence = here.confidence * steps_.Confidence(step);
  if (confidence < spec_.min_path_confidence * (1 - kRounding)) {
    return std::nullopt;
  }
  return Turn{.waypoint = taken.to,
              .states = steps_.pattern().Advance(here.states, admits),
              .confidence = confidence,
              .next = steps_.FirstFrom(taken.to)};
}

bool PathLister::MayTake(const Step& step) const {
  const auto is_taken = [&] {
    return std::ranges::count(path_.relationships, step.relationship) > 0;
  };
  if (shape_ == PathShape::kCycle) return !entered_[step.to] && !is_taken();
  switch (spec_.restrictor) {
    case PathRestrictor::kAcyclic:
      return !entered_[step.to];
    case PathRestrictor::kTrail:
      return !is_taken();
    case PathRestrictor::kWalk:
      return true;
  }
  return true;
}

// Whether the path that a step ends is a cycle that is listed, or was, the
// other way round.
bool PathLister::IsListedTheOtherWay(size_t step) const {
  if (shape_ == PathShape::kOpen || !spec_.pattern.empty() ||
      turns_.size() < 2 || spec_.traversal.direction != Direction::kBoth) {
    return false;
  }
  const uint32_t second = turns_[1].waypoint;
  const uint32_t last = turns_.back().waypoint;
  if (second != last) return last < second;
  // There and back, by two relationships, of which the first is `next - 1`.
  for (size_t first = steps_.FirstFrom(turns_[0].waypoint);
       first + 1 < turns_[0].next; ++first) {
    if (steps_[first].relationship == steps_[step].relationship) return true;
  }
  return false;
}

PathLister::Turn PathLister::Begin(uint32_t from) const {
  return {.waypoint = from,
          .states = steps_.pattern().start(),
          .next = steps_.FirstFrom(from)};
}

void PathLister::Enter(const Turn& turn) {
  entered_[turn.waypoint] = true;
  const EntityId entity = steps_.waypoint(turn.waypoint).id;
  at_ = {entity, static_cast<int>(turns_.size())};
  turns_.push_back(turn);
  path_.entities.push_back(entity);
}

void PathLister::Leave() {
  entered_[turns_.back().waypoint] = false;
  turns_.pop_back();
  path_.entities.pop_back();
  if (!path_.relationships.empty()) path_.relationships.pop_back();
}

}  // namespace guanxi::traverse
