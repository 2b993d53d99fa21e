#ifndef GUANXI_GRAPH_TRAVERSE_HOP_RULE_H_
#define GUANXI_GRAPH_TRAVERSE_HOP_RULE_H_

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/ids.h"
#include "graph/store/snapshot.h"
#include "graph/topology/topology.h"
#include "graph/traverse/admission.h"
#include "graph/traverse/neighbourhood.h"

namespace guanxi::traverse {

// One hop of a neighbourhood made ready for one snapshot: which way it goes, of
// what types, and what it asks for beside the whole traversal.
//
// Must not outlive the snapshot. Not thread-safe.
class HopRule {
 public:
  static constexpr int64_t kAll = std::numeric_limits<int64_t>::max();

  // Of a hop that asks for nothing beside the traversal, of which `whole` is
  // the admission; or for what `hop` says.
  HopRule(const NeighbourhoodSpec& spec, const Admission& whole);
  HopRule(const store::Snapshot& snapshot, const NeighbourhoodSpec& spec,
          const Admission& whole, const HopSpec& hop);

  Direction direction() const { return direction_; }
  // Of the hop and of the traversal; sorted; empty: all. Meaningless where
  // MatchesNothing().
  const std::vector<TypeId>& types() const { return types_; }
  bool MatchesNothing() const { return matches_nothing_; }

  // Relationships that are kept of one entity; kAll or at least 1.
  int64_t share() const { return share_; }
  KeepOrder order() const { return order_; }
  const std::string& property() const { return property_; }

  // Whether the hop may lead to an entity.
  absl::StatusOr<bool> AdmitsEntity(EntityId id) const {
    if (!own_.has_value()) return true;
    return own_->AdmitsEntity(id);
  }

  // Whether a relationship that the lens shows is one for the hop.
  absl::StatusOr<bool> IsMetBy(const topology::Hop& hop) const {
    if (!selects_relationships_) return true;
    return own_->Shows(hop);
  }

 private:
  std::optional<Admission> own_;
  Direction direction_;
  int64_t share_ = kAll;
  bool selects_relationships_ = false;
  KeepOrder order_ = KeepOrder::kAsMet;
  std::string property_;
  std::vector<TypeId> types_;
  bool matches_nothing_ = false;
};

// The rules of a spec: of its hops, or one that serves all. The last one serves
// all further hops.
std::vector<HopRule> MakeHopRules(const store::Snapshot& snapshot,
                                  const NeighbourhoodSpec& spec,
                                  const Admission& whole);

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_HOP_RULE_H_
