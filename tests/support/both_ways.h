#ifndef GUANXI_TESTS_SUPPORT_BOTH_WAYS_H_
#define GUANXI_TESTS_SUPPORT_BOTH_WAYS_H_

#include <array>
#include <memory>

#include "graph/store/snapshot.h"
#include "graph/topology/adjacency.h"
#include "graph/topology/topology.h"
#include "tests/support/random_graph.h"

namespace guanxi::test {

// A state of the store to be walked in both ways: by cursors over the tables,
// and over the adjacency in memory. Must not outlive the snapshot, which stands
// at its latest revision.
class BothWays {
 public:
  explicit BothWays(const store::Snapshot& snapshot)
      : adjacency_(topology::Adjacency::Build(snapshot).value()),
        grounds_({topology::Ground{snapshot},
                  topology::Ground{snapshot, adjacency_.get()}}) {}

  // One of the two.
  const topology::Ground& Pick(Random& random) const {
    return grounds_[random.Below(grounds_.size())];
  }
  auto begin() const { return grounds_.begin(); }
  auto end() const { return grounds_.end(); }

 private:
  std::shared_ptr<const topology::Adjacency> adjacency_;
  std::array<topology::Ground, 2> grounds_;
};

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_BOTH_WAYS_H_
