#include "graph/topology/base.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"

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
      : txn_(snapshot.txn()), tables_(snapshot.tables()), limits_(limits) {}

  absl::StatusOr<Base> Build() {
    ASSIGN_OR_RETURN(const uint64_t relationships,
                     txn_.CountKeys(tables_.relationship));
    for (const SlotSide side : store::kSlotSides) {
      RETURN_IF_ERROR(ReadSide(side, relationships));
    }
    RETURN_IF_ERROR(ReadAside());
    return std::move(base_);
  }

 private:
  using Block = BlockView<4>;
  static constexpr int kBlocksBetweenLooks = 64;

  absl::Status ReadSide(SlotSide side, uint64_t relationships) {
    Base::Rows& rows = base_.rows_[static_cast<size_t>(side)];
    // Symmetric relationships take two slots, idle ones none.
    const auto bytes = static_cast<int64_t>(relationships) * kBytesPerSlot;
    RETURN_IF_ERROR(CheckBytes(base_.bytes() + bytes));
    rows.columns.Reserve(relationships);
    const auto take = [&](EntityId entity, const Block& block) {
      RETURN_IF_ERROR(CheckGoing());
      if (entity.value > PackedSlot::kMaxId ||
          rows.columns.size() + block.count() > UINT32_MAX) {
        return TooLarge();
      }
      const auto here = static_cast<uint32_t>(rows.columns.size());
      if (rows.first.size() <= entity.value) {
        rows.first.resize(entity.value + 1, here);
      }
      return Append(block, rows.columns);
    };
    RETURN_IF_ERROR(store::ScanAdjacency(txn_, tables_, side, take));
    rows.first.push_back(static_cast<uint32_t>(rows.columns.size()));
    return CheckBytes(base_.bytes());
  }

  // Column by column, as the block has them.
  absl::Status Append(const Block& block, Columns& columns) {
    for (size_t i = 0; i < read_.size(); ++i) {
      read_[i].clear();
      block.AppendColumn(i, read_[i]);
    }
    const size_t begin = columns.size();
    columns.Resize(begin + block.count());
    uint64_t ids = 0;  // all of them together: their highest bits
    uint64_t types = 0;
    for (size_t i = 0; i < block.count(); ++i) {
      const uint64_t neighbour = read_[store::kSlotOther][i];
      const uint64_t relationship = read_[store::kSlotRelationship][i];
      const uint64_t type = read_[store::kSlotType][i];
      const bool plain = read_[store::kSlotState][i] == store::kPlain;
      ids |= neighbour | relationship;
      types |= type;
      columns.neighbours[begin + i] = static_cast<uint32_t>(neighbour);
      columns.relationships[begin + i] = static_cast<uint32_t>(relationship);
      columns.kinds[begin + i] = PackedSlot::KindOf({type}, plain);
    }
    const bool fits =
        ids <= PackedSlot::kMaxId && types <= PackedSlot::kMaxType;
    return fits ? absl::OkStatus() : TooLarge();
  }

  absl::Status ReadAside() {
    const auto take = [&](EntityId entity, const Block& block) {
      RETURN_IF_ERROR(CheckGoing());
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
    return store::ScanAside(txn_, tables_, take);
  }

  static void Set(EntityId entity, std::vector<bool>& flags) {
    if (flags.size() <= entity.value) flags.resize(entity.value + 1);
    flags[entity.value] = true;
  }

  absl::Status CheckGoing() {
    const bool looks = ++blocks_ % kBlocksBetweenLooks == 0;
    if (looks && limits_.cancelled && limits_.cancelled()) {
      return absl::CancelledError("the build of the topology was cancelled");
    }
    return absl::OkStatus();
  }

  absl::Status CheckBytes(int64_t bytes) const {
    if (bytes <= limits_.max_bytes) return absl::OkStatus();
    return absl::ResourceExhaustedError(
        absl::StrCat("the topology would take ", bytes,
                     " bytes; expected at most ", limits_.max_bytes));
  }

  static absl::Status TooLarge() {
    return absl::ResourceExhaustedError(
        "the topology has ids of more than 32 bits, or types of more than 15");
  }

  const kv::Txn& txn_;
  const store::Tables& tables_;
  const BuildLimits& limits_;
  int64_t blocks_ = 0;
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
    bytes += static_cast<int64_t>(rows.first.size() * sizeof(uint32_t));
  }
  return bytes +
         static_cast<int64_t>(denied_.size() + judged_.size()) / kBitsPerByte;
}

}  // namespace guanxi::topology
