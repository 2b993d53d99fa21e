#include "graph/store/fold.h"

#include <algorithm>
#include <set>
#include <utility>

#include "graph/base/status_macros.h"
#include "graph/store/adjacency.h"
#include "graph/store/claim_table.h"
#include "graph/store/source_table.h"

namespace guanxi::store {
namespace {

// Adds what is said of one owner; of two implicit claims of a fact the later
// one counts.
absl::Status Gather(const Standpoint& at, Owner owner, const RecordView& record,
                    OwnerClaims& said) {
  ASSIGN_OR_RETURN(std::vector<StoredClaim> claims,
                   ReadClaims(at.txn, at.tables, owner));
  RewindTo(at.revision, claims);
  for (StoredClaim& claim : claims) {
    claim.ordinal = static_cast<uint32_t>(said.claims.size() + 1);
    said.claims.push_back(std::move(claim));
  }
  ASSIGN_OR_RETURN(const std::vector<RecordFact> facts,
                   ReadFacts(record, at.catalog));
  for (const RecordFact& fact : facts) {
    if (!fact.implicit.has_value()) continue;
    const auto [known, added] =
        said.implicit.try_emplace(fact.key, *fact.implicit);
    if (!added && known->second.since < fact.implicit->since) {
      known->second = *fact.implicit;
    }
  }
  return absl::OkStatus();
}

// Adds the relationships of a type from members of one cluster to members of
// the other, each once.
absl::Status AddBetween(const Standpoint& at, const Cluster& subject,
                        TypeId type, const Cluster& object,
                        std::set<RelationshipId>& between) {
  for (const EntityId from : subject.members) {
    for (const EntityId to : object.members) {
      ASSIGN_OR_RETURN(const std::vector<RelationshipId> found,
                       RelationshipsBetween(at.txn, at.tables, from, type, to));
      between.insert(found.begin(), found.end());
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<RecordFact>> ResolveTogether(
    const Standpoint& at, const std::vector<RelationshipId>& twins,
    const std::string& type, OwnerClaims& said) {
  for (const RelationshipId twin : twins) {
    ASSIGN_OR_RETURN(const RecordView record, ReadRecord(at, twin));
    RETURN_IF_ERROR(Gather(at, Owner::Of(twin), record, said));
  }
  Standings standings(at.txn, at.tables, at.revision);
  const RelationshipDeclaration* declared =
      at.catalog.schema.FindRelationship(type);
  ASSIGN_OR_RETURN(const OwnerFacts facts,
                   OwnerFacts::OfRelationship(said, declared, standings));
  return facts.ResolveAll(said);
}

Cluster Alone(EntityId entity) { return {entity, {entity}, {}}; }

// The clusters of both ends; nullptr: the end is alone.
struct EndClusters {
  const Cluster* subject;
  const Cluster* object;
};

// Between whom a relationship is, without its facts.
absl::StatusOr<StoredRelationship> Describe(const Standpoint& at,
                                            RelationshipId id,
                                            const RelationshipHead& head,
                                            const EndClusters& ends,
                                            Identity& identity) {
  ASSIGN_OR_RETURN(const std::string* type, TypeName(at.catalog, head.type));
  const EntityId subject =
      ends.subject ? ends.subject->canonical : head.subject;
  const EntityId object = ends.object ? ends.object->canonical : head.object;
  StoredRelationship stored{
      .id = id,
      .first = id,
      .symmetric = IsSymmetric(at.catalog, head.type),
      .inside = ends.subject != nullptr && subject == object};
  stored.key.type = *type;
  stored.key.keys = head.keys;
  stored.key.name = head.name;
  ASSIGN_OR_RETURN(stored.key.subject, identity.KeyOf(at, subject));
  ASSIGN_OR_RETURN(stored.key.object, identity.KeyOf(at, object));
  if (stored.symmetric && stored.key.object < stored.key.subject) {
    std::swap(stored.key.subject, stored.key.object);
  }
  return stored;
}

}  // namespace

absl::StatusOr<std::vector<RelationshipId>> Twins(const Standpoint& at,
                                                  const RelationshipHead& head,
                                                  const Cluster& subject,
                                                  const Cluster& object) {
  RETURN_IF_ERROR(TypeName(at.catalog, head.type).status());
  std::set<RelationshipId> between;
  RETURN_IF_ERROR(AddBetween(at, subject, head.type, object, between));
  if (IsSymmetric(at.catalog, head.type)) {
    RETURN_IF_ERROR(AddBetween(at, object, head.type, subject, between));
  }
  std::vector<RelationshipId> twins;
  for (const RelationshipId id : between) {
    if (!at.Knows(id)) continue;
    ASSIGN_OR_RETURN(const RecordView record, ReadRecord(at, id));
    ASSIGN_OR_RETURN(const RelationshipHead other,
                     record.ReadRelationshipHead());
    if (other.name == head.name && other.keys == head.keys) twins.push_back(id);
  }
  return twins;
}

absl::StatusOr<StoredEntity> ReadStored(const Standpoint& at, EntityId id,
                                        Identity& identity,
                                        const Portion& portion) {
  ASSIGN_OR_RETURN(const Cluster* cluster, identity.Merged(at, id));
  StoredEntity stored{.id = cluster == nullptr ? id : cluster->canonical};
  if (cluster == nullptr) {
    ASSIGN_OR_RETURN(const RecordView record, ReadRecord(at, id));
    stored.key = std::string(record.entity_key());
    identity.Remember(at, id, stored.key);
    stored.record = record;
    ASSIGN_OR_RETURN(stored.facts, ReadFacts(record, at.catalog, portion));
    return stored;
  }
  ASSIGN_OR_RETURN(stored.key, identity.KeyOf(at, stored.id));
  OwnerClaims& said = stored.said.emplace();
  for (const EntityId member : cluster->members) {
    ASSIGN_OR_RETURN(const RecordView record, ReadRecord(at, member));
    RETURN_IF_ERROR(Gather(at, Owner::Of(member), record, said));
  }
  Standings standings(at.txn, at.tables, at.revision);
  ASSIGN_OR_RETURN(const OwnerFacts facts,
                   OwnerFacts::OfEntity(said, at.catalog.schema, standings));
  ASSIGN_OR_RETURN(stored.facts, facts.ResolveAll(said));
  return stored;
}

absl::StatusOr<StoredRelationship> ReadStored(const Standpoint& at,
                                              RelationshipId id,
                                              Identity& identity,
                                              const Portion& portion) {
  ASSIGN_OR_RETURN(const RecordView record, ReadRecord(at, id));
  ASSIGN_OR_RETURN(const RelationshipHead head, record.ReadRelationshipHead());
  ASSIGN_OR_RETURN(const Cluster* subject, identity.Merged(at, head.subject));
  ASSIGN_OR_RETURN(const Cluster* object, identity.Merged(at, head.object));
  ASSIGN_OR_RETURN(StoredRelationship stored,
                   Describe(at, id, head, {subject, object}, identity));
  std::vector<RelationshipId> twins;
  if (subject != nullptr || object != nullptr) {
    ASSIGN_OR_RETURN(twins,
                     Twins(at, head, subject ? *subject : Alone(head.subject),
                           object ? *object : Alone(head.object)));
    if (!twins.empty()) stored.first = twins.front();
  }
  if (twins.size() <= 1) {
    stored.record = record;
    ASSIGN_OR_RETURN(stored.facts, ReadFacts(record, at.catalog, portion));
    return stored;
  }
  ASSIGN_OR_RETURN(stored.facts, ResolveTogether(at, twins, stored.key.type,
                                                 stored.said.emplace()));
  return stored;
}

}  // namespace guanxi::store
