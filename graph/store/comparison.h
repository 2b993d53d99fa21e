#ifndef GUANXI_GRAPH_STORE_COMPARISON_H_
#define GUANXI_GRAPH_STORE_COMPARISON_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/fact.h"
#include "graph/model/ids.h"
#include "graph/model/view.h"
#include "graph/store/key.h"
#include "graph/store/snapshot.h"

namespace guanxi::store {

// How what is shown of a fact changed.
enum class ChangeKind : uint8_t {
  // Entities are one, or no longer: what is shown was and is believed.
  kRegrouped,
  kAdded,
  kCorrected,     // the claim that was shown is superseded
  kRetracted,     // the claim that was shown is no longer believed
  kEnded,         // that claim is believed and does not hold on the day
  kValueChanged,  // another claim is shown
  kFlagsChanged,  // how surely, in conflict, disputed, undated, confidence
};

// What a moment shows of a fact.
struct ShownFact {
  Value value;  // null of existence, labels and relationships
  Map qualifiers;
  Showing showing;  // with the claim that it rests on
};

struct FactChange {
  ChangeKind kind = ChangeKind::kAdded;
  std::string entity;  // whose fact it is; empty if it is a relationship's
  std::optional<RelationshipKey> relationship;
  FactKey fact;
  std::optional<ShownFact> before;  // nullopt: not shown
  std::optional<ShownFact> after;
};

// The graph at one moment. Its lens has a day.
struct View {
  const Snapshot& snapshot;
  const Lens& lens;
};

// Compares what two moments show, owner by owner. The earlier revision comes
// first; days may be in any order. What entities or relationships show together
// because they are one is told once. Denied relationships and those hidden
// between entities that are one count as not shown. Not thread-safe; must not
// outlive the views. DATA_LOSS [STORE_DAMAGED]; RESOURCE_EXHAUSTED
// [FACT_TOO_LARGE, CLUSTER_TOO_LARGE].
class ViewComparison {
 public:
  ViewComparison(const View& before, const View& after);

  // The changes of one owner, by fact: of an entity its existence, labels and
  // properties; of a relationship its existence, date and properties.
  absl::StatusOr<std::vector<FactChange>> Compare(Owner owner);

  // Every relationship that either moment has at an entity or at those that are
  // one with it, judgements left out.
  absl::StatusOr<std::vector<RelationshipId>> RelationshipsOf(
      EntityId id) const;

  // Whose facts can differ because a commit touched this owner: of a judgement
  // all that its entities and those that are one with them have, of a source
  // all that rests on it.
  absl::StatusOr<std::vector<Owner>> AffectedBy(Owner touched) const;

 private:
  // What a moment shows of one owner.
  struct Side {
    std::string name;  // its key as text; empty: not known
    std::string entity;
    std::optional<RelationshipKey> relationship;
    std::vector<EntityId> members;  // of the clusters that it rests on
    bool hidden = false;            // between entities that are one
    std::map<FactKey, ShownFact> facts;
    std::map<FactKey, Revision> implicit;  // what is written so, since when
  };

  absl::StatusOr<Side> Show(const View& view, Owner owner) const;
  absl::StatusOr<Side> ShowEntity(const View& view, EntityId id) const;
  absl::StatusOr<Side> ShowRelationship(const View& view,
                                        RelationshipId id) const;
  absl::StatusOr<std::optional<EntityId>> KnownBefore(EntityId id) const;
  absl::StatusOr<std::optional<RelationshipId>> KnownBefore(
      RelationshipId id) const;
  absl::StatusOr<Side> ShowBefore(Owner owner) const;
  absl::Status AddChange(const Side& before, const Side& after,
                         const FactKey& fact, std::vector<FactChange>& changes);
  absl::StatusOr<ChangeKind> WhyGone(const Side& before, const Side& after,
                                     const FactKey& fact) const;

  const View before_;
  const View after_;
  std::set<std::pair<std::string, std::string>> compared_;
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_COMPARISON_H_
