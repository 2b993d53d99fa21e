#ifndef GUANXI_GRAPH_TRAVERSE_DIFF_H_
#define GUANXI_GRAPH_TRAVERSE_DIFF_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"

#include "graph/base/budget.h"
#include "graph/model/ids.h"
#include "graph/store/comparison.h"
#include "graph/traverse/spec.h"

namespace guanxi::traverse {

struct DiffSpec {
  // Only the facts of this entity, known to the later moment, and its
  // relationships. nullopt: the whole graph; the moments then have one day.
  std::optional<EntityId> entity;
  // Entities compared and commits read, relationships compared, changes found,
  // memory for these and for what commits touched.
  Budget budget;
};

struct Diff {
  // Of an entity: its own facts, then its relationships, by id. Of the graph:
  // by the commit that first touched whose facts they are.
  std::vector<store::FactChange> changes;
  Completeness completeness;  // `where`: "at revision 7"
};

// What changed between two moments, the one of the earlier revision first. Of
// the whole graph only what the commits between them touched is compared, as
// nothing else can differ. Errors as those of store::ViewComparison.
absl::StatusOr<Diff> FindChanges(const store::View& before,
                                 const store::View& after,
                                 const DiffSpec& spec);

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_DIFF_H_
