#include "graph/store/entity_list.h"

#include "graph/base/status_macros.h"
#include "graph/store/damage.h"
#include "graph/store/lens.h"
#include "graph/store/record.h"

namespace guanxi::store {

absl::Status ForEachEntity(
    const Snapshot& snapshot,
    absl::FunctionRef<bool(absl::string_view key, EntityId id)> visit) {
  const Standpoint at = snapshot.standpoint();
  kv::Cursor cursor = at.txn.Walk(at.tables.entity_key);
  for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
    EntityId id;
    ASSIGN_OR_RETURN(id.value, ReadIdRow(cursor.value(), "an entity's key"));
    if (at.Knows(id) && !visit(cursor.key(), id)) break;
  }
  return cursor.status();
}

absl::StatusOr<bool> IsInView(const Snapshot& snapshot, EntityId id,
                              const Lens& lens) {
  const Standpoint at = snapshot.standpoint();
  ASSIGN_OR_RETURN(const bool may_merge, snapshot.identity(lens).MayMerge(at));
  if (!may_merge) {  // its own record tells, most often by the first fact
    ASSIGN_OR_RETURN(const RecordView record, ReadRecord(at, id));
    for (size_t i = 0; i < record.fact_count(); ++i) {
      ASSIGN_OR_RETURN(const RecordFact fact, record.ReadFact(i, at.catalog));
      if (!ShowFact(fact.slices, lens).empty()) return true;
    }
  }
  ASSIGN_OR_RETURN(const EntityView view,
                   snapshot.ReadEntity(id, lens, Evidence::kNone));
  return view.in_view;
}

}  // namespace guanxi::store
