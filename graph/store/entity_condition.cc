#include "graph/store/entity_condition.h"

#include <algorithm>
#include <utility>

#include "graph/base/status_macros.h"
#include "graph/store/fold.h"
#include "graph/store/lens.h"

namespace guanxi::store {

Holds JudgeFact(const RecordFact& fact, const Lens& lens,
                const Predicate& predicate) {
  Holds best = Holds::kNo;
  for (const Stretch& stretch : ShowFact(fact, lens)) {
    const bool sure = stretch.slice->presence == Presence::kYes;
    const Value& value = fact.winners[stretch.slice->winner].value;
    best = std::max(best, std::min(Judge(predicate, value),
                                   sure ? Holds::kYes : Holds::kMaybe));
  }
  return best;
}

EntityCondition::EntityCondition(const Snapshot& snapshot, const Lens& lens,
                                 Asked asked)
    : snapshot_(&snapshot), lens_(lens), asked_(std::move(asked)) {
  const Catalog& catalog = snapshot.catalog();
  for (const std::string& label : asked_.labels) {
    for (const std::string& name : catalog.schema.WithDescendants(label)) {
      const std::optional<LabelId> id = catalog.labels.Find(name);
      if (id.has_value()) labels_.push_back(*id);
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
  ASSIGN_OR_RETURN(const bool may_merge, identity.MayMerge(at));
  if (may_merge) {
    ASSIGN_OR_RETURN(const Cluster* cluster, identity.Of(at, id));
    if (cluster->merged()) {
      ASSIGN_OR_RETURN(const StoredEntity stored, ReadStored(at, id, identity));
      return JudgeFacts(stored.facts);
    }
  }
  ASSIGN_OR_RETURN(const RecordView record, ReadRecord(at, id));
  return JudgeRecord(record);
}

absl::StatusOr<Holds> EntityCondition::JudgeRecord(
    const RecordView& record) const {
  ASSIGN_OR_RETURN(const bool carried, CarriesLabel(record));
  if (!carried) return Holds::kNo;
  Holds least = Holds::kYes;
  for (size_t i = 0; i < properties_.size() && least != Holds::kNo; ++i) {
    if (!properties_[i].has_value()) return Holds::kNo;
    const auto [begin, end] =
        record.Find(FactKind::kProperty, properties_[i]->value);
    Holds best = Holds::kNo;
    for (size_t index = begin; index < end; ++index) {
      ASSIGN_OR_RETURN(const RecordFact fact,
                       record.ReadFact(index, snapshot_->catalog()));
      best = std::max(best, JudgeFact(fact, lens_, asked_.predicates[i]));
    }
    least = std::min(least, best);
  }
  return least;
}

absl::StatusOr<bool> EntityCondition::CarriesLabel(
    const RecordView& record) const {
  if (asked_.labels.empty()) return true;
  for (const LabelId label : labels_) {
    const auto [begin, end] = record.Find(FactKind::kLabel, label.value);
    for (size_t index = begin; index < end; ++index) {
      ASSIGN_OR_RETURN(const RecordFact fact,
                       record.ReadFact(index, snapshot_->catalog()));
      if (!ShowFact(fact, lens_).empty()) return true;
    }
  }
  return false;
}

Holds EntityCondition::JudgeFacts(const std::vector<RecordFact>& facts) const {
  const bool carried =
      asked_.labels.empty() ||
      std::ranges::any_of(facts, [this](const RecordFact& fact) {
        return IsCarriedLabel(fact);
      });
  if (!carried) return Holds::kNo;
  Holds least = Holds::kYes;
  for (const Predicate& predicate : asked_.predicates) {
    Holds best = Holds::kNo;
    for (const RecordFact& fact : facts) {
      const bool is_asked = fact.key.kind == FactKind::kProperty &&
                            fact.key.name == predicate.property;
      if (is_asked) best = std::max(best, JudgeFact(fact, lens_, predicate));
    }
    least = std::min(least, best);
  }
  return least;
}

bool EntityCondition::IsCarriedLabel(const RecordFact& fact) const {
  if (fact.key.kind != FactKind::kLabel) return false;
  const std::optional<LabelId> id =
      snapshot_->catalog().labels.Find(fact.key.name);
  return id.has_value() && std::ranges::count(labels_, *id) > 0 &&
         !ShowFact(fact, lens_).empty();
}

}  // namespace guanxi::store
