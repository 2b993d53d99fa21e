#include "graph/store/selection.h"

#include <algorithm>
#include <utility>

#include "graph/base/status_macros.h"
#include "graph/store/counters.h"
#include "graph/store/value_index.h"

namespace guanxi::store {
namespace {

Holds JudgeView(const RelationshipView& view, const Predicate& predicate) {
  const auto key = view.key.keys.find(predicate.property);
  Holds best = key == view.key.keys.end()
                   ? Holds::kNo
                   : JudgeShown(predicate, key->second, view.showing.holds);
  for (const PropertyView& property : view.properties) {
    if (property.key.name != predicate.property) continue;
    best = std::max(
        best, JudgeShown(predicate, property.value, property.showing.holds));
  }
  return best;
}

}  // namespace

absl::StatusOr<Holds> JudgeRelationship(const Snapshot& snapshot,
                                        RelationshipId id, const Lens& lens,
                                        const Predicate& predicate) {
  ASSIGN_OR_RETURN(const std::vector<RelationshipView> views,
                   snapshot.ReadRelationship(id, lens, Evidence::kNone,
                                             {.property = predicate.property}));
  Holds best = Holds::kNo;
  for (const RelationshipView& view : views) {
    if (!view.denied) best = std::max(best, JudgeView(view, predicate));
  }
  return best;
}

Selection::Selection(const Snapshot& snapshot, const Lens& lens, Asked asked)
    : snapshot_(&snapshot),
      lens_(lens),
      asked_(std::move(asked)),
      condition_(snapshot, lens,
                 {.labels = asked_.label.empty()
                                ? std::vector<std::string>()
                                : std::vector<std::string>{asked_.label},
                  .predicates = asked_.predicates}) {}

absl::StatusOr<Selection> Selection::Begin(const Snapshot& snapshot,
                                           const Lens& lens, Asked asked) {
  Selection selection(snapshot, lens, std::move(asked));
  ASSIGN_OR_RETURN(const Counters counters,
                   LoadCounters(snapshot.txn(), snapshot.tables()));
  const Standpoint at = snapshot.standpoint();
  selection.end_ = at.latest ? counters.next_entity : at.next_entity;
  RETURN_IF_ERROR(selection.UseIndexes());
  return selection;
}

absl::Status Selection::UseIndexes() {
  const Catalog& catalog = snapshot_->catalog();
  for (const Predicate& predicate : asked_.predicates) {
    if (!IsIndexed(catalog.schema, predicate.property)) continue;
    const std::optional<PropertyId> property =
        catalog.properties.Find(predicate.property);
    if (!property.has_value()) {
      indexed_.emplace();  // no entity has it
      return absl::OkStatus();
    }
    const size_t limit = indexed_ ? indexed_->size() : kMaxCandidates;
    ASSIGN_OR_RETURN(auto found,
                     FindCandidates(*property, predicate, limit,
                                    snapshot_->txn(), snapshot_->tables()));
    if (found.has_value()) indexed_ = std::move(found);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<EntityId>> Selection::Candidates(
    std::optional<EntityId> after, size_t limit) const {
  const EntityId first{after.has_value() ? after->value + 1 : 0};
  if (indexed_.has_value()) {
    const auto begin = std::ranges::lower_bound(*indexed_, first);
    const auto left = static_cast<size_t>(indexed_->end() - begin);
    const auto count = static_cast<ptrdiff_t>(std::min(left, limit));
    return std::vector<EntityId>(begin, begin + count);
  }
  if (!asked_.label.empty()) {
    return snapshot_->ListByLabel(asked_.label, after, limit);
  }
  std::vector<EntityId> ids;
  for (uint64_t id = std::max<uint64_t>(first.value, 1);
       id < end_ && ids.size() < limit; ++id) {
    ids.push_back(EntityId{id});
  }
  return ids;
}

absl::StatusOr<bool> Selection::IsFirst(EntityId id) const {
  if (!indexed_.has_value() && !asked_.label.empty()) {
    return snapshot_->IsFirstListed(id, asked_.label, lens_);
  }
  ASSIGN_OR_RETURN(const Cluster* cluster, snapshot_->ClusterOf(id, lens_));
  return std::ranges::none_of(cluster->members, [&](EntityId member) {
    const bool earlier = member < id;
    return earlier && (!indexed_.has_value() ||
                       std::ranges::binary_search(*indexed_, member));
  });
}

absl::StatusOr<Holds> Selection::Matches(EntityId id) const {
  if (!snapshot_->standpoint().Knows(id)) return Holds::kNo;
  ASSIGN_OR_RETURN(const bool is_first, IsFirst(id));
  if (!is_first) return Holds::kNo;
  ASSIGN_OR_RETURN(const Holds holds, condition_.Judge(id));
  return Passes(holds, lens_) ? holds : Holds::kNo;
}

}  // namespace guanxi::store
