#include "graph/traverse/components.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "graph/base/status_macros.h"
#include "graph/store/damage.h"
#include "graph/store/entity_list.h"
#include "graph/store/tuple_block.h"
#include "graph/traverse/admission.h"
#include "graph/traverse/partition.h"

namespace guanxi::traverse {
namespace {

using topology::Hop;
using topology::Topology;

// What a component that is listed takes, here and in the answer.
constexpr int64_t kBytesPerComponent = 2 * sizeof(Component);

absl::Status CheckSpec(const ComponentsSpec& spec) {
  if (spec.traversal.direction != Direction::kBoth) {
    return RefuseField(
        "direction", "one way",
        "both: components are the same whichever way relationships point");
  }
  if (spec.min_size >= 1) return absl::OkStatus();
  return RefuseField("min_size", absl::StrCat(spec.min_size), "1 or more");
}

// One search over the whole store, entity by entity in the order of ids.
class ComponentSearch {
 public:
  ComponentSearch(const topology::Ground& ground, const ComponentsSpec& spec)
      : snapshot_(ground.snapshot),
        spec_(spec),
        lens_(spec.traversal.lens),
        bound_(snapshot_.entity_bound()),
        topology_(ground, lens_),
        admission_(snapshot_, spec.traversal),
        done_(spec.traversal.done),
        meter_(spec.traversal.budget, done_.used) {}

  absl::StatusOr<Components> Run() {
    RETURN_IF_ERROR(Begin());
    if (Going()) RETURN_IF_ERROR(Select());
    if (Going() && !admission_.MatchesNothing()) {
      RETURN_IF_ERROR(ForEachMember([this] { return Expand(); }));
    }
    if (Going()) RETURN_IF_ERROR(CountSizes());
    if (Going()) RETURN_IF_ERROR(FindRepresentatives());
    if (Going()) List();
    RETURN_IF_ERROR(Finish());
    return std::move(answer_);
  }

 private:
  bool Going() const { return meter_.stop() == Stop::kNone; }

  absl::Status Begin() {
    const store::Standpoint at = snapshot_.standpoint();
    ASSIGN_OR_RETURN(may_merge_, snapshot_.identity(lens_).MayMerge(at));
    if (!at.latest) bound_ = std::min(bound_, at.next_entity);
    if (bound_ > Partition::kMaxBound) meter_.End(Stop::kBytes);
    const auto bytes = static_cast<int64_t>(bound_) * Partition::kBytesEach;
    if (meter_.CountBytes(bytes)) sets_.emplace(bound_);
    return absl::OkStatus();
  }

