#include "graph/traverse/neighbourhood.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/traverse/admission.h"

namespace guanxi::traverse {
namespace {

using topology::Hop;

// Roughly what a visited entity or relationship takes in the sets and lists of
// a walk.
constexpr int64_t kBytesEach = 64;

absl::Status CheckDepth(int depth) {
  if (depth >= 1 && depth <= NeighbourhoodSpec::kMaxDepth) {
    return absl::OkStatus();
  }
  const std::string most = absl::StrCat(NeighbourhoodSpec::kMaxDepth);
  return MakeError(
      absl::StatusCode::kInvalidArgument, "SPEC_INVALID",
      absl::StrCat("depth: found ", depth, "; expected 1 to ", most),
      {{"field", "depth"}, {"limit", most}});
}

// One walk outwards.
class Walk {
 public:
  Walk(const store::Snapshot& snapshot, const NeighbourhoodSpec& spec)
      : snapshot_(snapshot),
        spec_(spec),
        topology_(snapshot, spec.traversal.lens),
        admission_(snapshot, spec.traversal),
        meter_(spec.traversal.budget) {}

  absl::StatusOr<Neighbourhood> Run(EntityId start) {
    visited_.insert(start);
    answer_.entities.push_back({start, 0, start});
    RETURN_IF_ERROR(CountStart(start));
    for (size_t i = 0; Going() && i < answer_.entities.size(); ++i) {
      const VisitedEntity entity = answer_.entities[i];
      if (entity.depth >= spec_.depth) break;
      RETURN_IF_ERROR(Expand(entity));
    }
    RETURN_IF_ERROR(Finish());
    return std::move(answer_);
  }

 private:
  bool Going() const { return meter_.stop() == Stop::kNone; }

  // Counts by type and direction what the start has under the lens. The walk
  // pays for looking at these relationships when it takes them.
  absl::Status CountStart(EntityId start) {
    if (admission_.MatchesNothing()) return absl::OkStatus();
    std::map<std::pair<TypeId, Direction>, int64_t> counts;
    Meter counting(spec_.traversal.budget);
    RETURN_IF_ERROR(ForEachAdmitted(start, counting, [&](const Hop& hop) {
      ++counts[{hop.type, hop.direction}];
      return true;
    }));
    answer_.counts_complete = counting.stop() == Stop::kNone;
    for (const auto& [key, count] : counts) {
      answer_.counts.push_back(
          {*snapshot_.catalog().types.Get(key.first), key.second, count});
    }
    std::ranges::sort(answer_.counts, [](const auto& a, const auto& b) {
      return std::tie(a.type, a.direction) < std::tie(b.type, b.direction);
    });
    return absl::OkStatus();
  }

  // Calls `take` for each hop that the lens admits, until it returns false or
  // the budget ends.
  absl::Status ForEachAdmitted(EntityId entity, Meter& meter,
                               absl::FunctionRef<bool(const Hop&)> take) {
    absl::Status failure;
    const auto visit = [&](const Hop& hop) {
      if (!meter.CountRelationship()) return false;
      const absl::StatusOr<bool> admitted = admission_.Admits(hop);
      if (!admitted.ok()) {
        failure = admitted.status();
        return false;
      }
      return !*admitted || take(hop);
    };
    RETURN_IF_ERROR(topology_.Expand(entity, spec_.traversal.direction,
                                     admission_.types(), visit));
    return failure;
  }

  absl::Status Expand(const VisitedEntity& from) {
    if (admission_.MatchesNothing()) return absl::OkStatus();
    absl::Status failure;
    int64_t taken = 0;
    RETURN_IF_ERROR(ForEachAdmitted(from.id, meter_, [&](const Hop& hop) {
      if (taken_.contains(hop.relationship)) return true;
      const absl::StatusOr<bool> wanted =
          admission_.AdmitsEntity(hop.neighbour);
      if (!wanted.ok()) {
        failure = wanted.status();
        return false;
      }
      if (!*wanted) return true;
      if (spec_.max_per_entity > 0 && taken == spec_.max_per_entity) {
        capped_ = true;
        Mark(from);
        return false;
      }
      ++taken;
      return Take(hop, from);
    }));
    RETURN_IF_ERROR(failure);
    RETURN_IF_ERROR(ExpandDenied(from.id));
    if (!Going()) Mark(from);
    return absl::OkStatus();
  }

  bool Take(const Hop& hop, const VisitedEntity& from) {
    if (!meter_.CountResult() || !meter_.CountBytes(kBytesEach)) return false;
    taken_.insert(hop.relationship);
    answer_.relationships.push_back(hop.relationship);
    return Visit(hop.neighbour, from.depth + 1, from.id);
  }

  bool Visit(EntityId id, int depth, EntityId parent) {
    if (visited_.contains(id)) return true;
    if (!meter_.CountEntity() || !meter_.CountBytes(kBytesEach)) return false;
    visited_.insert(id);
    answer_.entities.push_back({id, depth, parent});
    return true;
  }

  absl::Status ExpandDenied(EntityId entity) {
    absl::Status failure;
    const auto visit = [&](const Hop& hop) {
      if (!meter_.CountRelationship()) return false;
      const absl::StatusOr<bool> denied = admission_.CountDenied(hop);
      if (!denied.ok()) {
        failure = denied.status();
        return false;
      }
      const bool listed =
          *denied && spec_.include_denied && !taken_.contains(hop.relationship);
      if (!listed) return true;
      if (!meter_.CountResult() || !meter_.CountBytes(kBytesEach)) return false;
      taken_.insert(hop.relationship);
      answer_.denied.push_back(hop.relationship);
      return true;
    };
    RETURN_IF_ERROR(topology_.ExpandDenied(entity, spec_.traversal.direction,
                                           admission_.types(), visit));
    return failure;
  }

  void Mark(const VisitedEntity& at) {
    if (!cut_at_.has_value()) cut_at_ = at;
  }

  absl::Status Finish() {
    Completeness& completeness = answer_.completeness;
    completeness.left_out = admission_.left_out();
    if (Going() && !capped_) return absl::OkStatus();
    completeness.outcome = Outcome::kTruncated;
    completeness.reason = Going() ? Stop::kPerEntity : meter_.stop();
    const VisitedEntity at = cut_at_ ? *cut_at_ : answer_.entities.front();
    ASSIGN_OR_RETURN(const std::string key, snapshot_.EntityKey(at.id));
    completeness.where = absl::StrCat("at depth ", at.depth, ", at ", key);
    return absl::OkStatus();
  }

  const store::Snapshot& snapshot_;
  const NeighbourhoodSpec& spec_;
  topology::Topology topology_;
  Admission admission_;
  Meter meter_;
  Neighbourhood answer_;
  absl::flat_hash_set<EntityId> visited_;
  absl::flat_hash_set<RelationshipId> taken_;
  bool capped_ = false;
  std::optional<VisitedEntity> cut_at_;  // the first place that was cut
};

}  // namespace

absl::StatusOr<Neighbourhood> FindNeighbourhood(const store::Snapshot& snapshot,
                                                EntityId start,
                                                const NeighbourhoodSpec& spec) {
  RETURN_IF_ERROR(CheckDepth(spec.depth));
  return Walk(snapshot, spec).Run(start);
}

}  // namespace guanxi::traverse
