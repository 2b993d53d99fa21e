#ifndef GUANXI_GRAPH_STORE_FACT_HISTORY_H_
#define GUANXI_GRAPH_STORE_FACT_HISTORY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "graph/model/claim.h"
#include "graph/model/fact.h"
#include "graph/model/ids.h"
#include "graph/model/view.h"
#include "graph/store/snapshot.h"

namespace guanxi::store {

// What a commit did to one claim.
enum class EventKind : uint8_t {
  kBelieved,
  kBelievedAgain,     // after it was closed
  kEnded,             // what it states stopped being true
  kCorrected,         // another claim supersedes it
  kRetracted,         // it is no longer held
  kDeleted,           // with its entity or relationship
  kPurged,            // its bytes were erased
  kImplicitSet,       // a write without a tail
  kImplicitReplaced,  // such a write in the place of another
  kImplicitRemoved,
};

// One thing that happened to a claim about an entity or a relationship.
struct HistoryEvent {
  EventKind kind = EventKind::kBelieved;
  Revision revision;
  int64_t time = 0;    // of the commit, microseconds since 1970
  std::string author;  // of the commit
  std::string note;    // of the commit

  // Whose fact it is, by the keys under which it was written.
  std::string entity;  // empty if it is a relationship's
  std::optional<RelationshipKey> relationship;
  FactKey fact;  // of a relationship: its existence; of kPurged: not known

  std::optional<Claim> claim;  // as it was then; unless kPurged
  Revision since;              // from when on that was believed
  Reason reason;               // kEnded, kRetracted, kPurged: as it was given
  // kCorrected: the id of the claim that supersedes it; empty if that was
  // purged or had been believed before.
  std::string corrected_by;
};

// What to tell the history of: the labels and properties of an entity, or its
// relationships.
struct HistoryQuery {
  EntityId entity;
  // Only this property, and relationships of this type. Empty: with `other` all
  // relationships, else all labels and properties.
  std::string name;
  std::optional<EntityId> other;  // only relationships with this entity
};

struct HistoryPage {
  std::vector<HistoryEvent> events;
  bool more = false;  // there are events behind these
};
struct HistoryRange {
  uint64_t skipped = 0;
  size_t limit = 0;
};

// More relationships are RESOURCE_EXHAUSTED [TOO_MANY_RELATIONSHIPS]; more
// events of an entity, or before the end of the page asked for, are
// RESOURCE_EXHAUSTED [HISTORY_TOO_LARGE].
inline constexpr size_t kMaxHistoryOwners = 100'000;
inline constexpr size_t kMaxHistoryEvents = 100'000;

// Whether the work may go on; its error ends it.
using Going = absl::FunctionRef<absl::Status()>;

// Events up to the revision of the snapshot, newest first, of one commit by
// owner. Of an entity that is one with others under the lens, the events of
// all. Which fact a purged claim was of is not known: those of an owner are
// listed whatever `name` says. Reads every claim of the owners, and every
// before-image; asks `going` between them; keeps what the page needs. DATA_LOSS
// [STORE_DAMAGED].
absl::StatusOr<HistoryPage> ReadHistory(const Snapshot& snapshot,
                                        const Lens& lens,
                                        const HistoryQuery& query,
                                        const HistoryRange& range, Going going);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_FACT_HISTORY_H_
