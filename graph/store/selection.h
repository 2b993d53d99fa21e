#ifndef GUANXI_GRAPH_STORE_SELECTION_H_
#define GUANXI_GRAPH_STORE_SELECTION_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/model/ids.h"
#include "graph/model/predicate.h"
#include "graph/model/view.h"
#include "graph/store/entity_condition.h"
#include "graph/store/snapshot.h"

namespace guanxi::store {

// What a relationship that a lens shows makes of a fitted predicate, key
// properties included: as JudgeShown().
absl::StatusOr<Holds> JudgeRelationship(const Snapshot& snapshot,
                                        RelationshipId id, const Lens& lens,
                                        const Predicate& predicate);

// Whether a lens lets pass what is judged so: maybe, unless it is `certain`.
inline bool Passes(Holds holds, const Lens& lens) {
  return holds == Holds::kYes || (holds == Holds::kMaybe && !lens.certain);
}

// The entities with a label and properties that a lens shows, in the order of
// their ids, which is that in which they were first stored:
//
//   ASSIGN_OR_RETURN(Selection found, Selection::Begin(snapshot, lens, asked));
//   ASSIGN_OR_RETURN(ids, found.Candidates(after, 256));
//   for (id : ids) { ASSIGN_OR_RETURN(holds, found.Matches(id)); … }
//
// Takes candidates from the smallest index that serves, else from the label's,
// else all entities. Must not outlive the snapshot. Not thread-safe.
class Selection {
 public:
  struct Asked {
    std::string label;                  // empty: any
    std::vector<Predicate> predicates;  // fitted; all must be satisfied
  };

  // An index that has more entries than this for a predicate is not used.
  static constexpr size_t kMaxCandidates = 1'000'000;

  // Reads the indexes. DATA_LOSS [STORE_DAMAGED].
  static absl::StatusOr<Selection> Begin(const Snapshot& snapshot,
                                         const Lens& lens, Asked asked);

  // The next entities that may be selected, from the first id after `after`; at
  // most `limit`. Fewer than `limit`: there are no more.
  absl::StatusOr<std::vector<EntityId>> Candidates(
      std::optional<EntityId> after, size_t limit) const;

  // How surely the entity is selected; no, where the lens hides a maybe. Of
  // those that are one it is the first candidate alone.
  absl::StatusOr<Holds> Matches(EntityId id) const;

 private:
  Selection(const Snapshot& snapshot, const Lens& lens, Asked asked);
  absl::Status UseIndexes();
  // Whether, of the entities that are one with this, it is the first candidate.
  absl::StatusOr<bool> IsFirst(EntityId id) const;

  const Snapshot* snapshot_;
  Lens lens_;
  Asked asked_;
  EntityCondition condition_;
  std::optional<std::vector<EntityId>> indexed_;  // ascending
  uint64_t end_ = 0;                              // the next id to be given
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_SELECTION_H_
