#include "graph/traverse/reach.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/store/tuple_block.h"
#include "graph/traverse/admission.h"
#include "graph/traverse/entity_set.h"

namespace guanxi::traverse {
namespace {

using topology::Hop;
using topology::Topology;

// What a reached entity takes in the set and in the answer.
constexpr int64_t kBytesPerReached = sizeof(EntityId) + sizeof(ReachedEntity);

using TakeReached =
    absl::FunctionRef<absl::Status(absl::Span<const ReachedEntity>)>;

// One search, level by level. The set of what was reached is its queue.
class ReachSearch {
 public:
  ReachSearch(const topology::Ground& ground, const ReachSpec& spec,
              TakeReached take)
      : take_(take),
        snapshot_(ground.snapshot),
        spec_(spec),
        direction_(spec.traversal.direction),
        topology_(ground, spec.traversal.lens),
        admission_(snapshot_, spec.traversal),
        done_(spec.traversal.done),
        meter_(spec.traversal.budget, done_.used) {}

  absl::StatusOr<Reach> Run(const std::vector<EntityId>& starts) {
    constexpr int64_t kBitsPerByte = 8;
    const uint64_t bound = snapshot_.entity_bound();
    meter_.CountBytes(static_cast<int64_t>(bound) / kBitsPerByte);
    if (Going()) reached_.Reserve(bound);
    for (const EntityId start : starts) RETURN_IF_ERROR(Insert(start));
    starts_.insert(starts.begin(), starts.end());
    levels_ = {0, reached_.size()};
    RETURN_IF_ERROR(GiveLevel());
    while (Going() && HasMore()) {
      RETURN_IF_ERROR(Advance());
      RETURN_IF_ERROR(GiveLevel());
    }
    RETURN_IF_ERROR(Finish());
    return std::move(answer_);
  }

 private:
  bool Going() const { return meter_.stop() == Stop::kNone; }

  // How many relationships the last level is away.
  int depth() const { return static_cast<int>(levels_.size()) - 2; }

  bool IsExhausted() const {
    return admission_.MatchesNothing() ||
           levels_[levels_.size() - 2] == levels_.back();
  }
  bool HasMore() const { return !IsExhausted() && depth() < spec_.max_depth; }

  // A damaged store may name entities that it never gave an id.
  absl::Status Insert(EntityId id) {
    if (id.value >= snapshot_.entity_bound()) {
      return store::BlockDamaged("it names an entity that was never given");
    }
    reached_.Insert(id);
    return absl::OkStatus();
  }

  absl::Status Advance() {
    const size_t end = levels_.back();
    expanding_ = depth();
    for (next_ = levels_[levels_.size() - 2]; next_ < end; ++next_) {
      if (!meter_.CountStep()) break;
      if (next_ + Topology::kSlotsAhead < end) {
        topology_.Prefetch(
            reached_[next_ + Topology::kSlotsAhead],
            reached_[std::min(next_ + Topology::kPlacesAhead, end - 1)],
            direction_);
      }
      RETURN_IF_ERROR(Expand(reached_[next_]));
      if (!Going()) break;
    }
    levels_.push_back(reached_.size());
    return absl::OkStatus();
  }

  absl::Status Expand(EntityId entity) {
    if (admission_.AdmitsAllThatIsPlain() && topology_.HasRuns(entity)) {
      topology_.ForEachRun(
          entity, direction_, admission_.types(),
          [this](const topology::Run& run) { return TakeRun(run); });
    } else {
      RETURN_IF_ERROR(
          topology_.Expand(entity, direction_, admission_.types(),
                           [this](const Hop& hop) { return Take(hop); }));
    }
    RETURN_IF_ERROR(failure_);
    if (!Going()) return absl::OkStatus();
    RETURN_IF_ERROR(topology_.ExpandDenied(
        entity, direction_, admission_.types(),
        [this](const Hop& hop) { return TakeDenied(hop); }));
    return failure_;
  }

  // Returns whether the expansion goes on, as those below do.
  bool TakeRun(const topology::Run& run) {
    for (size_t begin = 0; begin < run.size; begin += topology::Run::kAtOnce) {
      const auto part =
          run.Part(begin, std::min(begin + topology::Run::kAtOnce, run.size));
      const bool more =
          part.IsPlain() && meter_.HasRoomFor(UsageOf(part.size, part.size))
              ? TakePlain(part)
              : TakeSlots(part);
      if (!more) return false;
    }
    return true;
  }

  Usage UsageOf(size_t relationships, size_t entities) const {
    const auto reached = static_cast<int64_t>(entities);
    return {.entities = reached,
            .relationships = static_cast<int64_t>(relationships),
            .results = spec_.counts_only ? 0 : reached,
            .bytes = reached * kBytesPerReached};
  }

  bool TakePlain(const topology::Run& run) {
    const size_t fresh = reached_.InsertAll({run.neighbours, run.size});
    return meter_.CountAll(UsageOf(run.size, fresh));
  }

