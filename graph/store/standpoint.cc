#include "graph/store/standpoint.h"

#include <optional>

#include "graph/base/status_macros.h"
#include "graph/store/history.h"
#include "graph/store/record_column.h"

namespace guanxi::store {
namespace {

absl::StatusOr<RecordView> Read(const Standpoint& at, kv::Table table,
                                Owner owner) {
  if (!at.latest) {
    ASSIGN_OR_RETURN(const std::optional<absl::string_view> image,
                     FindImage(at.txn, at.tables, owner, at.revision));
    if (image.has_value()) return RecordView::Parse(*image);
  }
  if (at.records != nullptr) {
    const std::optional<absl::string_view> held = at.records->Find(owner);
    if (held.has_value()) return RecordView::Parse(*held);
  }
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> bytes,
                   at.txn.Get(table, IdKey(owner.id)));
  return RecordView::Parse(bytes.value_or(""));
}

}  // namespace

absl::StatusOr<RecordView> ReadRecord(const Standpoint& at, EntityId id) {
  return Read(at, at.tables.entity, Owner::Of(id));
}

absl::StatusOr<RecordView> ReadRecord(const Standpoint& at, RelationshipId id) {
  return Read(at, at.tables.relationship, Owner::Of(id));
}

absl::StatusOr<std::string> ReadEntityKey(const Standpoint& at, EntityId id) {
  ASSIGN_OR_RETURN(const RecordView record, ReadRecord(at, id));
  return std::string(record.entity_key());
}

}  // namespace guanxi::store
