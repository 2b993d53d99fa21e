#ifndef GUANXI_TESTS_SUPPORT_REFERENCE_LEDGER_H_
#define GUANXI_TESTS_SUPPORT_REFERENCE_LEDGER_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

#include "graph/model/claim.h"
#include "graph/model/fact.h"
#include "graph/model/schema.h"
#include "graph/model/statement.h"
#include "graph/value/date.h"
#include "graph/value/value.h"

namespace guanxi::test {

struct Holder;

// A claim that was ever stored.
struct LedgerClaim {
  std::string identity;  // all that makes it this claim (DESIGN.md §1.2)
  Claim claim;
  uint64_t since = 0;  // the revision that opened its transaction interval
  bool believed = false;
  Holder* holder = nullptr;
};

// The end of a belief that has not ended.
inline constexpr uint64_t kStillBelieved = std::numeric_limits<uint64_t>::max();

// What a claim said while it was believed: from revision `since` on, until
// revision `until` ended that.
struct Belief {
  const LedgerClaim* stored = nullptr;
  Claim claim;
  uint64_t since = 0;
  uint64_t until = kStillBelieved;
};

// What is to be purged: a claim by its id, or an entity by its key.
struct PurgeOrder {
  std::string claim;   // empty: an entity
  std::string entity;  // empty: a claim
  std::string why;
};

// The same as a statement.
Statement ToStatement(const PurgeOrder& order);

// That something was purged: of a claim its id, of an entity its key.
struct Tombstone {
  std::string id;
  uint64_t revision = 0;
  std::string why;
};

// What claims compete about: a fact of an entity, a relationship, a judgement.
struct Holder {
  std::string id;  // its own fact key, as text
  std::vector<LedgerClaim*> believed;
  std::vector<Belief> past;  // ended beliefs; purged ones are gone
  uint64_t version = 0;      // another one after every change
};

struct EntityFact : Holder {
  std::string entity;
  FactKind kind = FactKind::kExistence;
  std::string name;  // of the label or property
  ValidTime::Kind time = ValidTime::Kind::kNone;
  DayRange days;  // the period, or the day of an event
  Map keys;
  std::string unit;
  std::string language;
  std::optional<Value> element;
};

struct LedgerRelationship : Holder {
  std::string type;
  std::string from;
  std::string to;
  std::string name;
  Map keys;
};

// What is said of a pair of entities; `first` is the smaller key.
struct LedgerJudgement : Holder {
  Judgement judgement = Judgement::kSame;
  std::string first;
  std::string second;
};

// Which claims are believed, after a history of commits, and which were at each
// revision: DESIGN.md §1 without valid time and views, in plain maps. Of the
// schema only what is declared now is known.
//
// Ids of unnamed claims are the engine's business: LearnId() tells them, until
// then the ledger makes up its own.
class ReferenceLedger {
 public:
  enum class Arrival : uint8_t { kCommit, kImport };

  struct Outcome {
    bool changed = false;
    uint64_t revision = 0;
    int64_t skipped = 0;
    // For each statement the explicit claims that it states, new or known.
    std::vector<std::vector<LedgerClaim*>> stated;
  };

  // What a commit changed: entities by facts of their own, relationships (by
  // Holder::id) by their claims, and whether sources, schema or judgements did.
  struct Touched {
    std::set<std::string> entities;
    std::set<std::string> relationships;
    bool everything = false;
  };

  explicit ReferenceLedger(const std::vector<Declaration>& schema);
  ReferenceLedger(const ReferenceLedger&) = delete;
  ReferenceLedger& operator=(const ReferenceLedger&) = delete;

  // Applies all statements or none.
  absl::StatusOr<Outcome> Commit(absl::Span<const Statement> statements,
                                 Arrival arrival);

  // A purge is a commit of its own: what was said is erased from all revisions,
  // a tombstone says why. A claim that is purged already stays so.
  // NOT_FOUND: no such claim, or nothing is known of the entity at any
  // revision.
  absl::StatusOr<Outcome> Purge(const PurgeOrder& order);
  // By the id of a claim or the key of an entity; nullptr if nothing was
  // purged.
  const Tombstone* FindTombstone(const std::string& id) const;

  const Touched& touched() const { return touched_; }
  const Schema& schema() const { return schema_; }
  uint64_t revision() const { return revision_; }
  // Another one after every change of sources or schema.
  uint64_t epoch() const { return epoch_; }

  // The facts of one entity, by id; those without believed claims too.
  const std::map<std::string, EntityFact>& FactsOf(
      const std::string& entity) const;
  // The ids of relationships that touch an entity and have believed claims.
  std::vector<std::string> RelationshipsOf(const std::string& entity) const;
  const LedgerRelationship& GetRelationship(const std::string& id) const;
  const std::map<std::string, Map>& sources() const { return sources_; }
  std::vector<std::string> BelievedIds() const;
  // Of the fact or type; a judgement is a state.
  TimeKind KindOf(const Holder& holder) const;

