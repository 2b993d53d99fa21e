#include "graph/traverse/path.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/traverse/path_list.h"
#include "graph/traverse/path_search.h"

namespace guanxi::traverse {
namespace {

absl::Status OutOfRange(const char* field, double found, int64_t least,
                        int64_t most) {
  const std::string limit = absl::StrCat(most);
  return MakeError(absl::StatusCode::kInvalidArgument, "SPEC_INVALID",
                   absl::StrCat(field, ": found ", found, "; expected ", least,
                                " to ", limit),
                   {{"field", field}, {"limit", limit}});
}

absl::Status CheckPattern(const std::vector<PathStep>& pattern) {
  for (const PathStep& step : pattern) {
    if (step.max < 1 || step.max > PathStep::kAnyNumber) {
      return OutOfRange("max", step.max, 1, PathStep::kAnyNumber);
    }
    if (step.min < 0 || step.min > step.max) {
      return OutOfRange("min", step.min, 0, step.max);
    }
  }
  const int64_t repetitions = CountRepetitions(pattern);
  if (repetitions <= PathSpec::kMaxRepetitions) return absl::OkStatus();
  return OutOfRange("pattern", static_cast<double>(repetitions), 0,
                    PathSpec::kMaxRepetitions);
}

absl::Status Check(const PathSpec& spec) {
  if (spec.max_length < 1 || spec.max_length > PathSpec::kMaxLength) {
    return OutOfRange("max_length", spec.max_length, 1, PathSpec::kMaxLength);
  }
  const bool counts = spec.mode == PathMode::kKShortest;
  const int64_t least = counts ? 1 : 0;
  const int64_t most = counts ? PathSpec::kMaxPaths : 0;
  if (spec.max_paths < least || spec.max_paths > most) {
    return OutOfRange("max_paths", static_cast<double>(spec.max_paths), least,
                      most);
  }
  if (!(spec.min_path_confidence >= 0 && spec.min_path_confidence <= 1)) {
    return OutOfRange("min_path_confidence", spec.min_path_confidence, 0, 1);
  }
  return CheckPattern(spec.pattern);
}

// The part of an answer that is being given.
class Part {
 public:
  Part(const topology::Ground& ground, const PathEnds& ends, PathShape shape,
       const PathSpec& spec)
      : snapshot_(ground.snapshot),
        shape_(shape),
        spec_(spec),
        done_(spec.traversal.done),
        meter_(spec.traversal.budget, done_.used),
        search_(ground, ends, shape, spec, meter_) {}

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
      Take(search_.FirstPath());
    }
    RETURN_IF_ERROR(Finish());
    return std::move(answer_);
  }

 private:
  bool Going() const { return meter_.stop() == Stop::kNone; }

  // Lists what the search has met, and as long as that is not enough searches
  // one level further.
  absl::Status List() {
    while (Going()) {
      RETURN_IF_ERROR(ListMet());
      const bool more = Going() && !HasEnough() && !search_.IsExhausted() &&
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
    PathLister lister(snapshot_, search_, shape_, spec_, meter_);
    RETURN_IF_ERROR(lister.Prepare(longest));
    Note(lister.at(), lister.shortest());
    const auto take = [this](const Path& path) { return Take(path); };
    const auto last =
        static_cast<int>(std::min(int64_t{longest}, search_.LongestPossible()));
    for (int length = std::max(listed_ + 1, lister.shortest());
         Going() && !HasEnough() && length <= last; ++length) {
      lister.ListLength(length, take);
      Note(lister.at(), length);
    }
    listed_ = longest;
    return absl::OkStatus();
  }

  // Whether the answer has all that was asked for; asked of whole lengths.
  bool HasEnough() const {
    switch (spec_.mode) {
      case PathMode::kAnyShortest:
      case PathMode::kAllShortest:
        return taken_ > 0;
      case PathMode::kKShortest:
        return taken_ == spec_.max_paths;
      case PathMode::kAll:
        return false;
    }
    return false;
  }

  // Returns whether more are wanted.
  bool Take(const Path& path) {
    const auto bytes = static_cast<int64_t>(
        sizeof(Path) + path.entities.size() * sizeof(EntityId) +
        path.relationships.size() * sizeof(RelationshipId));
    if (!meter_.CountResult() || !meter_.CountBytes(bytes)) return false;
    if (++taken_ > done_.paths) answer_.paths.push_back(path);
    return spec_.mode == PathMode::kAllShortest || !HasEnough();
  }

  void Note(EntityId at, int length) {
    at_ = at;
    length_ = length;
  }

  absl::Status Finish() {
    Completeness& completeness = answer_.completeness;
    completeness.left_out = search_.left_out();
    if (!Going()) {
      completeness.progress = Progress{.used = Max(meter_.used(), done_.used),
                                       .paths = std::max(taken_, done_.paths)};
      return Truncate(meter_.stop());
    }
    if (taken_ > 0) return absl::OkStatus();
    if (!IsProven()) return Truncate(Stop::kLength);
    completeness.outcome = Outcome::kProvenNone;
    return absl::OkStatus();
  }

  // Whether there is no path of any length, given that there is none so far.
  bool IsProven() const {
    return search_.IsExhausted() &&
           (!search_.HasMet() || search_.LongestPossible() <= listed_);
  }

  absl::Status Truncate(Stop reason) {
    Completeness& completeness = answer_.completeness;
    completeness.outcome = Outcome::kTruncated;
    completeness.reason = reason;
    ASSIGN_OR_RETURN(const std::string key, snapshot_.EntityKey(at_));
    completeness.where = absl::StrCat("at length ", length_, ", at ", key);
    return absl::OkStatus();
  }

  const store::Snapshot& snapshot_;
  const PathShape shape_;
  const PathSpec& spec_;
  const Progress& done_;
  Meter meter_;
  PathSearch search_;
  PathAnswer answer_;
  int64_t taken_ = 0;  // by all parts
  int listed_ = -1;    // the longest length of which all paths were listed
  EntityId at_;
  int length_ = 0;
};

}  // namespace

absl::StatusOr<PathAnswer> FindPaths(const topology::Ground& ground,
                                     const PathEnds& ends,
                                     const PathSpec& spec) {
  RETURN_IF_ERROR(Check(spec));
  return Part(ground, ends, PathShape::kOpen, spec).Make();
}

absl::StatusOr<PathAnswer> FindCycles(const topology::Ground& ground,
                                      EntityId entity, const PathSpec& spec) {
  RETURN_IF_ERROR(Check(spec));
  const PathEnds ends = {.from = {entity}, .to = {entity}};
  return Part(ground, ends, PathShape::kCycle, spec).Make();
}

}  // namespace guanxi::traverse