  bool TakeSlots(const topology::Run& run) {
    for (size_t i = 0; i < run.size; ++i) {
      const Hop hop = {.neighbour = {run.neighbours[i]},
                       .relationship = {run.relationships[i]},
                       .plain = topology::PackedSlot::IsPlain(run.kinds[i])};
      if (!Take(hop)) return false;
    }
    return true;
  }

  bool Take(const Hop& hop) {
    if (!meter_.CountRelationship()) return false;
    const bool is_new = !reached_.Has(hop.neighbour);
    const absl::StatusOr<bool> admitted = Admits(hop, is_new);
    if (!admitted.ok()) failure_ = admitted.status();
    if (!admitted.ok() || !*admitted || !is_new) return admitted.ok();
    const bool counted = meter_.CountEntity() && CountResult() &&
                         meter_.CountBytes(kBytesPerReached);
    if (!counted) return false;
    failure_ = Insert(hop.neighbour);
    return failure_.ok();
  }

  // Of what was reached, none but the starts need be asked again.
  absl::StatusOr<bool> Admits(const Hop& hop, bool is_new) {
    if (is_new || starts_.contains(hop.neighbour)) {
      ASSIGN_OR_RETURN(const bool wanted,
                       admission_.AdmitsEntity(hop.neighbour));
      if (!wanted) return false;
    }
    return admission_.Admits(hop);
  }

  bool CountResult() { return spec_.counts_only || meter_.CountResult(); }

  bool TakeDenied(const Hop& hop) {
    if (!meter_.CountRelationship()) return false;
    const absl::StatusOr<bool> wanted = admission_.AdmitsEntity(hop.neighbour);
    failure_ = wanted.status();
    if (wanted.ok() && *wanted) failure_ = admission_.CountDenied(hop).status();
    return failure_.ok();
  }

  absl::Status Finish() {
    Completeness& completeness = answer_.completeness;
    completeness.left_out = admission_.left_out();
    if (!Going()) {
      const auto reached = static_cast<int64_t>(reached_.size());
      completeness.progress =
          Progress{.used = Max(meter_.used(), done_.used),
                   .entities = std::max(reached, done_.entities)};
      return Truncate(meter_.stop());
    }
    const bool is_deepest = spec_.max_depth == ReachSpec::kMaxDepth;
    if (!IsExhausted() && is_deepest) return Truncate(Stop::kLength);
    return absl::OkStatus();
  }

  absl::Status Truncate(Stop reason) {
    Completeness& completeness = answer_.completeness;
    completeness.outcome = Outcome::kTruncated;
    completeness.reason = reason;
    completeness.where = absl::StrCat("at depth ", expanding_);
    if (next_ >= reached_.size()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::string key,
                     snapshot_.EntityKey(reached_[next_]));
    absl::StrAppend(&completeness.where, ", at ", key);
    return absl::OkStatus();
  }

  // Gives what the last level has reached, but for what earlier parts gave.
  absl::Status GiveLevel() {
    const size_t begin = levels_[levels_.size() - 2];
    const size_t end = levels_.back();
    if (begin == end && depth() > 0) return absl::OkStatus();
    answer_.counts.push_back(static_cast<int64_t>(end - begin));
    if (spec_.counts_only) return absl::OkStatus();
    std::vector<ReachedEntity> given;
    for (size_t index = std::max(begin, static_cast<size_t>(done_.entities));
         index < end; ++index) {
      given.push_back({reached_[index], depth()});
      if (given.size() < kGivenAtOnce && index + 1 < end) continue;
      RETURN_IF_ERROR(take_(given));
      given.clear();
    }
    return absl::OkStatus();
  }

  static constexpr size_t kGivenAtOnce = 1024;

  const TakeReached take_;
  const store::Snapshot& snapshot_;
  const ReachSpec& spec_;
  const Direction direction_;
  topology::Topology topology_;
  Admission admission_;
  const Progress& done_;
  Meter meter_;
  absl::flat_hash_set<EntityId> starts_;
  EntitySet reached_;
  // Where each level begins in `reached_`, and where the last one ends.
  std::vector<size_t> levels_;
  int expanding_ = 0;  // the depth of those that are expanded
  size_t next_ = 0;    // the one that is
  absl::Status failure_;
  Reach answer_;
};

}  // namespace

absl::StatusOr<Reach> FindReach(const topology::Ground& ground,
                                const std::vector<EntityId>& starts,
                                const ReachSpec& spec, TakeReached take) {
  RETURN_IF_ERROR(
      CheckRange("max_depth", spec.max_depth, 1, ReachSpec::kMaxDepth));
  return ReachSearch(ground, spec, take).Run(starts);
}

absl::StatusOr<Reach> FindReach(const topology::Ground& ground,
                                const std::vector<EntityId>& starts,
                                const ReachSpec& spec) {
  std::vector<ReachedEntity> entities;
  const auto append = [&entities](absl::Span<const ReachedEntity> reached) {
    entities.insert(entities.end(), reached.begin(), reached.end());
    return absl::OkStatus();
  };
  ASSIGN_OR_RETURN(Reach answer, FindReach(ground, starts, spec, append));
  answer.entities = std::move(entities);
  return answer;
}

}  // namespace guanxi::traverse
