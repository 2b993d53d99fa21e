#ifndef GUANXI_GRAPH_STORE_SNAPSHOT_H_
#define GUANXI_GRAPH_STORE_SNAPSHOT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/kv/txn.h"
#include "graph/model/ids.h"
#include "graph/model/schema.h"
#include "graph/model/view.h"
#include "graph/store/catalog.h"
#include "graph/store/lens.h"
#include "graph/store/record.h"
#include "graph/store/tables.h"

namespace guanxi::store {

// Which facts of an entity to read.
struct EntityFilter {
  std::string property;  // only this one; empty: all
};

// One committed state of the graph: every read through it sees the same
// revision. Cheap to begin; keep it short, for the file grows while it is open.
// Movable; not thread-safe. Views in results are owned.
class Snapshot {
 public:
  Revision revision() const { return revision_; }
  const Schema& schema() const { return catalog_->schema; }
  const Catalog& catalog() const { return *catalog_; }

  // The entity with this key, if anything is said of it or a relationship
  // touches it.
  absl::StatusOr<std::optional<EntityId>> FindEntity(
      absl::string_view key) const;

  // Entities that the lens shows with this `name`, in whatever language (ASCII
  // letters compare without case), by id, at most `limit`.
  absl::StatusOr<std::vector<EntityId>> FindByName(absl::string_view name,
                                                   const Lens& lens,
                                                   size_t limit) const;

  absl::StatusOr<std::string> EntityKey(EntityId id) const;

  // What is said of an entity. Under any day, each fact stands once for each of
  // its slices, oldest first.
  absl::StatusOr<EntityView> ReadEntity(EntityId id, const Lens& lens,
                                        Evidence evidence,
                                        const EntityFilter& filter = {}) const;

  // The labels that an entity has under the lens, with their ancestors.
  absl::StatusOr<std::vector<std::string>> ReadLabels(EntityId id,
                                                      const Lens& lens) const;

  // A relationship as the lens shows it: one view, or under any day one for
  // each slice, or none. Of a denied relationship the denial.
  absl::StatusOr<std::vector<RelationshipView>> ReadRelationship(
      RelationshipId id, const Lens& lens, Evidence evidence) const;

  // Whether the lens shows a relationship, and if not, why.
  absl::StatusOr<Admitted> Admit(RelationshipId id, const Lens& lens) const;

  // Entities that carry a label (or a declared descendant of it) by some
  // affirmative claim, from the first id after `after`, at most `limit`. The
  // caller applies its lens.
  absl::StatusOr<std::vector<EntityId>> ListByLabel(
      absl::string_view label, std::optional<EntityId> after,
      size_t limit) const;

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

  // For the topology: the tables of this state.
  const kv::Txn& txn() const { return txn_; }
  const Tables& tables() const { return tables_; }

 private:
  friend class Store;
  // Whether the lens shows one.
  absl::StatusOr<bool> HasRelationship(EntityId id, const Lens& lens) const;
  absl::StatusOr<RelationshipKey> KeyOf(const RelationshipHead& head) const;
  Snapshot(kv::ReadTxn txn, const Tables& tables,
           std::shared_ptr<const Catalog> catalog, Revision revision);

  kv::ReadTxn txn_;
  Tables tables_;
  // Owned with the store, which replaces its own when names or schema change.
  std::shared_ptr<const Catalog> catalog_;
  Revision revision_;
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_SNAPSHOT_H_
