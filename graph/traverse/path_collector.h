#ifndef GUANXI_GRAPH_TRAVERSE_PATH_COLLECTOR_H_
#define GUANXI_GRAPH_TRAVERSE_PATH_COLLECTOR_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

#include "graph/base/budget.h"
#include "graph/store/snapshot.h"
#include "graph/traverse/path.h"

namespace guanxi::traverse {

// Passes the paths of an answer on as they are found, leaves out those of
// earlier parts, or counts all; and says at the end how complete it is.
//
// Must not outlive what it is made of. Not thread-safe.
class PathCollector {
 public:
  PathCollector(const store::Snapshot& snapshot, const PathSpec& spec,
                Meter& meter, TakePath take)
      : snapshot_(snapshot), spec_(spec), meter_(meter), take_(take) {}

  // Takes the next path; false: the meter said no, or nobody wants more, which
  // Finish() tells.
  bool Take(const Path& path);

  // Takes paths that were counted, in place of those that were counted before,
  // of which there were none.
  void Take(PathCounts counts);

  // Paths taken or counted, by all parts so far.
  int64_t taken() const { return taken_; }

  // Whether the paths taken are all that the mode asks for: of kAllShortest
  // once all that are as short are taken, which the caller knows.
  bool HasEnough() const;

  // Notes where the work is, for an answer that ends there: "at length 3",
  // "at cost 2.5".
  void Note(EntityId at, std::string how_far) {
    at_ = at;
    how_far_ = std::move(how_far);
  }

  // The answer. `without`: if nothing was found and no limit of the budget
  // ended the work, what did; kNone: there is no path. DATA_LOSS
  // [STORE_DAMAGED]; the error with which a path was refused.
  absl::StatusOr<PathAnswer> Finish(LeftOut left_out, Stop without) &&;

 private:
  absl::Status Truncate(Stop reason);

  const store::Snapshot& snapshot_;
  const PathSpec& spec_;
  Meter& meter_;
  const TakePath take_;
  absl::Status refused_;
  PathAnswer answer_;
  int64_t taken_ = 0;
  EntityId at_;
  std::string how_far_;
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_PATH_COLLECTOR_H_
