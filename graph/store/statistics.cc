#include "graph/store/statistics.h"

#include "graph/base/status_macros.h"
#include "graph/store/entity_index.h"
#include "graph/store/placement.h"
#include "graph/store/tuple_set.h"

namespace guanxi::store {
namespace {

constexpr uint64_t kRowsPerSource = 2;  // by id and by name

absl::Status CountLabels(const Snapshot& snapshot,
                         absl::FunctionRef<absl::Status()> check,
                         Statistics& counts) {
  const Names<LabelId>& labels = snapshot.catalog().labels;
  for (LabelId id; id.value < labels.size(); ++id.value) {
    RETURN_IF_ERROR(check());
    const std::string prefix = LabelPrefix(id);
    ASSIGN_OR_RETURN(
        const uint64_t count,
        CountTuples(snapshot.txn(), {snapshot.tables().label, prefix}));
    if (count > 0) counts.labels.emplace(*labels.Get(id), count);
  }
  return absl::OkStatus();
}

absl::Status CountTypes(const Snapshot& snapshot,
                        absl::FunctionRef<absl::Status()> check,
                        Statistics& counts) {
  const Names<TypeId>& types = snapshot.catalog().types;
  for (TypeId id; id.value < types.size(); ++id.value) {
    RETURN_IF_ERROR(check());
    if (IsJudgement(id)) continue;
    const std::string prefix = TypePrefix(id);
    ASSIGN_OR_RETURN(
        const uint64_t count,
        CountTuples(snapshot.txn(), {snapshot.tables().type, prefix}));
    if (count > 0) counts.types.emplace(*types.Get(id), count);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Statistics> CountAll(const Snapshot& snapshot,
                                    absl::FunctionRef<absl::Status()> check) {
  const kv::Txn& txn = snapshot.txn();
  const Tables& tables = snapshot.tables();
  Statistics counts;
  ASSIGN_OR_RETURN(counts.entities, txn.CountKeys(tables.entity_key));
  ASSIGN_OR_RETURN(counts.relationships, txn.CountKeys(tables.relationship));
  ASSIGN_OR_RETURN(counts.claims, txn.CountKeys(tables.claim));
  ASSIGN_OR_RETURN(const uint64_t rows, txn.CountKeys(tables.source));
  counts.sources = rows / kRowsPerSource;
  RETURN_IF_ERROR(CountLabels(snapshot, check, counts));
  RETURN_IF_ERROR(CountTypes(snapshot, check, counts));
  return counts;
}

}  // namespace guanxi::store
