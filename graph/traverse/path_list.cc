#include "graph/traverse/path_list.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "graph/base/status_macros.h"
#include "graph/traverse/order.h"
#include "graph/traverse/price.h"

namespace guanxi::traverse {
namespace {

// Lengths that a word of bits has: those of the walks onwards from the second
// entity of a path. Of its first one the longest length is not told.
constexpr int kLengths = std::numeric_limits<uint64_t>::digits;
static_assert(PathSpec::kMaxLength <= kLengths);

constexpr int kUnreached = std::numeric_limits<int>::max();

bool Has(uint64_t bits, size_t bit) { return (bits >> bit & 1) != 0; }

}  // namespace

PathLister::PathLister(const store::Snapshot& snapshot,
                       const PathSearch& search, PathShape shape,
                       const PathSpec& spec, Meter& meter)
    : snapshot_(snapshot),
      pattern_(search.pattern()),
      shape_(shape),
      ends_anywhere_(search.LeadsAnywhere()),
      spec_(spec),
      meter_(meter),
      web_(search.web()),
      at_(search.at()) {}

absl::Status PathLister::Prepare(int longest) {
  longest_ = longest;
  const size_t bytes =
      2 * sizeof(uint64_t) * web_.waypoints.size() * pattern_.size();
  if (!meter_.CountBytes(static_cast<int64_t>(bytes))) return absl::OkStatus();
  FindLengths();
  shortest_ = kLengths;
  for (uint32_t i = 0; i < web_.waypoints.size(); ++i) {
    if (web_.waypoints[i].is_from) {
      shortest_ = std::min(shortest_, ShortestFrom(i));
    }
  }
  if (!Going()) return absl::OkStatus();
  Prune();
  return Sort();
}

// Goes over the steps until nothing changes, at most once for each length and
// step of the pattern.
void PathLister::FindLengths() {
  lengths_.assign(web_.waypoints.size() * pattern_.size(), 0);
  for (uint32_t i = 0; i < web_.waypoints.size(); ++i) {
    if (!web_.waypoints[i].is_to) continue;
    lengths(i, pattern_.size() - 1) = 1;
    Skip(i);
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (const Step& step : web_.steps) {
      if (!meter_.CountStep()) return;
      changed |= AddLengths(step);
    }
  }
}

// Adds to the lengths of where a step begins those of where it leads; returns
// whether that makes a difference.
bool PathLister::AddLengths(const Step& step) {
  bool changed = false;
  for (States left = step.admits; left != 0; left &= left - 1) {
    const auto state = static_cast<size_t>(std::countr_zero(left));
    uint64_t onwards = lengths(step.to, pattern_.Next(state));
    if (!Has(web_.waypoints[step.to].passes, state)) {
      onwards &= ends_anywhere_ ? 0 : 1;  // the path ends there
    }
    uint64_t& known = lengths(step.from, state);
    changed |= (known | onwards << 1) != known;
    known |= onwards << 1;
  }
  if (changed) Skip(step.from);
  return changed;
}

// Gives states that are another one too the lengths of that.
void PathLister::Skip(uint32_t waypoint) {
  for (const Pattern::Skip& skip : pattern_.skips()) {
    lengths(waypoint, skip.from) |= lengths(waypoint, skip.to);
  }
}

// How many steps each waypoint is from where paths begin.
std::vector<int> PathLister::FindDepths() {
  std::vector<int> depths;
  for (const Waypoint& waypoint : web_.waypoints) {
    depths.push_back(waypoint.is_from ? 0 : kUnreached);
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (const Step& step : web_.steps) {
      if (!meter_.CountStep()) return depths;
      const Waypoint& from = web_.waypoints[step.from];
      const int depth =
          from.passes != 0 || from.is_from ? depths[step.from] : kUnreached;
      if (depth == kUnreached || depth + 1 >= depths[step.to]) continue;
      depths[step.to] = depth + 1;
      changed = true;
    }
  }
  return depths;
}

// kLengths if there is no way to an end, or none so short.
int PathLister::ShortestFrom(uint32_t waypoint) const {
  return std::countr_zero(lengths_[waypoint * pattern_.size()]);
}

// Likewise, in whatever state.
int PathLister::ShortestOnwards(uint32_t waypoint) const {
  uint64_t all = 0;
  for (size_t state = 0; state < pattern_.size(); ++state) {
    all |= lengths_[waypoint * pattern_.size() + state];
  }
  return std::countr_zero(all);
}

// Leaves of the web what paths up to the longest length can be made of.
void PathLister::Prune() {
  const std::vector<int> depths = FindDepths();
  if (!Going()) return;
  const auto is_of_use = [&](const Step& step) {
    const int depth = depths[step.from];
    return depth != kUnreached &&
           depth + 1 + ShortestOnwards(step.to) <= longest_;
  };
  std::erase_if(web_.steps, [&](const Step& step) { return !is_of_use(step); });
  std::vector<bool> used(web_.waypoints.size(), false);
  for (const Step& step : web_.steps) {
    used[step.from] = true;
    used[step.to] = true;
  }
  std::vector<uint32_t> kept;
  for (uint32_t i = 0; i < web_.waypoints.size(); ++i) {
    const Waypoint& waypoint = web_.waypoints[i];
    if (used[i] || (waypoint.is_from && waypoint.is_to)) kept.push_back(i);
  }
  Keep(kept);
}

// Leaves these waypoints, in this order.
void PathLister::Keep(const std::vector<uint32_t>& kept) {
  std::vector<Waypoint> waypoints;
  std::vector<uint64_t> lengths;
  std::vector<uint32_t> place(web_.waypoints.size(), 0);
  for (const uint32_t old : kept) {
    place[old] = static_cast<uint32_t>(waypoints.size());
    waypoints.push_back(web_.waypoints[old]);
    const auto row =
        lengths_.begin() +
        static_cast<int64_t>(old) * static_cast<int64_t>(pattern_.size());
    lengths.insert(lengths.end(), row,
                   row + static_cast<int64_t>(pattern_.size()));
  }
  web_.waypoints = std::move(waypoints);
  lengths_ = std::move(lengths);
  for (Step& step : web_.steps) {
    step.from = place[step.from];
    step.to = place[step.to];
  }
}

// Numbers the waypoints by key and puts the steps in order.
absl::Status PathLister::Sort() {
  std::vector<std::pair<std::string, uint32_t>> keys;
  for (uint32_t i = 0; i < web_.waypoints.size(); ++i) {
    ASSIGN_OR_RETURN(std::string key,
                     snapshot_.EntityKey(web_.waypoints[i].id));
    const auto bytes = static_cast<int64_t>(key.size());
    if (!meter_.CountStep() || !meter_.CountBytes(bytes)) {
      return absl::OkStatus();
    }
    keys.emplace_back(std::move(key), i);
  }
  std::ranges::sort(keys);
  std::vector<uint32_t> order;
  for (const auto& [key, waypoint] : keys) order.push_back(waypoint);
  Keep(order);
  MergeEqualSteps();
  RETURN_IF_ERROR(SortParallel());
  first_step_.assign(web_.waypoints.size() + 1, 0);
  for (const Step& step : web_.steps) ++first_step_[step.from + 1];
  std::partial_sum(first_step_.begin(), first_step_.end(), first_step_.begin());
  entered_.assign(web_.waypoints.size(), false);
  return ReadConfidences();
}

void PathLister::MergeEqualSteps() {
  std::ranges::sort(web_.steps);
  std::vector<Step> merged;
  for (const Step& step : web_.steps) {
    const bool again = !merged.empty() && merged.back().from == step.from &&
                       merged.back().to == step.to &&
                       merged.back().relationship == step.relationship;
    if (!again) merged.push_back(step);
    merged.back().admits |= step.admits;
  }
  web_.steps = std::move(merged);
}

// Puts steps between the same two entities in order, by type and text.
absl::Status PathLister::SortParallel() {
  for (auto begin = web_.steps.begin(); begin != web_.steps.end();) {
    if (!meter_.CountStep()) return absl::OkStatus();
    const auto end = std::find_if(begin, web_.steps.end(), [&](const Step& s) {
      return s.from != begin->from || s.to != begin->to;
    });
    std::vector<std::pair<ParallelRank, Step>> parallel;
    for (auto step = begin; end - begin > 1 && step != end; ++step) {
      if (!meter_.CountStep()) return absl::OkStatus();
      ASSIGN_OR_RETURN(ParallelRank rank,
                       ReadParallelRank(snapshot_, step->relationship,
                                        spec_.traversal.lens));
      parallel.emplace_back(std::move(rank), *step);
    }
    std::ranges::sort(parallel);
    for (const auto& [rank, step] : parallel) *begin++ = step;
    begin = end;
  }
  return absl::OkStatus();
}

// Of each step, how sure its relationship is at best on the days of the lens.
absl::Status PathLister::ReadConfidences() {
  if (spec_.min_path_confidence == 0) return absl::OkStatus();
  for (const Step& step : web_.steps) {
    if (!meter_.CountStep()) return absl::OkStatus();
    ASSIGN_OR_RETURN(
        const std::vector<RelationshipView> views,
        snapshot_.ReadRelationship(step.relationship, spec_.traversal.lens,
                                   Evidence::kNone, {.property = ""}));
    double confidence = 0;
    for (const RelationshipView& view : views) {
      confidence = std::max(confidence, view.showing.confidence);
    }
    confidences_.push_back(confidence);
  }
  return absl::OkStatus();
}

void PathLister::ListLength(int length, VisitPath take) {
  length_ = length;
  bool more = true;
  for (uint32_t from = 0; more && Going() && from < web_.waypoints.size();
       ++from) {
    if (!web_.waypoints[from].is_from) continue;
    const bool leads_on = length == kLengths ||
                          Has(lengths(from, 0), static_cast<size_t>(length));
    if (leads_on) more = WalkFrom(from, take);
  }
}

// Calls `take` with each path of the length that begins here. Returns whether
// to go on, as WalkOn() does.
bool PathLister::WalkFrom(uint32_t from, VisitPath take) {
  Enter({.waypoint = from,
         .states = pattern_.start(),
         .next = first_step_[from]});
  bool more = length_ > 0 || take(path_);
  while (more && Going() && length_ > 0 && !turns_.empty()) {
    more = WalkOn(take);
  }
  while (!turns_.empty()) Leave();
  return more;
}

bool PathLister::WalkOn(VisitPath take) {
  Turn& here = turns_.back();
  if (here.next == first_step_[here.waypoint + 1]) {
    Leave();
    return true;
  }
  if (!meter_.CountRelationship()) return false;
  const size_t step = here.next++;
  const int left = length_ - static_cast<int>(turns_.size());
  const std::optional<Turn> next = After(step, left);
  if (!next.has_value() || !LeadsOn(*next, left)) return true;
  path_.relationships.push_back(web_.steps[step].relationship);
  Enter(*next);
  if (left > 0) return true;
  const bool more = IsListedTheOtherWay() || take(path_);
  Leave();
  return more;
}

// Where a step leads from where the walk stands, `left` steps from its end;
// nullopt: it is not to be taken.
std::optional<PathLister::Turn> PathLister::After(size_t step, int left) const {
  const Turn& here = turns_.back();
  const Step& taken = web_.steps[step];
  if (!MayTake(taken)) return std::nullopt;
  const bool is_bound = left > 0 || ends_anywhere_;
  const States passes = is_bound ? web_.waypoints[taken.to].passes : ~States{0};
  Turn next = {.waypoint = taken.to,
               .states = pattern_.Advance(here.states, taken.admits & passes),
               .confidence = here.confidence,
               .next = first_step_[taken.to]};
  if (!confidences_.empty()) next.confidence *= confidences_[step];
  if (next.confidence < spec_.min_path_confidence * (1 - kRounding)) {
    return std::nullopt;
  }
  return next;
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

bool PathLister::LeadsOn(const Turn& turn, int left) const {
  if (left == 0) {
    return web_.waypoints[turn.waypoint].is_to &&
           (turn.states & pattern_.end()) != 0;
  }
  const uint64_t* row = &lengths_[turn.waypoint * pattern_.size()];
  for (States states = turn.states; states != 0; states &= states - 1) {
    if (Has(row[std::countr_zero(states)], static_cast<size_t>(left))) {
      return true;
    }
  }
  return false;
}

// Whether the path is a cycle that is listed, or was, the other way round.
bool PathLister::IsListedTheOtherWay() const {
  if (shape_ == PathShape::kOpen || !spec_.pattern.empty() || length_ < 2 ||
      spec_.traversal.direction != Direction::kBoth) {
    return false;
  }
  const uint32_t second = turns_[1].waypoint;
  const uint32_t last = turns_[turns_.size() - 2].waypoint;
  if (second != last) return last < second;
  // There and back, by two relationships, of which the first is `next - 1`.
  const size_t first = first_step_[turns_[0].waypoint];
  for (size_t step = first; step + 1 < turns_[0].next; ++step) {
    if (web_.steps[step].relationship == path_.relationships.back()) {
      return true;
    }
  }
  return false;
}

void PathLister::Enter(const Turn& turn) {
  entered_[turn.waypoint] = true;
  at_ = web_.waypoints[turn.waypoint].id;
  turns_.push_back(turn);
  path_.entities.push_back(at_);
}

void PathLister::Leave() {
  entered_[turns_.back().waypoint] = false;
  turns_.pop_back();
  path_.entities.pop_back();
  if (!path_.relationships.empty()) path_.relationships.pop_back();
}

}  // namespace guanxi::traverse
