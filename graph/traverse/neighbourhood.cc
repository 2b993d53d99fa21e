#include "graph/traverse/neighbourhood.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/store/catalog.h"
#include "graph/traverse/admission.h"
#include "graph/traverse/finds_giver.h"
#include "graph/traverse/hop_ledger.h"
#include "graph/traverse/hop_rule.h"
#include "graph/traverse/hub_watch.h"
#include "graph/traverse/keeper.h"

namespace guanxi::traverse {
namespace {

using topology::Hop;
using topology::Topology;

// Roughly what a visited entity or relationship takes in the sets and lists of
// a walk.
constexpr int64_t kBytesPerFind = 64;

absl::Status CheckSpec(const NeighbourhoodSpec& spec) {
  constexpr int kMaxDepth = NeighbourhoodSpec::kMaxDepth;
  RETURN_IF_ERROR(CheckRange("depth", spec.depth, 1, kMaxDepth));
  RETURN_IF_ERROR(
      CheckRange("hops", static_cast<int64_t>(spec.hops.size()), 0, kMaxDepth));
  if (!spec.hubs.has_value()) return absl::OkStatus();
  RETURN_IF_ERROR(CheckRange("hubs.max_degree", spec.hubs->max_degree, 1,
                             HubPolicy::kMaxDegree));
  if (spec.hubs->action != HubAction::kCap) return absl::OkStatus();
  return CheckRange("hubs.keep", spec.hubs->keep, 1, HubPolicy::kMaxDegree);
}

// One walk outwards.
class Walk {
 public:
  Walk(const topology::Ground& ground, EntityId start,
       const NeighbourhoodSpec& spec, TakeFinds take)
      : snapshot_(ground.snapshot),
        spec_(spec),
        start_(start),
        topology_(ground, spec.traversal.lens),
        admission_(snapshot_, spec.traversal),
        rules_(MakeHopRules(snapshot_, spec, admission_)),
        hops_differ_(rules_.size() > 1),
        all_plain_(admission_.AdmitsAllThatIsPlain() && spec.hops.empty() &&
                   !spec.hubs.has_value()),
        done_(spec.traversal.done),
        finds_(take, done_),
        meter_(spec.traversal.budget, done_.used),
        counting_(spec.traversal.budget, done_.used),
        hubs_(topology_, rules_, spec.hubs, meter_) {}

  absl::StatusOr<Neighbourhood> Run() {
    visited_.insert(start_);
    answer_.entities.push_back({start_, 0, start_});
    if (hops_differ_) queue_ = answer_.entities;
    RETURN_IF_ERROR(CountStart());
    const std::vector<VisitedEntity>& queue =
        hops_differ_ ? queue_ : answer_.entities;
    for (size_t i = 0; Going() && i < queue.size(); ++i) {
      const VisitedEntity entity = queue[i];
      if (entity.depth >= spec_.depth || !meter_.CountStep()) break;
      RETURN_IF_ERROR(WalkFrom(entity));
      RETURN_IF_ERROR(finds_.Give(answer_));
    }
    RETURN_IF_ERROR(finds_.Give(answer_));
    RETURN_IF_ERROR(Finish());
    return std::move(answer_);
  }

 private:
  // An entity that is expanded, and how many of its relationships were kept.
  struct Source {
    const VisitedEntity& entity;
    const HopRule& rule;
    int64_t share;
    Stop limit = Stop::kPerEntity;  // which limit the share is
    int64_t taken = 0;
    int64_t left = 0;
  };

  bool Going() const { return meter_.stop() == Stop::kNone; }

  // Whether nothing that was asked for can stand against a hop.
  bool IsFree(const Hop& hop) const {
    return all_plain_ && hop.plain && !hop.inside;
  }

  // Of the hop that goes on from a depth.
  size_t RuleIndex(int depth) const {
    return std::min(static_cast<size_t>(depth), rules_.size() - 1);
  }

