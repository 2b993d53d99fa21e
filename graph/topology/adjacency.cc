#include "graph/topology/adjacency.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

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
  Replay(const Adjacency& from, const store::Snapshot& snapshot)
      : from_(from), at_(snapshot.standpoint()), next_(from) {}

  // nullptr as Adjacency::Advance() says.
  absl::StatusOr<std::shared_ptr<const Adjacency>> Run() {
    for (Revision row{from_.revision_.number + 1}; row <= at_.revision;
         ++row.number) {
      ASSIGN_OR_RETURN(const std::optional<store::LogRow> log,
                       store::ReadLog(at_.txn, at_.tables, row));
      if (!log.has_value()) return nullptr;
      for (const LogEntry& entry : log->entries) {
        if (entry.operation != LogOperation::kRelationshipMoved) continue;
        if (++moved_ > Adjacency::kMaxReplayed) return nullptr;
        RETURN_IF_ERROR(Move(entry));
      }
    }
    if (too_large_) return nullptr;
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
    too_large_ = too_large_ || !slot || row.at.value > PackedSlot::kMaxId;
    if (too_large_) return;
    next_.id_bound_ = std::max(
        {next_.id_bound_, row.at.value + 1, uint64_t{slot->neighbour} + 1});
    const bool out = row.table.dbi == at_.tables.adjacency_out.dbi;
    const SlotSide side = out ? SlotSide::kSubject : SlotSide::kObject;
    SlotList& list = Draft(row.at).sides[static_cast<size_t>(side)];
    list = what == What::kPut ? list.With(*slot) : list.Without(*slot);
  }

  // What was denied or judged once may be so again: the flags stay.
  void NoteAside(const RelationshipHead& head, uint64_t state) {
    for (const EntityId end : {head.subject, head.object}) {
      if (state == store::kDenied) Draft(end).denied = true;
      if (head.type == store::kSameType) Draft(end).judged = true;
    }
    if (head.type == store::kSameType) next_.any_judged_ = true;
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
                .judged = base.judged(entity)};
    return drafts_.emplace(entity, std::move(fresh)).first->second;
  }

  const Adjacency& from_;
  const store::Standpoint at_;
  Adjacency next_;
  std::map<EntityId, Entry> drafts_;
  int64_t moved_ = 0;
  bool too_large_ = false;
};

absl::StatusOr<std::shared_ptr<const Adjacency>> Adjacency::Build(
    const store::Snapshot& snapshot, const BuildLimits& limits) {
  ASSIGN_OR_RETURN(Base base, Base::Build(snapshot, limits));
  Adjacency built(snapshot.latest_revision(),
                  std::make_shared<const Base>(std::move(base)));
  built.any_judged_ = built.base_->any_judged();
  built.id_bound_ = built.base_->id_bound();
  return std::make_shared<const Adjacency>(std::move(built));
}

absl::StatusOr<std::shared_ptr<const Adjacency>> Adjacency::Advance(
    const store::Snapshot& snapshot) const {
  return Replay(*this, snapshot).Run();
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
