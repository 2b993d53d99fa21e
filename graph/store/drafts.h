#ifndef GUANXI_GRAPH_STORE_DRAFTS_H_
#define GUANXI_GRAPH_STORE_DRAFTS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/kv/txn.h"
#include "graph/model/fact.h"
#include "graph/model/ids.h"
#include "graph/store/catalog.h"
#include "graph/store/counters.h"
#include "graph/store/log.h"
#include "graph/store/owner_facts.h"
#include "graph/store/placement.h"
#include "graph/store/record.h"
#include "graph/store/tables.h"

namespace guanxi::store {

// An entity or relationship while a commit changes it.
struct Draft {
  Owner owner;
  EntityHead entity;              // of an entity
  RelationshipHead relationship;  // of a relationship
  OwnerClaims said;
  std::vector<RecordFact> old_facts;  // of the record before
  bool touched = false;               // the record is to be resolved anew
  bool created = false;               // there was no record before
};

// The owners that one commit has in hand. Claims are written as they are added
// or ended; records, indexes and adjacency by Flush(), once for each touched
// owner.
class Drafts {
 public:
  Drafts(kv::WriteTxn& txn, const Tables& tables, Catalog& catalog,
         Counters& counters)
      : txn_(txn),
        tables_(tables),
        catalog_(catalog),
        counters_(counters),
        standings_(txn, tables) {}

  // The entity with this key, made if there is none. Valid as long as this.
  absl::StatusOr<Draft*> MakeEntity(absl::string_view key);

  // nullptr if there is none: if nothing is said of it and no relationship
  // touches it.
  absl::StatusOr<Draft*> FindEntity(absl::string_view key);

  // The relationship with this key; its entities exist.
  absl::StatusOr<Draft*> MakeRelationship(const RelationshipKey& key);
  absl::StatusOr<Draft*> FindRelationship(const RelationshipKey& key);

  absl::StatusOr<Draft*> Get(Owner owner);

  // Adds a believed claim; fills in its ordinal.
  absl::Status Believe(Draft& draft, StoredClaim claim);

  // Believes a known claim again, with what `claim` says beside its identity.
  absl::Status BelieveAgain(Draft& draft, StoredClaim& known,
                            const Claim& claim);

  // Ends the belief in a claim.
  absl::Status End(Draft& draft, StoredClaim& claim);

  void SetImplicit(Draft& draft, const FactKey& fact, ImplicitClaim claim);

  // Ends every believed claim of an owner and its implicit ones; returns their
  // number.
  absl::StatusOr<int64_t> EndAll(Draft& draft);

  // All relationships of an entity, judgements included. Requires that nothing
  // is left to flush.
  absl::StatusOr<std::vector<RelationshipId>> RelationshipsOf(
      EntityId entity) const;

  // Makes every owner that depends on this source resolve anew.
  absl::Status TouchDependents(SourceId source);

  // Resolves the touched owners and writes what follows from it.
  absl::Status Flush();

  // What was done so far, for the log of the commit.
  std::vector<LogEntry>& log() { return log_; }
  const std::vector<LogEntry>& log() const { return log_; }

 private:
  absl::StatusOr<Draft*> LoadEntity(EntityId id);
  absl::StatusOr<Draft*> LoadRelationship(RelationshipId id);
  absl::Status LoadSaid(const RecordView& record, Draft& draft);
  absl::StatusOr<std::optional<RelationshipId>> FindStored(
      EntityId subject, EntityId object, TypeId type,
      const RelationshipKey& key) const;
  absl::Status FlushEntity(Draft& draft);
  absl::Status FlushRelationship(Draft& draft);

  kv::WriteTxn& txn_;
  Tables tables_;
  Catalog& catalog_;
  Counters& counters_;
  Standings standings_;
  std::map<Owner, std::unique_ptr<Draft>> drafts_;
  std::map<std::string, EntityId, std::less<>> entity_ids_;
  std::map<std::string, RelationshipId> new_relationships_;  // by key as text
  std::vector<LogEntry> log_;
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_DRAFTS_H_
