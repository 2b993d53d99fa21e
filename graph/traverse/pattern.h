#ifndef GUANXI_GRAPH_TRAVERSE_PATTERN_H_
#define GUANXI_GRAPH_TRAVERSE_PATTERN_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/ids.h"
#include "graph/store/snapshot.h"
#include "graph/topology/topology.h"
#include "graph/traverse/admission.h"
#include "graph/traverse/path.h"

namespace guanxi::traverse {

// Where in a pattern a path may stand: a set of states, a bit for each.
using States = uint64_t;

// The pattern of a path as an automaton that reads relationships: a state for
// each repetition that may come next, or one for all if a step has no bound;
// and a last one, in which a path may end. All states that a path can be in are
// followed at once, by a few operations on words (Baeza-Yates and Gonnet 1992).
// Without a pattern, a path is one step that is repeated at will.
//
// Must not outlive the snapshot. Not thread-safe.
class Pattern {
 public:
  // The spec has been checked; `admission` is that of the whole traversal.
  Pattern(const store::Snapshot& snapshot, const PathSpec& spec,
          const Admission& admission);

  size_t size() const { return size_; }  // states
  // Of all steps together: which way they go, of what types (sorted; empty:
  // all, unless MatchesNothing()).
  Direction direction() const { return direction_; }
  const std::vector<TypeId>& types() const { return types_; }
  bool MatchesNothing() const { return matches_nothing_; }

  // No path that fits is longer.
  int64_t longest() const {
    constexpr int64_t kUnbounded = std::numeric_limits<int64_t>::max();
    return loops_ != 0 ? kUnbounded : static_cast<int64_t>(size_) - 1;
  }

  // In which a path begins; in which it may end.
  States start() const { return Close(1); }
  States end() const { return States{1} << (size_ - 1); }

  // Where a path comes to from `at` by a relationship that `admits` admit.
  States Advance(States at, States admits) const {
    const States taken = at & admits;
    return Close((taken & ~loops_) << 1 | (taken & loops_));
  }

  // From where such a relationship leads into `at`.
  States Retreat(States at, States admits) const;

  // States from which a path stands in another one too, without a step: each
  // with that other one, so that one pass over all is enough.
  struct Skip {
    size_t from;
    size_t to;
  };
  const std::vector<Skip>& skips() const { return skips_; }
  // Where a relationship leads to from one state alone.
  size_t Next(size_t state) const {
    return (loops_ >> state & 1) != 0 ? state : state + 1;
  }

  // Which states read a hop, by its type and direction: one that is taken as it
  // was met, or (`backwards`) towards where it was met.
  States Reads(const topology::Hop& hop, bool backwards) const {
    const bool out = (hop.direction == Direction::kOut) != backwards;
    const std::vector<States>& by_type = out ? out_ : in_;
    return hop.type.value < by_type.size() ? by_type[hop.type.value] : 0;
  }

  // Which of `states` read it by the conditions of their steps too.
  absl::StatusOr<States> Satisfied(const topology::Hop& hop,
                                   States states) const;

  // Which states may lead through an entity.
  absl::StatusOr<States> Passes(EntityId entity) const;

 private:
  // Some states in a row, which read the same.
  struct Step {
    States states = 0;
    Admission admission;
    bool selects = false;  // by conditions on relationships of its own
  };

  void AddStep(const store::Snapshot& snapshot, const PathSpec& spec,
               const PathStep& step);
  void AddTypes(const store::Snapshot& snapshot, const Admission& admission,
                Direction direction, States states);
  void SumUp(const Admission& admission, const PathSpec& spec);
  States Close(States at) const;

  std::vector<Step> steps_;
  size_t size_ = 1;
  States loops_ = 0;
  // Of one step: those behind which it may be left, and where that leads.
  struct Exit {
    States from = 0;
    States to = 0;
  };
  std::vector<Exit> exits_;
  std::vector<Skip> skips_;
  std::vector<States> out_;  // by type
  std::vector<States> in_;
  std::vector<TypeId> types_;
  Direction direction_ = Direction::kBoth;
  bool matches_nothing_ = false;
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_PATTERN_H_
