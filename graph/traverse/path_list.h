#ifndef GUANXI_GRAPH_TRAVERSE_PATH_LIST_H_
#define GUANXI_GRAPH_TRAVERSE_PATH_LIST_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"

#include "graph/base/budget.h"
#include "graph/traverse/path.h"
#include "graph/traverse/path_search.h"
#include "graph/traverse/path_steps.h"

namespace guanxi::traverse {

// A range of lengths of paths.
struct Lengths {
  int shortest = 0;
  int longest = 0;
};

// Lists the paths that are made of some steps, or counts them.
//
// They are walked without recursion, and only along steps from which some walk
// of the remaining length leads to an end. A walk follows all states that it
// can be in at once, so that no path is met twice.
//
// Must not outlive what it is made of. Not thread-safe.
class PathLister {
 public:
  // The steps have been prepared.
  PathLister(const PathSteps& steps, PathShape shape, const PathSpec& spec,
             Meter& meter);

  // Calls `take` with each path of a length, in the order of the steps, until
  // it returns false or the meter says no. The path is valid during the call.
  using VisitPath = absl::FunctionRef<bool(const Path&)>;
  void ListLength(int length, VisitPath take);

  // Counts the paths of some lengths, until the meter says no; not the shortest
  // first.
  PathCounts Count(const Lengths& lengths);

  // Where it has walked to last, and by how many relationships; nullopt: it has
  // not walked.
  struct Place {
    EntityId entity;
    int length = 0;
  };
  std::optional<Place> at() const { return at_; }

 private:
  // Where the walk stands at one of its entities.
  struct Turn {
    uint32_t waypoint = 0;
    States states = 0;
    double confidence = 1;  // of the path up to here
    size_t next = 0;        // step to try
  };

  bool ListFrom(uint32_t from, int length, VisitPath take);
  bool ListOn(int length, VisitPath take);
  void CountFrom(uint32_t from, const Lengths& lengths, PathCounts& counts);
  void CountOn(const Lengths& lengths, PathCounts& counts);
  void AddTo(PathCounts& counts, size_t length, uint32_t end);
  std::optional<size_t> NextStep();
  std::optional<Turn> After(size_t step, States admits) const;
  bool MayTake(const Step& step) const;
  bool IsListedTheOtherWay(size_t step) const;
  Turn Begin(uint32_t from) const;
  void Enter(const Turn& turn);
  void Leave();
  bool Going() const { return meter_.stop() == Stop::kNone; }

  const PathSteps& steps_;
  const PathShape shape_;
  const PathSpec& spec_;
  Meter& meter_;
  std::vector<bool> entered_;  // by waypoint: on the path being walked
  std::vector<bool> counted_;  // likewise: it is an end of a counted one
  std::vector<Turn> turns_;
  Path path_;
  std::optional<Place> at_;
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_PATH_LIST_H_
