#include "graph/store/record_column.h"

#include "absl/functional/function_ref.h"

#include "graph/base/status_macros.h"
#include "graph/store/damage.h"
#include "graph/store/number_scan.h"

namespace guanxi::store {
namespace {

constexpr int64_t kRecordsBetweenLooks = 4096;

// Calls `visit` with each row of a table of records, by id.
absl::Status ForEachRecord(
    kv::Table table, const Snapshot& snapshot, BuildWatch& watch,
    absl::FunctionRef<void(uint64_t id, absl::string_view record)> visit) {
  kv::Cursor cursor = snapshot.txn().Walk(table);
  for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
    ASSIGN_OR_RETURN(const uint64_t id, ReadIdRow(cursor.key(), "a record"));
    visit(id, cursor.value());
    RETURN_IF_ERROR(watch.CheckGoing(kRecordsBetweenLooks));
  }
  return cursor.status();
}

absl::StatusOr<uint64_t> BytesIn(kv::Table table, const Snapshot& snapshot,
                                 BuildWatch& watch) {
  uint64_t bytes = 0;
  RETURN_IF_ERROR(ForEachRecord(table, snapshot, watch,
                                [&bytes](uint64_t, absl::string_view record) {
                                  bytes += record.size();
                                }));
  return bytes;
}

}  // namespace

absl::StatusOr<std::shared_ptr<RecordColumn>> RecordColumn::Build(
    const Snapshot& snapshot, const BuildLimits& limits) {
  // Owned by the cache and by the snapshots that read by it.
  std::shared_ptr<RecordColumn> column(new RecordColumn(snapshot));
  RETURN_IF_ERROR(column->Read(snapshot, limits));
  return column;
}

absl::Status RecordColumn::Read(const Snapshot& snapshot,
                                const BuildLimits& limits) {
  BuildWatch watch(limits, "the column of records");
  const Tables& tables = snapshot.tables();
  ASSIGN_OR_RETURN(const uint64_t relationship_bound,
                   RelationshipBound(snapshot.standpoint()));
  constexpr uint64_t kBytesOfEach = sizeof(uint64_t) + 1;
  const auto places = static_cast<int64_t>(
      (snapshot.entity_bound() + relationship_bound) * kBytesOfEach);
  // Before anything is made for ids that a damaged file may only claim to have.
  RETURN_IF_ERROR(watch.CheckBytes(places));
  ASSIGN_OR_RETURN(const uint64_t entity_bytes,
                   BytesIn(tables.entity, snapshot, watch));
  ASSIGN_OR_RETURN(const uint64_t relationship_bytes,
                   BytesIn(tables.relationship, snapshot, watch));
  RETURN_IF_ERROR(watch.CheckBytes(
      places + static_cast<int64_t>(entity_bytes + relationship_bytes)));
  entities_.changed = Marks(snapshot.entity_bound());
  relationships_.changed = Marks(relationship_bound);
  entities_.bytes.reserve(entity_bytes);
  relationships_.bytes.reserve(relationship_bytes);
  RETURN_IF_ERROR(Fill(tables.entity, snapshot, watch, entities_));
  return Fill(tables.relationship, snapshot, watch, relationships_);
}

absl::Status RecordColumn::Fill(kv::Table table, const Snapshot& snapshot,
                                BuildWatch& watch, Rows& rows) {
  const uint64_t bound = rows.changed.bound();
  rows.ends.reserve(bound + 1);
  const auto end_before = [&rows](uint64_t id) {
    rows.ends.resize(id + 1, rows.bytes.size());
  };
  const auto append = [&](uint64_t id, absl::string_view record) {
    if (id >= bound) return;  // a damaged row, which nobody asks for
    end_before(id);
    rows.bytes.insert(rows.bytes.end(), record.begin(), record.end());
  };
  RETURN_IF_ERROR(ForEachRecord(table, snapshot, watch, append));
  end_before(bound);
  return absl::OkStatus();
}

bool RecordColumn::Mark(Owner owner) {
  Rows& rows = owner.kind == OwnerKind::kEntity ? entities_ : relationships_;
  rows.changed.Set(owner.id);
  return true;
}

int64_t RecordColumn::bytes() const {
  int64_t bytes = sizeof(RecordColumn);
  for (const Rows* rows : {&entities_, &relationships_}) {
    bytes += rows->changed.bytes() +
             static_cast<int64_t>(rows->bytes.capacity() +
                                  rows->ends.capacity() * sizeof(uint64_t));
  }
  return bytes;
}

}  // namespace guanxi::store
