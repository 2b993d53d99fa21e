#ifndef GUANXI_GRAPH_TRAVERSE_NEIGHBOURHOOD_H_
#define GUANXI_GRAPH_TRAVERSE_NEIGHBOURHOOD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "graph/model/ids.h"
#include "graph/model/predicate.h"
#include "graph/store/snapshot.h"
#include "graph/topology/topology.h"
#include "graph/traverse/spec.h"

namespace guanxi::traverse {

// Which relationships of an entity are kept where not all may be. All but the
// first go on by the key of the neighbour, then as parallel relationships do
// (traverse/order.h); what has no such number comes last.
enum class KeepOrder : uint8_t {
  kAsMet,    // outwards first, then by type; the same for the same state
  kKey,      // of the neighbour
  kHighest,  // a number that it has: of one with bounds the greatest it can be
  kLowest,   // likewise, the least
  kSurest,   // its confidence
};

// What one hop asks for beside the whole traversal.
struct HopSpec {
  std::optional<Direction> direction;  // that of the traversal unless told
  std::vector<std::string> types;      // empty: all
  std::vector<std::string> labels;     // of what it leads to; empty: all
  // Fitted, as those of a TraversalSpec.
  std::vector<Predicate> entity_predicates;
  std::vector<Predicate> relationship_predicates;
  // Kept of one entity; 0: NeighbourhoodSpec::max_per_entity.
  int64_t max_per_entity = 0;
  KeepOrder order = KeepOrder::kAsMet;
  std::string property;  // kHighest and kLowest
};

enum class HubAction : uint8_t {
  kSkip,  // it is not met
  kStop,  // it is met, and no hop goes on from it
  kCap,   // so many of its relationships are kept
};

// What happens at a hub: an entity of which the next hop would look at more
// relationships than so many. Those count that go its way and are of its types,
// whatever the lens and the conditions say of them; at the last depth, those of
// the hop that would be the next. The start is neither skipped nor stopped at.
struct HubPolicy {
  static constexpr int64_t kMaxDegree = 1'000'000;

  HubAction action = HubAction::kStop;
  int64_t max_degree = 0;  // 1 to kMaxDegree
  int64_t keep = 0;        // kCap: at least 1, in the order of the hop
};

struct NeighbourhoodSpec {
  static constexpr int kMaxDepth = 16;

  TraversalSpec traversal;
  int depth = 1;                // 1 to kMaxDepth
  int64_t max_per_entity = 0;   // relationships kept of one entity; 0: all
  bool include_denied = false;  // list relationships with negated claims only
  // One behind the other, the last for all that are left; at most kMaxDepth.
  // Empty: all hops as the traversal says.
  std::vector<HopSpec> hops;
  std::optional<HubPolicy> hubs;
};

struct VisitedEntity {
  EntityId id;
  int depth = 0;  // 0: the start
  // By which it was reached first; the start: itself. Where hops differ, that
  // may be listed at a depth more than one smaller: it was met again later.
  EntityId parent;
};

// How many relationships of one type the start has under the lens, by
// direction, that meet the first hop but for what it asks of neighbours, before
// limits. A symmetric one counts as kOut.
struct TypeCount {
  std::string type;
  Direction direction = Direction::kOut;
  int64_t count = 0;
};

// An entity at which the hub policy cut, once for each hop by which it was
// judged.
struct Hub {
  EntityId id;
  int depth = 0;         // at which it was met
  int64_t left_out = 0;  // kCap: relationships from it that were not kept

  friend bool operator==(const Hub&, const Hub&) = default;
};

struct Neighbourhood {
  std::vector<VisitedEntity> entities;  // the start; by depth, then as met
  // Every relationship taken, each once, by the depth from which it was met.
  std::vector<RelationshipId> relationships;
  std::vector<RelationshipId> denied;  // include_denied only
  std::vector<Hub> hubs;               // as met
  std::vector<TypeCount> counts;       // by type, then direction
  bool counts_complete = true;         // false: the budget ended the counting
  Completeness completeness;
};

// Walks outwards from `start`, breadth first. A relationship belongs to the
// neighbourhood if it is a step of a walk from the start: of at most `depth`
// steps, each of which the traversal and its hop admit. A walk may come back to
// where it was. Each entity is listed once, at the least depth; where hops
// differ, it is expanded for each by which it is met.
//
// Of more relationships than a cap allows those are kept that come first by the
// order of the hop, and the others are counted. What is in the answer already
// takes no share. COMPLETE: no cap and no hub left anything out; TRUNCATED by
// these (kPerEntity, kHub), there is no progress. It is so too where all that
// was left out came in by other ends: with a cap depths may be too large.
//
// Of an answer that goes on behind earlier parts (TraversalSpec::done), lists
// hold what is new; put behind each other they are those of the whole answer.
// Counts and what was left out speak of all parts so far.
//
// To tell whether an entity is a hub costs a look at its relationships, up to
// one more than HubPolicy::max_degree; each counts as looked at.
//
// INVALID_ARGUMENT [SPEC_INVALID]: a number is out of range.
absl::StatusOr<Neighbourhood> FindNeighbourhood(const topology::Ground& ground,
                                                EntityId start,
                                                const NeighbourhoodSpec& spec);

// What a walk has found since the last time: what comes next in the lists of a
// Neighbourhood. Valid during the call.
struct NeighbourhoodFinds {
  absl::Span<const VisitedEntity> entities;
  absl::Span<const RelationshipId> relationships;
  absl::Span<const RelationshipId> denied;
  absl::Span<const Hub> hubs;
};

// Likewise, but gives all that it finds to `take`, entity by entity that it
// walks from, while it goes on; the lists of the answer stay empty. Ends with
// the first error of `take`, and waits for it.
absl::StatusOr<Neighbourhood> FindNeighbourhood(
    const topology::Ground& ground, EntityId start,
    const NeighbourhoodSpec& spec,
    absl::FunctionRef<absl::Status(const NeighbourhoodFinds&)> take);

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_NEIGHBOURHOOD_H_
