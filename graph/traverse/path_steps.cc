#include "graph/traverse/path_steps.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "graph/base/status_macros.h"
#include "graph/traverse/order.h"

namespace guanxi::traverse {
namespace {

// Lengths that a word of bits has: those of the walks onwards from the second
// entity of a path. Of its first one the longest length is not told.
constexpr int kLengths = std::numeric_limits<uint64_t>::digits;
static_assert(PathSpec::kMaxLength <= kLengths);

constexpr int kUnreached = std::numeric_limits<int>::max();

bool Has(uint64_t bits, size_t bit) { return (bits >> bit & 1) != 0; }

}  // namespace

PathSteps::PathSteps(const store::Snapshot& snapshot, const PathSearch& search,
                     const PathSpec& spec, Meter& meter)
    : snapshot_(snapshot),
      pattern_(search.pattern()),
      ends_anywhere_(search.LeadsAnywhere()),
      spec_(spec),
      meter_(meter),
      web_(search.web()) {}

absl::Status PathSteps::Prepare(int longest, Order order) {
  longest_ = longest;
  const bool all_lead_to_an_end = ends_anywhere_ && spec_.pattern.empty();
  if (!all_lead_to_an_end || order == Order::kByKey) {
    const size_t bytes =
        2 * sizeof(uint64_t) * web_.waypoints.size() * pattern_.size();
    if (!meter_.CountBytes(static_cast<int64_t>(bytes))) {
      return absl::OkStatus();
    }
    FindLengths();
    shortest_ = ShortestOfAll();
    if (!Going()) return absl::OkStatus();
    Prune();
  }
  if (order == Order::kByKey) {
    RETURN_IF_ERROR(SortByKey());
  } else {
    GroupAsMet();
  }
  first_.assign(web_.waypoints.size() + 1, 0);
  for (const Step& step : web_.steps) ++first_[step.from + 1];
  std::partial_sum(first_.begin(), first_.end(), first_.begin());
  return ReadConfidences();
}

bool PathSteps::CanBegin(uint32_t waypoint, int length) const {
  if (!web_.waypoints[waypoint].is_from) return false;
  return length == kLengths || LeadsOn(waypoint, 1, length);
}

bool PathSteps::LeadsOn(uint32_t waypoint, States states, int left) const {
  return !KnowsLengths() ||
         Has(LengthsFrom(waypoint, states), static_cast<size_t>(left));
}

bool PathSteps::LeadsOnWithin(uint32_t waypoint, States states,
                              int left) const {
  return !KnowsLengths() ||
         std::countr_zero(LengthsFrom(waypoint, states)) <= left;
}

uint64_t PathSteps::LengthsFrom(uint32_t waypoint, States states) const {
  const uint64_t* row = &lengths_[waypoint * pattern_.size()];
  uint64_t all = 0;
  for (; states != 0; states &= states - 1) {
    all |= row[std::countr_zero(states)];
  }
  return all;
}

// Goes over the steps until nothing changes, at most once for each length and
// step of the pattern.
void PathSteps::FindLengths() {
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
bool PathSteps::AddLengths(const Step& step) {
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
void PathSteps::Skip(uint32_t waypoint) {
  for (const Pattern::Skip& skip : pattern_.skips()) {
    lengths(waypoint, skip.from) |= lengths(waypoint, skip.to);
  }
}

// How many steps each waypoint is from where paths begin.
std::vector<int> PathSteps::FindDepths() {
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

// Of all paths; kLengths if there is none, or none so short.
int PathSteps::ShortestOfAll() const {
  int shortest = kLengths;
  for (uint32_t i = 0; i < web_.waypoints.size(); ++i) {
    if (!web_.waypoints[i].is_from) continue;
    shortest = std::min(shortest, std::countr_zero(LengthsFrom(i, 1)));
  }
  return shortest;
}

// From a waypoint to an end, in whatever state; kLengths as above.
int PathSteps::ShortestOnwards(uint32_t waypoint) const {
  const States all = pattern_.end() | (pattern_.end() - 1);
  return std::countr_zero(LengthsFrom(waypoint, all));
}

// Leaves of the web what paths up to the longest length can be made of.
void PathSteps::Prune() {
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
void PathSteps::Keep(const std::vector<uint32_t>& kept) {
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
absl::Status PathSteps::SortByKey() {
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
  return SortParallel();
}

// Where each waypoint was expanded once, and from one side, no step stands
// twice but one that leads back to where it begins, and those from one stand
// together already.
void PathSteps::GroupAsMet() {
  const bool each_once = ends_anywhere_ && spec_.pattern.empty();
  const auto is_loop = [](const Step& step) { return step.from == step.to; };
  const bool grouped = each_once &&
                       std::ranges::is_sorted(web_.steps, {}, &Step::from) &&
                       std::ranges::none_of(web_.steps, is_loop);
  if (!grouped) MergeEqualSteps();
}

void PathSteps::MergeEqualSteps() {
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
absl::Status PathSteps::SortParallel() {
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

absl::Status PathSteps::ReadConfidences() {
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

}  // namespace guanxi::traverse
