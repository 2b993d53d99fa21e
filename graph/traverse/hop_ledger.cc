#include "graph/traverse/hop_ledger.h"

namespace guanxi::traverse {

bool HopLedger::Leave(RelationshipId id, int hop, Why why) {
  const Place place = {hop, why};
  const bool is_new = left_.try_emplace(id, place).second;
  if (is_new) ++CountAt(place);
  return is_new;
}

std::vector<HopLeftOut> HopLedger::Counts() const {
  std::vector<HopLeftOut> counts;
  for (const auto& [hop, left_out] : counts_) {
    if (left_out == HopLeftOut()) continue;
    counts.push_back(left_out);
    counts.back().hop = hop;
  }
  return counts;
}

void HopLedger::Forget(RelationshipId id) {
  const auto left = left_.find(id);
  if (left == left_.end()) return;
  --CountAt(left->second);
  left_.erase(left);
}

int64_t& HopLedger::CountAt(const Place& place) {
  HopLeftOut& counts = counts_[place.hop];
  return place.why == Why::kCapped ? counts.capped : counts.to_hubs;
}

}  // namespace guanxi::traverse
