#include "graph/traverse/path_list.h"

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

}  // namespace

PathLister::PathLister(const store::Snapshot& snapshot, PathWeb web,
                       const PathSpec& spec, Meter& meter)
    : snapshot_(snapshot), web_(std::move(web)), spec_(spec), meter_(meter) {
  if (!web_.waypoints.empty()) at_ = web_.waypoints.front().id;
}

absl::Status PathLister::List(absl::FunctionRef<void(const Path&)> take) {
  FindLengths();
  int shortest = kLengths;
  for (uint32_t i = 0; i < web_.waypoints.size(); ++i) {
    if (web_.waypoints[i].is_from) {
      shortest = std::min(shortest, ShortestOnwards(i));
    }
  }
  const bool only_shortest = spec_.mode == PathMode::kAllShortest;
  const int asked = only_shortest ? shortest : spec_.max_length;
  if (!Going()) return absl::OkStatus();
  Prune(asked);
  RETURN_IF_ERROR(Sort());
  // A path meets each waypoint once.
  const auto longest =
      std::min(asked, static_cast<int>(web_.waypoints.size()) - 1);
  for (length_ = shortest; length_ <= longest; ++length_) {
    ListLength(take);
    if (!Going()) break;
  }
  return absl::OkStatus();
}

// Goes over the steps until nothing changes, at most once for each length.
void PathLister::FindLengths() {
  lengths_.clear();
  for (const Waypoint& waypoint : web_.waypoints) {
    lengths_.push_back(waypoint.is_to ? 1 : 0);
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (const Step& step : web_.steps) {
      if (!meter_.CountStep()) return;
      const uint64_t onwards =
          web_.waypoints[step.to].passable
              ? lengths_[step.to]
              : lengths_[step.to] & 1;  // the path ends there
      const uint64_t known = lengths_[step.from];
      lengths_[step.from] |= onwards << 1;
      changed |= lengths_[step.from] != known;
    }
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
          from.passable || from.is_from ? depths[step.from] : kUnreached;
      if (depth == kUnreached || depth + 1 >= depths[step.to]) continue;
      depths[step.to] = depth + 1;
      changed = true;
    }
  }
  return depths;
}

bool PathLister::LeadsOn(uint32_t waypoint, int length) const {
  if (length == 0) return web_.waypoints[waypoint].is_to;
  return web_.waypoints[waypoint].passable &&
         (lengths_[waypoint] >> length & 1) != 0;
}

// kLengths if there is no way onwards, or none so short.
int PathLister::ShortestOnwards(uint32_t waypoint) const {
  return std::countr_zero(lengths_[waypoint]);
}

// Leaves of the web what paths up to this length can be made of.
void PathLister::Prune(int longest) {
  const std::vector<int> depths = FindDepths();
  if (!Going()) return;
  const auto is_of_use = [&](const Step& step) {
    const int depth = depths[step.from];
    return depth != kUnreached &&
           depth + 1 + ShortestOnwards(step.to) <= longest;
  };
  std::erase_if(web_.steps, [&](const Step& step) { return !is_of_use(step); });
  std::vector<bool> used(web_.waypoints.size(), false);
  for (const Step& step : web_.steps) {
    used[step.from] = true;
    used[step.to] = true;
  }
  std::vector<uint32_t> place(web_.waypoints.size(), 0);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < web_.waypoints.size(); ++i) {
    const Waypoint& waypoint = web_.waypoints[i];
    if (!used[i] && !(waypoint.is_from && waypoint.is_to)) continue;
    place[i] = kept;
    lengths_[kept] = lengths_[i];
    web_.waypoints[kept++] = waypoint;
  }
  web_.waypoints.resize(kept);
  lengths_.resize(kept);
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
  std::vector<Waypoint> waypoints;
  std::vector<uint64_t> lengths;
  std::vector<uint32_t> rank(keys.size());
  for (const auto& [key, old] : keys) {
    rank[old] = static_cast<uint32_t>(waypoints.size());
    waypoints.push_back(web_.waypoints[old]);
    lengths.push_back(lengths_[old]);
  }
  web_.waypoints = std::move(waypoints);
  lengths_ = std::move(lengths);
  for (Step& step : web_.steps) {
    step.from = rank[step.from];
    step.to = rank[step.to];
  }
  std::ranges::sort(web_.steps);
  web_.steps.erase(std::unique(web_.steps.begin(), web_.steps.end()),
                   web_.steps.end());
  RETURN_IF_ERROR(SortParallel());
  first_step_.assign(web_.waypoints.size() + 1, 0);
  for (const Step& step : web_.steps) ++first_step_[step.from + 1];
  std::partial_sum(first_step_.begin(), first_step_.end(), first_step_.begin());
  entered_.assign(web_.waypoints.size(), false);
  return absl::OkStatus();
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

void PathLister::ListLength(absl::FunctionRef<void(const Path&)> take) {
  for (uint32_t from = 0; Going() && from < web_.waypoints.size(); ++from) {
    const Waypoint& waypoint = web_.waypoints[from];
    if (!waypoint.is_from) continue;
    const bool leads_on =
        length_ == kLengths || (lengths_[from] >> length_ & 1) != 0;
    if (leads_on) WalkFrom(from, take);
  }
}

// Calls `take` with each path of the length that begins here.
void PathLister::WalkFrom(uint32_t from,
                          absl::FunctionRef<void(const Path&)> take) {
  Enter(from);
  if (length_ == 0) {
    take(path_);
    Leave();
  }
  while (Going() && !turns_.empty()) {
    Turn& turn = turns_.back();
    if (turn.next == first_step_[turn.waypoint + 1]) {
      Leave();
      continue;
    }
    if (!meter_.CountRelationship()) break;
    const Step& step = web_.steps[turn.next++];
    const int left = length_ - static_cast<int>(turns_.size());
    if (entered_[step.to] || !LeadsOn(step.to, left)) continue;
    path_.relationships.push_back(step.relationship);
    Enter(step.to);
    if (left > 0) continue;
    take(path_);
    Leave();
  }
  while (!turns_.empty()) Leave();
}

void PathLister::Enter(uint32_t waypoint) {
  entered_[waypoint] = true;
  at_ = web_.waypoints[waypoint].id;
  turns_.push_back({waypoint, first_step_[waypoint]});
  path_.entities.push_back(at_);
}

void PathLister::Leave() {
  entered_[turns_.back().waypoint] = false;
  turns_.pop_back();
  path_.entities.pop_back();
  if (!path_.relationships.empty()) path_.relationships.pop_back();
}

}  // namespace guanxi::traverse
