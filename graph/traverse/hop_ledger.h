#ifndef GUANXI_GRAPH_TRAVERSE_HOP_LEDGER_H_
#define GUANXI_GRAPH_TRAVERSE_HOP_LEDGER_H_

#include <cstdint>
#include <map>
#include <vector>

#include "absl/container/flat_hash_map.h"

#include "graph/model/ids.h"
#include "graph/model/view.h"

namespace guanxi::traverse {

// Counts what the limits of hops leave out: each relationship once, at the hop
// that left it out first, unless another one takes it. Not thread-safe.
class HopLedger {
 public:
  // Roughly what a relationship takes that was left out.
  static constexpr int64_t kBytesEach = 32;

  enum class Why : uint8_t { kCapped, kToHub };

  // Leaves out a relationship that was not taken before; returns whether it is
  // the first time.
  bool Leave(RelationshipId id, int hop, Why why);

  // Takes one, which is not left out any more.
  void Take(RelationshipId id) {
    if (!left_.empty()) Forget(id);
  }

  void CountHub(int hop) { ++counts_[hop].hubs; }

  // Those of hops that left out something, in order.
  std::vector<HopLeftOut> Counts() const;

 private:
  struct Place {
    int hop = 0;
    Why why = Why::kCapped;
  };
  void Forget(RelationshipId id);
  int64_t& CountAt(const Place& place);

  absl::flat_hash_map<RelationshipId, Place> left_;
  std::map<int, HopLeftOut> counts_;  // by hop
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_HOP_LEDGER_H_
