#include "graph/topology/base.h"

#include <algorithm>
#include <array>
#include <utility>

#include "graph/base/status_macros.h"
#include "graph/store/adjacency.h"

namespace guanxi::topology {

using store::BlockView;
using store::SlotSide;

std::optional<PackedSlot> Pack(const store::Tuple<4>& slot) {
  const uint64_t type = slot[store::kSlotType];
  const uint64_t neighbour = slot[store::kSlotOther];
  const uint64_t relationship = slot[store::kSlotRelationship];
  if (std::max(neighbour, relationship) > PackedSlot::kMaxId ||
      type > PackedSlot::kMaxType) {
    return std::nullopt;
  }
  const bool plain = slot[store::kSlotState] == store::kPlain;
  return PackedSlot{.neighbour = static_cast<uint32_t>(neighbour),
                    .relationship = static_cast<uint32_t>(relationship),
                    .kind = PackedSlot::KindOf({type}, plain)};
}

// Reads one table after the other.
class BaseBuilder {
 public:
  BaseBuilder(const store::Snapshot& snapshot, const BuildLimits& limits)
      : snapshot_(snapshot), watch_(limits, "the topology") {}

  absl::StatusOr<Base> Build() {
    base_.id_bound_ = snapshot_.entity_bound();
    ASSIGN_OR_RETURN(
        const uint64_t relationships,
        snapshot_.txn().CountKeys(snapshot_.tables().relationship));
    if (relationships > PackedSlot::kMaxId) return TooLarge();
    // Symmetric ones take two slots, idle ones none.
    RETURN_IF_ERROR(watch_.CheckBytes(static_cast<int64_t>(relationships) * 2 *
                                      kBytesPerSlot));
    for (const SlotSide side : store::kSlotSides) {
      base_.rows_[static_cast<size_t>(side)].columns.Reserve(relationships);
      RETURN_IF_ERROR(ReadSide(side));
    }
    RETURN_IF_ERROR(ReadAside());
    MarkWhoMeetsJudged();
    RETURN_IF_ERROR(watch_.CheckBytes(base_.bytes()));
    return std::move(base_);
  }

 private:
  using Block = BlockView<4>;
  static constexpr int kBlocksBetweenLooks = 64;

  absl::Status ReadSide(SlotSide side) {
    Base::Rows& rows = base_.rows_[static_cast<size_t>(side)];
    const auto take = [&](EntityId entity, const Block& block) {
      RETURN_IF_ERROR(watch_.CheckGoing(kBlocksBetweenLooks));
      RETURN_IF_ERROR(CheckEntity(entity.value));
      if (rows.columns.size() + block.count() > UINT32_MAX) return TooLarge();
      const auto here = static_cast<uint32_t>(rows.columns.size());
      if (rows.first.size() <= entity.value) {
        rows.first.resize(entity.value + 1, here);
      }
      RETURN_IF_ERROR(Append(block, rows.columns));
      const size_t end = rows.columns.size();
      if (!rows.columns.run(here, end).IsPlain()) Set(entity, rows.resolved);
      return absl::OkStatus();
    };
    RETURN_IF_ERROR(
        store::ScanAdjacency(snapshot_.txn(), snapshot_.tables(), side, take));
    rows.first.push_back(static_cast<uint32_t>(rows.columns.size()));
    return watch_.CheckBytes(base_.bytes());
  }

  // Column by column, as the block has them.
  absl::Status Append(const Block& block, Columns& columns) {
    for (size_t i = 0; i < read_.size(); ++i) {
      read_[i].clear();
      block.AppendColumn(i, read_[i]);
    }
    const size_t begin = columns.size();
    columns.Resize(begin + block.count());
    uint64_t entity = 0;  // the greatest of each
    uint64_t relationship = 0;
    uint64_t type = 0;
    for (size_t i = 0; i < block.count(); ++i) {
      const uint64_t neighbour = read_[store::kSlotOther][i];
      const bool plain = read_[store::kSlotState][i] == store::kPlain;
      entity = std::max(entity, neighbour);
      relationship = std::max(relationship, read_[store::kSlotRelationship][i]);
      type = std::max(type, read_[store::kSlotType][i]);
      columns.neighbours[begin + i] = static_cast<uint32_t>(neighbour);
      columns.relationships[begin + i] =
          static_cast<uint32_t>(read_[store::kSlotRelationship][i]);
      columns.kinds[begin + i] =
          PackedSlot::KindOf({read_[store::kSlotType][i]}, plain);
    }
    if (relationship > PackedSlot::kMaxId || type > PackedSlot::kMaxType) {
      return TooLarge();
    }
    return CheckEntity(entity);
  }

  absl::Status ReadAside() {
    const auto take = [&](EntityId entity, const Block& block) {
      RETURN_IF_ERROR(watch_.CheckGoing(kBlocksBetweenLooks));
      RETURN_IF_ERROR(CheckEntity(entity.value));
      for (size_t i = 0; i < block.count(); ++i) {
        const uint64_t lane = block.value(store::kAsideLane, i);
        const TypeId type{block.value(store::kAsideType, i)};
        if (store::IsAsideLane(lane, store::kDenied)) {
          Set(entity, base_.denied_);
        } else if (type == store::kSameType) {
          Set(entity, base_.judged_);
        }
      }
      return absl::OkStatus();
    };
    return store::ScanAside(snapshot_.txn(), snapshot_.tables(), take);
  }

  void MarkWhoMeetsJudged() {
    for (EntityId entity{0}; entity.value < base_.judged_.size();
         ++entity.value) {
      if (!base_.judged(entity)) continue;
      Set(entity, base_.meets_judged_);
      for (const SlotSide side : store::kSlotSides) {
        const Run run = base_.run(side, entity);
        for (size_t i = 0; i < run.size; ++i) {
          Set({run.neighbours[i]}, base_.meets_judged_);
        }
      }
    }
  }

  static void Set(EntityId entity, std::vector<bool>& flags) {
    if (flags.size() <= entity.value) flags.resize(entity.value + 1);
    flags[entity.value] = true;
  }

  // Of the ids that are indexes of arrays here.
  absl::Status CheckEntity(uint64_t id) const {
    if (id >= base_.id_bound_) {
      return store::BlockDamaged("it names an entity that was never given");
    }
    if (id > PackedSlot::kMaxId) return TooLarge();
    return watch_.CheckBytes(static_cast<int64_t>(id * sizeof(uint32_t)));
  }

  static absl::Status TooLarge() {
    return absl::OutOfRangeError(
        "the topology has ids or numbers of slots of more than 32 bits, or "
        "types of more than 15");
  }

  const store::Snapshot& snapshot_;
  BuildWatch watch_;
  std::array<std::vector<uint64_t>, 4> read_;  // the columns of one block
  Base base_;
};

absl::StatusOr<Base> Base::Build(const store::Snapshot& snapshot,
                                 const BuildLimits& limits) {
  return BaseBuilder(snapshot, limits).Build();
}

int64_t Base::slot_count() const {
  return static_cast<int64_t>(rows_[0].columns.size() +
                              rows_[1].columns.size());
}

int64_t Base::bytes() const {
  constexpr int64_t kBitsPerByte = 8;
  int64_t bytes = slot_count() * kBytesPerSlot;
  for (const Rows& rows : rows_) {
    bytes += static_cast<int64_t>(rows.first.size() * sizeof(uint32_t) +
                                  rows.resolved.size() / kBitsPerByte);
  }
  return bytes + static_cast<int64_t>(denied_.size() + judged_.size() +
                                      meets_judged_.size()) /
                     kBitsPerByte;
}

}  // namespace guanxi::topology
