#include "graph/store/believed.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/store/claim_table.h"
#include "graph/store/key.h"
#include "graph/store/record.h"
#include "graph/store/standpoint.h"

namespace guanxi::store {
namespace {

absl::StatusOr<bool> IsBelieved(const Snapshot& snapshot,
                                const std::string& claim) {
  ASSIGN_OR_RETURN(const std::optional<ClaimRef> ref,
                   FindClaimById(snapshot.txn(), snapshot.tables(), claim));
  if (!ref.has_value()) return false;
  ASSIGN_OR_RETURN(std::optional<StoredClaim> stored,
                   ReadClaim(snapshot.txn(), snapshot.tables(), *ref));
  return stored.has_value() && stored->RewindTo(snapshot.revision()) &&
         stored->believed();
}

// Of one owner.
class Reader {
 public:
  // `name`: as in the identities of its claims.
  Reader(const Snapshot& snapshot, Owner owner, std::string name)
      : snapshot_(snapshot), owner_(owner), name_(std::move(name)) {}

  absl::StatusOr<std::vector<BelievedClaim>> Read() {
    RETURN_IF_ERROR(ReadImplicit());
    RETURN_IF_ERROR(ReadExplicit());
    std::ranges::sort(
        found_, [](const BelievedClaim& a, const BelievedClaim& b) {
          return std::tie(a.fact, a.claim.id) < std::tie(b.fact, b.claim.id);
        });
    return std::move(found_);
  }

 private:
  absl::Status ReadImplicit() {
    const bool is_entity = owner_.kind == OwnerKind::kEntity;
    const Standpoint at = snapshot_.standpoint();
    ASSIGN_OR_RETURN(const RecordView record,
                     is_entity ? ReadRecord(at, EntityId{owner_.id})
                               : ReadRecord(at, RelationshipId{owner_.id}));
    ASSIGN_OR_RETURN(const std::vector<RecordFact> facts,
                     ReadFacts(record, at.catalog));
    for (const RecordFact& fact : facts) {
      if (!fact.implicit.has_value()) continue;
      Claim claim{.value = fact.implicit->value,
                  .qualifiers = fact.implicit->qualifiers,
                  .implicit = true};
      if (!is_entity) {
        const Map* properties = claim.value.get_if<Map>();
        if (properties != nullptr) claim.properties = *properties;
        claim.value = Value();
      }
      found_.push_back({fact.key, std::move(claim)});
    }
    return absl::OkStatus();
  }

  absl::Status ReadExplicit() {
    ASSIGN_OR_RETURN(std::vector<StoredClaim> claims,
                     ReadClaims(snapshot_.txn(), snapshot_.tables(), owner_));
    RewindTo(snapshot_.revision(), claims);
    std::erase_if(claims,
                  [](const StoredClaim& stored) { return !stored.believed(); });
    std::vector<StoredClaim> changed;
    for (StoredClaim& stored : claims) {
      std::string& superseded = stored.claim.supersedes;
      bool both = false;
      if (!superseded.empty()) {
        ASSIGN_OR_RETURN(both, IsBelieved(snapshot_, superseded));
      }
      if (both) {
        superseded.clear();
        changed.push_back(std::move(stored));
      } else {
        Add(std::move(stored));
      }
    }
    for (StoredClaim& stored : changed) {
      stored.identity = ClaimIdentity(name_, stored.fact, stored.claim);
      if (!stored.claim.named) stored.claim.id = ClaimIdText(stored.identity);
      Add(std::move(stored));
    }
    return absl::OkStatus();
  }

  void Add(StoredClaim stored) {
    if (!identities_.insert(std::move(stored.identity)).second) return;
    found_.push_back({std::move(stored.fact), std::move(stored.claim)});
  }

  const Snapshot& snapshot_;
  const Owner owner_;
  const std::string name_;
  std::set<std::string> identities_;
  std::vector<BelievedClaim> found_;
};

std::optional<std::string> Given(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace

Tail BelievedClaim::ToTail() const {
  Tail tail;
  if (claim.implicit) return tail;
  if (!claim.citation.source.empty()) tail.from.push_back(claim.citation);
  tail.valid = claim.valid;
  if (claim.mode != Mode::kAsserted) tail.mode = claim.mode;
  if (claim.rank != Rank::kNormal) tail.rank = claim.rank;
  tail.confidence = claim.confidence;
  tail.by = Given(claim.by);
  tail.note = Given(claim.note);
  if (claim.named) tail.id = claim.id;
  tail.supersedes = Given(claim.supersedes);
  tail.qualifiers = fact.qualifiers;
  tail.qualifiers.insert(claim.qualifiers.begin(), claim.qualifiers.end());
  if (tail.empty()) tail.mode = Mode::kAsserted;
  return tail;
}

absl::StatusOr<std::vector<BelievedClaim>> ReadBelieved(
    const Snapshot& snapshot, EntityId id) {
  ASSIGN_OR_RETURN(const std::string key, snapshot.EntityKey(id));
  return Reader(snapshot, Owner::Of(id), absl::StrCat("E", key)).Read();
}

absl::StatusOr<std::vector<BelievedClaim>> ReadBelieved(
    const Snapshot& snapshot, RelationshipId id) {
  ASSIGN_OR_RETURN(const RelationshipKey key,
                   ReadRelationshipKey(snapshot, id));
  return Reader(snapshot, Owner::Of(id),
                absl::StrCat("R", RelationshipName(key)))
      .Read();
}

absl::StatusOr<RelationshipKey> ReadRelationshipKey(const Snapshot& snapshot,
                                                    RelationshipId id) {
  ASSIGN_OR_RETURN(const RecordView record,
                   ReadRecord(snapshot.standpoint(), id));
  ASSIGN_OR_RETURN(const RelationshipHead head, record.ReadRelationshipHead());
  RelationshipKey key{.type = *snapshot.catalog().types.Get(head.type),
                      .keys = head.keys,
                      .name = head.name};
  ASSIGN_OR_RETURN(key.subject, snapshot.EntityKey(head.subject));
  ASSIGN_OR_RETURN(key.object, snapshot.EntityKey(head.object));
  return key;
}

}  // namespace guanxi::store
