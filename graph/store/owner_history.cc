#include "graph/store/owner_history.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/store/claim_table.h"
#include "graph/store/history.h"
#include "graph/store/record.h"
#include "graph/store/tombstone.h"

namespace guanxi::store {
namespace {

using Belief = StoredClaim::Belief;
using Closing = StoredClaim::Closing;
using Implicit = std::map<FactKey, ImplicitClaim>;

absl::Status HistoryTooLarge() {
  const std::string most = absl::StrCat(kMaxHistoryEvents);
  return MakeError(absl::StatusCode::kResourceExhausted, "HISTORY_TOO_LARGE",
                   absl::StrCat("more than ", most,
                                " things happened to what was asked for; name "
                                "a relationship type or an earlier revision"),
                   {{"limit", most}});
}

bool WasBelievedAt(const StoredClaim& claim, Revision revision) {
  return std::ranges::any_of(claim.beliefs, [revision](const Belief& belief) {
    return belief.from <= revision &&
           (!belief.to.has_value() || revision <= *belief.to);
  });
}

// The claim among these that superseded another one at a revision.
std::string FindCorrection(const std::vector<StoredClaim>& claims,
                           const std::string& corrected, Revision revision) {
  for (const StoredClaim& claim : claims) {
    if (claim.claim.supersedes == corrected && WasBelievedAt(claim, revision)) {
      return claim.claim.id;
    }
  }
  return "";
}

EventKind KindOf(Closing closing) {
  switch (closing) {
    case Closing::kSuperseded:
      return EventKind::kCorrected;
    case Closing::kRetracted:
      return EventKind::kRetracted;
    case Closing::kDeleted:
      return EventKind::kDeleted;
    case Closing::kEnded:
      return EventKind::kEnded;
  }
  return EventKind::kRetracted;
}

// The events of one owner in the making.
class Teller {
 public:
  Teller(const Standpoint& at, Owner owner, Going going,
         std::vector<HistoryEvent>& events)
      : at_(at), owner_(owner), going_(going), events_(events) {}

  absl::Status TellClaims();
  absl::Status TellImplicitClaims();
  absl::Status TellTombstones();

 private:
  absl::Status Add(HistoryEvent event);
  absl::Status TellClaim(const StoredClaim& stored,
                         const std::vector<StoredClaim>& all);
  absl::StatusOr<Implicit> ReadImplicit(absl::string_view record) const;
  absl::Status TellChange(const Implicit& before, const Implicit& after,
                          Revision changed);
  HistoryEvent OfImplicit(EventKind kind, Revision revision,
                          const FactKey& fact,
                          const ImplicitClaim& implicit) const;

