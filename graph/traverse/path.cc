#include "graph/traverse/path.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/traverse/cheapest.h"
#include "graph/traverse/cheapest_list.h"
#include "graph/traverse/path_collector.h"
#include "graph/traverse/path_list.h"
#include "graph/traverse/path_search.h"
#include "graph/traverse/path_steps.h"
#include "graph/traverse/price.h"

namespace guanxi::traverse {
namespace {

absl::Status OutOfRange(const char* field, double found, double least,
                        double most) {
  return RefuseRange(field, absl::StrCat(found), absl::StrCat(least),
                     absl::StrCat(most));
}

absl::Status CheckPattern(const std::vector<PathStep>& pattern) {
  for (const PathStep& step : pattern) {
    RETURN_IF_ERROR(CheckRange("max", step.max, 1, PathStep::kAnyNumber));
    RETURN_IF_ERROR(CheckRange("min", step.min, 0, step.max));
  }
  return CheckRange("pattern", CountRepetitions(pattern), 0,
                    PathSpec::kMaxRepetitions);
}

absl::Status CheckCost(const PathSpec& spec) {
  constexpr double kMost = std::numeric_limits<double>::max();
  if (!(spec.max_cost >= 0)) {
    return OutOfRange("max_cost", spec.max_cost, 0, kMost);
  }
  if (!spec.cost.has_value()) return absl::OkStatus();
  for (const double price :
       {spec.cost->otherwise.value_or(0), spec.cost->hub_penalty}) {
    if (!(price >= 0 && price <= kMost)) {
      return OutOfRange("cost", price, 0, kMost);
    }
  }
  const bool goes_with_it = spec.pattern.empty() &&
                            spec.restrictor == PathRestrictor::kAcyclic &&
                            spec.min_path_confidence == 0;
  if (goes_with_it) return absl::OkStatus();
  return RefuseField("cost", "other demands beside it",
                     "no pattern, no restrictor and no least confidence");
}

absl::Status CheckEnds(const PathEnds& ends, const PathSpec& spec) {
  if (!ends.anywhere) return absl::OkStatus();
  if (!ends.to.empty()) {
    return RefuseField("to", "entities beside `anywhere`", "one of the two");
  }
  if (spec.cost.has_value()) {
    return RefuseField("cost", "one",
                       "none: paths to anywhere are found by length");
  }
  const bool lists =
      spec.mode == PathMode::kAll || spec.mode == PathMode::kKShortest;
  if (lists) return absl::OkStatus();
  return RefuseField("mode", "the shortest",
                     "all or the first so many of those to anywhere");
}

absl::Status CheckCounting(const PathSpec& spec) {
  if (!spec.counts_only) return absl::OkStatus();
  if (spec.cost.has_value()) {
    return RefuseField("cost", "one", "none: paths are counted by length");
  }
  const bool counts =
      spec.mode == PathMode::kAll || spec.mode == PathMode::kAllShortest;
  if (counts) return absl::OkStatus();
  return RefuseField("mode", "one that is content with some",
                     "all paths, or all of the shortest, to be counted");
}

absl::Status Check(const PathSpec& spec) {
  RETURN_IF_ERROR(
      CheckRange("max_length", spec.max_length, 1, PathSpec::kMaxLength));
  const bool counts = spec.mode == PathMode::kKShortest;
  RETURN_IF_ERROR(CheckRange("max_paths", spec.max_paths, counts ? 1 : 0,
                             counts ? PathSpec::kMaxPaths : 0));
  if (!(spec.min_path_confidence >= 0 && spec.min_path_confidence <= 1)) {
    return OutOfRange("min_path_confidence", spec.min_path_confidence, 0, 1);
  }
  RETURN_IF_ERROR(CheckCost(spec));
  RETURN_IF_ERROR(CheckCounting(spec));
  return CheckPattern(spec.pattern);
}

// The part of an answer of paths by length that is being given.
class Part {
 public:
  Part(const topology::Ground& ground, const PathEnds& ends, PathShape shape,
       const PathSpec& spec, TakePath take)
      : snapshot_(ground.snapshot),
        shape_(shape),
        anywhere_(ends.anywhere),
        counts_all_(spec.counts_only && spec.mode == PathMode::kAll),
        spec_(spec),
        meter_(spec.traversal.budget, spec.traversal.done.used),
        search_(ground, ends, shape, spec, meter_),
        paths_(snapshot_, spec, meter_, take) {}

