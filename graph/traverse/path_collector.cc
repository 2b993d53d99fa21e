#include "graph/traverse/path_collector.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"

namespace guanxi::traverse {

bool PathCollector::Take(const Path& path) {
  const auto bytes = static_cast<int64_t>(
      sizeof(Path) + path.entities.size() * sizeof(EntityId) +
      path.relationships.size() * sizeof(RelationshipId));
  if (!meter_.CountResult() || !meter_.CountBytes(bytes)) return false;
  if (++taken_ > spec_.traversal.done.paths) refused_ = take_(path);
  if (!refused_.ok()) meter_.End(Stop::kCancelled);
  return refused_.ok();
}

void PathCollector::Take(PathCounts counts) {
  taken_ += std::accumulate(counts.by_length.begin(), counts.by_length.end(),
                            int64_t{0});
  answer_.counts = std::move(counts);
}

bool PathCollector::HasEnough() const {
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

absl::StatusOr<PathAnswer> PathCollector::Finish(LeftOut left_out,
                                                 Stop without) && {
  RETURN_IF_ERROR(refused_);
  const Progress& done = spec_.traversal.done;
  Completeness& completeness = answer_.completeness;
  completeness.left_out = std::move(left_out);
  if (meter_.stop() != Stop::kNone) {
    completeness.progress = Progress{.used = Max(meter_.used(), done.used),
                                     .paths = std::max(taken_, done.paths)};
    RETURN_IF_ERROR(Truncate(meter_.stop()));
  } else if (taken_ == 0 && without != Stop::kNone) {
    RETURN_IF_ERROR(Truncate(without));
  } else if (taken_ == 0) {
    completeness.outcome = Outcome::kProvenNone;
  }
  return std::move(answer_);
}

absl::Status PathCollector::Truncate(Stop reason) {
  Completeness& completeness = answer_.completeness;
  completeness.outcome = Outcome::kTruncated;
  completeness.reason = reason;
  ASSIGN_OR_RETURN(const std::string key, snapshot_.EntityKey(at_));
  completeness.where = absl::StrCat(how_far_, ", at ", key);
  return absl::OkStatus();
}

}  // namespace guanxi::traverse
