#include "tests/support/record_check.h"

#include <limits>
#include <optional>

#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/kv/cursor.h"
#include "graph/store/damage.h"

namespace guanxi::test {

using store::OwnerKind;
using store::RecordColumn;

void RecordCheck::Follow(const store::Snapshot& snapshot) {
  // Now and then what was followed gives way to what is read anew.
  constexpr uint64_t kRevisionsBetweenBuilds = 64;
  const bool anew = snapshot.revision().number % kRevisionsBetweenBuilds == 0;
  const bool follows =
      column_ != nullptr && !anew &&
      column_->Follow(snapshot, std::numeric_limits<int64_t>::max()).value() ==
          store::Told::kAll;
  if (!follows) column_ = RecordColumn::Build(snapshot).value();
  GUANXI_CHECK(column_->Covers(snapshot.revision()));
}

void RecordCheck::Serve(store::Snapshot& snapshot) const {
  const bool covers =
      column_ != nullptr && column_->Covers(snapshot.latest_revision());
  if (covers) snapshot.Use(column_);
}

std::string RecordCheck::Compare(const store::Snapshot& snapshot) {
  Follow(snapshot);
  const store::Tables& tables = snapshot.tables();
  return CompareTable(snapshot, tables.entity, OwnerKind::kEntity) +
         CompareTable(snapshot, tables.relationship, OwnerKind::kRelationship);
}

std::string RecordCheck::CompareTable(const store::Snapshot& snapshot,
                                      kv::Table table, OwnerKind kind) {
  std::string text;
  kv::Cursor cursor = snapshot.txn().Walk(table);
  for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
    const uint64_t id = store::ReadIdRow(cursor.key(), "a record").value();
    const std::optional<absl::string_view> held = column_->Find({kind, id});
    if (!held.has_value()) continue;
    ++told_;
    if (*held == cursor.value()) continue;
    absl::StrAppend(&text, "owner ", id, " of kind ", static_cast<int>(kind),
                    " has another record in memory\n");
  }
  GUANXI_CHECK(cursor.status().ok());
  return text;
}

}  // namespace guanxi::test
