#ifndef GUANXI_GRAPH_STORE_IDENTITY_H_
#define GUANXI_GRAPH_STORE_IDENTITY_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/model/ids.h"
#include "graph/store/standpoint.h"
#include "graph/value/date.h"

namespace guanxi::store {

// Entities that are one at a moment, because `same` judgements say so and no
// `different` one inside forbids it (DESIGN.md §1.3).
struct Cluster {
  EntityId canonical;  // what it is shown as
  // By key; one where nothing is merged.
  absl::InlinedVector<EntityId, 1> members;
  // The `different` pairs that keep this entity, alone in `members`, from being
  // merged, by keys.
  std::vector<std::pair<EntityId, EntityId>> blocked_by;

  bool merged() const { return members.size() > 1; }
};

// Who is who at a moment: judgements that are asserted or reported and hold,
// for sure or maybe, on the day (on any day, if there is none), of whatever
// confidence. Remembers what it found; always to be asked from the same
// standpoint. Not thread-safe.
class Identity {
 public:
  // More members of one cluster are RESOURCE_EXHAUSTED [CLUSTER_TOO_LARGE].
  static constexpr size_t kMaxMembers = 1000;

  explicit Identity(std::optional<Day> valid_at) : valid_at_(valid_at) {}

  // The cluster of an entity, if need be it alone. Valid as long as this.
  absl::StatusOr<const Cluster*> Of(const Standpoint& at, EntityId entity);

  // Likewise, if there is another one in it; nullptr if it is alone. Takes less
  // where nothing is merged.
  absl::StatusOr<const Cluster*> Merged(const Standpoint& at, EntityId entity);

  // The key of an entity; empty if it was purged. So many are remembered.
  // DATA_LOSS [STORE_DAMAGED].
  static constexpr size_t kMostKeys = 1 << 14;
  absl::StatusOr<std::string> KeyOf(const Standpoint& at, EntityId entity);

  // Remembers a key that was read with the entity's record, unless that is in
  // memory anyway.
  void Remember(const Standpoint& at, EntityId entity, absl::string_view key);

  // Whether any two entities were judged to be the same by then, which may have
  // been taken back; false spares asking.
  absl::StatusOr<bool> MayMerge(const Standpoint& at);

 private:
  absl::StatusOr<bool> Holds(const Standpoint& at,
                             RelationshipId judgement) const;
  // Those judged to be of this type with an entity.
  absl::StatusOr<std::vector<EntityId>> Judged(const Standpoint& at,
                                               EntityId entity,
                                               TypeId judgement) const;
  absl::StatusOr<std::vector<EntityId>> Connected(const Standpoint& at,
                                                  EntityId entity) const;
  absl::StatusOr<Cluster> Judge(const Standpoint& at,
                                std::vector<EntityId> members) const;
  absl::StatusOr<bool> IsPinned(const Standpoint& at, EntityId entity) const;

  std::optional<Day> valid_at_;
  std::optional<bool> may_merge_;
  absl::flat_hash_map<EntityId, std::unique_ptr<const Cluster>> known_;
  absl::flat_hash_map<EntityId, std::string> keys_;
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_IDENTITY_H_
