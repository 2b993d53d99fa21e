#include "graph/traverse/neighbourhood.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/catalog.h"
#include "graph/traverse/admission.h"

namespace guanxi::traverse {
namespace {

using topology::Hop;
using topology::Topology;

// Roughly what a visited entity or relationship takes in the sets and lists of
// a walk.
constexpr int64_t kBytesPerFind = 64;

// One walk outwards.
class Walk {
 public:
  Walk(const topology::Ground& ground, const NeighbourhoodSpec& spec)
      : snapshot_(ground.snapshot),
        spec_(spec),
        topology_(ground, spec.traversal.lens),
        admission_(snapshot_, spec.traversal),
        done_(spec.traversal.done),
        meter_(spec.traversal.budget, done_.used),
        counting_(spec.traversal.budget, done_.used) {}

  absl::StatusOr<Neighbourhood> Run(EntityId start) {
    visited_.insert(start);
    answer_.entities.push_back({start, 0, start});
    RETURN_IF_ERROR(CountStart(start));
    for (size_t i = 0; Going() && i < answer_.entities.size(); ++i) {
      const VisitedEntity entity = answer_.entities[i];
      if (entity.depth >= spec_.depth || !meter_.CountStep()) break;
      RETURN_IF_ERROR(WalkFrom(entity));
    }
    RETURN_IF_ERROR(Finish());
    return std::move(answer_);
  }

 private:
  bool Going() const { return meter_.stop() == Stop::kNone; }

  // Counts by type and direction what the start has under the lens, whether it
  // is wanted or not; and what is left out there, however far the walk comes,
  // which pays for looking at these relationships when it takes them.
  absl::Status CountStart(EntityId start) {
    if (admission_.MatchesNothing()) return absl::OkStatus();
    std::map<std::pair<TypeId, Direction>, int64_t> counts;
    const auto count = [&](const Hop& hop) -> absl::StatusOr<bool> {
      ASSIGN_OR_RETURN(const bool wanted,
                       admission_.AdmitsEntity(hop.neighbour));
      ASSIGN_OR_RETURN(const bool shown,
                       wanted ? admission_.Admits(hop) : admission_.Shows(hop));
      if (shown) ++counts[{hop.type, hop.direction}];
      return true;
    };
    RETURN_IF_ERROR(Expand(start, counting_, count));
    answer_.counts_complete = counting_.stop() == Stop::kNone;
    for (const auto& [key, shown] : counts) {
      ASSIGN_OR_RETURN(const std::string* type,
                       store::TypeName(snapshot_.catalog(), key.first));
      answer_.counts.push_back({*type, key.second, shown});
    }
    std::ranges::sort(answer_.counts, [](const auto& a, const auto& b) {
      return std::tie(a.type, a.direction) < std::tie(b.type, b.direction);
    });
    // Who is in a hurry or gone waits for no walk.
    const Stop stop = counting_.stop();
    if (stop == Stop::kCancelled || stop == Stop::kDeadline) meter_.End(stop);
    return absl::OkStatus();
  }

  // Visits a hop that the budget allows, until that fails or returns false.
  template <typename Visit>
  class Counted {
   public:
    Counted(Meter& meter, Visit& visit) : meter_(meter), visit_(visit) {}

    bool operator()(const Hop& hop) {
      if (!meter_.CountRelationship()) return false;
      const absl::StatusOr<bool> more = visit_(hop);
      if (!more.ok()) failure_ = more.status();
      return more.ok() && *more;
    }
    const absl::Status& failure() const { return failure_; }

   private:
    Meter& meter_;
    Visit& visit_;
    absl::Status failure_;
  };

  // Calls `visit` for each hop from an entity, until it fails or returns false
  // or the budget ends.
  template <typename Visit>
  absl::Status Expand(EntityId entity, Meter& meter, Visit visit) {
    Counted counted(meter, visit);
    RETURN_IF_ERROR(
        topology_.Expand(entity, spec_.traversal.direction, admission_.types(),
                         [&counted](const Hop& hop) { return counted(hop); }));
    return counted.failure();
  }

  template <typename Visit>
  absl::Status ExpandDenied(EntityId entity, Visit visit) {
    Counted counted(meter_, visit);
    RETURN_IF_ERROR(topology_.ExpandDenied(
        entity, spec_.traversal.direction, admission_.types(),
        [&counted](const Hop& hop) { return counted(hop); }));
    return counted.failure();
  }

  absl::Status WalkFrom(const VisitedEntity& from) {
    if (admission_.MatchesNothing()) return absl::OkStatus();
    int64_t taken = 0;
    const auto take = [&](const Hop& hop) {
      return TakeIfAdmitted(hop, from, taken);
    };
    const auto take_denied = [&](const Hop& hop) { return TakeDenied(hop); };
    RETURN_IF_ERROR(Expand(from.id, meter_, take));
    RETURN_IF_ERROR(ExpandDenied(from.id, take_denied));
    if (!Going()) Mark(from);
    return absl::OkStatus();
  }

