#ifndef GUANXI_GRAPH_STORE_CLAIM_TABLE_H_
#define GUANXI_GRAPH_STORE_CLAIM_TABLE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/kv/txn.h"
#include "graph/model/claim.h"
#include "graph/model/fact.h"
#include "graph/model/ids.h"
#include "graph/store/key.h"
#include "graph/store/tables.h"

namespace guanxi::store {

// How a key of the table claim_id begins: a claim's identity follows, or the
// name that its author gave it.
inline constexpr char kByIdentity = 'H';
inline constexpr char kByName = 'N';

// An explicit claim as it is stored, with the fact it speaks of and when it was
// believed.
struct StoredClaim {
  // Why a belief ceased.
  enum class Closing : uint8_t {
    kSuperseded = 1,
    kRetracted = 2,
    kDeleted = 3,  // with its owner, or with an entity of the relationship
    kEnded = 4,    // the fact stopped being true: another belief follows
  };

  // Believed from `from` until before `to` (not set: to this day), with what a
  // claim says beside its identity.
  struct Belief {
    Revision from;
    std::optional<Revision> to;
    Closing closing = Closing::kSuperseded;  // if `to` is set
    Reason reason;            // for the closing, if one was given
    std::optional<Date> end;  // the last day that it held, by an `end`
    Rank rank = Rank::kNormal;
    std::optional<Decimal> confidence;
    std::string note;
    Map qualifiers;
  };

  uint32_t ordinal = 0;
  Claim claim;                  // as last believed
  ValidTime stated_valid;       // part of the identity; `claim` has it ended
  FactKey fact;                 // of a relationship: its existence
  std::string identity;         // 16 bytes
  std::vector<Belief> beliefs;  // in order; never empty

  bool believed() const { return !beliefs.back().to.has_value(); }

  // Whether an end on that day would leave it as it is.
  bool EndsOn(const Date& end) const;

  // Opens a belief with what `content` says beside its identity.
  void Believe(const Claim& content, Revision from);

  // Believes the same, of a fact that stopped being true after `end`.
  void EndOn(const Date& end, Revision from);

  // Closes the belief. Requires believed().
  void Close(Revision to, Closing why, Reason reason = {});

  // Makes this what it was at a past revision; false if it was not stated yet.
  bool RewindTo(Revision revision);

  // Brings `claim` in line with the last belief.
  void TakeContent();
};

// The name of a relationship in text that is its own alone, for identities.
std::string RelationshipName(const RelationshipKey& key);

// The digest of a claim's identity (DESIGN.md §1.2): fact, source, lines,
// value, valid time, mode, attribution and superseded claim. `owner_name` names
// the entity or relationship in text, so that the same claim has the same
// identity in every store.
std::string ClaimIdentity(absl::string_view owner_name, const FactKey& fact,
                          const Claim& claim);

// How the claim of this identity is called if it is not named.
std::string ClaimIdText(absl::string_view identity);

absl::StatusOr<std::optional<StoredClaim>> ReadClaim(const kv::Txn& txn,
                                                     const Tables& tables,
                                                     ClaimRef ref);

// Every claim of an owner, believed or not, by ordinal.
absl::StatusOr<std::vector<StoredClaim>> ReadClaims(const kv::Txn& txn,
                                                    const Tables& tables,
                                                    Owner owner);

// Makes the claims what they were at a past revision; drops later ones.
void RewindTo(Revision revision, std::vector<StoredClaim>& claims);

// Writes the claim and makes it findable by its identity and its name.
absl::Status WriteClaim(Owner owner, const StoredClaim& claim,
                        const Tables& tables, kv::WriteTxn& txn);

// Erases the claim and what makes it findable.
absl::Status DeleteClaim(Owner owner, const StoredClaim& claim,
                         const Tables& tables, kv::WriteTxn& txn);

absl::StatusOr<std::optional<ClaimRef>> FindClaimByIdentity(
    const kv::Txn& txn, const Tables& tables, absl::string_view identity);

// By the id of a claim as users know it: its name, or ClaimIdText().
absl::StatusOr<std::optional<ClaimRef>> FindClaimById(const kv::Txn& txn,
                                                      const Tables& tables,
                                                      absl::string_view id);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_CLAIM_TABLE_H_
