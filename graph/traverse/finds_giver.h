#ifndef GUANXI_GRAPH_TRAVERSE_FINDS_GIVER_H_
#define GUANXI_GRAPH_TRAVERSE_FINDS_GIVER_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

#include "graph/traverse/neighbourhood.h"
#include "graph/traverse/spec.h"

namespace guanxi::traverse {

using TakeFinds = absl::FunctionRef<absl::Status(const NeighbourhoodFinds&)>;

// Gives what a walk finds as its lists grow, and each thing once: what earlier
// parts of the answer gave is passed over.
class FindsGiver {
 public:
  // `done`: how much of each list earlier parts gave.
  FindsGiver(TakeFinds take, const Progress& done)
      : take_(take), given_(done) {}

  // Gives what the lists have grown by. Errors of the taker.
  absl::Status Give(const Neighbourhood& lists);

 private:
  const TakeFinds take_;
  Progress given_;  // of each list so much
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_FINDS_GIVER_H_
