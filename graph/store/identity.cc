#include "graph/store/identity.h"

#include <algorithm>
#include <array>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/adjacency.h"
#include "graph/store/entity_index.h"
#include "graph/store/lens.h"
#include "graph/store/placement.h"
#include "graph/store/record.h"
#include "graph/store/record_column.h"
#include "graph/store/tuple_cursor.h"

namespace guanxi::store {
namespace {

constexpr absl::string_view kPinProperty = "canonical";
constexpr absl::string_view kLegalEntityPrefix = "LEI:";

absl::Status ClusterTooLarge() {
  const std::string most = absl::StrCat(Identity::kMaxMembers);
  return MakeError(absl::StatusCode::kResourceExhausted, "CLUSTER_TOO_LARGE",
                   absl::StrCat("more than ", most,
                                " entities are judged to be the same; retract "
                                "the judgement that joins them wrongly"),
                   {{"limit", most}});
}

// A member with what decides which one is canonical.
struct Member {
  EntityId id;
  std::string key;
  bool pinned = false;

  // The smallest is canonical.
  auto Rank() const {
    return std::make_tuple(!pinned, !absl::StartsWith(key, kLegalEntityPrefix),
                           key);
  }
};

}  // namespace

absl::StatusOr<bool> Identity::MayMerge(const Standpoint& at) {
  if (!may_merge_.has_value()) {
    const std::string prefix = TypePrefix(kSameType);
    TupleCursor<1> cursor(at.txn, {at.tables.type, prefix});
    cursor.SeekFirst();
    RETURN_IF_ERROR(cursor.status());
    may_merge_ = cursor.Valid() && at.Knows(RelationshipId{cursor.value(0)});
  }
  return *may_merge_;
}

absl::StatusOr<const Cluster*> Identity::Of(const Standpoint& at,
                                            EntityId entity) {
  const auto known = known_.find(entity);
  if (known != known_.end()) return known->second.get();
  ASSIGN_OR_RETURN(const bool may_merge, MayMerge(at));
  std::vector<EntityId> members = {entity};
  if (may_merge) {
    ASSIGN_OR_RETURN(members, Connected(at, entity));
  }
  if (members.size() == 1) {
    auto alone = std::make_unique<const Cluster>(Cluster{entity, {entity}, {}});
    return known_.emplace(entity, std::move(alone)).first->second.get();
  }
  ASSIGN_OR_RETURN(const Cluster cluster, Judge(at, members));
  for (const EntityId member : members) {
    auto own = std::make_unique<Cluster>(cluster);
    if (!cluster.merged()) {
      own->canonical = member;
      own->members = {member};
    }
    known_.insert_or_assign(member, std::move(own));
  }
  return known_[entity].get();
}

absl::StatusOr<const Cluster*> Identity::Merged(const Standpoint& at,
                                                EntityId entity) {
  ASSIGN_OR_RETURN(const bool may_merge, MayMerge(at));
  if (!may_merge) return nullptr;
  ASSIGN_OR_RETURN(const Cluster* cluster, Of(at, entity));
  return cluster->merged() ? cluster : nullptr;
}

absl::StatusOr<std::string> Identity::KeyOf(const Standpoint& at,
                                            EntityId entity) {
  const auto known = keys_.find(entity);
  if (known != keys_.end()) return known->second;
  ASSIGN_OR_RETURN(std::string key, ReadEntityKey(at, entity));
  Remember(at, entity, key);
  return key;
}

void Identity::Remember(const Standpoint& at, EntityId entity,
                        absl::string_view key) {
  const bool in_memory = at.latest && at.records != nullptr &&
                         at.records->Find(Owner::Of(entity)).has_value();
  if (in_memory || keys_.size() >= kMostKeys) return;
  keys_.try_emplace(entity, key);
}

absl::StatusOr<bool> Identity::Holds(const Standpoint& at,
                                     RelationshipId judgement) const {
  ASSIGN_OR_RETURN(const RecordView record, ReadRecord(at, judgement));
  const RecordView::Range existence = record.Find(FactKind::kExistence, 0);
  if (existence.begin == existence.end) return false;
  ASSIGN_OR_RETURN(const RecordFact fact,
                   record.ReadFact(existence.begin, at.catalog));
  const Admitted admitted = AdmitExistence(fact, {.valid_at = valid_at_});
  return admitted.admission == Admission::kShown;
}

absl::StatusOr<std::vector<EntityId>> Identity::Judged(const Standpoint& at,
                                                       EntityId entity,
                                                       TypeId judgement) const {
  std::vector<Slot> slots;
  const auto collect = [&slots](const Slot& slot) {
    slots.push_back(slot);
    return slots.size() <= kMaxMembers;
  };
  for (const SlotSide side : kSlotSides) {
    ASSIGN_OR_RETURN(const bool all, WalkSlots(at, entity, {side, kJudgement},
                                               {judgement}, collect));
    if (!all) return ClusterTooLarge();
  }
  std::vector<EntityId> judged;
  for (const Slot& slot : slots) {
    ASSIGN_OR_RETURN(const bool holds, Holds(at, slot.relationship));
    if (holds) judged.push_back(slot.other);
  }
  return judged;
}

absl::StatusOr<std::vector<EntityId>> Identity::Connected(
    const Standpoint& at, EntityId entity) const {
  std::vector<EntityId> members = {entity};
  absl::flat_hash_set<EntityId> found = {entity};
  for (size_t i = 0; i < members.size(); ++i) {
    ASSIGN_OR_RETURN(const std::vector<EntityId> same,
                     Judged(at, members[i], kSameType));
    for (const EntityId other : same) {
      if (found.insert(other).second) members.push_back(other);
    }
    if (members.size() > kMaxMembers) return ClusterTooLarge();
  }
  return members;
}

absl::StatusOr<Cluster> Identity::Judge(const Standpoint& at,
                                        std::vector<EntityId> members) const {
  std::vector<Member> sorted;
  for (const EntityId id : members) {
    ASSIGN_OR_RETURN(std::string key, ReadEntityKey(at, id));
    ASSIGN_OR_RETURN(const bool pinned, IsPinned(at, id));
    sorted.push_back({id, std::move(key), pinned});
  }
  std::ranges::sort(sorted, {}, &Member::key);
  Cluster cluster;
  for (const Member& member : sorted) cluster.members.push_back(member.id);
  for (auto first = sorted.begin(); first != sorted.end(); ++first) {
    ASSIGN_OR_RETURN(const std::vector<EntityId> different,
                     Judged(at, first->id, kDifferentType));
    for (auto second = first + 1; second != sorted.end(); ++second) {
      if (std::ranges::find(different, second->id) != different.end()) {
        cluster.blocked_by.emplace_back(first->id, second->id);
      }
    }
  }
  if (!cluster.blocked_by.empty()) {
    cluster.members.clear();  // each stays alone
    return cluster;
  }
  cluster.canonical = std::ranges::min_element(sorted, {}, &Member::Rank)->id;
  return cluster;
}

absl::StatusOr<bool> Identity::IsPinned(const Standpoint& at,
                                        EntityId entity) const {
  const std::optional<PropertyId> pin =
      at.catalog.properties.Find(std::string(kPinProperty));
  if (!pin.has_value()) return false;
  ASSIGN_OR_RETURN(const RecordView record, ReadRecord(at, entity));
  const RecordView::Range range = record.Find(FactKind::kProperty, pin->value);
  for (size_t i = range.begin; i < range.end; ++i) {
    ASSIGN_OR_RETURN(const RecordFact fact, record.ReadFact(i, at.catalog));
    for (const Stretch& stretch :
         ShowFact(fact.slices, {.valid_at = valid_at_})) {
      if (fact.winners[stretch.slice->winner].value == Value(true)) return true;
    }
  }
  return false;
}

}  // namespace guanxi::store
