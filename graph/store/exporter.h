#ifndef GUANXI_GRAPH_STORE_EXPORTER_H_
#define GUANXI_GRAPH_STORE_EXPORTER_H_

#include <functional>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

#include "graph/model/ids.h"
#include "graph/model/schema.h"
#include "graph/model/statement.h"
#include "graph/store/snapshot.h"

namespace guanxi::store {

struct ExportOptions {
  // What every store declares from the start, which is left out.
  Schema builtin;

  // Only these entities, the relationships and judgements between them, and
  // the sources that all this rests on; nullopt: the whole graph.
  std::optional<std::vector<EntityId>> entities;

  // Asked before each owner is read; an error ends the export with it.
  std::function<absl::Status()> check;
};

// Gives `write` the statements that say all that a snapshot believes, in the
// canonical order of the .kg language: the schema, sources, entities with their
// labels and plain properties, further properties, relationships, judgements.
// Loaded as one import into an empty store they make the same graph, which
// exports the same statements again (docs/decisions/0008).
//
// Holds the claims of one entity or relationship at a time, the list of the
// relationships of which one entity is the subject, and of a part of the graph
// its entities and sources. Ends with the first error of `write`.
absl::Status Export(
    const Snapshot& snapshot, const ExportOptions& options,
    absl::FunctionRef<absl::Status(const Statement::Body&)> write);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_EXPORTER_H_
