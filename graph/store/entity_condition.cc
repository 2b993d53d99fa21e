#include "graph/store/entity_condition.h"

#include <algorithm>
#include <utility>

#include "graph/base/status_macros.h"
#include "graph/store/fold.h"
#include "graph/store/showing.h"

namespace guanxi::store {

Holds JudgeShown(const Predicate& predicate, const Value& value, Holds holds) {
  return std::min(Judge(predicate, value), holds);
}

EntityCondition::EntityCondition(const Snapshot& snapshot, const Lens& lens,
                                 Asked asked)
    : snapshot_(&snapshot), lens_(lens), asked_(std::move(asked)) {
  const Catalog& catalog = snapshot.catalog();
  for (const std::string& label : asked_.labels) {
    for (const std::string& name : catalog.schema.WithDescendants(label)) {
      const std::optional<LabelId> id = catalog.labels.Find(name);
      if (!id.has_value()) continue;
      labels_.push_back(
          {FactKind::kLabel, id->value, *catalog.labels.Get(*id)});
    }
  }
  for (const Predicate& predicate : asked_.predicates) {
    properties_.push_back(catalog.properties.Find(predicate.property));
  }
}

absl::StatusOr<Holds> EntityCondition::Judge(EntityId id) const {
  if (AsksNothing()) return Holds::kYes;
  const Standpoint at = snapshot_->standpoint();
  if (!at.Knows(id)) return Holds::kNo;
  Identity& identity = snapshot_->identity(lens_);
  ASSIGN_OR_RETURN(const Cluster* cluster, identity.Merged(at, id));
  if (cluster != nullptr) {
    ASSIGN_OR_RETURN(const StoredEntity stored, ReadStored(at, id, identity));
    return JudgeStored(stored);
  }
  ASSIGN_OR_RETURN(const RecordView record, ReadRecord(at, id));
  return JudgeStored({.id = id, .record = record});
}

absl::StatusOr<Holds> EntityCondition::JudgeStored(
    const StoredEntity& stored) const {
  ASSIGN_OR_RETURN(const bool carried, CarriesLabel(stored));
  if (!carried) return Holds::kNo;
  Holds least = Holds::kYes;
  for (size_t i = 0; i < properties_.size() && least != Holds::kNo; ++i) {
    if (!properties_[i].has_value()) return Holds::kNo;
    Holds best = Holds::kNo;
    const FactName name = {FactKind::kProperty, properties_[i]->value,
                           asked_.predicates[i].property};
    RETURN_IF_ERROR(ForEachShown(
        stored, name, snapshot_->catalog(), lens_, [&](PropertyView&& shown) {
          best = std::max(best, JudgeShown(asked_.predicates[i], shown.value,
                                           shown.showing.holds));
        }));
    least = std::min(least, best);
  }
  return least;
}

absl::StatusOr<bool> EntityCondition::CarriesLabel(
    const StoredEntity& stored) const {
  bool carried = asked_.labels.empty();
  for (size_t i = 0; i < labels_.size() && !carried; ++i) {
    RETURN_IF_ERROR(ForEachShown(stored, labels_[i], snapshot_->catalog(),
                                 lens_,
                                 [&](PropertyView&&) { carried = true; }));
  }
  return carried;
}

}  // namespace guanxi::store
