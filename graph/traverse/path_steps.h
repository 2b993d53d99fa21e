#ifndef GUANXI_GRAPH_TRAVERSE_PATH_STEPS_H_
#define GUANXI_GRAPH_TRAVERSE_PATH_STEPS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"

#include "graph/base/budget.h"
#include "graph/store/snapshot.h"
#include "graph/traverse/path.h"
#include "graph/traverse/path_search.h"

namespace guanxi::traverse {

// The web of a search made ready to be walked: the steps from each waypoint.
// For each waypoint and state of the pattern it has the lengths of the walks
// that lead on to an end, as the bits of one word, and drops the steps that
// lead to none; unless every step leads to one, as where paths end anywhere,
// and no order is asked for.
//
// Memory is that of the web, and of these words twice. Must not outlive what it
// is made of. Not thread-safe.
class PathSteps {
 public:
  // In which order waypoints are numbered, and the steps from each one stand.
  enum class Order : uint8_t {
    kByKey,  // as FindPaths() promises of paths; steps by where they lead
    kAsMet,  // of all orders the cheapest
  };

  PathSteps(const store::Snapshot& snapshot, const PathSearch& search,
            const PathSpec& spec, Meter& meter);

  // Comes first: readies the steps of paths of up to `longest` relationships,
  // unless the meter stops. DATA_LOSS [STORE_DAMAGED].
  absl::Status Prepare(int longest, Order order);

  const Pattern& pattern() const { return pattern_; }

  // No path is shorter.
  int shortest() const { return shortest_; }

  size_t waypoint_count() const { return web_.waypoints.size(); }
  const Waypoint& waypoint(uint32_t index) const {
    return web_.waypoints[index];
  }

  // The steps from a waypoint are those from FirstFrom() up to EndFrom().
  size_t FirstFrom(uint32_t waypoint) const { return first_[waypoint]; }
  size_t EndFrom(uint32_t waypoint) const { return first_[waypoint + 1]; }
  const Step& operator[](size_t index) const { return web_.steps[index]; }

  // How sure the relationship of a step is at best on the days of the lens; 1
  // where that plays no part.
  double Confidence(size_t step) const {
    return confidences_.empty() ? 1 : confidences_[step];
  }

  // In which states a path may take a step: one that it goes on behind, or its
  // last one.
  States Admits(const Step& step) const {
    return step.admits & web_.waypoints[step.to].passes;
  }
  States AdmitsLast(const Step& step) const {
    return ends_anywhere_ ? Admits(step) : step.admits;
  }

  // Whether a path that begins at a waypoint can have a length.
  bool CanBegin(uint32_t waypoint, int length) const;

  // Whether a walk that stands there may end there.
  bool MayEnd(uint32_t waypoint, States states) const {
    return web_.waypoints[waypoint].is_to && (states & pattern_.end()) != 0;
  }

  // Whether one of so many more steps leads from there to an end; or one of up
  // to so many more, as far as it is known.
  bool LeadsOn(uint32_t waypoint, States states, int left) const;
  bool LeadsOnWithin(uint32_t waypoint, States states, int left) const;

 private:
  uint64_t LengthsFrom(uint32_t waypoint, States states) const;
  bool KnowsLengths() const { return !lengths_.empty(); }
  void FindLengths();
  bool AddLengths(const Step& step);
  void Skip(uint32_t waypoint);
  void Prune();
  std::vector<int> FindDepths();
  int ShortestOfAll() const;
  int ShortestOnwards(uint32_t waypoint) const;
  void Keep(const std::vector<uint32_t>& kept);
  absl::Status SortByKey();
  void GroupAsMet();
  void MergeEqualSteps();
  absl::Status SortParallel();
  absl::Status ReadConfidences();
  uint64_t& lengths(uint32_t waypoint, size_t state) {
    return lengths_[waypoint * pattern_.size() + state];
  }
  bool Going() const { return meter_.stop() == Stop::kNone; }

  const store::Snapshot& snapshot_;
  const Pattern& pattern_;
  const bool ends_anywhere_;  // an end is bound as what stands between
  const PathSpec& spec_;
  Meter& meter_;
  PathWeb web_;
  // By waypoint, then state: bit n is set if n steps can lead from there to an
  // end, the entities between passable. Empty: they are not known.
  std::vector<uint64_t> lengths_;
  std::vector<size_t> first_;        // by waypoint, and one behind the last
  std::vector<double> confidences_;  // by step; empty: they do not matter
  int shortest_ = 0;
  int longest_ = 0;
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_PATH_STEPS_H_
