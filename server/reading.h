#ifndef GUANXI_SERVER_READING_H_
#define GUANXI_SERVER_READING_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include <google/protobuf/message.h>
#include <google/protobuf/repeated_field.h>

#include "graph/model/view.h"
#include "graph/store/snapshot.h"
#include "graph/topology/topology.h"
#include "graph/traverse/spec.h"
#include "guanxi/v1/graph.pb.h"
#include "server/calls.h"
#include "server/convert/field_path.h"
#include "server/serving.h"

namespace guanxi::server {

// What a read sees: one state through one lens.
struct Reading {
  store::Snapshot snapshot;
  Lens lens;
  // Of a traversal, if at hand (topology::Cache); else nullptr.
  std::shared_ptr<const topology::Adjacency> adjacency;
  topology::ColumnCache* columns = nullptr;  // likewise

  topology::Ground ground() const {
    return {snapshot, adjacency.get(), columns};
  }
  v1::ResolvedMoment moment() const;
};

// Begins a read as its request asks. INVALID_ARGUMENT [FIELD_INVALID],
// FAILED_PRECONDITION [REVISION_NOT_YET], RESOURCE_EXHAUSTED [READERS_FULL].
absl::StatusOr<Reading> BeginReading(const Serving& serving,
                                     const v1::ReadOptions& options,
                                     Call& call);

// Hints that the entities that things tell of are going to be read.
template <typename Thing>
void PrefetchEntities(const Reading& reading, absl::Span<const Thing> things) {
  std::vector<EntityId> ids;
  ids.reserve(things.size());
  for (const Thing& thing : things) ids.push_back(thing.id);
  reading.snapshot.Prefetch(ids);
}

// What a key or a name leads to.
struct LookUp {
  std::optional<EntityId> id;
  std::vector<std::string> candidates;  // keys, of an ambiguous name
};

// The entity that a request calls `name`: its key, or a name that it alone
// shows; of several that are one, the canonical one.
// INVALID_ARGUMENT [FIELD_REQUIRED].
absl::StatusOr<LookUp> LookUpEntity(const Reading& reading,
                                    const std::string& name,
                                    const FieldPath& field);

// Why `found` has no id: NOT_FOUND [ENTITY_NOT_FOUND] or FAILED_PRECONDITION
// [ENTITY_AMBIGUOUS].
absl::Status WhyUnresolved(const LookUp& found, const std::string& name,
                           const FieldPath& field);

// Both in one.
absl::StatusOr<EntityId> ResolveEntity(const Reading& reading,
                                       const std::string& name,
                                       const FieldPath& field);

// Likewise of several, at most 100.
absl::StatusOr<std::vector<EntityId>> ResolveEntities(
    const Reading& reading,
    const google::protobuf::RepeatedPtrField<std::string>& names,
    const FieldPath& field);

// Completes `spec` with what the reading tells: the lens, which it shares from
// then on, the entities to exclude, the predicates and the end of the call; and
// `reading` with what is in memory of its revision.
absl::Status PrepareTraversal(const Serving& serving,
                              const v1::TraversalOptions& options,
                              const Call& call, Reading& reading,
                              traverse::TraversalSpec* spec);

// The entity's labels and name.
absl::StatusOr<v1::EntitySummary> ReadSummary(const Reading& reading,
                                              EntityId id);

// A relationship as it stands; under any day, where there is one for each
// slice, on the newest days. nullopt: the lens does not show it.
absl::StatusOr<std::optional<v1::Relationship>> ReadNewest(
    const Reading& reading, RelationshipId id, Evidence evidence);

// RESOURCE_EXHAUSTED [ANSWER_TOO_LARGE].
absl::Status CheckAnswerBytes(int64_t bytes, const Settings& settings);
absl::Status CheckAnswerSize(const google::protobuf::Message& answer,
                             const Settings& settings);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_READING_H_
