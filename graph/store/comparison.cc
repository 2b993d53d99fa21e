#include "graph/store/comparison.h"

#include <algorithm>

#include "graph/base/check.h"
#include "graph/base/status_macros.h"
#include "graph/store/adjacency.h"
#include "graph/store/claim_table.h"
#include "graph/store/evidence.h"
#include "graph/store/fold.h"
#include "graph/store/placement.h"
#include "graph/store/showing.h"
#include "graph/store/source_table.h"
#include "graph/store/view_reader.h"

namespace guanxi::store {
namespace {

// Of the claim that a fact rests on, what became of it.
enum class Fate { kBelieved, kSuperseded, kClosed };

absl::StatusOr<Fate> FateOf(const Claim& claim, const Snapshot& at) {
  ASSIGN_OR_RETURN(const std::optional<ClaimRef> ref,
                   FindClaimById(at.txn(), at.tables(), claim.id));
  if (!ref.has_value()) return Fate::kClosed;  // purged
  ASSIGN_OR_RETURN(std::optional<StoredClaim> stored,
                   ReadClaim(at.txn(), at.tables(), *ref));
  if (!stored.has_value() || !stored->RewindTo(at.revision())) {
    return Fate::kClosed;
  }
  if (stored->believed()) return Fate::kBelieved;
  return stored->beliefs.back().closing == StoredClaim::Closing::kSuperseded
             ? Fate::kSuperseded
             : Fate::kClosed;
}

const ClaimView& ShownClaim(const ShownFact& shown) {
  GUANXI_CHECK(!shown.showing.claims.empty());  // read with its evidence
  return shown.showing.claims.front();
}

bool RestOnOneClaim(const ShownFact& a, const ShownFact& b) {
  const ClaimView& one = ShownClaim(a);
  const ClaimView& other = ShownClaim(b);
  if (one.claim.implicit || other.claim.implicit) {
    return one.claim.implicit && other.claim.implicit &&
           one.since == other.since;
  }
  return one.claim.id == other.claim.id;
}

bool SameFlags(const Showing& a, const Showing& b) {
  return a.holds == b.holds && a.conflict == b.conflict &&
         a.disputed == b.disputed && a.undated == b.undated &&
         a.mode == b.mode && a.confidence == b.confidence;
}

absl::StatusOr<RelationshipHead> HeadOf(const Standpoint& at,
                                        RelationshipId id) {
  ASSIGN_OR_RETURN(const RecordView record, ReadRecord(at, id));
  return record.ReadRelationshipHead();
}

void AddMembers(const Cluster& cluster, std::vector<EntityId>& members) {
  members.insert(members.end(), cluster.members.begin(), cluster.members.end());
}

}  // namespace

ViewComparison::ViewComparison(const View& before, const View& after)
    : before_(before), after_(after) {
  GUANXI_CHECK(before.lens.valid_at.has_value() &&
               after.lens.valid_at.has_value() &&
               before.snapshot.revision() <= after.snapshot.revision());
}

absl::StatusOr<std::vector<FactChange>> ViewComparison::Compare(Owner owner) {
  std::vector<FactChange> changes;
  if (owner.kind == OwnerKind::kSource) return changes;
  ASSIGN_OR_RETURN(const Side before, ShowBefore(owner));
  ASSIGN_OR_RETURN(const Side after, Show(after_, owner));
  if (!compared_.emplace(before.name, after.name).second) return changes;
  std::set<FactKey> facts;
  for (const auto& [fact, shown] : before.facts) facts.insert(fact);
  for (const auto& [fact, shown] : after.facts) facts.insert(fact);
  for (const FactKey& fact : facts) {
    RETURN_IF_ERROR(AddChange(before, after, fact, changes));
  }
  return changes;
}

absl::Status ViewComparison::AddChange(const Side& before, const Side& after,
                                       const FactKey& fact,
                                       std::vector<FactChange>& changes) {
  const Side& named = after.name.empty() ? before : after;
  FactChange change{
      .entity = named.entity, .relationship = named.relationship, .fact = fact};
  const auto was = before.facts.find(fact);
  const auto is = after.facts.find(fact);
  if (was != before.facts.end()) change.before = was->second;
  if (is != after.facts.end()) change.after = is->second;
  const bool is_known =
      change.after.has_value() &&
      ShownClaim(*change.after).since <= before_.snapshot.revision();
  if (!change.before.has_value()) {
    const bool regrouped = is_known && before.members != after.members;
    change.kind = regrouped ? ChangeKind::kRegrouped : ChangeKind::kAdded;
  } else if (!change.after.has_value()) {
    ASSIGN_OR_RETURN(change.kind, WhyGone(before, after, fact));
  } else if (!RestOnOneClaim(*change.before, *change.after)) {
    ASSIGN_OR_RETURN(change.kind, WhyGone(before, after, fact));
    const bool displaced =
        change.kind == ChangeKind::kEnded ||
        (change.kind == ChangeKind::kRegrouped && !is_known) ||
        ShownClaim(*change.before).claim.implicit;
    if (displaced) change.kind = ChangeKind::kValueChanged;
  } else if (change.before->value != change.after->value ||
             change.before->qualifiers != change.after->qualifiers) {
    change.kind = ChangeKind::kValueChanged;
  } else if (!SameFlags(change.before->showing, change.after->showing)) {
    change.kind = ChangeKind::kFlagsChanged;
  } else {
    return absl::OkStatus();
  }
  changes.push_back(std::move(change));
  return absl::OkStatus();
}

// Why the claim on which a fact rested is not shown after.
absl::StatusOr<ChangeKind> ViewComparison::WhyGone(const Side& before,
                                                   const Side& after,
                                                   const FactKey& fact) const {
  const ClaimView& gone = ShownClaim(before.facts.at(fact));
  Fate fate = Fate::kClosed;
  if (gone.claim.implicit) {
    const auto written =
        after.implicit.find(before.relationship.has_value() ? FactKey() : fact);
    const bool stands =
        written != after.implicit.end() && written->second == gone.since;
    if (stands) fate = Fate::kBelieved;
  } else {
    ASSIGN_OR_RETURN(fate, FateOf(gone.claim, after_.snapshot));
  }
  if (fate == Fate::kSuperseded) return ChangeKind::kCorrected;
  if (fate == Fate::kClosed) return ChangeKind::kRetracted;
  const bool regrouped =
      before.members != after.members || before.hidden != after.hidden;
  return regrouped ? ChangeKind::kRegrouped : ChangeKind::kEnded;
}

absl::StatusOr<ViewComparison::Side> ViewComparison::Show(const View& view,
                                                          Owner owner) const {
  return owner.kind == OwnerKind::kEntity
             ? ShowEntity(view, EntityId{owner.id})
             : ShowRelationship(view, RelationshipId{owner.id});
}

// What was not known then is looked for under what it is one with now.
absl::StatusOr<ViewComparison::Side> ViewComparison::ShowBefore(
    Owner owner) const {
  if (owner.kind == OwnerKind::kEntity) {
    ASSIGN_OR_RETURN(const auto known, KnownBefore(EntityId{owner.id}));
    if (!known.has_value()) return Side();
    return ShowEntity(before_, *known);
  }
  ASSIGN_OR_RETURN(const auto known, KnownBefore(RelationshipId{owner.id}));
  if (!known.has_value()) return Side();
  return ShowRelationship(before_, *known);
}

absl::StatusOr<std::optional<EntityId>> ViewComparison::KnownBefore(
    EntityId id) const {
  const Standpoint at = before_.snapshot.standpoint();
  if (at.Knows(id)) return id;
  ASSIGN_OR_RETURN(const Cluster* cluster,
                   after_.snapshot.ClusterOf(id, after_.lens));
  for (const EntityId member : cluster->members) {
    if (at.Knows(member)) return member;
  }
  return std::nullopt;
}

absl::StatusOr<std::optional<RelationshipId>> ViewComparison::KnownBefore(
    RelationshipId id) const {
  const Standpoint at = before_.snapshot.standpoint();
  if (at.Knows(id)) return id;
  ASSIGN_OR_RETURN(const RelationshipHead head,
                   HeadOf(after_.snapshot.standpoint(), id));
  ASSIGN_OR_RETURN(const Cluster* subject,
                   after_.snapshot.ClusterOf(head.subject, after_.lens));
  ASSIGN_OR_RETURN(const Cluster* object,
                   after_.snapshot.ClusterOf(head.object, after_.lens));
  if (!subject->merged() && !object->merged()) return std::nullopt;
  ASSIGN_OR_RETURN(const std::vector<RelationshipId> twins,
                   Twins(at, head, *subject, *object));
  if (twins.empty()) return std::nullopt;
  return twins.front();
}

absl::StatusOr<ViewComparison::Side> ViewComparison::ShowEntity(
    const View& view, EntityId id) const {
  Side side;
  const Snapshot& snapshot = view.snapshot;
  const Standpoint at = snapshot.standpoint();
  if (!at.Knows(id)) return side;
  ASSIGN_OR_RETURN(const StoredEntity stored,
                   ReadStored(at, id, snapshot.identity(view.lens)));
  ASSIGN_OR_RETURN(const Cluster* cluster, snapshot.ClusterOf(id, view.lens));
  side.name = side.entity = stored.key;
  AddMembers(*cluster, side.members);
  OwnerEvidence claims(at, stored);
  for (const RecordFact& fact : stored.facts) {
    if (fact.implicit) side.implicit.emplace(fact.key, fact.implicit->since);
    const Stretches stretches = ShowFact(fact.slices, view.lens);
    if (stretches.empty()) continue;
    const Stretch& stretch = stretches.front();
    const Winner& winner = fact.winners[stretch.slice->winner];
    ASSIGN_OR_RETURN(Showing showing, MakeShowing(fact, stretch, view.lens,
                                                  Evidence::kShown, claims));
    side.facts.emplace(fact.key, ShownFact{winner.value, winner.qualifiers,
                                           std::move(showing)});
  }
  return side;
}

absl::StatusOr<ViewComparison::Side> ViewComparison::ShowRelationship(
    const View& view, RelationshipId id) const {
  Side side;
  const Snapshot& snapshot = view.snapshot;
  const Standpoint at = snapshot.standpoint();
  if (!at.Knows(id)) return side;
  ASSIGN_OR_RETURN(const RelationshipHead head, HeadOf(at, id));
  if (IsJudgement(head.type)) return side;
  ASSIGN_OR_RETURN(const StoredRelationship stored,
                   ReadStored(at, id, snapshot.identity(view.lens)));
  side.name = RelationshipName(stored.key);
  side.relationship = stored.key;
  side.hidden = stored.inside;
  for (const EntityId end : {head.subject, head.object}) {
    ASSIGN_OR_RETURN(const Cluster* cluster,
                     snapshot.ClusterOf(end, view.lens));
    AddMembers(*cluster, side.members);
  }
  for (const RecordFact& fact : stored.facts) {
    if (fact.implicit) side.implicit.emplace(fact.key, fact.implicit->since);
  }
  RelationshipReader reader(at, view.lens, Evidence::kShown);
  ASSIGN_OR_RETURN(std::vector<RelationshipView> views, reader.Read(stored));
  if (views.empty() || views.front().denied || side.hidden) return side;
  RelationshipView& shown = views.front();
  side.facts[{}] = {.showing = std::move(shown.showing)};
  if (shown.date.has_value()) {
    side.facts[{.kind = FactKind::kDate}] = {
        .value = Value(shown.date->date),
        .showing = std::move(shown.date->showing)};
  }
  for (PropertyView& property : shown.properties) {
    side.facts[property.key] = {std::move(property.value),
                                std::move(property.qualifiers),
                                std::move(property.showing)};
  }
  return side;
}

absl::StatusOr<std::vector<RelationshipId>> ViewComparison::RelationshipsOf(
    EntityId id) const {
  std::set<RelationshipId> found;
  const auto take = [&found](const Slot& slot) {
    found.insert(slot.relationship);
    return true;
  };
  for (const View* view : {&before_, &after_}) {
    const Standpoint at = view->snapshot.standpoint();
    if (!at.Knows(id)) continue;
    ASSIGN_OR_RETURN(const Cluster* cluster,
                     view->snapshot.ClusterOf(id, view->lens));
    for (const EntityId member : cluster->members) {
      for (const SlotSide side : kSlotSides) {
        RETURN_IF_ERROR(WalkSlots(at, member, {side}, {}, take).status());
      }
    }
  }
  return std::vector<RelationshipId>(found.begin(), found.end());
}

absl::StatusOr<std::vector<Owner>> ViewComparison::AffectedBy(
    Owner touched) const {
  const Standpoint at = after_.snapshot.standpoint();
  if (touched.kind == OwnerKind::kSource) {
    return DependentOwners(at.txn, at.tables, SourceId{touched.id});
  }
  if (touched.kind == OwnerKind::kEntity) return std::vector<Owner>{touched};
  ASSIGN_OR_RETURN(const RelationshipHead head,
                   HeadOf(at, RelationshipId{touched.id}));
  if (!IsJudgement(head.type)) return std::vector<Owner>{touched};
  std::set<Owner> affected;
  for (const EntityId end : {head.subject, head.object}) {
    for (const View* view : {&before_, &after_}) {
      if (!view->snapshot.standpoint().Knows(end)) continue;
      ASSIGN_OR_RETURN(const Cluster* cluster,
                       view->snapshot.ClusterOf(end, view->lens));
      for (const EntityId member : cluster->members) {
        affected.insert(Owner::Of(member));
      }
    }
    ASSIGN_OR_RETURN(const std::vector<RelationshipId> relationships,
                     RelationshipsOf(end));
    for (const RelationshipId id : relationships) {
      affected.insert(Owner::Of(id));
    }
  }
  return std::vector<Owner>(affected.begin(), affected.end());
}

}  // namespace guanxi::store
