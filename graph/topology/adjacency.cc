#include "graph/topology/adjacency.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "graph/base/check.h"
#include "graph/base/status_macros.h"
#include "graph/store/log.h"
#include "graph/store/standpoint.h"

namespace guanxi::topology {

using store::LogEntry;
using store::LogOperation;
using store::Placement;
using store::RelationshipHead;
using store::SlotSide;

// Does again what commits did. An entity that they touch is drafted once, and
// put over the base in the end.
class Replay {
 public:
  Replay(const Adjacency& from, const store::Snapshot& snapshot,
         int64_t max_entries)
      : from_(from),
        at_(snapshot.standpoint()),
        entity_bound_(snapshot.entity_bound()),
        max_entries_(max_entries),
        next_(from) {
    GUANXI_CHECK(at_.latest);
  }

  // nullptr as Adjacency::Advance() says.
  absl::StatusOr<std::shared_ptr<const Adjacency>> Run() {
    const auto visit = [this](const LogEntry& entry) -> absl::StatusOr<bool> {
      if (entry.operation == LogOperation::kRelationshipMoved) {
        RETURN_IF_ERROR(Move(entry));
      }
      return !gives_up_;
    };
    ASSIGN_OR_RETURN(
        const bool whole,
        store::WalkLog(at_.txn, at_.tables,
                       {from_.revision_, at_.revision, max_entries_}, visit));
    if (!whole) return nullptr;
    for (auto& [entity, draft] : drafts_) {
      next_.overlay_.Set(entity,
                         std::make_shared<const Entry>(std::move(draft)));
    }
    next_.revision_ = at_.revision;
    return std::make_shared<const Adjacency>(std::move(next_));
  }

 private:
  absl::Status Move(const LogEntry& entry) {
    const RelationshipId id{entry.owner.id};
    ASSIGN_OR_RETURN(const store::RecordView record,
                     store::ReadRecord(at_, id));
    ASSIGN_OR_RETURN(const RelationshipHead head,
                     record.ReadRelationshipHead());
    RETURN_IF_ERROR(store::TypeName(at_.catalog, head.type).status());
    if (std::max(head.subject, head.object).value >= entity_bound_) {
      return store::BlockDamaged("it names an entity that was never given");
    }
    Placement everywhere = store::PlacementInLog(entry.number);
    const Placement::Place place =
        std::exchange(everywhere.place, Placement::Place::kAdjacency);
    everywhere.symmetric = store::IsSymmetric(at_.catalog, head.type);
    for (const store::SlotRow& row :
         store::SlotRowsOf({id, head, everywhere}, at_.tables)) {
      Change(row,
             place == Placement::Place::kAdjacency ? What::kPut : What::kErase);
    }
    if (place == Placement::Place::kAside) NoteAside(head, everywhere.state);
    return absl::OkStatus();
  }

  enum class What { kPut, kErase };
  void Change(const store::SlotRow& row, What what) {
    const std::optional<PackedSlot> slot = Pack(row.tuple);
    gives_up_ = gives_up_ || !slot || row.at.value > PackedSlot::kMaxId;
    if (gives_up_) return;
    const bool out = row.table.dbi == at_.tables.adjacency_out.dbi;
    const SlotSide side = out ? SlotSide::kSubject : SlotSide::kObject;
    Entry& entry = Draft(row.at);
    SlotList& list = entry.sides[static_cast<size_t>(side)];
    list = what == What::kPut ? list.With(*slot) : list.Without(*slot);
    if (from_.MayBeMerged({slot->neighbour})) entry.meets_judged = true;
  }

  // What was denied once may be so again: the mark stays. A judgement would
  // mark all that its entities have to do with.
  void NoteAside(const RelationshipHead& head, uint64_t state) {
    gives_up_ = gives_up_ || head.type == store::kSameType;
    if (state != store::kDenied) return;
    for (const EntityId end : {head.subject, head.object}) {
      Draft(end).denied = true;
    }
  }

  Entry& Draft(EntityId entity) {
    const auto known = drafts_.find(entity);
    if (known != drafts_.end()) return known->second;
    const Entry* entry = from_.overlay_.Find(entity);
    if (entry != nullptr) return drafts_.emplace(entity, *entry).first->second;
    const Base& base = *from_.base_;
    Entry fresh{.sides = {SlotList(base.run(SlotSide::kSubject, entity)),
                          SlotList(base.run(SlotSide::kObject, entity))},
                .denied = base.denied(entity),
                .judged = base.judged(entity),
                .meets_judged = base.meets_judged(entity)};
    return drafts_.emplace(entity, std::move(fresh)).first->second;
  }

  const Adjacency& from_;
  const store::Standpoint at_;
  const uint64_t entity_bound_;
  const int64_t max_entries_;
  Adjacency next_;
  std::map<EntityId, Entry> drafts_;
  bool gives_up_ = false;
};

absl::StatusOr<std::shared_ptr<const Adjacency>> Adjacency::Build(
    const store::Snapshot& snapshot, const BuildLimits& limits) {
  GUANXI_CHECK(snapshot.revision() == snapshot.latest_revision());
  ASSIGN_OR_RETURN(Base base, Base::Build(snapshot, limits));
  return std::make_shared<const Adjacency>(Adjacency(
      snapshot.revision(), std::make_shared<const Base>(std::move(base))));
}

absl::StatusOr<std::shared_ptr<const Adjacency>> Adjacency::Advance(
    const store::Snapshot& snapshot, int64_t max_entries) const {
  return Replay(*this, snapshot, max_entries).Run();
}

bool Adjacency::IsWorn() const {
  constexpr size_t kEntitiesOfWhichOneIsChanged = 32;  // 3 %
  constexpr int64_t kBytesOfWhichOneIsOverlay = 10;
  constexpr size_t kFewEntities = 1000;
  constexpr int64_t kFewBytes = int64_t{1} << 20;
  return overlay_.size() >
             kFewEntities + base_->id_bound() / kEntitiesOfWhichOneIsChanged ||
         overlay_.bytes() >
             kFewBytes + base_->bytes() / kBytesOfWhichOneIsOverlay;
}

}  // namespace guanxi::topology
