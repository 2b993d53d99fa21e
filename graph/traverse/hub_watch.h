#ifndef GUANXI_GRAPH_TRAVERSE_HUB_WATCH_H_
#define GUANXI_GRAPH_TRAVERSE_HUB_WATCH_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"

#include "graph/base/budget.h"
#include "graph/model/ids.h"
#include "graph/topology/topology.h"
#include "graph/traverse/hop_rule.h"
#include "graph/traverse/neighbourhood.h"

namespace guanxi::traverse {

// Tells which entities are hubs (HubPolicy), by a look at one relationship more
// than they may have. Where entities may be one, all of an entity are gathered
// before the first is counted. A relationship of an entity with itself counts
// at each of its ends.
//
// Must not outlive what it is made of. Not thread-safe.
class HubWatch {
 public:
  struct Verdict {
    bool is_hub = false;
    bool is_new = false;  // it was not judged by this rule before
  };

  // Looks count for `meter`.
  HubWatch(const topology::Topology& topology,
           const std::vector<HopRule>& rules,
           const std::optional<HubPolicy>& policy, Meter& meter)
      : topology_(topology), rules_(rules), policy_(policy), meter_(meter) {}

  bool Does(HubAction action) const {
    return policy_.has_value() && policy_->action == action;
  }
  const HubPolicy& policy() const { return *policy_; }

  // Whether an entity is one for the hop of rule `index`. Means nothing once
  // the meter has stopped. DATA_LOSS [STORE_DAMAGED].
  absl::StatusOr<Verdict> Judge(EntityId id, size_t index);

 private:
  // By rule, a bit for each.
  struct Known {
    uint32_t judged = 0;
    uint32_t hub = 0;
  };
  absl::StatusOr<bool> IsAbove(EntityId id, const HopRule& rule);

  const topology::Topology& topology_;
  const std::vector<HopRule>& rules_;
  const std::optional<HubPolicy>& policy_;
  Meter& meter_;
  absl::flat_hash_map<EntityId, Known> known_;
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_HUB_WATCH_H_
