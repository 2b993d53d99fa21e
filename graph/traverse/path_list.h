#ifndef GUANXI_GRAPH_TRAVERSE_PATH_LIST_H_
#define GUANXI_GRAPH_TRAVERSE_PATH_LIST_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "graph/base/budget.h"
#include "graph/store/snapshot.h"
#include "graph/traverse/path.h"
#include "graph/traverse/path_search.h"

namespace guanxi::traverse {

// Lists the paths of a web in the order that FindPaths() promises, those of one
// length after the other.
//
// They are walked without recursion, and only along steps from which some walk
// of the remaining length leads to an end: for each waypoint and state of the
// pattern the lengths of such walks are known, as the bits of one word. A walk
// follows all states that it can be in at once, so that no path is met
// twice. Memory is that of the web, and of these words twice.
//
// Must not outlive what it is made of. Not thread-safe.
class PathLister {
 public:
  PathLister(const store::Snapshot& snapshot, const PathSearch& search,
             PathShape shape, const PathSpec& spec, Meter& meter);

  // Comes first: readies the paths of up to `longest` relationships. DATA_LOSS
  // [STORE_DAMAGED].
  absl::Status Prepare(int longest);

  // The lengths to be listed: no path is shorter, none of those that were
  // readied longer.
  int shortest() const { return shortest_; }
  int longest() const { return longest_; }

  // Calls `take` with each path of a length, until it returns false or the
  // meter says no. The path is valid during the call.
  void ListLength(int length, absl::FunctionRef<bool(const Path&)> take);

  // The entity that was walked to last.
  EntityId at() const { return at_; }

 private:
  using VisitPath = absl::FunctionRef<bool(const Path&)>;

  // Where the walk stands at one of its entities.
  struct Turn {
    uint32_t waypoint = 0;
    States states = 0;
    double confidence = 1;  // of the path up to here
    size_t next = 0;        // step to try, in web_.steps
  };

  void FindLengths();
  bool AddLengths(const Step& step);
  void Skip(uint32_t waypoint);
  void Prune();
  std::vector<int> FindDepths();
  int ShortestFrom(uint32_t waypoint) const;
  int ShortestOnwards(uint32_t waypoint) const;
  void Keep(const std::vector<uint32_t>& kept);
  absl::Status Sort();
  absl::Status SortParallel();
  absl::Status ReadConfidences();
  void MergeEqualSteps();
  bool WalkFrom(uint32_t from, VisitPath take);
  bool WalkOn(VisitPath take);
  bool MayTake(const Step& step) const;
  std::optional<Turn> After(size_t step, int left) const;
  bool LeadsOn(const Turn& turn, int left) const;
  bool IsListedTheOtherWay() const;
  void Enter(const Turn& turn);
  void Leave();
  uint64_t& lengths(uint32_t waypoint, size_t state) {
    return lengths_[waypoint * pattern_.size() + state];
  }
  bool Going() const { return meter_.stop() == Stop::kNone; }

  const store::Snapshot& snapshot_;
  const Pattern& pattern_;
  const PathShape shape_;
  const bool ends_anywhere_;  // an end is bound as what stands between
  const PathSpec& spec_;
  Meter& meter_;
  PathWeb web_;
  // By waypoint, then state: bit n is set if n steps can lead from there to an
  // end, the entities between passable.
  std::vector<uint64_t> lengths_;
  std::vector<size_t> first_step_;   // by waypoint, and one behind the last
  std::vector<double> confidences_;  // by step; empty: they do not matter
  std::vector<bool> entered_;        // by waypoint: on the path being walked
  std::vector<Turn> turns_;
  Path path_;
  int shortest_ = 0;
  int longest_ = 0;
  int length_ = 0;  // being listed
  EntityId at_;
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_PATH_LIST_H_
