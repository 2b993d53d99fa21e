#include "graph/store/owner_facts.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"

namespace guanxi::store {
namespace {

FactTime TimeOf(const FactKey& key, const Schema& schema) {
  if (key.kind != FactKind::kProperty) return {};
  const PropertyDeclaration* declared = schema.FindProperty(key.name);
  if (declared == nullptr) return {};
  return {declared->kind, declared->stale_after};
}

bool Negated(const Claim& claim) { return claim.mode == Mode::kNegated; }

Winner WinnerOf(const FactCandidates& fact, size_t candidate) {
  const Claim& claim = *fact.candidates[candidate].claim;
  const StoredClaim* stored = fact.stored[candidate];
  Winner winner{.claim = stored == nullptr ? 0 : stored->ordinal,
                .mode = claim.mode,
                .qualifiers = claim.qualifiers};
  if (claim.confidence.has_value()) {
    winner.confidence = claim.confidence->ToDouble();
  }
  const Value* value = fact.candidates[candidate].value;
  if (value != nullptr) winner.value = *value;
  return winner;
}

RecordFact ResolveFact(const FactCandidates& fact) {
  RecordFact resolved{.key = fact.key};
  resolved.slices = Resolve(fact.time, fact.candidates);
  std::map<size_t, size_t> places;  // of candidates in `winners`
  for (Slice& slice : resolved.slices) {
    if (slice.presence == Presence::kUnrecorded) continue;
    const auto [place, added] =
        places.try_emplace(slice.winner, resolved.winners.size());
    if (added) resolved.winners.push_back(WinnerOf(fact, slice.winner));
    slice.winner = place->second;
  }
  return resolved;
}

// Resolving takes time in the days on which something changes times the claims.
constexpr size_t kMaxDatedTimesAll = 250'000;

absl::Status CheckSize(const FactCandidates& fact) {
  const auto dated =
      std::ranges::count_if(fact.candidates, [](const Candidate& candidate) {
        return candidate.claim->valid.when.has_value();
      });
  const size_t all = fact.candidates.size();
  if (static_cast<size_t>(dated) * all <= kMaxDatedTimesAll) {
    return absl::OkStatus();
  }
  return MakeError(
      absl::StatusCode::kResourceExhausted, "FACT_TOO_LARGE",
      absl::StrCat("one fact ('", fact.key.name, "') has ", all, " claims, ",
                   dated, " of them dated; expected at most ",
                   kMaxDatedTimesAll, " as the product of both"),
      {{"name", fact.key.name}, {"limit", absl::StrCat(kMaxDatedTimesAll)}});
}

}  // namespace

void OwnerFacts::Add(const Said& said, const Value* value,
                     FactCandidates& fact) {
  fact.candidates.push_back({said.claim, value, said.standing});
  fact.stored.push_back(said.stored);
}

const Claim* OwnerFacts::Keep(Claim implicit) {
  implicit.implicit = true;
  implicit_.push_back(std::move(implicit));
  return &implicit_.back();
}

absl::StatusOr<std::vector<OwnerFacts::Said>> OwnerFacts::Believed(
    const OwnerClaims& claims, Standings& standings) {
  std::vector<Said> said;
  for (const StoredClaim& stored : claims.claims) {
    if (!stored.believed()) continue;
    ASSIGN_OR_RETURN(const Standing* standing,
                     standings.Of(stored.claim.citation.source));
    said.push_back({&stored.claim, &stored, standing});
  }
  return said;
}

absl::StatusOr<OwnerFacts> OwnerFacts::OfEntity(const OwnerClaims& claims,
                                                const Schema& schema,
                                                Standings& standings) {
  OwnerFacts result;
  std::map<FactKey, FactCandidates> facts;
  ASSIGN_OR_RETURN(const std::vector<Said> believed,
                   result.Believed(claims, standings));
  const auto value_of = [](const FactKey& key, const Claim& claim) {
    return key.kind == FactKind::kProperty ? &claim.value : nullptr;
  };
  for (const Said& said : believed) {
    const FactKey& key = said.stored->fact;
    Add(said, value_of(key, *said.claim), facts[key]);
  }
  ASSIGN_OR_RETURN(const Standing* unsourced, standings.Of(""));
  for (const auto& [key, implicit] : claims.implicit) {
    const Claim* claim = result.Keep(
        {.value = implicit.value, .qualifiers = implicit.qualifiers});
    Add({claim, nullptr, unsourced}, value_of(key, *claim), facts[key]);
  }
  for (auto& [key, fact] : facts) {
    fact.key = key;
    fact.time = TimeOf(key, schema);
    result.facts_.push_back(std::move(fact));
  }
  return result;
}

absl::StatusOr<OwnerFacts> OwnerFacts::OfRelationship(
    const OwnerClaims& claims, const RelationshipDeclaration* type,
    Standings& standings) {
  OwnerFacts result;
  FactTime time;
  if (type != nullptr) time = {type->kind, type->stale_after};
  ASSIGN_OR_RETURN(std::vector<Said> said, result.Believed(claims, standings));
  ASSIGN_OR_RETURN(const Standing* unsourced, standings.Of(""));
  for (const auto& [key, implicit] : claims.implicit) {
    const Map* properties = implicit.value.get_if<Map>();
    const Claim* claim =
        result.Keep({.properties = properties ? *properties : Map()});
    said.push_back({claim, nullptr, unsourced});
  }
  result.AddExistence(said, time);
  result.AddProperties(said, time);
  result.AddDate(said, time);
  return result;
}

// A negated claim that states properties disputes those, not the relationship,
// unless no claim affirms it (a deprecated one does not): its value is none
// that the others could have.
void OwnerFacts::AddExistence(const std::vector<Said>& said,
                              const FactTime& time) {
  const bool affirmed = std::ranges::any_of(said, [](const Said& one) {
    return !Negated(*one.claim) && one.claim->rank != Rank::kDeprecated;
  });
  FactCandidates fact{.time = time};
  for (const Said& one : said) {
    const Map& properties = one.claim->properties;
    if (affirmed && Negated(*one.claim) && !properties.empty()) {
      values_.emplace_back(properties);
      Add(one, &values_.back(), fact);
    } else {
      Add(one, nullptr, fact);
    }
  }
  if (!fact.candidates.empty()) facts_.push_back(std::move(fact));
}

void OwnerFacts::AddProperties(const std::vector<Said>& said,
                               const FactTime& time) {
  std::map<FactKey, FactCandidates> properties;
  for (const Said& one : said) {
    for (const auto& [name, value] : one.claim->properties) {
      Add(one, &value, properties[RelationshipPropertyKey(name, value)]);
    }
  }
  for (auto& [key, fact] : properties) {
    fact.key = key;
    fact.time = time;
    facts_.push_back(std::move(fact));
  }
}

void OwnerFacts::AddDate(const std::vector<Said>& said, const FactTime& time) {
  if (time.kind != TimeKind::kEvent) return;
  FactCandidates fact{.key = {.kind = FactKind::kDate}, .time = time};
  for (const Said& one : said) {
    if (!one.claim->valid.when.has_value()) continue;
    values_.emplace_back(*one.claim->valid.when);
    Add(one, &values_.back(), fact);
  }
  if (!fact.candidates.empty()) facts_.push_back(std::move(fact));
}

absl::StatusOr<std::vector<RecordFact>> OwnerFacts::ResolveAll(
    const OwnerClaims& claims) const {
  std::vector<RecordFact> resolved;
  for (const FactCandidates& fact : facts_) {
    RETURN_IF_ERROR(CheckSize(fact));
    resolved.push_back(ResolveFact(fact));
    const auto implicit = claims.implicit.find(fact.key);
    if (implicit != claims.implicit.end()) {
      resolved.back().implicit = implicit->second;
    }
  }
  return resolved;
}

}  // namespace guanxi::store
