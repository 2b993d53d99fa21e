#ifndef GUANXI_GRAPH_STORE_HISTORY_H_
#define GUANXI_GRAPH_STORE_HISTORY_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/kv/txn.h"
#include "graph/model/ids.h"
#include "graph/store/key.h"
#include "graph/store/placement.h"
#include "graph/store/tables.h"

namespace guanxi::store {

// What records and slots were before commits changed them. A row says: until
// before this revision, it was so. What has no row after a revision is now as
// it was then, so that reading the past costs what was changed since.

// Keeps the record of an owner as it was before `revision`; the first image
// that a commit keeps stands.
absl::Status KeepImage(Owner owner, Revision revision, absl::string_view record,
                       const Tables& tables, kv::WriteTxn& txn);

// The record of an owner as it was at `revision`, if it was changed since.
// Views the map.
absl::StatusOr<std::optional<absl::string_view>> FindImage(const kv::Txn& txn,
                                                           const Tables& tables,
                                                           Owner owner,
                                                           Revision revision);

// Calls `visit` with each image of an owner, oldest first, and the revision
// that ended it, until it returns false. The record views the map.
absl::Status WalkImages(
    const kv::Txn& txn, const Tables& tables, Owner owner,
    absl::FunctionRef<bool(Revision end, absl::string_view record)> visit);

// The images of an owner, oldest first, each with the revision that ended it.
struct Image {
  Revision end;
  std::string record;
};
absl::StatusOr<std::vector<Image>> ReadImages(const kv::Txn& txn,
                                              const Tables& tables,
                                              Owner owner);

// Puts another record in the place of an image, for a purge.
absl::Status ReplaceImage(Owner owner, const Image& image, const Tables& tables,
                          kv::WriteTxn& txn);

// Where a relationship stood beside one of its entities.
struct PastSlot {
  TypeId type;
  EntityId other;
  RelationshipId relationship;
  bool of_subject = false;  // whether the entity is the subject
  Placement placement;
};

// Keeps where a relationship stood before `revision`.
absl::Status KeepPlacement(RelationshipId id, const RelationshipHead& head,
                           const Placement& placement, Revision revision,
                           const Tables& tables, kv::WriteTxn& txn);

// Makes those who ask about the past look into the record of a relationship:
// for a purge.
absl::Status ForgetPlain(RelationshipId id, const RelationshipHead& head,
                         const Tables& tables, kv::WriteTxn& txn);

// The slots of an entity at `revision` of relationships that were moved since,
// by type, other entity, relationship.
absl::StatusOr<std::vector<PastSlot>> FindPastSlots(const kv::Txn& txn,
                                                    const Tables& tables,
                                                    EntityId entity,
                                                    Revision revision);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_HISTORY_H_
