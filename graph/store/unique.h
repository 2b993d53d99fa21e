#ifndef GUANXI_GRAPH_STORE_UNIQUE_H_
#define GUANXI_GRAPH_STORE_UNIQUE_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "graph/store/log.h"
#include "graph/store/standpoint.h"

namespace guanxi::store {

// At the end of a commit: that no two entities share a value of a property that
// is declared `unique` (docs/decisions/0009-finding-and-unique-values.md). A
// value counts where an asserted or reported claim of it is believed that is
// not deprecated, or it is written without a claim, whether or not it is shown
// and whenever it holds. Entities that believed `same` judgements join may
// share one.
class UniqueCheck {
 public:
  // The records and indexes are written. What is given must outlive it.
  explicit UniqueCheck(const Standpoint& at) : at_(at) {}

  // Looks at what a commit touched, by its log, and at all values of the
  // properties that it made unique. ALREADY_EXISTS [UNIQUE_TAKEN] {entity,
  // property, value, taken_by}.
  absl::Status Check(const std::vector<LogEntry>& log,
                     const std::set<std::string>& newly_unique) const;

 private:
  absl::Status CheckProperty(const std::string& name) const;
  // Adds the members of the clusters that judgements among these are about.
  absl::Status AddJudged(const std::set<RelationshipId>& relationships,
                         std::set<EntityId>& entities) const;
  absl::Status CheckEntity(EntityId id) const;
  absl::Status CheckValues(EntityId id,
                           const PropertyDeclaration& property) const;
  absl::Status CheckAgainst(EntityId id, const std::string& property,
                            const Value& value) const;
  absl::StatusOr<std::vector<Value>> ValuesOf(
      EntityId id, const std::string& property) const;
  absl::StatusOr<std::set<EntityId>> Cluster(EntityId id) const;

  const Standpoint at_;
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_UNIQUE_H_