  absl::StatusOr<PathAnswer> Make() {
    RETURN_IF_ERROR(search_.Begin());
    if (spec_.mode == PathMode::kAll) {
      RETURN_IF_ERROR(search_.SearchTo(spec_.max_length));
    } else {
      RETURN_IF_ERROR(search_.SearchUntilMet());
    }
    Note(search_.at(), search_.depth());
    if (!search_.FirstWillDo()) {
      RETURN_IF_ERROR(List());
    } else if (search_.HasMet()) {
      paths_.Take(search_.FirstPath());
    }
    return std::move(paths_).Finish(search_.left_out(),
                                    IsProven() ? Stop::kNone : Stop::kLength);
  }

 private:
  bool Going() const { return meter_.stop() == Stop::kNone; }

  // Lists what the search has met, and as long as that is not enough searches
  // one level further.
  absl::Status List() {
    while (Going()) {
      RETURN_IF_ERROR(ListMet());
      const bool more = Going() && !paths_.HasEnough() &&
                        !search_.IsExhausted() &&
                        search_.depth() < spec_.max_length;
      if (!more) break;
      RETURN_IF_ERROR(search_.SearchTo(search_.depth() + 1));
      Note(search_.at(), search_.depth());
    }
    return absl::OkStatus();
  }

  // Lists the paths of the lengths of which all are met, and none is listed.
  absl::Status ListMet() {
    const int longest =
        search_.IsExhausted() ? spec_.max_length : search_.depth();
    if (!search_.HasMet() || listed_ >= longest) return absl::OkStatus();
    PathSteps steps(snapshot_, search_, spec_, meter_);
    RETURN_IF_ERROR(steps.Prepare(longest, spec_.counts_only
                                               ? PathSteps::Order::kAsMet
                                               : PathSteps::Order::kByKey));
    PathLister lister(steps, shape_, spec_, meter_);
    const auto last =
        static_cast<int>(std::min(int64_t{longest}, search_.LongestPossible()));
    int length = std::max(listed_ + 1, Shortest(steps));
    Note(search_.at(), length);
    while (Going() && !paths_.HasEnough() && length <= last) {
      const int until = counts_all_ ? last : length;
      if (spec_.counts_only) {
        paths_.Take(lister.Count({length, until}));
      } else {
        ListLength(length, lister);
      }
      if (const auto at = lister.at()) {
        Note(at->entity, spec_.counts_only ? at->length : length);
      }
      length = until + 1;
    }
    listed_ = longest;
    return absl::OkStatus();
  }

  void ListLength(int length, PathLister& lister) {
    const bool whole_lengths = spec_.mode == PathMode::kAllShortest;
    lister.ListLength(length, [&](const Path& path) {
      return paths_.Take(path) && (whole_lengths || !paths_.HasEnough());
    });
  }

  // Who goes nowhere has not gone anywhere.
  int Shortest(const PathSteps& steps) const {
    return std::max(steps.shortest(), anywhere_ ? 1 : 0);
  }

  void Note(EntityId at, int length) {
    paths_.Note(at, absl::StrCat("at length ", length));
  }

  // Whether there is no path of any length, given that there is none so far.
  bool IsProven() const {
    return search_.IsExhausted() &&
           (!search_.HasMet() || search_.LongestShortest() <= listed_);
  }

