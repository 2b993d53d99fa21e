#ifndef GUANXI_TESTS_SUPPORT_BOTH_WAYS_H_
#define GUANXI_TESTS_SUPPORT_BOTH_WAYS_H_

#include <memory>
#include <vector>

#include "absl/strings/string_view.h"

#include "graph/base/check.h"
#include "graph/store/snapshot.h"
#include "graph/store/store.h"
#include "graph/topology/adjacency.h"
#include "graph/topology/column_cache.h"
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
        grounds_({{snapshot}, {snapshot, adjacency_.get()}}) {}

  // Also in ways in which this property is in memory, beside either. Nothing
  // may have been committed since the snapshot.
  BothWays(const store::Snapshot& snapshot, const store::Store& store,
           absl::string_view property)
      : BothWays(snapshot) {
    columns_ = std::make_unique<topology::ColumnCache>(store);
    GUANXI_CHECK(columns_->BuildAnew(property).ok());
    grounds_.push_back({snapshot, nullptr, columns_.get()});
    grounds_.push_back({snapshot, adjacency_.get(), columns_.get()});
  }

  // One of them.
  const topology::Ground& Pick(Random& random) const {
    return grounds_[random.Below(grounds_.size())];
  }
  auto begin() const { return grounds_.begin(); }
  auto end() const { return grounds_.end(); }

 private:
  std::shared_ptr<const topology::Adjacency> adjacency_;
  std::unique_ptr<topology::ColumnCache> columns_;  // nullptr: none
  std::vector<topology::Ground> grounds_;
};

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_BOTH_WAYS_H_
