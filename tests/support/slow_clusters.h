#ifndef GUANXI_TESTS_SUPPORT_SLOW_CLUSTERS_H_
#define GUANXI_TESTS_SUPPORT_SLOW_CLUSTERS_H_

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "graph/model/statement.h"
#include "graph/traverse/spec.h"
#include "tests/support/random_graph.h"
#include "tests/support/slow_graph.h"

namespace guanxi::test {

Statement Judge(Judgement judgement, std::string first, std::string second);

// The key of one of the entities of RandomStatements().
std::string RandomKey(Random& random);

// RandomStatements() with judgements that make some entities one, or forbid it,
// in every other graph.
std::vector<Statement> RandomRelated(Random& random);

// RandomTraversal() that excludes an entity now and then.
traverse::TraversalSpec RandomTraversalOf(Random& random,
                                          const store::Snapshot& snapshot);

// How many relationships were met and not shown.
int64_t CountOf(const LeftOut& left);

// What is met and not shown.
using LeftOutSet = std::set<RelationshipId>;

// A slow graph in which entities that are one are one.
class SlowClusters {
 public:
  SlowClusters(const store::Snapshot& snapshot,
               const traverse::TraversalSpec& spec)
      : snapshot_(snapshot), spec_(spec), slow_(snapshot, spec) {}

  EntityId Canonical(EntityId id) const {
    return (*snapshot_.ClusterOf(id, spec_.lens))->canonical;
  }
  bool Carries(EntityId id) const { return slow_.Carries(id); }

  // Calls `take` with each admitted step from an entity to an admitted one: of
  // relationships that are folded, with the first one.
  template <typename Take>
  void ForEachStep(EntityId from, LeftOutSet& left_out, Take take) const {
    std::set<std::pair<EntityId, RelationshipId>> steps;
    const store::Cluster& cluster = **snapshot_.ClusterOf(from, spec_.lens);
    for (const EntityId member : cluster.members) {
      for (const Step& step : slow_.StepsFrom(member)) {
        const EntityId to = Canonical(step.to);
        if (!Carries(to)) continue;
        const store::Admitted admitted = slow_.Admit(step.edge);
        const bool shown = admitted.admission == store::Admission::kShown;
        const bool inside = to == from && cluster.merged();
        if (shown && !inside) {
          steps.emplace(to, admitted.relationship);
        } else if (shown || (!inside &&
                             admitted.admission != store::Admission::kAbsent)) {
          left_out.insert(admitted.relationship);
        }
      }
    }
    for (const auto& [to, id] : steps) take(to, id);
  }

  // The first of those that a relationship is folded with.
  RelationshipId First(RelationshipId id) const {
    return snapshot_.Admit(id, spec_.lens)->relationship;
  }

 private:
  const store::Snapshot& snapshot_;
  const traverse::TraversalSpec& spec_;
  const SlowGraph slow_;
};

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_SLOW_CLUSTERS_H_
