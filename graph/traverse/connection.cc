#include "graph/traverse/connection.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/traverse/connection_search.h"
#include "graph/traverse/order.h"

namespace guanxi::traverse {
namespace {

using Bridge = ConnectionSearch::Bridge;
using Place = ConnectionSearch::Place;

absl::Status Check(const ConnectionSpec& spec, size_t entities) {
  if (entities < 2 || entities > ConnectionSpec::kMaxEntities) {
    return RefuseField(
        "entities", absl::StrCat(entities),
        absl::StrCat("2 to ", ConnectionSpec::kMaxEntities, " different ones"));
  }
  RETURN_IF_ERROR(CheckRange("max_distance", spec.max_distance, 1,
                             ConnectionSpec::kMaxDistance));
  if (spec.traversal.direction == Direction::kBoth) return absl::OkStatus();
  return RefuseField("direction", "one way",
                     "both: along one way alone no small tree is certain");
}

// Each once, by key.
absl::StatusOr<std::vector<EntityId>> SortByKey(
    const store::Snapshot& snapshot, const std::vector<EntityId>& entities) {
  std::set<std::pair<std::string, EntityId>> sorted;
  for (const EntityId id : entities) {
    ASSIGN_OR_RETURN(std::string key, snapshot.EntityKey(id));
    sorted.emplace(std::move(key), id);
  }
  std::vector<EntityId> ids;
  for (const auto& [key, id] : sorted) ids.push_back(id);
  return ids;
}

// A relationship of a network, as a walk takes it.
struct Branch {
  Place from = 0;
  Place to = 0;
  RelationshipId relationship;
};

// What was laid: trees between given entities.
class Forest {
 public:
  Forest(const store::Snapshot& snapshot, const ConnectionSearch& search)
      : snapshot_(snapshot), search_(search) {}

  bool empty() const { return branches_.empty(); }
  bool Has(Place place) const { return branches_.contains(place); }

  void Add(const Branch& branch) {
    const auto& [from, to, relationship] = branch;
    branches_[from].push_back({.branch = branch});
    branches_[to].push_back({.branch = {to, from, relationship}});
  }

  // Sorts what begins at an entity by where it leads to.
  absl::Status Sort() {
    for (auto& [from, some] : branches_) {
      for (Keyed& one : some) {
        ASSIGN_OR_RETURN(one.key,
                         snapshot_.EntityKey(search_[one.branch.to].id));
      }
      // The last key first, for the walk takes what stands last.
      std::ranges::sort(some, std::greater<>(), &Keyed::key);
    }
    return absl::OkStatus();
  }

  // Adds to `network` what hangs together with `first`; once sorted.
  void Walk(Place first, Network* network) const {
    network->entities.push_back(search_[first].id);
    std::vector<Branch> ahead;
    Enter({.from = first, .to = first}, &ahead);
    while (!ahead.empty()) {
      const Branch branch = ahead.back();
      ahead.pop_back();
      network->entities.push_back(search_[branch.to].id);
      network->relationships.push_back(branch.relationship);
      Enter(branch, &ahead);
    }
  }

 private:
  struct Keyed {
    std::string key;  // of where it leads to
    Branch branch;
  };

  // Adds to `ahead` what leads on from where a branch ends.
  void Enter(const Branch& last, std::vector<Branch>* ahead) const {
    const auto found = branches_.find(last.to);
    if (found == branches_.end()) return;
    for (const Keyed& next : found->second) {
      if (next.branch.to != last.from) ahead->push_back(next.branch);
    }
  }

  const store::Snapshot& snapshot_;
  const ConnectionSearch& search_;
  absl::flat_hash_map<Place, std::vector<Keyed>> branches_;  // by `from`
};

// Joins given entities, bridge by bridge, as Kruskal's algorithm does: the
// bridges of a level are longer than those of the levels before. The ways back
// from their ends are laid at once. A region's ways back are one tree, as each
// entity has one step back, and regions are joined by a tree of bridges: so
// what is laid is a tree, and its leaves are given entities.
class Joining {
 public:
  Joining(const topology::Ground& ground, std::vector<EntityId> given,
          const ConnectionSpec& spec)
      : snapshot_(ground.snapshot),
        given_(std::move(given)),
        spec_(spec),
        meter_(spec.traversal.budget, spec.traversal.done.used),
        search_(ground, given_, spec.traversal, meter_),
        network_(given_.size()),
        forest_(snapshot_, search_) {
    std::iota(network_.begin(), network_.end(), 0U);
  }

  absl::StatusOr<Connections> Run() {
    while (Going() && !IsSettled() && IsWithinDistance()) {
      RETURN_IF_ERROR(search_.Advance(
          [this](const Bridge& bridge) { return Consider(bridge); }));
      if (Going()) RETURN_IF_ERROR(Join());
    }
    RETURN_IF_ERROR(ListNetworks());
    RETURN_IF_ERROR(Finish());
    return std::move(answer_);
  }

 private:
  // Two regions, the first one first.
  using Pair = std::pair<uint32_t, uint32_t>;

  bool Going() const { return meter_.stop() == Stop::kNone; }

  // Whether the bridges of the next level may be short enough.
  bool IsWithinDistance() const {
    return 2 * search_.level() + 1 <= spec_.max_distance;
  }

  // Whether no two networks can be joined by what the search has left: one
  // without an open region is all that can be reached from it.
  bool IsSettled() const {
    std::set<uint32_t> open;
    for (uint32_t region = 0; region < network_.size(); ++region) {
      if (search_.IsOpen(region)) open.insert(network_[region]);
    }
    return open.size() < 2 && !has_longer_;
  }