  // Counts by type and direction what the start has under the lens, whether it
  // is wanted or not; and what is left out there, however far the walk comes,
  // which pays for looking at these relationships when it takes them.
  absl::Status CountStart() {
    const HopRule& rule = rules_.front();
    if (rule.MatchesNothing()) return absl::OkStatus();
    std::map<std::pair<TypeId, Direction>, int64_t> counts;
    const auto count = [&](const Hop& hop) -> absl::StatusOr<bool> {
      if (IsFree(hop)) {
        ++counts[{hop.type, hop.direction}];
        return true;
      }
      ASSIGN_OR_RETURN(const bool wanted, AdmitsEntity(rule, hop.neighbour));
      if (hop.inside && !wanted) return true;
      ASSIGN_OR_RETURN(const bool shown,
                       wanted ? admission_.Admits(hop) : admission_.Shows(hop));
      if (!shown) return true;
      ASSIGN_OR_RETURN(const bool met, rule.IsMetBy(hop));
      if (met) ++counts[{hop.type, hop.direction}];
      return true;
    };
    RETURN_IF_ERROR(Expand(start_, rule, counting_, count));
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
  absl::Status Expand(EntityId entity, const HopRule& rule, Meter& meter,
                      Visit visit) {
    Counted counted(meter, visit);
    RETURN_IF_ERROR(
        topology_.Expand(entity, rule.direction(), rule.types(),
                         [&counted](const Hop& hop) { return counted(hop); }));
    return counted.failure();
  }

  template <typename Visit>
  absl::Status ExpandDenied(EntityId entity, const HopRule& rule, Visit visit) {
    Counted counted(meter_, visit);
    RETURN_IF_ERROR(topology_.ExpandDenied(
        entity, rule.direction(), rule.types(),
        [&counted](const Hop& hop) { return counted(hop); }));
    return counted.failure();
  }

  absl::StatusOr<bool> AdmitsEntity(const HopRule& rule, EntityId id) const {
    ASSIGN_OR_RETURN(const bool wanted, admission_.AdmitsEntity(id));
    if (!wanted) return false;
    return rule.AdmitsEntity(id);
  }

  absl::StatusOr<bool> Admits(const HopRule& rule, const Hop& hop) {
    ASSIGN_OR_RETURN(const bool wanted, AdmitsEntity(rule, hop.neighbour));
    if (!wanted) return false;
    ASSIGN_OR_RETURN(const bool admitted, admission_.Admits(hop));
    if (!admitted) return false;
    return rule.IsMetBy(hop);
  }

  absl::Status WalkFrom(const VisitedEntity& from) {
    const HopRule& rule = rules_[RuleIndex(from.depth)];
    Source source{.entity = from, .rule = rule, .share = rule.share()};
    if (!rule.MatchesNothing()) RETURN_IF_ERROR(WalkFrom(source));
    if (!Going()) cut_at_ = from;
    return absl::OkStatus();
  }

  absl::Status WalkFrom(Source& source) {
    ASSIGN_OR_RETURN(const bool is_hub, IsCutAsHub(source.entity));
    if (is_hub && hubs_.Does(HubAction::kStop)) {
      Tell(source, source.entity);
      return absl::OkStatus();
    }
    if (!Going()) return absl::OkStatus();
    if (is_hub && hubs_.policy().keep < source.share) {
      source.share = hubs_.policy().keep;
      source.limit = Stop::kHub;
    }
    RETURN_IF_ERROR(TakeFrom(source));
    const bool hub_cut = source.limit == Stop::kHub && source.left > 0;
    if (hub_cut && Going()) Tell(source, source.entity);
    return ExpandDenied(source.entity.id, source.rule, [&](const Hop& hop) {
      return TakeDenied(hop, source.rule);
    });
  }

  // Whether the policy stops at an entity or caps it.
  absl::StatusOr<bool> IsCutAsHub(const VisitedEntity& entity) {
    const bool stops = hubs_.Does(HubAction::kStop) && entity.id != start_;
    if (!stops && !hubs_.Does(HubAction::kCap)) return false;
    ASSIGN_OR_RETURN(const HubWatch::Verdict verdict,
                     hubs_.Judge(entity.id, RuleIndex(entity.depth)));
    return verdict.is_hub;
  }

  // Lists a hub that is where `source` begins, or was met on a hop from there.
  void Tell(const Source& source, const VisitedEntity& hub) {
    if (!meter_.CountResult() || !meter_.CountBytes(kBytesPerFind)) return;
    const bool capped = hubs_.Does(HubAction::kCap);
    ledger_.CountHub(source.entity.depth + 1);
    answer_.hubs.push_back({hub.id, hub.depth, capped ? source.left : 0});
    Limit(Stop::kHub, hub);
  }

  absl::Status TakeFrom(Source& source) {
    const bool chooses = source.share != HopRule::kAll &&
                         source.rule.order() != KeepOrder::kAsMet;
    if (chooses) return ChooseFrom(source);
    return Expand(source.entity.id, source.rule, meter_,
                  [&](const Hop& hop) { return TakeIfAdmitted(hop, source); });
  }

  // As TakeFrom(), where it takes all to tell which are the first.
  absl::Status ChooseFrom(Source& source) {
    Keeper keeper(snapshot_, spec_.traversal.lens, source.rule, meter_);
    const auto offer = [&](const Hop& hop) -> absl::StatusOr<bool> {
      ASSIGN_OR_RETURN(const bool is_new, TryStep(hop, source));
      if (!is_new || IsOtherEndOfLoop(hop, source)) return Going();
      ASSIGN_OR_RETURN(const std::optional<RelationshipId> gone,
                       keeper.Offer(hop, source.share));
      return gone.has_value() ? Leave(*gone, source) : Going();
    };
    RETURN_IF_ERROR(Expand(source.entity.id, source.rule, meter_, offer));
    if (!Going()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::vector<Hop> kept, std::move(keeper).Finish());
    for (const Hop& hop : kept) {
      if (!Take(hop, source)) break;
    }
    return absl::OkStatus();
  }

  // Returns whether the expansion goes on, as those below do.
  absl::StatusOr<bool> TakeIfAdmitted(const Hop& hop, Source& source) {
    ASSIGN_OR_RETURN(const bool is_new, TryStep(hop, source));
    if (!is_new) return Going();
    if (source.taken < source.share) return Take(hop, source);
    return IsOtherEndOfLoop(hop, source) || Leave(hop.relationship, source);
  }

  // Returns whether a hop leads along a relationship that may be taken and was
  // not. One that was is followed, where hops differ, for where it leads to by
  // this one. Means nothing once the budget has ended.
  absl::StatusOr<bool> TryStep(const Hop& hop, const Source& source) {
    const bool is_taken = taken_.contains(hop.relationship);
    if (is_taken && !hops_differ_) return false;
    if (IsFree(hop)) return true;
    ASSIGN_OR_RETURN(const bool admitted, Admits(source.rule, hop));
    if (!admitted) return false;
    if (hubs_.Does(HubAction::kSkip)) {
      ASSIGN_OR_RETURN(const bool skipped, SkipHub(hop, source));
      if (skipped) return false;
    }
    if (is_taken) Visit(hop.neighbour, source.entity);
    return !is_taken && Going();
  }

  // One from an entity to itself is met twice in both directions.
  static bool IsOtherEndOfLoop(const Hop& hop, const Source& source) {
    return hop.neighbour == source.entity.id &&
           hop.direction == Direction::kIn &&
           source.rule.direction() == Direction::kBoth;
  }

  // Leaves a hop out if it leads to a hub; returns whether it does.
  absl::StatusOr<bool> SkipHub(const Hop& hop, const Source& source) {
    if (hop.neighbour == start_) return false;
    const int depth = source.entity.depth + 1;
    ASSIGN_OR_RETURN(const HubWatch::Verdict verdict,
                     hubs_.Judge(hop.neighbour, RuleIndex(depth)));
    if (!verdict.is_hub || !Going()) return false;
    if (verdict.is_new) Tell(source, {hop.neighbour, depth, {}});
    const bool is_taken = taken_.contains(hop.relationship);
    if (!is_taken) Count(hop.relationship, source, HopLedger::Why::kToHub);
    return true;
  }

  // Leaves out what is beyond the share of its entity.
  bool Leave(RelationshipId id, Source& source) {
    ++source.left;
    Limit(source.limit, source.entity);
    return Count(id, source, HopLedger::Why::kCapped);
  }

  bool Count(RelationshipId id, const Source& source, HopLedger::Why why) {
    const bool is_new = ledger_.Leave(id, source.entity.depth + 1, why);
    return !is_new || meter_.CountBytes(HopLedger::kBytesEach);
  }

  bool Take(const Hop& hop, Source& source) {
    if (!meter_.CountResult() || !meter_.CountBytes(kBytesPerFind))
      return false;
    ++source.taken;
    ledger_.Take(hop.relationship);
    taken_.insert(hop.relationship);
    answer_.relationships.push_back(hop.relationship);
    return Visit(hop.neighbour, source.entity);
  }

  bool Visit(EntityId id, const VisitedEntity& from) {
    const VisitedEntity met = {id, from.depth + 1, from.id};
    if (!visited_.contains(id)) {
      if (!meter_.CountEntity() || !meter_.CountBytes(kBytesPerFind))
        return false;
      visited_.insert(id);
      answer_.entities.push_back(met);
    }
    return !hops_differ_ || Queue(met);
  }

  // Where hops differ, an entity waits once for each.
  bool Queue(const VisitedEntity& met) {
    if (met.depth >= spec_.depth) return true;
    const size_t index = RuleIndex(met.depth);
    if (!waiting_.insert({met.id, index}).second) return true;
    queue_.push_back(met);
    return meter_.CountBytes(kBytesPerFind);
  }

  absl::StatusOr<bool> TakeDenied(const Hop& hop, const HopRule& rule) {
    ASSIGN_OR_RETURN(const bool wanted, AdmitsEntity(rule, hop.neighbour));
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

  // A limit that is part of the question. The first place is told, hubs before
  // caps.
  void Limit(Stop reason, const VisitedEntity& at) {
    if (limit_ == Stop::kHub || limit_ == reason) return;
    limit_ = reason;
    limit_at_ = at;
  }

  // What ended the work; counting can go on to its limit behind a walk that
  // has reached its own end.
  Stop Reason() const { return Going() ? counting_.stop() : meter_.stop(); }

  absl::Status Finish() {
    Completeness& completeness = answer_.completeness;
    completeness.left_out = admission_.left_out();
    completeness.left_out.hops = ledger_.Counts();
    if (Reason() != Stop::kNone) {
      completeness.progress = MakeProgress();
      RETURN_IF_ERROR(
          Truncate(Reason(), cut_at_.value_or(answer_.entities.front())));
    } else if (limit_ != Stop::kNone) {
      RETURN_IF_ERROR(Truncate(limit_, limit_at_));
    }
    answer_.entities.clear();
    answer_.relationships.clear();
    answer_.denied.clear();
    answer_.hubs.clear();
    return absl::OkStatus();
  }

  absl::Status Truncate(Stop reason, const VisitedEntity& at) {
    Completeness& completeness = answer_.completeness;
    completeness.outcome = Outcome::kTruncated;
    completeness.reason = reason;
    ASSIGN_OR_RETURN(const std::string key, snapshot_.EntityKey(at.id));
    completeness.where = absl::StrCat("at depth ", at.depth, ", at ", key);
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
            .denied = more(answer_.denied, done_.denied),
            .hubs = more(answer_.hubs, done_.hubs)};
  }

  const store::Snapshot& snapshot_;
  const NeighbourhoodSpec& spec_;
  const EntityId start_;
  Topology topology_;
  Admission admission_;
  const std::vector<HopRule> rules_;
  const bool hops_differ_;  // else the entities of the answer are the queue
  const bool all_plain_;    // every plain hop is one to take
  const Progress& done_;
  FindsGiver finds_;
  Meter meter_;
  Meter counting_;  // of what the start has
  HubWatch hubs_;
  HopLedger ledger_;
  Neighbourhood answer_;
  absl::flat_hash_set<EntityId> visited_;
  absl::flat_hash_set<RelationshipId> taken_;
  // Where hops differ: entities to expand, and by which rules they are.
  std::vector<VisitedEntity> queue_;
  absl::flat_hash_set<std::pair<EntityId, size_t>> waiting_;
  std::optional<VisitedEntity> cut_at_;  // where the budget ended the walk
  Stop limit_ = Stop::kNone;             // kPerEntity or kHub
  VisitedEntity limit_at_;
};

}  // namespace

absl::StatusOr<Neighbourhood> FindNeighbourhood(const topology::Ground& ground,
                                                EntityId start,
                                                const NeighbourhoodSpec& spec) {
  Neighbourhood lists;
  const auto append = [](auto finds, auto& list) {
    list.insert(list.end(), finds.begin(), finds.end());
  };
  ASSIGN_OR_RETURN(Neighbourhood answer,
                   FindNeighbourhood(ground, start, spec,
                                     [&](const NeighbourhoodFinds& finds) {
                                       append(finds.entities, lists.entities);
                                       append(finds.relationships,
                                              lists.relationships);
                                       append(finds.denied, lists.denied);
                                       append(finds.hubs, lists.hubs);
                                       return absl::OkStatus();
                                     }));
  answer.entities = std::move(lists.entities);
  answer.relationships = std::move(lists.relationships);
  answer.denied = std::move(lists.denied);
  answer.hubs = std::move(lists.hubs);
  return answer;
}

absl::StatusOr<Neighbourhood> FindNeighbourhood(const topology::Ground& ground,
                                                EntityId start,
                                                const NeighbourhoodSpec& spec,
                                                TakeFinds take) {
  RETURN_IF_ERROR(CheckSpec(spec));
  return Walk(ground, start, spec, take).Run();
}

}  // namespace guanxi::traverse