  const Standpoint& at_;
  const Owner owner_;
  Going going_;
  std::vector<HistoryEvent>& events_;
};

absl::Status Teller::Add(HistoryEvent event) {
  if (at_.revision < event.revision) return absl::OkStatus();
  if (events_.size() >= kMaxHistoryEvents) return HistoryTooLarge();
  events_.push_back(std::move(event));
  return absl::OkStatus();
}

absl::Status Teller::TellClaims() {
  ASSIGN_OR_RETURN(const std::vector<StoredClaim> claims,
                   ReadClaims(at_.txn, at_.tables, owner_));
  for (const StoredClaim& claim : claims) {
    RETURN_IF_ERROR(going_());
    RETURN_IF_ERROR(TellClaim(claim, claims));
  }
  return absl::OkStatus();
}

// A belief that follows an `end` is that end; each other one begins by itself.
absl::Status Teller::TellClaim(const StoredClaim& stored,
                               const std::vector<StoredClaim>& all) {
  StoredClaim then = stored;
  then.beliefs.clear();
  const Belief* before = nullptr;
  for (const Belief& belief : stored.beliefs) {
    then.beliefs.push_back(belief);
    then.TakeContent();
    HistoryEvent event{.kind = before == nullptr ? EventKind::kBelieved
                                                 : EventKind::kBelievedAgain,
                       .revision = belief.from,
                       .fact = stored.fact,
                       .claim = then.claim,
                       .since = belief.from};
    if (before != nullptr && before->closing == Closing::kEnded) {
      event.kind = EventKind::kEnded;
      event.reason = before->reason;
    }
    before = &belief;
    HistoryEvent closed = event;
    RETURN_IF_ERROR(Add(std::move(event)));
    if (!belief.to.has_value() || belief.closing == Closing::kEnded) continue;
    closed.kind = KindOf(belief.closing);
    closed.revision = *belief.to;
    closed.reason = belief.reason;
    if (belief.closing == Closing::kSuperseded) {
      closed.corrected_by = FindCorrection(all, stored.claim.id, *belief.to);
    }
    RETURN_IF_ERROR(Add(std::move(closed)));
  }
  return absl::OkStatus();
}

absl::StatusOr<Implicit> Teller::ReadImplicit(absl::string_view bytes) const {
  Implicit implicit;
  ASSIGN_OR_RETURN(const RecordView record, RecordView::Parse(bytes));
  ASSIGN_OR_RETURN(const std::vector<RecordFact> facts,
                   ReadFacts(record, at_.catalog));
  for (const RecordFact& fact : facts) {
    if (fact.implicit) implicit.emplace(fact.key, *fact.implicit);
  }
  return implicit;
}

// Each image is the record until before its end; the last one is in the table.
absl::Status Teller::TellImplicitClaims() {
  Implicit before;
  Revision changed;
  const auto tell = [&](absl::string_view record) -> absl::Status {
    RETURN_IF_ERROR(going_());
    ASSIGN_OR_RETURN(Implicit after, ReadImplicit(record));
    RETURN_IF_ERROR(TellChange(before, after, changed));
    before = std::move(after);
    return absl::OkStatus();
  };
  absl::Status status;
  RETURN_IF_ERROR(WalkImages(at_.txn, at_.tables, owner_,
                             [&](Revision end, absl::string_view record) {
                               status = tell(record);
                               changed = end;
                               return status.ok() && end <= at_.revision;
                             }));
  RETURN_IF_ERROR(status);
  if (at_.revision < changed) return absl::OkStatus();
  const kv::Table table = owner_.kind == OwnerKind::kEntity
                              ? at_.tables.entity
                              : at_.tables.relationship;
  ASSIGN_OR_RETURN(const std::optional<absl::string_view> now,
                   at_.txn.Get(table, IdKey(owner_.id)));
  return tell(now.value_or(""));
}

absl::Status Teller::TellChange(const Implicit& before, const Implicit& after,
                                Revision changed) {
  for (const auto& [fact, implicit] : after) {
    const auto known = before.find(fact);
    if (known != before.end() && known->second.since == implicit.since) {
      continue;
    }
    const EventKind kind = known == before.end() ? EventKind::kImplicitSet
                                                 : EventKind::kImplicitReplaced;
    RETURN_IF_ERROR(Add(OfImplicit(kind, implicit.since, fact, implicit)));
  }
  for (const auto& [fact, implicit] : before) {
    if (after.contains(fact)) continue;
    RETURN_IF_ERROR(
        Add(OfImplicit(EventKind::kImplicitRemoved, changed, fact, implicit)));
  }
  return absl::OkStatus();
}

HistoryEvent Teller::OfImplicit(EventKind kind, Revision revision,
                                const FactKey& fact,
                                const ImplicitClaim& implicit) const {
  Claim claim{.qualifiers = implicit.qualifiers, .implicit = true};
  if (owner_.kind == OwnerKind::kEntity) {
    claim.value = implicit.value;
  } else if (const Map* properties = implicit.value.get_if<Map>()) {
    claim.properties = *properties;
  }
  return {.kind = kind,
          .revision = revision,
          .fact = fact,
          .claim = std::move(claim),
          .since = implicit.since};
}

absl::Status Teller::TellTombstones() {
  ASSIGN_OR_RETURN(const std::vector<Tombstone> tombstones,
                   ReadTombstones(at_.txn, at_.tables, owner_));
  for (const Tombstone& tombstone : tombstones) {
    RETURN_IF_ERROR(
        Add({.kind = EventKind::kPurged,
             .revision = tombstone.revision,
             .reason = {.by = tombstone.author, .note = tombstone.why}}));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status AddOwnerEvents(const Standpoint& at, Owner owner, Going going,
                            std::vector<HistoryEvent>& events) {
  Teller teller(at, owner, going, events);
  RETURN_IF_ERROR(teller.TellClaims());
  RETURN_IF_ERROR(teller.TellImplicitClaims());
  return teller.TellTombstones();
}

}  // namespace guanxi::store
