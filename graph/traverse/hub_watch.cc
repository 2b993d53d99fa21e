#include "graph/traverse/hub_watch.h"

#include "graph/base/status_macros.h"

namespace guanxi::traverse {
namespace {

using topology::Hop;

static_assert(NeighbourhoodSpec::kMaxDepth <= 32);  // the bits of Known

// Roughly what an entity takes that was judged.
constexpr int64_t kBytesEach = 32;

}  // namespace

absl::StatusOr<HubWatch::Verdict> HubWatch::Judge(EntityId id, size_t index) {
  const uint32_t bit = uint32_t{1} << index;
  const auto [place, is_new] = known_.try_emplace(id);
  if (is_new) meter_.CountBytes(kBytesEach);
  Known& known = place->second;
  if ((known.judged & bit) != 0) return Verdict{(known.hub & bit) != 0};
  ASSIGN_OR_RETURN(const bool is_hub, IsAbove(id, rules_[index]));
  known.judged |= bit;
  if (is_hub) known.hub |= bit;
  return Verdict{is_hub, true};
}

// Relationships inside a cluster are none of its degree.
absl::StatusOr<bool> HubWatch::IsAbove(EntityId id, const HopRule& rule) {
  if (rule.MatchesNothing()) return false;
  int64_t degree = 0;
  const auto count = [&](const Hop& hop) {
    if (!meter_.CountRelationship()) return false;
    if (!hop.inside) ++degree;
    return degree <= policy_->max_degree;
  };
  RETURN_IF_ERROR(topology_.Expand(id, rule.direction(), rule.types(), count));
  return degree > policy_->max_degree;
}

}  // namespace guanxi::traverse
