// The verbs of ReferenceLedger that work on claims by their ids (end, retract,
// purge), and what it knows of past revisions.

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "tests/support/reference_ledger.h"

namespace guanxi::test {
namespace {

// The start of an ended claim: as it was stated; the first day of what held
// throughout a date; unknown of what was undated.
Bound StartOf(const ValidTime& valid) {
  if (!valid.when.has_value()) return UnknownBound{};
  if (valid.kind == ValidTime::Kind::kDuring && valid.when->is_date()) {
    return Date::FromDay(valid.when->days().first);
  }
  return valid.when->start();
}

bool EndsBefore(const Date& last, const Bound& start) {
  const Date* date = std::get_if<Date>(&start);
  return date != nullptr && last.days().last < date->days().first;
}

Belief StillBelieved(const LedgerClaim& stored) {
  return {.stored = &stored, .claim = stored.claim, .since = stored.since};
}

// The id of an unnamed claim may be learned after it was ended.
Belief UnderLatestId(Belief belief) {
  if (!belief.claim.named && !belief.claim.implicit) {
    belief.claim.id = belief.stored->claim.id;
  }
  return belief;
}

bool HeldAt(const Belief& belief, uint64_t revision) {
  return belief.since <= revision && revision < belief.until;
}

}  // namespace

// ---- end and retract --------------------------------------------------------

TimeKind ReferenceLedger::KindOf(const Holder& holder) const {
  const auto relationship = relationships_.find(holder.id);
  if (relationship != relationships_.end()) {
    const auto* declared = schema_.FindRelationship(relationship->second.type);
    return declared == nullptr ? TimeKind::kState : declared->kind;
  }
  if (judgements_.contains(holder.id)) return TimeKind::kState;
  const auto& fact = static_cast<const EntityFact&>(holder);
  if (fact.kind != FactKind::kProperty) return TimeKind::kState;
  const auto* declared = schema_.FindProperty(fact.name);
  return declared == nullptr ? TimeKind::kState : declared->kind;
}

// The claim that an `end` or `retract` speaks of; nullptr if an import finds it
// gone: files that are loaded again must not fail.
absl::StatusOr<LedgerClaim*> ReferenceLedger::FindBelieved(
    const std::string& id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return absl::NotFoundError(id);
  if (found->second->believed) return found->second;
  if (arrival_ == Arrival::kCommit) return absl::FailedPreconditionError(id);
  ++outcome_.skipped;
  return nullptr;
}

// The claim goes on under its id with a closed time, in a new transaction
// interval. It is known by what it said first and by what it says now.
absl::Status ReferenceLedger::Apply(const EndStatement& statement) {
  RETURN_IF_ERROR(CheckTail(statement.tail, 1));
  ASSIGN_OR_RETURN(LedgerClaim* const stored, FindBelieved(statement.claim));
  if (stored == nullptr) return absl::OkStatus();
  Holder& holder = *stored->holder;
  if (KindOf(holder) != TimeKind::kState) {
    return absl::InvalidArgumentError("only states end");
  }
  Claim ended = stored->claim;
  const Bound start = StartOf(ended.valid);
  if (EndsBefore(statement.at, start)) {
    return absl::InvalidArgumentError("it would end before it began");
  }
  ASSIGN_OR_RETURN(const When when, When::Interval(start, statement.at));
  ended.valid = ValidTime::During(when);
  if (ended.valid == stored->claim.valid) return absl::OkStatus();

  Retract(*stored);
  Believe(*stored, holder, ended);
  const std::string identity = IdentityOf(holder, ended);
  if (ended_.try_emplace(identity, stored).second) {
    undo_.emplace_back([this, identity] { ended_.erase(identity); });
  }
  return absl::OkStatus();
}

absl::Status ReferenceLedger::Apply(const RetractStatement& statement) {
  RETURN_IF_ERROR(CheckTail(statement.tail, 1));
  ASSIGN_OR_RETURN(LedgerClaim* const stored, FindBelieved(statement.claim));
  if (stored != nullptr) Retract(*stored);
  return absl::OkStatus();
}

LedgerClaim* ReferenceLedger::FindByIdentity(const std::string& identity) {
  const auto stated = claims_.find(identity);
  if (stated != claims_.end()) return &stated->second;
  const auto ended = ended_.find(identity);
  return ended == ended_.end() ? nullptr : ended->second;
}

// ---- purge ------------------------------------------------------------------

absl::StatusOr<ReferenceLedger::Outcome> ReferenceLedger::Purge(
    const PurgeOrder& order) {
  outcome_ = {.revision = revision_};
  touched_ = {};
  undo_.clear();
  const auto claim = by_id_.find(order.claim);
  if (order.entity.empty() && claim == by_id_.end()) {
    return absl::NotFoundError(order.claim);
  }
  if (order.entity.empty() && IsErased(*claim->second)) return outcome_;
  ++revision_;
  if (order.entity.empty()) {
    Erase(*claim->second, order.why);
  } else if (EraseEntity(order.entity, order.why) == 0) {
    --revision_;
    return absl::NotFoundError(order.entity);
  }
  outcome_.changed = true;
  outcome_.revision = revision_;
  return outcome_;
}

// Returns how much was erased, the tombstone apart.
int64_t ReferenceLedger::EraseEntity(const std::string& key,
                                     const std::string& why) {
  int64_t erased = 0;
  for (auto& [id, fact] : facts_[key]) erased += EraseAll(fact, why);
  for (const std::string& id : touching_[key]) {
    erased += EraseAll(relationships_.at(id), why);
  }
  for (const std::string& id : judged_[key]) {
    erased += EraseAll(judgements_.at(id), why);
  }
  if (erased == 0) return 0;
  tombstones_[key] = {.id = key, .revision = revision_, .why = why};
  return erased;
}

// Leaves of the claim its id and what it is recognised by.
void ReferenceLedger::Erase(LedgerClaim& stored, const std::string& why) {
  Holder& holder = *stored.holder;
  stored.believed = false;
  std::erase(holder.believed, &stored);
  std::erase_if(holder.past, [&stored](const Belief& belief) {
    return belief.stored == &stored;
  });
  Claim rest;
  rest.id = stored.claim.id;
  rest.named = stored.claim.named;
  rest.implicit = stored.claim.implicit;
  stored.claim = rest;
  if (!rest.id.empty()) {
    tombstones_[rest.id] = {.id = rest.id, .revision = revision_, .why = why};
  }
  Change(holder);
}

int64_t ReferenceLedger::EraseAll(Holder& holder, const std::string& why) {
  const auto beliefs = static_cast<int64_t>(AllBeliefs(holder).size());
  for (auto& [identity, stored] : claims_) {
    if (stored.holder == &holder && !IsErased(stored)) Erase(stored, why);
  }
  return beliefs;
}

// Purged, and not stated again since.
bool ReferenceLedger::IsErased(const LedgerClaim& stored) const {
  if (FindTombstone(stored.claim.id) == nullptr) return false;
  return std::ranges::none_of(
      AllBeliefs(*stored.holder),
      [&](const Belief& belief) { return belief.stored == &stored; });
}

const Tombstone* ReferenceLedger::FindTombstone(const std::string& id) const {
  const auto found = tombstones_.find(id);
  return found == tombstones_.end() ? nullptr : &found->second;
}

// ---- past revisions ---------------------------------------------------------

std::vector<Belief> ReferenceLedger::AllBeliefs(const Holder& holder) {
  std::vector<Belief> beliefs;
  for (const Belief& belief : holder.past) {
    beliefs.push_back(UnderLatestId(belief));
  }
  for (const LedgerClaim* stored : holder.believed) {
    beliefs.push_back(StillBelieved(*stored));
  }
  std::ranges::stable_sort(beliefs, {}, &Belief::since);
  return beliefs;
}

std::vector<Belief> ReferenceLedger::BeliefsAt(const Holder& holder,
                                               uint64_t revision) {
  std::vector<Belief> beliefs = AllBeliefs(holder);
  std::erase_if(beliefs, [revision](const Belief& belief) {
    return !HeldAt(belief, revision);
  });
  return beliefs;
}

bool ReferenceLedger::IsBelievedAt(const Holder& holder, uint64_t revision) {
  return std::ranges::any_of(holder.past,
                             [revision](const Belief& belief) {
                               return HeldAt(belief, revision);
                             }) ||
         std::ranges::any_of(holder.believed,
                             [revision](const LedgerClaim* stored) {
                               return stored->since <= revision;
                             });
}

std::set<std::string> ReferenceLedger::EverRelated(
    const std::string& entity) const {
  const auto found = touching_.find(entity);
  return found == touching_.end() ? std::set<std::string>() : found->second;
}

void ReferenceLedger::RememberSources() {
  for (const auto& [id, description] : sources_) {
    std::map<uint64_t, Map>& past = described_[id];
    if (past.empty() || past.rbegin()->second != description) {
      past[revision_] = description;
    }
  }
}

std::map<std::string, Map> ReferenceLedger::SourcesAt(uint64_t revision) const {
  std::map<std::string, Map> sources;
  for (const auto& [id, past] : described_) {
    const auto after = past.upper_bound(revision);
    if (after != past.begin()) sources[id] = std::prev(after)->second;
  }
  return sources;
}

bool ReferenceLedger::IsCorrectedAt(const std::string& id,
                                    uint64_t revision) const {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return false;
  for (const Belief& belief : BeliefsAt(*found->second->holder, revision)) {
    if (belief.stored == found->second) return false;
  }
  return std::ranges::any_of(claims_, [&](const auto& entry) {
    const LedgerClaim& other = entry.second;
    if (other.claim.supersedes != id || other.holder == nullptr) return false;
    return std::ranges::any_of(
        AllBeliefs(*other.holder), [&](const Belief& belief) {
          return belief.stored == &other && belief.since <= revision;
        });
  });
}

}  // namespace guanxi::test
