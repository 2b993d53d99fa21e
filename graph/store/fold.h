#ifndef GUANXI_GRAPH_STORE_FOLD_H_
#define GUANXI_GRAPH_STORE_FOLD_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/model/fact.h"
#include "graph/model/ids.h"
#include "graph/store/identity.h"
#include "graph/store/owner_facts.h"
#include "graph/store/record.h"
#include "graph/store/standpoint.h"

namespace guanxi::store {

// What is stored of entities and relationships, read as if each cluster were
// one entity: the facts of its members with equal keys are one fact, resolved
// among the claims of all.

struct StoredEntity {
  EntityId id;      // canonical
  std::string key;  // of the canonical entity
  // Of one that is folded with no other; valid as long as the snapshot reads
  // by what it does.
  std::optional<RecordView> record;
  std::vector<RecordFact> facts;
  // The claims, if they are those of several owners.
  std::optional<OwnerClaims> said;
};

struct StoredRelationship {
  RelationshipId id;
  RelationshipId first;  // of those that it is folded with
  RelationshipKey key;   // between canonical entities
  bool symmetric = false;
  bool inside = false;  // between entities that are one: not to be shown
  // As of an entity.
  std::optional<RecordView> record;
  std::vector<RecordFact> facts;
  std::optional<OwnerClaims> said;
};

// The relationships that have the key of `head` between two clusters, by id.
// DATA_LOSS [STORE_DAMAGED].
absl::StatusOr<std::vector<RelationshipId>> Twins(const Standpoint& at,
                                                  const RelationshipHead& head,
                                                  const Cluster& subject,
                                                  const Cluster& object);

// `portion` says which facts are read; of what is folded always all.
// DATA_LOSS [STORE_DAMAGED]; RESOURCE_EXHAUSTED [FACT_TOO_LARGE],
// [CLUSTER_TOO_LARGE].
absl::StatusOr<StoredEntity> ReadStored(const Standpoint& at, EntityId id,
                                        Identity& identity,
                                        const Portion& portion = kAllFacts);
absl::StatusOr<StoredRelationship> ReadStored(
    const Standpoint& at, RelationshipId id, Identity& identity,
    const Portion& portion = kAllFacts);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_FOLD_H_
