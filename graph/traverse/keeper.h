#ifndef GUANXI_GRAPH_TRAVERSE_KEEPER_H_
#define GUANXI_GRAPH_TRAVERSE_KEEPER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "graph/base/budget.h"
#include "graph/model/ids.h"
#include "graph/model/view.h"
#include "graph/store/snapshot.h"
#include "graph/topology/topology.h"
#include "graph/traverse/hop_rule.h"
#include "graph/traverse/order.h"

namespace guanxi::traverse {

// Keeps so many hops of one entity at most, the first by the order of their
// rule (KeepOrder, but kAsMet). It holds no more than these, whatever it is
// offered.
//
// Must not outlive what it is made of. Not thread-safe.
class Keeper {
 public:
  // `lens` shows all that is offered. What is held counts as
  // bytes of `meter`, and so does all that is read to tell equals apart.
  Keeper(const store::Snapshot& snapshot, const Lens& lens, const HopRule& rule,
         Meter& meter)
      : snapshot_(snapshot), lens_(lens), rule_(rule), meter_(meter) {}

  // Returns which one has to go, if any: it or one that it comes before.
  // `share` is at least 1, and the same in each call. DATA_LOSS
  // [STORE_DAMAGED].
  absl::StatusOr<std::optional<RelationshipId>> Offer(const topology::Hop& hop,
                                                      int64_t share);

  // What was kept, in order, unless the meter stops. DATA_LOSS [STORE_DAMAGED].
  absl::StatusOr<std::vector<topology::Hop>> Finish() &&;

 private:
  struct Candidate {
    topology::Hop hop;
    double rank = 0;  // the less the better
    std::string key;  // of the neighbour
    // Read when nothing else tells.
    mutable std::optional<ParallelRank> parallel;
  };

  absl::StatusOr<Candidate> Read(const topology::Hop& hop) const;
  absl::StatusOr<double> ReadRank(RelationshipId id) const;
  // Sets `failure_` if it cannot tell.
  bool Precedes(const Candidate& one, const Candidate& other);
  const ParallelRank& ReadParallel(const Candidate& candidate);

  const store::Snapshot& snapshot_;
  const Lens& lens_;
  const HopRule& rule_;
  Meter& meter_;
  std::vector<Candidate> kept_;  // a heap, the last by the order on top
  absl::Status failure_;
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_KEEPER_H_
