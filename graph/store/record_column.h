#ifndef GUANXI_GRAPH_STORE_RECORD_COLUMN_H_
#define GUANXI_GRAPH_STORE_RECORD_COLUMN_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/base/build_limits.h"
#include "graph/base/huge_pages.h"
#include "graph/base/prefetch.h"
#include "graph/kv/txn.h"
#include "graph/store/column.h"
#include "graph/store/key.h"
#include "graph/store/snapshot.h"

namespace guanxi::store {

// The records of all entities and relationships in memory. To find one takes
// two reads there, which can be told of beforehand, where the map takes a way
// down a tree.
class RecordColumn : public Column {
 public:
  // Reads all records twice, 0.1 us each, and looks at `cancelled` every few
  // thousand. OUT_OF_RANGE: they would take more than `max_bytes`, which is
  // found out first. CANCELLED. DATA_LOSS [STORE_DAMAGED].
  static absl::StatusOr<std::shared_ptr<RecordColumn>> Build(
      const Snapshot& snapshot, const BuildLimits& limits = {});

  // The record of an owner as of a revision that is covered; empty if it has
  // none. nullopt: the map is to be asked. Valid as long as this.
  std::optional<absl::string_view> Find(Owner owner) const {
    const Rows& rows = RowsOf(owner.kind);
    if (rows.changed.Has(owner.id)) return std::nullopt;
    const uint64_t begin = rows.ends[owner.id];
    return absl::string_view(rows.bytes.data() + begin,
                             rows.ends[owner.id + 1] - begin);
  }

  // Hints that owners are going to be asked for: first where they lie is
  // fetched for all of them, then they are.
  void PrefetchPlace(Owner owner) const {
    const Rows& rows = RowsOf(owner.kind);
    if (owner.id < rows.changed.bound()) Prefetch(&rows.ends[owner.id]);
  }
  void PrefetchRecord(Owner owner) const {
    const Rows& rows = RowsOf(owner.kind);
    if (owner.id >= rows.changed.bound()) return;
    Prefetch(rows.bytes.data() + rows.ends[owner.id]);
    Prefetch(rows.bytes.data() + rows.ends[owner.id + 1]);
  }

  int64_t bytes() const override;

 private:
  template <typename T>
  using Array = std::vector<T, HugePageAllocator<T>>;

  // The records of one kind of owner. That of `id` ends at ends[id + 1], where
  // the next one begins.
  struct Rows {
    Marks changed;
    Array<uint64_t> ends;
    Array<char> bytes;
  };

  explicit RecordColumn(const Snapshot& snapshot) : Column(snapshot) {}
  absl::Status Read(const Snapshot& snapshot, const BuildLimits& limits);
  static absl::Status Fill(kv::Table table, const Snapshot& snapshot,
                           BuildWatch& watch, Rows& rows);
  const Rows& RowsOf(OwnerKind kind) const {
    return kind == OwnerKind::kEntity ? entities_ : relationships_;
  }
  bool Mark(Owner owner) override;
  uint64_t size() const override {
    return entities_.changed.bound() + relationships_.changed.bound();
  }

  Rows entities_;
  Rows relationships_;
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_RECORD_COLUMN_H_