  // Puts in the entities that can be members.
  absl::Status Select() {
    for (at_ = {1}; at_.value < bound_; ++at_.value) {
      if (!meter_.CountStep()) break;
      ASSIGN_OR_RETURN(const bool is_canonical, IsCanonical(at_));
      if (!is_canonical) continue;
      ASSIGN_OR_RETURN(const bool wanted, admission_.AdmitsEntity(at_));
      if (!wanted) continue;
      if (!meter_.CountEntity()) break;
      sets_->Add(at_);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<bool> IsCanonical(EntityId id) const {
    if (!may_merge_ || topology_.HasRuns(id)) return true;
    ASSIGN_OR_RETURN(const store::Cluster* cluster,
                     snapshot_.ClusterOf(id, lens_));
    return cluster->canonical == id;
  }

  // Calls `visit` for each of them, which is `at_`, until it fails or the
  // budget ends.
  template <typename Visit>
  absl::Status ForEachMember(Visit visit) {
    for (at_ = {1}; at_.value < bound_; ++at_.value) {
      if (!meter_.CountStep()) break;
      if (!sets_->Has(at_)) continue;
      RETURN_IF_ERROR(visit());
      if (!Going()) break;
    }
    return absl::OkStatus();
  }

  // Every relationship is met from its subject, so that one way is enough.
  absl::Status Expand() {
    topology_.Prefetch({at_.value + Topology::kSlotsAhead},
                       {at_.value + Topology::kPlacesAhead}, Direction::kOut);
    if (admission_.AdmitsAllThatIsPlain() && topology_.HasRuns(at_)) {
      topology_.ForEachRun(
          at_, Direction::kOut, admission_.types(),
          [this](const topology::Run& run) { return TakeRun(run); });
    } else {
      RETURN_IF_ERROR(
          topology_.Expand(at_, Direction::kOut, admission_.types(),
                           [this](const Hop& hop) { return Take(hop); }));
    }
    RETURN_IF_ERROR(failure_);
    if (!Going()) return absl::OkStatus();
    RETURN_IF_ERROR(topology_.ExpandDenied(
        at_, Direction::kOut, admission_.types(),
        [this](const Hop& hop) { return TakeDenied(hop); }));
    return failure_;
  }

  // Returns whether the expansion goes on, as those below do.
  bool TakeRun(const topology::Run& run) {
    for (size_t begin = 0; begin < run.size; begin += topology::Run::kAtOnce) {
      const auto part =
          run.Part(begin, std::min(begin + topology::Run::kAtOnce, run.size));
      const Usage usage = {.relationships = static_cast<int64_t>(part.size)};
      if (part.IsPlain() && meter_.HasRoomFor(usage)) {
        sets_->JoinAll(at_, {part.neighbours, part.size});
        if (!meter_.CountAll(usage)) return false;
      } else if (!TakeSlots(part)) {
        return false;
      }
    }
    return true;
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
    if (!IsMember(hop.neighbour)) return failure_.ok();
    const absl::StatusOr<bool> admitted = admission_.Admits(hop);
    failure_ = admitted.status();
    if (admitted.ok() && *admitted) sets_->Join(at_, hop.neighbour);
    return failure_.ok();
  }

  bool TakeDenied(const Hop& hop) {
    if (!meter_.CountRelationship()) return false;
    if (!IsMember(hop.neighbour)) return failure_.ok();
    failure_ = admission_.CountDenied(hop).status();
    return failure_.ok();
  }

  // A damaged store may name entities that it never gave an id.
  bool IsMember(EntityId id) {
    if (id.value >= bound_) {
      failure_ = store::BlockDamaged("it names an entity that was never given");
    }
    return sets_->Has(id);
  }

  absl::Status CountSizes() {
    RETURN_IF_ERROR(ForEachMember([this] {
      sets_->Count(at_);
      return absl::OkStatus();
    }));
    if (!Going()) return absl::OkStatus();
    std::map<int64_t, int64_t> sizes;
    RETURN_IF_ERROR(ForEachMember([this, &sizes] { return CountSet(sizes); }));
    if (!meter_.CountBytes(to_find_ * kBytesPerComponent))
      return absl::OkStatus();
    for (const auto& [size, count] : sizes) {
      answer_.sizes.push_back({size, count});
    }
    return absl::OkStatus();
  }

  // Counts the set of which a member is the first.
  absl::Status CountSet(std::map<int64_t, int64_t>& sizes) {
    if (sets_->SetOf(at_) != at_) return absl::OkStatus();
    ASSIGN_OR_RETURN(const bool is_component, IsComponent(at_));
    if (!is_component) {
      sets_->Forget(at_);
      return absl::OkStatus();
    }
    const int64_t size = sets_->SizeOf(at_);
    ++sizes[size];
    if (size >= spec_.min_size) ++to_find_;
    return absl::OkStatus();
  }

  // What no admitted relationship touches may not be in view.
  absl::StatusOr<bool> IsComponent(EntityId set) {
    if (sets_->SizeOf(set) > 1) return true;
    return store::IsInView(snapshot_, set, lens_);
  }

  // In the order of keys the first member of a set represents it.
  absl::Status FindRepresentatives() {
    found_.reserve(static_cast<size_t>(to_find_));
    if (to_find_ == 0) return absl::OkStatus();
    RETURN_IF_ERROR(
        store::ForEachEntity(snapshot_, [this](absl::string_view, EntityId id) {
          at_ = id;
          if (!meter_.CountStep()) return false;
          if (!sets_->Has(id)) return true;
          const int64_t size = sets_->SizeOf(id);
          if (size < spec_.min_size) return true;
          sets_->Forget(id);
          found_.push_back({id, size});
          return --to_find_ > 0;
        }));
    if (Going() && to_find_ > 0) {
      return store::Damaged("the key of an entity is missing");
    }
    return absl::OkStatus();
  }

  void List() {
    std::ranges::stable_sort(found_, std::greater(), &Component::entities);
    for (const Component& component : found_) {
      at_ = component.representative;
      if (!meter_.CountResult()) return;
      if (listed_++ < done_.entities) continue;
      answer_.components.push_back(component);
    }
  }

  absl::Status Finish() {
    Completeness& completeness = answer_.completeness;
    completeness.left_out = admission_.left_out();
    if (Going()) return absl::OkStatus();
    completeness.outcome = Outcome::kTruncated;
    completeness.reason = meter_.stop();
    if (bound_ <= Partition::kMaxBound) {
      completeness.progress =
          Progress{.used = Max(meter_.used(), done_.used),
                   .entities = std::max(listed_, done_.entities)};
    }
    if (at_.value == 0 || at_.value >= bound_) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::string key, snapshot_.EntityKey(at_));
    if (!key.empty()) completeness.where = absl::StrCat("at ", key);
    return absl::OkStatus();
  }

  const store::Snapshot& snapshot_;
  const ComponentsSpec& spec_;
  const Lens& lens_;
  uint64_t bound_;  // above the ids of all entities that the snapshot knows
  bool may_merge_ = false;
  topology::Topology topology_;
  Admission admission_;
  const Progress& done_;
  Meter meter_;
  std::optional<Partition> sets_;
  EntityId at_;  // the entity that is looked at
  absl::Status failure_;
  int64_t to_find_ = 0;  // representatives
  std::vector<Component> found_;
  int64_t listed_ = 0;  // in this part or an earlier one
  Components answer_;
};

}  // namespace

absl::StatusOr<Components> FindComponents(const topology::Ground& ground,
                                          const ComponentsSpec& spec) {
  RETURN_IF_ERROR(CheckSpec(spec));
  return ComponentSearch(ground, spec).Run();
}

}  // namespace guanxi::traverse
