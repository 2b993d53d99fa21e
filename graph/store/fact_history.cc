#include "graph/store/fact_history.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/adjacency.h"
#include "graph/store/catalog.h"
#include "graph/store/claim_table.h"
#include "graph/store/log.h"
#include "graph/store/owner_history.h"
#include "graph/store/placement.h"
#include "graph/store/record.h"

namespace guanxi::store {
namespace {

absl::Status TooManyRelationships(const std::string& entity) {
  const std::string most = absl::StrCat(kMaxHistoryOwners);
  return MakeError(absl::StatusCode::kResourceExhausted,
                   "TOO_MANY_RELATIONSHIPS",
                   absl::StrCat("'", entity,
                                "' has more relationships than one request "
                                "may look through; name a type of them"),
                   {{"entity", entity}, {"limit", most}});
}

// Gathers the newest events that a query asks for.
class Gatherer {
 public:
  Gatherer(const Snapshot& snapshot, const HistoryQuery& query, size_t wanted,
           Going going)
      : snapshot_(snapshot),
        at_(snapshot.standpoint()),
        now_(at_),
        query_(query),
        wanted_(wanted),
        going_(going) {
    now_.latest = true;
    now_.revision = snapshot.latest_revision();
  }

  absl::Status Gather(const Lens& lens);

  // The newest first, at most as many as are wanted.
  std::vector<HistoryEvent> Take() &&;

 private:
  void KeepNewest();
  absl::Status AddEntity(EntityId id);
  absl::Status AddRelationship(RelationshipId id);
  absl::StatusOr<std::string> KeyNow(EntityId id) const;
  absl::StatusOr<std::set<RelationshipId>> FindRelationships(
      const Cluster& cluster, const Cluster* others) const;