  Pair PairOf(const Bridge& bridge) const {
    return {search_[bridge.near].region, search_[bridge.far].region};
  }
  bool IsJoined(const Pair& pair) const {
    return network_[pair.first] == network_[pair.second];
  }
  Leg LegOf(const Bridge& bridge) const {
    return {search_[bridge.near].id, search_[bridge.far].id,
            bridge.relationship};
  }

  // Keeps the first one of each pair of regions.
  absl::Status Consider(const Bridge& bridge) {
    const Pair pair = PairOf(bridge);
    if (IsJoined(pair)) return absl::OkStatus();
    const auto [known, is_new] = best_.try_emplace(pair, bridge);
    Bridge& best = known->second;
    if (is_new || bridge.length > best.length) return absl::OkStatus();
    bool precedes = bridge.length < best.length;
    if (!precedes && meter_.CountStep()) {
      ASSIGN_OR_RETURN(precedes, Precedes(snapshot_, spec_.traversal.lens,
                                          LegOf(bridge), LegOf(best)));
    }
    if (precedes) best = bridge;
    return absl::OkStatus();
  }

  // Lays the bridges of a level that join what was apart.
  absl::Status Join() {
    std::vector<std::tuple<int, Pair, Bridge>> sorted;
    for (const auto& [pair, bridge] : best_) {
      sorted.emplace_back(bridge.length, pair, bridge);
    }
    best_.clear();
    std::ranges::sort(sorted, [](const auto& a, const auto& b) {
      return std::tie(std::get<0>(a), std::get<1>(a)) <
             std::tie(std::get<0>(b), std::get<1>(b));
    });
    for (const auto& [length, pair, bridge] : sorted) {
      if (IsJoined(pair)) continue;
      if (length > spec_.max_distance) {
        has_longer_ = true;
        break;
      }
      RETURN_IF_ERROR(Lay(bridge));
      if (!Going()) break;
    }
    return absl::OkStatus();
  }

  // Lays a bridge with the ways back from its ends, or, if that is more than
  // the budget has, nothing.
  absl::Status Lay(const Bridge& bridge) {
    std::vector<Branch> way = {{bridge.near, bridge.far, bridge.relationship}};
    RETURN_IF_ERROR(AddWayBack(bridge.near, &way));
    RETURN_IF_ERROR(AddWayBack(bridge.far, &way));
    for (size_t i = 0; i < way.size(); ++i) {
      if (!meter_.CountResult()) return absl::OkStatus();
    }
    for (const Branch& branch : way) forest_.Add(branch);
    const auto [one, other] = PairOf(bridge);
    const auto [first, second] = std::minmax(network_[one], network_[other]);
    std::ranges::replace(network_, uint32_t{second}, uint32_t{first});
    return absl::OkStatus();
  }

  // From `place` to where the way was laid before.
  absl::Status AddWayBack(Place place, std::vector<Branch>* way) {
    while (Going() && search_[place].distance > 0 && !forest_.Has(place)) {
      ASSIGN_OR_RETURN(const ConnectionSearch::StepBack step,
                       search_.FindStepBack(place));
      way->push_back({place, step.to, step.relationship});
      place = step.to;
    }
    return absl::OkStatus();
  }

  absl::Status ListNetworks() {
    std::map<uint32_t, Network> networks;  // by their first given entity
    for (uint32_t i = 0; i < network_.size(); ++i) {
      networks[network_[i]].given.push_back(given_[i]);
    }
    RETURN_IF_ERROR(forest_.Sort());
    for (auto& [first, network] : networks) {
      forest_.Walk(first, &network);
      answer_.networks.push_back(std::move(network));
    }
    std::ranges::stable_sort(answer_.networks, std::greater<>(),
                             [](const Network& n) { return n.given.size(); });
    return absl::OkStatus();
  }

  absl::Status Finish() {
    Completeness& completeness = answer_.completeness;
    completeness.left_out = search_.left_out();
    if (!Going()) {
      completeness.progress =
          Progress{.used = Max(meter_.used(), spec_.traversal.done.used)};
      return Truncate(meter_.stop());
    }
    if (!IsSettled()) return Truncate(Stop::kLength);
    if (forest_.empty()) completeness.outcome = Outcome::kProvenNone;
    return absl::OkStatus();
  }

  absl::Status Truncate(Stop reason) {
    Completeness& completeness = answer_.completeness;
    completeness.outcome = Outcome::kTruncated;
    completeness.reason = reason;
    const ConnectionSearch::Reached& at = search_[search_.at()];
    ASSIGN_OR_RETURN(const std::string key, snapshot_.EntityKey(at.id));
    completeness.where =
        absl::StrCat("at distance ", at.distance, ", at ", key);
    return absl::OkStatus();
  }

  const store::Snapshot& snapshot_;
  const std::vector<EntityId> given_;  // by key
  const ConnectionSpec& spec_;
  Meter meter_;
  ConnectionSearch search_;
  // By given entity: the first one that it is joined with.
  std::vector<uint32_t> network_;
  std::map<Pair, Bridge> best_;  // of the level
  bool has_longer_ = false;      // a bridge beyond max_distance would join more
  Forest forest_;
  Connections answer_;
};

}  // namespace

absl::StatusOr<Connections> FindConnections(
    const topology::Ground& ground, const std::vector<EntityId>& entities,
    const ConnectionSpec& spec) {
  ASSIGN_OR_RETURN(std::vector<EntityId> given,
                   SortByKey(ground.snapshot, entities));
  RETURN_IF_ERROR(Check(spec, given.size()));
  return Joining(ground, std::move(given), spec).Run();
}

}  // namespace guanxi::traverse