  // The beliefs held at a revision, each claim under its latest id.
  static std::vector<Belief> BeliefsAt(const Holder& holder, uint64_t revision);
  static bool IsBelievedAt(const Holder& holder, uint64_t revision);
  // All beliefs ever held, oldest first.
  static std::vector<Belief> AllBeliefs(const Holder& holder);
  // As RelationshipsOf(), those that nothing is believed of any more too.
  std::set<std::string> EverRelated(const std::string& entity) const;
  // By pair and judgement; those without believed claims too.
  const std::map<std::string, LedgerJudgement>& judgements() const {
    return judgements_;
  }
  // The descriptions of sources as they were at a revision.
  std::map<std::string, Map> SourcesAt(uint64_t revision) const;
  // Whether at the revision the claim was no longer believed because another
  // took its place.
  bool IsCorrectedAt(const std::string& id, uint64_t revision) const;

  // Says which id the engine gave a claim of an outcome.
  void LearnId(LedgerClaim& stored, const std::string& id);

  // Says which id the engine gave the believed claim that says the same as
  // `claim`: of this relationship, or of this fact of this entity. Returns that
  // claim; nullptr if there is none.
  const LedgerClaim* LearnId(const std::string& entity_or_relationship,
                             const FactKey& fact, const Claim& claim);

 private:
  struct PlacedValue;

  // All that makes a claim of the holder this claim.
  static std::string IdentityOf(const Holder& holder, const Claim& claim);

  absl::Status ApplyAll(absl::Span<const Statement> statements);
  absl::Status Apply(const SourceStatement& statement);
  absl::Status Apply(const EntityStatement& statement);
  absl::Status Apply(const PropertyStatement& statement);
  absl::Status Apply(const RelationshipStatement& statement);
  absl::Status Apply(const JudgementStatement& statement);
  absl::Status Apply(const EndStatement& statement);
  absl::Status Apply(const RetractStatement& statement);
  // Purges are whole commits: Purge().
  absl::Status Apply(const PurgeClaimStatement& statement);
  absl::Status Apply(const PurgeEntityStatement& statement);
  absl::Status Apply(const Declaration& declaration);
  absl::Status Apply(const DeleteEntityStatement& statement);
  absl::Status Apply(const DeleteRelationshipStatement& statement);

  absl::StatusOr<std::vector<PlacedValue>> Place(const std::string& property,
                                                 const Value& value,
                                                 const Map& qualifiers,
                                                 const ValidTime& valid) const;
  absl::Status CheckTail(const Tail& tail, size_t claims) const;
  absl::Status CheckEntity(const std::string& key) const;
  EntityFact& FactFor(const EntityFact& wanted);
  absl::StatusOr<LedgerRelationship*> RelationshipFor(
      LedgerRelationship wanted);
  LedgerJudgement& JudgementFor(const JudgementStatement& statement);

  absl::StatusOr<Outcome> Finish(const absl::Status& status);
  void RememberSources();
  absl::StatusOr<LedgerClaim*> FindBelieved(const std::string& id);
  LedgerClaim* FindByIdentity(const std::string& identity);
  void Erase(LedgerClaim& stored, const std::string& why);
  int64_t EraseEntity(const std::string& key, const std::string& why);
  bool IsErased(const LedgerClaim& stored) const;
  int64_t EraseAll(Holder& holder, const std::string& why);

  absl::Status AddClaims(Holder& holder, const Claim& claim, const Tail& tail);
  absl::Status AddExplicit(Holder& holder, const Claim& claim);
  void SetImplicit(Holder& holder, const Claim& claim);
  absl::Status Repeat(const LedgerClaim& stored, const Claim& claim);
  absl::Status EndSuperseded(const Claim& claim, bool required);
  void Believe(LedgerClaim& stored, Holder& holder, const Claim& claim);
  void Retract(LedgerClaim& stored);
  int64_t RetractAll(Holder& holder);
  void Change(Holder& holder);
  void ChangeEverything();
  bool HasBelieved(const std::string& entity) const;
  bool IsJudged(const std::string& entity) const;
  bool HasFacts(const std::string& property,
                const std::string& relationship) const;
  absl::Status CheckUse(const Declaration& declaration) const;
  absl::Status CheckLineage(const SourceStatement& statement) const;

  Schema schema_;
  uint64_t revision_ = 0;
  uint64_t epoch_ = 0;
  uint64_t last_version_ = 0;
  std::map<std::string, Map> sources_;
  std::map<std::string, std::map<std::string, EntityFact>> facts_;
  std::map<std::string, LedgerRelationship> relationships_;
  std::map<std::string, std::set<std::string>> touching_;  // by entity
  std::map<std::string, LedgerJudgement> judgements_;
  std::map<std::string, std::set<std::string>> judged_;  // by entity
  std::unordered_map<std::string, LedgerClaim> claims_;  // by identity
  // Claims by the identity that they had once they were ended.
  std::unordered_map<std::string, LedgerClaim*> ended_;
  std::unordered_map<std::string, LedgerClaim*> by_id_;
  // Of each source the revisions at which it was described, and how.
  std::map<std::string, std::map<uint64_t, Map>> described_;
  std::map<std::string, Tombstone> tombstones_;

  // Of the commit at work.
  std::vector<std::function<void()>> undo_;
  Arrival arrival_ = Arrival::kCommit;
  Outcome outcome_;
  Touched touched_;
  std::set<std::string> declared_entities_;
  std::set<std::string> declared_sources_;
};

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_REFERENCE_LEDGER_H_