  const Snapshot& snapshot_;
  const Standpoint at_;
  Standpoint now_;  // where relationships stand, believed or not
  const HistoryQuery& query_;
  const size_t wanted_;
  Going going_;
  std::vector<HistoryEvent> events_;
};

void Gatherer::KeepNewest() {
  std::ranges::stable_sort(events_, std::ranges::greater{},
                           &HistoryEvent::revision);
  events_.resize(std::min(events_.size(), wanted_));
}

std::vector<HistoryEvent> Gatherer::Take() && {
  KeepNewest();
  return std::move(events_);
}

absl::Status Gatherer::Gather(const Lens& lens) {
  ASSIGN_OR_RETURN(const Cluster* cluster,
                   snapshot_.ClusterOf(query_.entity, lens));
  const Cluster* others = nullptr;
  if (query_.other.has_value()) {
    ASSIGN_OR_RETURN(others, snapshot_.ClusterOf(*query_.other, lens));
  }
  const Catalog& catalog = snapshot_.catalog();
  const bool of_entity =
      others == nullptr &&
      (query_.name.empty() || catalog.properties.Find(query_.name).has_value());
  for (const EntityId member : cluster->members) {
    if (of_entity) RETURN_IF_ERROR(AddEntity(member));
  }
  if (others == nullptr && query_.name.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::set<RelationshipId> relationships,
                   FindRelationships(*cluster, others));
  for (const RelationshipId id : relationships) {
    RETURN_IF_ERROR(AddRelationship(id));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Gatherer::KeyNow(EntityId id) const {
  return ReadEntityKey(now_, id);
}

absl::Status Gatherer::AddEntity(EntityId id) {
  const size_t first = events_.size();
  RETURN_IF_ERROR(AddOwnerEvents(at_, Owner::Of(id), going_, events_));
  ASSIGN_OR_RETURN(const std::string key, KeyNow(id));
  const auto is_other = [this](const HistoryEvent& event) {
    return !query_.name.empty() && event.kind != EventKind::kPurged &&
           (event.fact.kind != FactKind::kProperty ||
            event.fact.name != query_.name);
  };
  const auto begin = events_.begin() + static_cast<ptrdiff_t>(first);
  events_.erase(std::remove_if(begin, events_.end(), is_other), events_.end());
  for (size_t i = first; i < events_.size(); ++i) events_[i].entity = key;
  return absl::OkStatus();
}

absl::Status Gatherer::AddRelationship(RelationshipId id) {
  const size_t first = events_.size();
  RETURN_IF_ERROR(AddOwnerEvents(at_, Owner::Of(id), going_, events_));
  ASSIGN_OR_RETURN(const RecordView record, ReadRecord(now_, id));
  ASSIGN_OR_RETURN(const RelationshipHead head, record.ReadRelationshipHead());
  RelationshipKey key{.keys = head.keys, .name = head.name};
  ASSIGN_OR_RETURN(key.subject, KeyNow(head.subject));
  ASSIGN_OR_RETURN(key.object, KeyNow(head.object));
  ASSIGN_OR_RETURN(const std::string* type,
                   TypeName(snapshot_.catalog(), head.type));
  key.type = *type;
  for (size_t i = first; i < events_.size(); ++i) {
    events_[i].relationship = key;
  }
  if (events_.size() / 2 > wanted_) KeepNewest();  // now and then
  return absl::OkStatus();
}

// Those that the snapshot knows, also if nothing is believed of them any more.
absl::StatusOr<std::set<RelationshipId>> Gatherer::FindRelationships(
    const Cluster& cluster, const Cluster* others) const {
  std::set<RelationshipId> found;
  std::vector<TypeId> types;
  if (!query_.name.empty()) {
    const auto type = snapshot_.catalog().types.Find(query_.name);
    if (!type.has_value()) return found;
    types = {*type};
  }
  const auto take = [&](const Slot& slot) {
    const bool asked =
        others == nullptr ||
        std::ranges::find(others->members, slot.other) != others->members.end();
    if (asked && at_.Knows(slot.relationship)) found.insert(slot.relationship);
    return found.size() <= kMaxHistoryOwners;
  };
  for (const EntityId member : cluster.members) {
    for (const SlotSide side : kSlotSides) {
      RETURN_IF_ERROR(going_());
      RETURN_IF_ERROR(WalkSlots(now_, member, {side}, types, take).status());
      for (const AsideState state : {kIdle, kDenied}) {
        RETURN_IF_ERROR(
            WalkSlots(now_, member, {side, state}, types, take).status());
      }
    }
  }
  if (found.size() <= kMaxHistoryOwners) return found;
  ASSIGN_OR_RETURN(const std::string key, KeyNow(query_.entity));
  return TooManyRelationships(key);
}

// What the log says of the commits of a page.
class Commits {
 public:
  explicit Commits(const Standpoint& at) : at_(at) {}

  absl::Status Describe(HistoryEvent& event) {
    ASSIGN_OR_RETURN(const LogRow* row, Find(event.revision));
    if (row == nullptr) return absl::OkStatus();
    event.time = row->time;
    event.author = row->author;
    event.note = row->note;
    const bool is_open = event.kind == EventKind::kCorrected &&
                         event.corrected_by.empty() && event.claim.has_value();
    if (!is_open) return absl::OkStatus();
    ASSIGN_OR_RETURN(event.corrected_by, FindCorrection(*row, event.claim->id));
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<const LogRow*> Find(Revision revision) {
    if (!row_.has_value() || row_->revision != revision) {
      ASSIGN_OR_RETURN(row_, ReadLog(at_.txn, at_.tables, revision));
    }
    return row_.has_value() ? &*row_ : nullptr;
  }

  // The claim of whatever owner that a commit put in the place of another.
  absl::StatusOr<std::string> FindCorrection(const LogRow& row,
                                             const std::string& corrected) {
    for (const LogEntry& entry : row.entries) {
      if (entry.operation != LogOperation::kClaimBelieved) continue;
      const ClaimRef ref{entry.owner, static_cast<uint32_t>(entry.number)};
      ASSIGN_OR_RETURN(const std::optional<StoredClaim> claim,
                       ReadClaim(at_.txn, at_.tables, ref));
      if (claim.has_value() && claim->claim.supersedes == corrected) {
        return claim->claim.id;
      }
    }
    return std::string();
  }

  const Standpoint at_;
  std::optional<LogRow> row_;  // events of one commit stand together
};

}  // namespace

absl::StatusOr<HistoryPage> ReadHistory(const Snapshot& snapshot,
                                        const Lens& lens,
                                        const HistoryQuery& query,
                                        const HistoryRange& range,
                                        Going going) {
  // One more shows whether there are more.
  Gatherer gatherer(snapshot, query, range.skipped + range.limit + 1, going);
  RETURN_IF_ERROR(gatherer.Gather(lens));
  std::vector<HistoryEvent> events = std::move(gatherer).Take();
  HistoryPage page;
  Commits commits(snapshot.standpoint());
  for (size_t i = range.skipped; i < events.size(); ++i) {
    if (page.events.size() == range.limit) {
      page.more = true;
      break;
    }
    RETURN_IF_ERROR(going());
    RETURN_IF_ERROR(commits.Describe(events[i]));
    page.events.push_back(std::move(events[i]));
  }
  return page;
}

}  // namespace guanxi::store
