#ifndef GUANXI_GRAPH_TRAVERSE_PATH_LIST_H_
#define GUANXI_GRAPH_TRAVERSE_PATH_LIST_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

#include "graph/base/budget.h"
#include "graph/store/snapshot.h"
#include "graph/traverse/path.h"
#include "graph/traverse/path_search.h"

namespace guanxi::traverse {

// Lists the simple paths of a web in the order that FindPaths() promises.
//
// A path of a given length is walked without recursion, and only along steps
// from which some walk of the remaining length leads to an end: for each
// waypoint the lengths of such walks are known, as the bits of one word. Memory
// is that of the web.
//
// Must not outlive what it is made of. Not thread-safe.
class PathLister {
 public:
  PathLister(const store::Snapshot& snapshot, PathWeb web, const PathSpec& spec,
             Meter& meter);

  // Calls `take` with each path, until the meter says no; kAllShortest: with
  // the shortest ones only. The path is valid during the call.
  // DATA_LOSS [STORE_DAMAGED].
  absl::Status List(absl::FunctionRef<void(const Path&)> take);

  // The length being listed, and the entity that was walked to last.
  int length() const { return length_; }
  EntityId at() const { return at_; }

 private:
  // Where the walk stands at one of its entities.
  struct Turn {
    uint32_t waypoint = 0;
    size_t next = 0;  // step to try, in web_.steps
  };

  void FindLengths();
  std::vector<int> FindDepths();
  bool LeadsOn(uint32_t waypoint, int length) const;
  int ShortestOnwards(uint32_t waypoint) const;
  void Prune(int longest);
  absl::Status Sort();
  absl::Status SortParallel();
  void ListLength(absl::FunctionRef<void(const Path&)> take);
  void WalkFrom(uint32_t from, absl::FunctionRef<void(const Path&)> take);
  void Enter(uint32_t waypoint);
  void Leave();
  bool Going() const { return meter_.stop() == Stop::kNone; }

  const store::Snapshot& snapshot_;
  PathWeb web_;
  const PathSpec& spec_;
  Meter& meter_;
  // By waypoint: bit n is set if n steps can lead from it to an end, the
  // entities between passable.
  std::vector<uint64_t> lengths_;
  std::vector<size_t> first_step_;  // by waypoint, and one behind the last
  std::vector<bool> entered_;       // by waypoint: on the path being walked
  std::vector<Turn> turns_;
  Path path_;
  int length_ = 0;
  EntityId at_;
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_PATH_LIST_H_
