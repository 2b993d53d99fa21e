#ifndef GUANXI_GRAPH_TRAVERSE_ADMISSION_H_
#define GUANXI_GRAPH_TRAVERSE_ADMISSION_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"

#include "graph/base/budget.h"
#include "graph/base/status_macros.h"
#include "graph/model/ids.h"
#include "graph/model/predicate.h"
#include "graph/store/entity_condition.h"
#include "graph/store/snapshot.h"
#include "graph/topology/topology.h"
#include "graph/traverse/spec.h"

namespace guanxi::traverse {

// A TraversalSpec made ready for one snapshot: names looked up, the lens and
// the label filter applied hop by hop, what is passed over counted once.
//
// Must not outlive the snapshot. Not thread-safe.
class Admission {
 public:
  Admission(const store::Snapshot& snapshot, const TraversalSpec& spec);

  // Sorted; meaningless where MatchesNothing().
  const std::vector<TypeId>& types() const { return types_; }

  // Whether types were asked for of which the store has none.
  bool MatchesNothing() const { return matches_nothing_; }

  // Whether every entity is admitted, and every relationship of a plain hop.
  bool AdmitsAllThatIsPlain() const {
    return !selects_entities_ && relationship_predicates_.empty();
  }

  // Whether the lens shows the relationship of a hop, which satisfies the
  // predicates.
  absl::StatusOr<bool> Shows(const topology::Hop& hop) const;

  // Likewise; counts it if the lens does not show it.
  absl::StatusOr<bool> Admits(const topology::Hop& hop) {
    if (hop.plain && !hop.inside && relationship_predicates_.empty()) {
      return true;
    }
    return Judge(hop);
  }

  // Whether an entity carries one of the labels asked for, satisfies the
  // predicates and is not excluded. Of so many the verdict is remembered.
  static constexpr size_t kMostRemembered = 1 << 14;
  absl::StatusOr<bool> AdmitsEntity(EntityId id) const {
    if (!selects_entities_) return true;
    const auto known = judged_.find(id);
    if (known != judged_.end()) return known->second;
    ASSIGN_OR_RETURN(const bool admitted, JudgeEntity(id));
    if (judged_.size() < kMostRemembered) judged_.emplace(id, admitted);
    return admitted;
  }

  // Counts a relationship as denied if the lens sees its denial; returns that.
  absl::StatusOr<bool> CountDenied(const topology::Hop& hop);

  const LeftOut& left_out() const { return left_out_; }

 private:
  absl::StatusOr<bool> Judge(const topology::Hop& hop);
  absl::StatusOr<bool> JudgeEntity(EntityId id) const;
  absl::StatusOr<bool> SatisfiesPredicates(RelationshipId id) const;
  absl::StatusOr<bool> CountHidden(const topology::Hop& hop);
  bool FirstTime(RelationshipId id) { return seen_.insert(id).second; }

  const store::Snapshot& snapshot_;
  Lens lens_;
  store::EntityCondition condition_;
  std::vector<Predicate> relationship_predicates_;
  absl::flat_hash_set<EntityId> excluded_;
  const bool selects_entities_;  // by labels, predicates or exclusion
  mutable absl::flat_hash_map<EntityId, bool> judged_;
  std::vector<TypeId> types_;
  bool matches_nothing_ = false;
  absl::flat_hash_set<RelationshipId> seen_;  // those that were left out
  LeftOut left_out_;
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_ADMISSION_H_
