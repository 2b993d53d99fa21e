#ifndef GUANXI_TESTS_SUPPORT_SLOW_GRAPH_H_
#define GUANXI_TESTS_SUPPORT_SLOW_GRAPH_H_

#include <string>
#include <vector>

#include "graph/model/ids.h"
#include "graph/store/snapshot.h"
#include "graph/traverse/spec.h"

namespace guanxi::test {

// A relationship as its record has it.
struct Edge {
  RelationshipId id;
  EntityId from;
  EntityId to;
  std::string type;
  bool symmetric = false;
};

// One way along it.
struct Step {
  EntityId to;
  Edge edge;
  Direction direction = Direction::kOut;
};

// What a spec admits, worked out slowly: by looking at every relationship of
// the store and asking the lens about each. Must not outlive what it is made
// of.
class SlowGraph {
 public:
  SlowGraph(const store::Snapshot& snapshot,
            const traverse::TraversalSpec& spec);

  // By type and direction; the lens is not asked.
  std::vector<Step> StepsFrom(EntityId at) const;

  store::Admitted Admit(const Edge& edge) const {
    return *snapshot_.Admit(edge.id, spec_.lens);
  }
  bool Shows(const Edge& edge) const {
    return Admit(edge).admission == store::Admission::kShown;
  }

  // Whether a traversal may visit the entity.
  bool Carries(EntityId id) const;

 private:
  const store::Snapshot& snapshot_;
  const traverse::TraversalSpec& spec_;
  std::vector<Edge> edges_;
};

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_SLOW_GRAPH_H_