  const store::Snapshot& snapshot_;
  const PathShape shape_;
  const bool anywhere_;
  const bool counts_all_;  // of all lengths at once
  const PathSpec& spec_;
  Meter meter_;
  PathSearch search_;
  PathCollector paths_;
  int listed_ = -1;  // the longest length of which all paths were listed
};

// Of paths by cost.
class CheapestPart {
 public:
  CheapestPart(const topology::Ground& ground, const PathEnds& ends,
               const PathSpec& spec, TakePath take)
      : spec_(spec),
        meter_(spec.traversal.budget, spec.traversal.done.used),
        search_(ground, ends, spec, meter_),
        paths_(ground.snapshot, spec, meter_, take) {}

  absl::StatusOr<PathAnswer> Make() {
    bool bounded = false;
    if (spec_.mode == PathMode::kAnyShortest) {
      RETURN_IF_ERROR(search_.SearchFromBothEnds());
      if (Going()) {
        ASSIGN_OR_RETURN(const std::optional<Path> path, search_.FindPath());
        if (path.has_value()) paths_.Take(*path);
      }
    } else {
      RETURN_IF_ERROR(search_.SearchFromFarEnd());
      if (Going()) bounded = List();
    }
    paths_.Note(search_.at(), absl::StrCat("at cost ", search_.cost()));
    bounded |= search_.IsBounded();
    return std::move(paths_).Finish(search_.left_out(),
                                    bounded ? Stop::kCost : Stop::kNone);
  }

 private:
  bool Going() const { return meter_.stop() == Stop::kNone; }

  // Returns whether max_cost kept a path out.
  bool List() {
    CheapestLister lister(search_, spec_, meter_);
    std::optional<double> least;
    while (spec_.mode == PathMode::kAllShortest || !paths_.HasEnough()) {
      const std::optional<Path> path = lister.Next();
      if (!path.has_value()) break;
      if (!least.has_value()) least = path->cost;
      const bool too_dear =
          spec_.mode == PathMode::kAllShortest && CostsMore(path->cost, *least);
      if (too_dear || !paths_.Take(*path)) break;
    }
    return lister.IsBounded();
  }

  const PathSpec& spec_;
  Meter meter_;
  CheapestSearch search_;
  PathCollector paths_;
};

// The answer of a search that gives its paths to what it is called with, with
// these paths in it.
template <typename Find>
absl::StatusOr<PathAnswer> Collect(Find find) {
  std::vector<Path> paths;
  ASSIGN_OR_RETURN(PathAnswer answer, find([&paths](const Path& path) {
                     paths.push_back(path);
                     return absl::OkStatus();
                   }));
  answer.paths = std::move(paths);
  return answer;
}

}  // namespace

absl::StatusOr<PathAnswer> FindPaths(const topology::Ground& ground,
                                     const PathEnds& ends, const PathSpec& spec,
                                     TakePath take) {
  RETURN_IF_ERROR(Check(spec));
  RETURN_IF_ERROR(CheckEnds(ends, spec));
  if (spec.cost.has_value()) {
    return CheapestPart(ground, ends, spec, take).Make();
  }
  return Part(ground, ends, PathShape::kOpen, spec, take).Make();
}

absl::StatusOr<PathAnswer> FindCycles(const topology::Ground& ground,
                                      EntityId entity, const PathSpec& spec,
                                      TakePath take) {
  RETURN_IF_ERROR(Check(spec));
  if (spec.cost.has_value()) {
    return RefuseField("cost", "one", "none: cycles are found by length");
  }
  const PathEnds ends = {.from = {entity}, .to = {entity}};
  return Part(ground, ends, PathShape::kCycle, spec, take).Make();
}

absl::StatusOr<PathAnswer> FindPaths(const topology::Ground& ground,
                                     const PathEnds& ends,
                                     const PathSpec& spec) {
  return Collect(
      [&](TakePath take) { return FindPaths(ground, ends, spec, take); });
}

absl::StatusOr<PathAnswer> FindCycles(const topology::Ground& ground,
                                      EntityId entity, const PathSpec& spec) {
  return Collect(
      [&](TakePath take) { return FindCycles(ground, entity, spec, take); });
}

}  // namespace guanxi::traverse
