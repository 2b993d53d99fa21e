#ifndef GUANXI_GRAPH_STORE_DRAFTS_H_
#define GUANXI_GRAPH_STORE_DRAFTS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
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
#include "graph/store/standpoint.h"
#include "graph/store/tables.h"
#include "graph/store/tuple_block.h"

namespace guanxi::store {

// An entity or relationship while a commit changes it.
struct Draft {
  Owner owner;
  EntityHead entity;              // of an entity
  RelationshipHead relationship;  // of a relationship
  OwnerClaims said;
  uint32_t last_ordinal = 0;          // of its claims, also of purged ones
  std::vector<RecordFact> old_facts;  // of the record before
  bool created = false;  // by this commit: there is no past to keep
  bool written = true;   // a record stands in the table
  bool touched = false;  // the record is to be resolved anew
};

// A claim of a draft.
struct ClaimInHand {
  Draft* draft = nullptr;
  StoredClaim* claim = nullptr;
};

// FAILED_PRECONDITION [CLAIM_NOT_BELIEVED]: of a claim that is not.
absl::Status NotBelieved(absl::string_view claim);

// RESOURCE_EXHAUSTED [COMMIT_TOO_LARGE]: more claims rest on an entity than one
// commit may close.
absl::Status TooManyClaims(absl::string_view key);

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
        standings_(txn, tables, counters.revision) {}

  // The entity with this key, made if there is none. Valid as long as this.
  absl::StatusOr<Draft*> MakeEntity(absl::string_view key);

  // nullptr if there is none: if nothing is said of it and no relationship
  // touches it.
  absl::StatusOr<Draft*> FindEntity(absl::string_view key);

  // The relationship with this key; its entities exist.
  absl::StatusOr<Draft*> MakeRelationship(const RelationshipKey& key);
  absl::StatusOr<Draft*> FindRelationship(const RelationshipKey& key);

  absl::StatusOr<Draft*> Get(Owner owner);

  // The claim with this id, believed or not. NOT_FOUND [CLAIM_NOT_FOUND]:
  // `purpose` says what it was to be found for, as in "supersede".
  absl::StatusOr<ClaimInHand> FindClaim(absl::string_view id,
                                        absl::string_view purpose);
  absl::StatusOr<ClaimInHand> GetClaim(ClaimRef ref);

  // Adds a believed claim; fills in its ordinal.
  absl::Status Believe(Draft& draft, StoredClaim claim);

  // Believes a known claim again, with what `claim` says beside its identity.
  absl::Status BelieveAgain(Draft& draft, StoredClaim& known,
                            const Claim& claim);

  // Closes the belief in a claim.
  absl::Status Close(Draft& draft, StoredClaim& claim, StoredClaim::Closing why,
                     Reason reason = {});

  // Believes of a claim that what it states stopped being true after `end`.
  absl::Status EndOn(Draft& draft, StoredClaim& claim, const Date& end,
                     Reason reason);

  void SetImplicit(Draft& draft, const FactKey& fact, ImplicitClaim claim);

  // Closes every believed claim of an owner and its implicit ones; returns
  // their number.
  absl::StatusOr<int64_t> EndAll(Draft& draft);

  // All relationships of an entity, judgements included. Requires that nothing
  // is left to flush.
  absl::StatusOr<std::vector<RelationshipId>> RelationshipsOf(
      EntityId entity) const;

  // Makes every owner that depends on this source resolve anew.
  absl::Status TouchDependents(SourceId source);

  // Resolves the touched owners and writes what follows from it.
  absl::Status Flush();

  // For a purge: the entity with this key, whether or not anything is believed
  // of it; nullptr if there is none.
  absl::StatusOr<Draft*> FindStoredEntity(absl::string_view key);

  // For a purge: that no entity has this key from now on.
  void ForgetKey(absl::string_view key) { entity_ids_.erase(std::string(key)); }

  // For a purge: what a record shows of these claims at a past revision, and
  // its bytes.
  absl::StatusOr<std::vector<RecordFact>> ResolveAt(const Draft& draft,
                                                    OwnerClaims said,
                                                    Revision revision) const;
  absl::StatusOr<std::string> EncodeRecord(
      const Draft& draft, const std::vector<RecordFact>& facts);

  // For a purge: as Flush(), of one draft, and what was there before is not
  // kept.
  absl::Status FlushErasing(Draft& draft);

  // What was done so far, for the log of the commit.
  std::vector<LogEntry>& log() { return log_; }
  const std::vector<LogEntry>& log() const { return log_; }

 private:
  Standpoint Here() const;
  kv::Table TableOf(const Draft& draft) const;
  void Touch(Draft& draft);
  absl::Status KeepBefore(const Draft& draft);
  // The next id of an entity or relationship. Ids ascend, so the first one that
  // is taken tells whether the counters can be right.
  absl::StatusOr<uint64_t> TakeFreshId(OwnerKind kind);
  // DATA_LOSS [STORE_DAMAGED]: there is one of its owner.
  absl::StatusOr<Draft*> Keep(std::unique_ptr<Draft> draft);
  absl::StatusOr<Draft*> LoadEntity(EntityId id);
  absl::StatusOr<Draft*> LoadRelationship(RelationshipId id);
  absl::Status LoadSaid(const RecordView& record, Draft& draft);
  absl::StatusOr<std::optional<RelationshipId>> FindStored(
      EntityId subject, EntityId object, TypeId type,
      const RelationshipKey& key) const;
  // What happens to that which a record and its slots were before.
  enum class Before : uint8_t { kKept, kErased };
  absl::StatusOr<std::vector<RecordFact>> Resolve(const Draft& draft,
                                                  const OwnerClaims& said,
                                                  Standings& standings) const;
  absl::Status FlushDraft(Draft& draft, Before before);
  absl::Status FlushTypes();
  absl::Status FlushEntity(const Draft& draft,
                           const std::vector<RecordFact>& resolved);
  absl::Status FlushRelationship(const Draft& draft,
                                 const std::vector<RecordFact>& resolved,
                                 Before before);

  kv::WriteTxn& txn_;
  Tables tables_;
  Catalog& catalog_;
  Counters& counters_;
  Standings standings_;
  absl::flat_hash_map<Owner, std::unique_ptr<Draft>> drafts_;
  std::vector<Draft*> touched_;      // some have been flushed since
  bool entity_ids_checked_ = false;  // by TakeFreshId()
  bool relationship_ids_checked_ = false;
  absl::flat_hash_map<std::string, EntityId> entity_ids_;
  // By key as text.
  absl::flat_hash_map<std::string, RelationshipId> new_relationships_;
  // What Flush() adds to the index of types, in one go.
  std::map<TypeId, std::vector<Tuple<1>>> newly_of_type_;
  std::vector<LogEntry> log_;
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_DRAFTS_H_