  // Returns whether the expansion goes on. `taken` counts what `from` gave.
  absl::StatusOr<bool> TakeIfAdmitted(const Hop& hop, const VisitedEntity& from,
                                      int64_t& taken) {
    if (taken_.contains(hop.relationship)) return true;
    ASSIGN_OR_RETURN(const bool wanted, admission_.AdmitsEntity(hop.neighbour));
    if (!wanted) return true;
    ASSIGN_OR_RETURN(const bool admitted, admission_.Admits(hop));
    if (!admitted) return true;
    if (spec_.max_per_entity > 0 && taken == spec_.max_per_entity) {
      capped_ = true;
      Mark(from);
      return false;
    }
    ++taken;
    return Take(hop, from);
  }

  bool Take(const Hop& hop, const VisitedEntity& from) {
    if (!meter_.CountResult() || !meter_.CountBytes(kBytesPerFind))
      return false;
    taken_.insert(hop.relationship);
    answer_.relationships.push_back(hop.relationship);
    return Visit(hop.neighbour, from.depth + 1, from.id);
  }

  bool Visit(EntityId id, int depth, EntityId parent) {
    if (visited_.contains(id)) return true;
    if (!meter_.CountEntity() || !meter_.CountBytes(kBytesPerFind))
      return false;
    visited_.insert(id);
    answer_.entities.push_back({id, depth, parent});
    return true;
  }

  absl::StatusOr<bool> TakeDenied(const Hop& hop) {
    ASSIGN_OR_RETURN(const bool wanted, admission_.AdmitsEntity(hop.neighbour));
    if (!wanted) return true;
    ASSIGN_OR_RETURN(const bool denied, admission_.CountDenied(hop));
    const bool listed =
        denied && spec_.include_denied && !taken_.contains(hop.relationship);
    if (!listed) return true;
    if (!meter_.CountResult() || !meter_.CountBytes(kBytesPerFind))
      return false;
    taken_.insert(hop.relationship);
    answer_.denied.push_back(hop.relationship);
    return true;
  }

  void Mark(const VisitedEntity& at) {
    if (!cut_at_.has_value()) cut_at_ = at;
  }

  // What ended the work; counting can go on to its limit behind a walk that
  // has reached its own end.
  Stop Reason() const { return Going() ? counting_.stop() : meter_.stop(); }

  absl::Status Finish() {
    Completeness& completeness = answer_.completeness;
    completeness.left_out = admission_.left_out();
    if (Reason() != Stop::kNone) completeness.progress = MakeProgress();
    if (Reason() != Stop::kNone || capped_) {
      completeness.outcome = Outcome::kTruncated;
      completeness.reason =
          Reason() == Stop::kNone ? Stop::kPerEntity : Reason();
      const VisitedEntity at = cut_at_ ? *cut_at_ : answer_.entities.front();
      ASSIGN_OR_RETURN(const std::string key, snapshot_.EntityKey(at.id));
      completeness.where = absl::StrCat("at depth ", at.depth, ", at ", key);
    }
    Skip(done_.entities, answer_.entities);
    Skip(done_.relationships, answer_.relationships);
    Skip(done_.denied, answer_.denied);
    return absl::OkStatus();
  }

  Progress MakeProgress() const {
    const auto more = [](const auto& list, int64_t done) {
      return std::max(static_cast<int64_t>(list.size()), done);
    };
    const Usage used = Max(meter_.used(), counting_.used());
    return {.used = Max(used, done_.used),
            .entities = more(answer_.entities, done_.entities),
            .relationships = more(answer_.relationships, done_.relationships),
            .denied = more(answer_.denied, done_.denied)};
  }

  // Takes away what earlier parts have given.
  template <typename T>
  static void Skip(int64_t count, std::vector<T>& list) {
    const auto given = std::min(count, static_cast<int64_t>(list.size()));
    list.erase(list.begin(), list.begin() + given);
  }

  const store::Snapshot& snapshot_;
  const NeighbourhoodSpec& spec_;
  Topology topology_;
  Admission admission_;
  const Progress& done_;
  Meter meter_;
  Meter counting_;  // of what the start has
  Neighbourhood answer_;
  absl::flat_hash_set<EntityId> visited_;
  absl::flat_hash_set<RelationshipId> taken_;
  bool capped_ = false;
  std::optional<VisitedEntity> cut_at_;  // the first place that was cut
};

}  // namespace

absl::StatusOr<Neighbourhood> FindNeighbourhood(const topology::Ground& ground,
                                                EntityId start,
                                                const NeighbourhoodSpec& spec) {
  RETURN_IF_ERROR(
      CheckRange("depth", spec.depth, 1, NeighbourhoodSpec::kMaxDepth));
  return Walk(ground, spec).Run(start);
}

}  // namespace guanxi::traverse
