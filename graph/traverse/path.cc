#include "graph/traverse/path.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/traverse/path_list.h"
#include "graph/traverse/path_search.h"

namespace guanxi::traverse {
namespace {

absl::Status CheckLength(int length) {
  if (length >= 1 && length <= PathSpec::kMaxLength) return absl::OkStatus();
  const std::string most = absl::StrCat(PathSpec::kMaxLength);
  return MakeError(
      absl::StatusCode::kInvalidArgument, "SPEC_INVALID",
      absl::StrCat("max_length: found ", length, "; expected 1 to ", most),
      {{"field", "max_length"}, {"limit", most}});
}

// The part of an answer that is being given.
class Part {
 public:
  Part(const topology::Ground& ground, const PathEnds& ends,
       const PathSpec& spec)
      : snapshot_(ground.snapshot),
        spec_(spec),
        done_(spec.traversal.done),
        meter_(spec.traversal.budget, done_.used),
        search_(ground, ends, spec, meter_) {}

  absl::StatusOr<PathAnswer> Make() {
    RETURN_IF_ERROR(search_.Run());
    at_ = search_.at();
    length_ = search_.depth();
    const bool searched = meter_.stop() == Stop::kNone;
    if (search_.HasMet() && spec_.mode == PathMode::kAnyShortest) {
      Take(search_.FirstPath());
    } else if (searched && search_.HasMet()) {
      RETURN_IF_ERROR(ListPaths());
    }
    RETURN_IF_ERROR(Finish());
    return std::move(answer_);
  }

 private:
  absl::Status ListPaths() {
    PathLister lister(snapshot_, search_.TakeWeb(), spec_, meter_);
    RETURN_IF_ERROR(lister.List([this](const Path& path) { Take(path); }));
    at_ = lister.at();
    length_ = lister.length();
    return absl::OkStatus();
  }

  void Take(const Path& path) {
    const auto bytes = static_cast<int64_t>(
        sizeof(Path) + path.entities.size() * sizeof(EntityId) +
        path.relationships.size() * sizeof(RelationshipId));
    if (!meter_.CountResult() || !meter_.CountBytes(bytes)) return;
    if (++taken_ > done_.paths) answer_.paths.push_back(path);
  }

  absl::Status Finish() {
    Completeness& completeness = answer_.completeness;
    completeness.left_out = search_.left_out();
    if (meter_.stop() != Stop::kNone) {
      completeness.progress = Progress{.used = Max(meter_.used(), done_.used),
                                       .paths = std::max(taken_, done_.paths)};
      return Truncate(meter_.stop());
    }
    if (search_.HasMet()) return absl::OkStatus();
    if (!search_.IsExhausted()) return Truncate(Stop::kLength);
    completeness.outcome = Outcome::kProvenNone;
    return absl::OkStatus();
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
  const PathSpec& spec_;
  const Progress& done_;
  Meter meter_;
  PathSearch search_;
  PathAnswer answer_;
  int64_t taken_ = 0;  // by all parts
  EntityId at_;
  int length_ = 0;
};

}  // namespace

absl::StatusOr<PathAnswer> FindPaths(const topology::Ground& ground,
                                     const PathEnds& ends,
                                     const PathSpec& spec) {
  RETURN_IF_ERROR(CheckLength(spec.max_length));
  return Part(ground, ends, spec).Make();
}

}  // namespace guanxi::traverse
