#ifndef GUANXI_GRAPH_STORE_SNAPSHOT_H_
#define GUANXI_GRAPH_STORE_SNAPSHOT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "graph/kv/txn.h"
#include "graph/model/ids.h"
#include "graph/model/schema.h"
#include "graph/model/view.h"
#include "graph/store/catalog.h"
#include "graph/store/identity.h"
#include "graph/store/lens.h"
#include "graph/store/past_slots.h"
#include "graph/store/record.h"
#include "graph/store/standpoint.h"
#include "graph/store/tables.h"

namespace guanxi::store {

struct Counters;
class RecordColumn;

// Which facts of an entity to read.
struct EntityFilter {
  std::string property;  // only this one; empty: all
};

// Which properties of a relationship to read besides those of its key: this one
// (empty: none) and no date; not set: all. Of relationships that are folded
// with others always all.
struct RelationshipFilter {
  std::optional<absl::string_view> property;
};

// Until when a read believes what it is told: up to a revision or, if that is
// not set, up to an instant. Neither: all.
struct KnownAt {
  std::optional<Revision> revision;
  std::optional<int64_t> time;  // microseconds since 1970
};

// One committed state of the graph, seen at its latest revision or a past one:
// every read through it sees the same revision. Cheap to begin; keep it short,
// for the file grows while it is open. Movable; not thread-safe. Views in
// results are owned.
class Snapshot {
 public:
  Revision revision() const { return revision_; }
  Revision latest_revision() const { return latest_; }

  // Above the ids of all entities of the state.
  uint64_t entity_bound() const { return entity_bound_; }

  // Looks at what was known at another moment from now on. Errors as
  // Store::BeginSnapshot().
  absl::Status GoTo(const KnownAt& known_at);
  const Schema& schema() const { return catalog_->schema; }
  const Catalog& catalog() const { return *catalog_; }

  // The entity with this key, if anything is said of it or a relationship
  // touches it.
  absl::StatusOr<std::optional<EntityId>> FindEntity(
      absl::string_view key) const;

  // Entities that the lens shows with this `name`, in whatever language (ASCII
  // letters compare without case), by id, at most `limit`; of those that are
  // one the canonical one.
  absl::StatusOr<std::vector<EntityId>> FindByName(absl::string_view name,
                                                   const Lens& lens,
                                                   size_t limit) const;

  absl::StatusOr<std::string> EntityKey(EntityId id) const;

  // Who is who on the lens's day. Valid as long as this.
  absl::StatusOr<const Cluster*> ClusterOf(EntityId id, const Lens& lens) const;
  Identity& identity(const Lens& lens) const;

  // What is said of an entity, or of those that are one with it. Under any day,
  // each fact stands once for each of its slices, oldest first.
  absl::StatusOr<EntityView> ReadEntity(EntityId id, const Lens& lens,
                                        Evidence evidence,
                                        const EntityFilter& filter = {}) const;

  // What it is called and its labels. Errors as those of ReadEntity().
  absl::StatusOr<EntitySummary> ReadSummary(EntityId id,
                                            const Lens& lens) const;

  // A relationship as the lens shows it: one view, or under any day one for
  // each slice, or none. Of a denied relationship the denial.
  absl::StatusOr<std::vector<RelationshipView>> ReadRelationship(
      RelationshipId id, const Lens& lens, Evidence evidence,
      const RelationshipFilter& filter = {}) const;

  // Whether the lens shows a relationship, and if not, why.
  absl::StatusOr<Admitted> Admit(RelationshipId id, const Lens& lens) const;

  // Entities that carry a label (or a declared descendant of it) by some
  // affirmative claim of now or of the past, from the first id after `after`,
  // at most `limit`. The caller applies its lens.
  absl::StatusOr<std::vector<EntityId>> ListByLabel(
      absl::string_view label, std::optional<EntityId> after,
      size_t limit) const;

  // Whether, of the entities that are one with this, it is the first one that
  // ListByLabel finds: so that a list has each once.
  absl::StatusOr<bool> IsFirstListed(EntityId id, absl::string_view label,
                                     const Lens& lens) const;

  // Every believed claim about an entity's facts, grouped by fact in the order
  // of FactKey; `property` narrows to one property (empty: all).
  absl::StatusOr<std::vector<FactClaims>> EntityClaims(
      EntityId id, const Lens& lens, absl::string_view property) const;

  // Every believed claim about a relationship: of its existence, its date and
  // each property.
  absl::StatusOr<std::vector<FactClaims>> RelationshipClaims(
      RelationshipId id, const Lens& lens) const;

  // The source with this id.
  absl::StatusOr<std::optional<SourceView>> FindSource(
      absl::string_view id) const;

  // Reads records in memory from now on, where they are the same; of a state
  // that `records` covers (GUANXI_CHECKed). Before anything is read.
  void Use(std::shared_ptr<const RecordColumn> records);

  // Hints that these are going to be read, one after the other.
  void Prefetch(absl::Span<const RelationshipId> relationships) const;
  void Prefetch(absl::Span<const EntityId> entities) const;

  const kv::Txn& txn() const { return txn_; }
  const Tables& tables() const { return tables_; }

  // For what reads the tables itself. Refers to this snapshot.
  Standpoint standpoint() const {
    return {txn_,
            tables_,
            *catalog_,
            revision_,
            revision_ == latest_,
            next_entity_,
            next_relationship_,
            &past_slots_,
            records_.get()};
  }

 private:
  friend class Store;
  // Whether the lens shows one.
  absl::StatusOr<bool> HasRelationship(EntityId id, const Lens& lens) const;
  // As Admit(), of a relationship that is folded with no other.
  absl::StatusOr<Admitted> AdmitAlone(RelationshipId id,
                                      const Lens& lens) const;
  absl::Status AddIdentity(EntityId id, const Lens& lens,
                           EntityView& view) const;
  Snapshot(kv::ReadTxn txn, const Tables& tables,
           std::shared_ptr<const Catalog> catalog, const Counters& counters);

  kv::ReadTxn txn_;
  Tables tables_;
  // Owned with the store, which replaces its own when names or schema change.
  std::shared_ptr<const Catalog> catalog_;
  // By day; filled as it is asked.
  mutable std::map<std::optional<Day>, Identity> identities_;
  mutable PastSlots past_slots_;  // likewise
  // Owned with the cache; nullptr: none.
  std::shared_ptr<const RecordColumn> records_;
  Revision latest_;
  uint64_t entity_bound_;
  Revision revision_;
  uint64_t next_entity_ = 0;  // as of a past revision
  uint64_t next_relationship_ = 0;
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_SNAPSHOT_H_
