#ifndef GUANXI_GRAPH_STORE_ENTITY_CONDITION_H_
#define GUANXI_GRAPH_STORE_ENTITY_CONDITION_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/ids.h"
#include "graph/model/predicate.h"
#include "graph/model/view.h"
#include "graph/store/fold.h"
#include "graph/store/record.h"
#include "graph/store/snapshot.h"

namespace guanxi::store {

// What a value that holds so makes of a predicate: yes if it surely satisfies
// it, maybe if it may, because of what it is or because it holds maybe. Of a
// fact under any day every stretch counts.
Holds JudgeShown(const Predicate& predicate, const Value& value, Holds holds);

// Labels and predicates made ready to be asked of many entities of one
// snapshot. Reads an entity once, and of its record only what is asked for.
//
// Must not outlive the snapshot.
class EntityCondition {
 public:
  struct Asked {
    std::vector<std::string> labels;    // one of them; empty: any will do
    std::vector<Predicate> predicates;  // fitted; all of them
  };

  EntityCondition(const Snapshot& snapshot, const Lens& lens, Asked asked);

  bool AsksNothing() const {
    return asked_.labels.empty() && asked_.predicates.empty();
  }

  // Whether what the lens shows of an entity is as asked: no if it carries none
  // of the labels, or of a declared descendant; else the least that one of the
  // predicates is, each of which is the most that one of its facts is. Facts of
  // those that are one with it count too. DATA_LOSS [STORE_DAMAGED];
  // RESOURCE_EXHAUSTED [CLUSTER_TOO_LARGE], [FACT_TOO_LARGE].
  absl::StatusOr<Holds> Judge(EntityId id) const;

 private:
  absl::StatusOr<Holds> JudgeStored(const StoredEntity& stored) const;
  absl::StatusOr<bool> CarriesLabel(const StoredEntity& stored) const;

  const Snapshot* snapshot_;
  Lens lens_;
  Asked asked_;
  // Of the labels, those that the store has, descendants included.
  std::vector<FactName> labels_;
  // By predicate; nullopt: no entity has the property.
  std::vector<std::optional<PropertyId>> properties_;
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_ENTITY_CONDITION_H_
