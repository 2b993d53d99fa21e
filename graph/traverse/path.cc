#include "graph/traverse/path.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/topology/topology.h"
#include "graph/traverse/admission.h"

namespace guanxi::traverse {
namespace {

using topology::Hop;

// Roughly what a visited entity takes in the map and frontier of a side.
constexpr int64_t kBytesEach = 96;

absl::Status CheckLength(int length) {
  if (length >= 1 && length <= PathSpec::kMaxLength) return absl::OkStatus();
  const std::string most = absl::StrCat(PathSpec::kMaxLength);
  return MakeError(
      absl::StatusCode::kInvalidArgument, "SPEC_INVALID",
      absl::StrCat("max_length: found ", length, "; expected 1 to ", most),
      {{"field", "max_length"}, {"limit", most}});
}

Direction Reverse(Direction direction) {
  switch (direction) {
    case Direction::kOut:
      return Direction::kIn;
    case Direction::kIn:
      return Direction::kOut;
    case Direction::kBoth:
      return Direction::kBoth;
  }
  return direction;
}

// Everything reached from one end, level by level.
struct Side {
  struct Reached {
    EntityId parent;
    RelationshipId by;
  };

  EntityId root;
  Direction direction;
  int depth = 0;
  std::vector<EntityId> frontier;
  absl::flat_hash_map<EntityId, Reached> reached;

  Side(EntityId end, Direction way)
      : root(end), direction(way), frontier({end}), reached({{end, {}}}) {}

  // The way from `at` back to the root, `at` first.
  Path WayBack(EntityId at) const {
    Path path{.entities = {at}};
    while (at != root) {
      const Reached& step = reached.at(at);
      path.relationships.push_back(step.by);
      path.entities.push_back(step.parent);
      at = step.parent;
    }
    return path;
  }
};

// A breadth-first search from both ends. As long as they have not met, every
// path is longer than both depths together; so the first meeting is on a
// shortest one.
class Search {
 public:
  Search(const store::Snapshot& snapshot, EntityId from, EntityId to,
         const PathSpec& spec)
      : snapshot_(snapshot),
        spec_(spec),
        topology_(snapshot, spec.traversal.lens),
        admission_(snapshot, spec.traversal),
        meter_(spec.traversal.budget),
        near_(from, spec.traversal.direction),
        far_(to, Reverse(spec.traversal.direction)) {}

  absl::StatusOr<PathAnswer> Run() {
    if (near_.root == far_.root) meeting_ = near_.root;
    while (!meeting_.has_value() && Going() && !Exhausted() &&
           near_.depth + far_.depth < spec_.max_length) {
      const bool near_first = near_.frontier.size() <= far_.frontier.size();
      RETURN_IF_ERROR(near_first ? Advance(near_, far_) : Advance(far_, near_));
    }
    return Answer();
  }

 private:
  bool Going() const { return meter_.stop() == Stop::kNone; }

  bool Exhausted() const {
    return near_.frontier.empty() || far_.frontier.empty() ||
           admission_.MatchesNothing();
  }

  // Searches one level further from one side.
  absl::Status Advance(Side& side, const Side& other) {
    const std::vector<EntityId> level = std::move(side.frontier);
    side.frontier.clear();
    for (const EntityId entity : level) {
      at_ = entity;
      RETURN_IF_ERROR(Expand(entity, side, other));
      if (meeting_.has_value() || !Going()) return absl::OkStatus();
    }
    ++side.depth;
    return absl::OkStatus();
  }

  absl::Status Expand(EntityId entity, Side& side, const Side& other) {
    absl::Status failure;
    const auto visit = [&](const Hop& hop) {
      const absl::StatusOr<bool> more = Step(hop, entity, side, other);
      if (!more.ok()) failure = more.status();
      return more.ok() && *more;
    };
    RETURN_IF_ERROR(
        topology_.Expand(entity, side.direction, admission_.types(), visit));
    RETURN_IF_ERROR(failure);
    if (meeting_.has_value() || !Going()) return absl::OkStatus();
    const auto visit_denied = [&](const Hop& hop) {
      if (!meter_.CountRelationship()) return false;
      failure = admission_.CountDenied(hop).status();
      return failure.ok();
    };
    RETURN_IF_ERROR(topology_.ExpandDenied(entity, side.direction,
                                           admission_.types(), visit_denied));
    return failure;
  }

  // Takes one hop; returns whether the expansion goes on.
  absl::StatusOr<bool> Step(const Hop& hop, EntityId from, Side& side,
                            const Side& other) {
    if (!meter_.CountRelationship()) return false;
    if (side.reached.contains(hop.neighbour)) return true;
    ASSIGN_OR_RETURN(const bool admitted, admission_.Admits(hop));
    if (!admitted) return true;
    const bool is_end = hop.neighbour == other.root;
    if (!is_end) {
      ASSIGN_OR_RETURN(const bool wanted,
                       admission_.AdmitsEntity(hop.neighbour));
      if (!wanted) return true;
    }
    if (!meter_.CountEntity() || !meter_.CountBytes(kBytesEach)) return false;
    side.reached.emplace(hop.neighbour, Side::Reached{from, hop.relationship});
    side.frontier.push_back(hop.neighbour);
    if (other.reached.contains(hop.neighbour)) meeting_ = hop.neighbour;
    return !meeting_.has_value();
  }

  absl::StatusOr<PathAnswer> Answer() {
    PathAnswer answer;
    Completeness& completeness = answer.completeness;
    completeness.left_out = admission_.left_out();
    if (meeting_.has_value()) {
      answer.path = Join();
      return answer;
    }
    if (Going() && Exhausted()) {
      completeness.outcome = Outcome::kProvenNone;
      return answer;
    }
    completeness.outcome = Outcome::kTruncated;
    completeness.reason = Going() ? Stop::kLength : meter_.stop();
    ASSIGN_OR_RETURN(const std::string key, snapshot_.EntityKey(at_));
    completeness.where =
        absl::StrCat("at length ", near_.depth + far_.depth, ", at ", key);
    return answer;
  }

  Path Join() const {
    Path path = near_.WayBack(*meeting_);
    std::ranges::reverse(path.entities);
    std::ranges::reverse(path.relationships);
    const Path rest = far_.WayBack(*meeting_);
    path.entities.insert(path.entities.end(), rest.entities.begin() + 1,
                         rest.entities.end());
    path.relationships.insert(path.relationships.end(),
                              rest.relationships.begin(),
                              rest.relationships.end());
    return path;
  }

  const store::Snapshot& snapshot_;
  const PathSpec& spec_;
  topology::Topology topology_;
  Admission admission_;
  Meter meter_;
  Side near_;
  Side far_;
  EntityId at_;  // the entity expanded last
  std::optional<EntityId> meeting_;
};

}  // namespace

absl::StatusOr<PathAnswer> FindShortestPath(const store::Snapshot& snapshot,
                                            EntityId from, EntityId to,
                                            const PathSpec& spec) {
  RETURN_IF_ERROR(CheckLength(spec.max_length));
  return Search(snapshot, from, to, spec).Run();
}

}  // namespace guanxi::traverse
