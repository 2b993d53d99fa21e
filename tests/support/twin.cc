#include "tests/support/twin.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/base/clock.h"
#include "graph/store/verify.h"
#include "graph/topology/topology.h"
#include "graph/traverse/neighbourhood.h"
#include "tests/support/answers.h"
#include "tests/support/store_answers.h"

namespace guanxi::test {
namespace {

constexpr int64_t kMapBytes = int64_t{1} << 30;
constexpr int64_t kNow = 1'760'000'000'000'000;  // in October 2025

std::string ToString(const Lens& lens) {
  std::string text =
      lens.valid_at.has_value() ? guanxi::ToString(*lens.valid_at) : "any";
  for (const Mode mode : {Mode::kExpected, Mode::kPlanned, Mode::kInferred,
                          Mode::kOpinion, Mode::kSuggested}) {
    if (lens.modes.Contains(mode)) {
      absl::StrAppend(&text, " +", guanxi::ToString(mode));
    }
  }
  if (lens.certain) absl::StrAppend(&text, " certain");
  if (lens.min_confidence > 0) {
    absl::StrAppend(&text, " confidence>=", lens.min_confidence);
  }
  return text;
}

std::string ToString(const LedgerClaim& stored) {
  const Claim& claim = stored.claim;
  std::string text =
      absl::StrCat("    ", claim.implicit ? "implicit" : claim.id);
  if (!claim.value.is_null()) {
    absl::StrAppend(&text, " = ", claim.value.ToString());
  }
  for (const Map* map : {&claim.properties, &claim.qualifiers}) {
    if (!map->empty()) absl::StrAppend(&text, " ", Value(*map).ToString());
  }
  absl::StrAppend(&text, " from ", claim.citation.ToString(), " ",
                  claim.valid.ToString(), " ", ToString(claim.mode), " ",
                  ToString(claim.rank));
  if (claim.confidence.has_value()) {
    absl::StrAppend(&text, " conf ", claim.confidence->ToString());
  }
  if (!claim.supersedes.empty()) {
    absl::StrAppend(&text, " supersedes ", claim.supersedes);
  }
  return absl::StrCat(text, " since ", stored.since, "\n");
}

std::string Describe(const Holder& holder) {
  std::string text;
  for (const LedgerClaim* stored : holder.believed) {
    absl::StrAppend(&text, ToString(*stored));
  }
  return text;
}

// The difference with what it is about; "" stays "".
std::string Report(const std::string& about, const Question& question,
                   const std::string& difference, const std::string& claims) {
  if (difference.empty()) return difference;
  const std::string known =
      question.revision ? absl::StrCat(" known at ", *question.revision) : "";
  return absl::StrCat(about, known, " valid at ", ToString(question.lens),
                      ":\n", difference, "  claims:\n", claims);
}

// Checks one believed claim of the store against the ledger, which learns its
// id.
std::string CheckClaim(ReferenceLedger& ledger, const std::string& owner,
                       const FactKey& fact, const ClaimView& view) {
  const LedgerClaim* known = ledger.LearnId(owner, fact, view.claim);
  if (known == nullptr) {
    return absl::StrCat(
        "the store believes a claim that the model does not: ", owner, " ",
        fact.name, "\n",
        ToString(LedgerClaim{.claim = view.claim, .since = view.since.number}));
  }
  if (known->since == view.since.number) return "";
  return absl::StrCat("since ", view.since.number, " instead of\n",
                      ToString(*known));
}

LeftOut CountOf(const store::Admitted& admitted) {
  LeftOut left_out;
  switch (admitted.admission) {
    case store::Admission::kDenied:
      left_out.denied = 1;
      break;
    case store::Admission::kUnrecorded:
      left_out.unrecorded = 1;
      break;
    case store::Admission::kUncertain:
      left_out.uncertain = 1;
      break;
    case store::Admission::kLowConfidence:
      left_out.low_confidence = 1;
      break;
    case store::Admission::kOtherMode:
      left_out.modes[admitted.mode] = 1;
      break;
    case store::Admission::kShown:
    case store::Admission::kAbsent:
      break;
  }
  return left_out;
}

// A denial says whether and how it holds, no more.
RelationshipAnswer PlainDenial(RelationshipAnswer answer) {
  ShownFact plain = {.slice = answer.existence.slice,
                     .holds = answer.existence.holds,
                     .mode = Mode::kNegated};
  answer.existence = plain;
  answer.date.reset();
  answer.properties.clear();
  return answer;
}

// Adds an answer; of a denial only that and how it holds, so that slices which
// say the same become one.
void AddAnswer(const RelationshipAnswer& answer,
               std::vector<RelationshipAnswer>& answers) {
  if (!answer.denied) {
    answers.push_back(answer);
    return;
  }
  RelationshipAnswer plain = PlainDenial(answer);
  const bool joins = !answers.empty() && answers.back().denied &&
                     plain.existence.slice && answers.back().existence.slice &&
                     answers.back().existence.holds == plain.existence.holds &&
                     After(answers.back().existence.slice->last) ==
                         plain.existence.slice->first;
  if (joins) {
    answers.back().existence.slice->last = plain.existence.slice->last;
  } else {
    answers.push_back(std::move(plain));
  }
}

// Whether an entity claims a label, or one below it.
bool IsLabelled(const std::string& key, const std::string& label,
                const ReferenceLedger& ledger) {
  for (const auto& [id, fact] : ledger.FactsOf(key)) {
    if (fact.kind != FactKind::kLabel) continue;
    const auto above = ledger.schema().WithAncestors(fact.name);
    const bool affirmed =
        std::ranges::any_of(fact.believed, [](const auto* stored) {
          return stored->claim.mode != Mode::kNegated &&
                 stored->claim.rank != Rank::kDeprecated;
        });
    if (affirmed && std::ranges::count(above, label) > 0) return true;
  }
  return false;
}

}  // namespace

Twin::Twin(const std::vector<Declaration>& schema)
    : path_(dir_.path() + "/graph.guanxi"), ledger_(schema), model_(ledger_) {
  auto store = store::Store::Open(
      path_,
      {.schema = schema, .max_bytes = kMapBytes, .clock = FixedClock(kNow)});
  GUANXI_CHECK(store.ok());
  store_ = *std::move(store);
}

void Twin::Reopen() {
  store_.reset();
  auto store = store::Store::Open(
      path_, {.max_bytes = kMapBytes, .clock = FixedClock(kNow)});
  GUANXI_CHECK(store.ok());
  store_ = *std::move(store);
}

store::Snapshot Twin::Read(std::optional<uint64_t> revision) const {
  store::KnownAt known_at;
  if (revision.has_value()) known_at.revision = Revision{*revision};
  auto snapshot = store_->BeginSnapshot(known_at);
  GUANXI_CHECK(snapshot.ok());
  // Every second one reads records in memory.
  if (++reads_ % 2 == 0) records_.Serve(*snapshot);
  return *std::move(snapshot);
}

const ReferenceModel& Twin::ModelFor(const Question& question) {
  if (!question.revision.has_value()) return model_;
  if (past_ == nullptr || past_revision_ != question.revision) {
    past_ = std::make_unique<ReferenceModel>(ledger_, question.revision);
    past_revision_ = question.revision;
  }
  return *past_;
}

// ---- commits ----------------------------------------------------------------

std::string Twin::Commit(const Plan& plan) {
  if (plan.purge.has_value()) return Purge(*plan.purge);
  const auto statements = ToStatements(plan);
  GUANXI_CHECK(statements.ok());
  const auto expected = ledger_.Commit(
      *statements, plan.import ? ReferenceLedger::Arrival::kImport
                               : ReferenceLedger::Arrival::kCommit);
  const auto actual =
      store_->Commit({.statements = *statements,
                      .origin = plan.import ? store::Origin::kImport
                                            : store::Origin::kCommit});
  std::string text = CompareOutcome(expected, actual);
  if (!text.empty() || !expected.ok()) return text;
  return LearnIds(*expected, *actual);
}

std::string Twin::Purge(const PurgeOrder& order) {
  return CompareOutcome(ledger_.Purge(order),
                        store_->Commit({.statements = {ToStatement(order)}}));
}

// Each statement states the same claims in the same order: existence, labels
// and properties, each for every citation.
std::string Twin::LearnIds(const ReferenceLedger::Outcome& expected,
                           const store::CommitResult& actual) {
  std::string text;
  for (size_t i = 0; i < expected.stated.size(); ++i) {
    const auto& ids = actual.claim_ids[i];
    if (ids.size() != expected.stated[i].size()) {
      absl::StrAppend(&text, "statement ", i, " states ", ids.size(),
                      " claims instead of ", expected.stated[i].size(), "\n");
      continue;
    }
    for (size_t j = 0; j < ids.size(); ++j) {
      ledger_.LearnId(*expected.stated[i][j], ids[j]);
    }
  }
  return text;
}

std::string Twin::CompareTouchedClaims() {
  std::string text;
  const store::Snapshot snapshot = Read();
  for (const std::string& key : ledger_.touched().entities) {
    absl::StrAppend(&text, CompareClaims(snapshot, key));
  }
  for (const std::string& id : ledger_.touched().relationships) {
    absl::StrAppend(&text, CompareRelationshipClaims(snapshot, id));
  }
  return text;
}

std::string Twin::CompareOutcome(
    const absl::StatusOr<ReferenceLedger::Outcome>& expected,
    const absl::StatusOr<store::CommitResult>& actual) {
  // Where several statements are wrong, the rules do not say which is refused
  // first, so that codes may differ.
  if (expected.ok() != actual.ok()) {
    return absl::StrCat("the model answers ", expected.status().ToString(),
                        "\nthe store answers ", actual.status().ToString(),
                        "\n");
  }
  if (Read().revision().number != ledger_.revision()) {
    return absl::StrCat("revision ", Read().revision().number, " instead of ",
                        ledger_.revision(), "\n");
  }
  if (!expected.ok()) return "";
  if (expected->changed != actual->changed ||
      expected->revision != actual->revision.number ||
      expected->skipped != actual->claims_skipped) {
    return absl::StrCat("the model: changed ", expected->changed, ", revision ",
                        expected->revision, ", skipped ", expected->skipped,
                        "\nthe store: changed ", actual->changed, ", revision ",
                        actual->revision.number, ", skipped ",
                        actual->claims_skipped, "\n");
  }
  return "";
}

std::string Twin::CompareClaims(const store::Snapshot& snapshot,
                                const std::string& entity) {
  if (IsMerged(entity, {})) return "";  // the store lists those of all members
  const auto id = snapshot.FindEntity(entity);
  GUANXI_CHECK(id.ok());
  std::string text;
  size_t count = 0;
  if (id->has_value()) {
    const auto facts = snapshot.EntityClaims(**id, {}, "");
    if (!facts.ok()) return absl::StrCat(facts.status().ToString(), "\n");
    for (const FactClaims& fact : *facts) {
      for (const ClaimView& view : fact.claims) {
        absl::StrAppend(&text, CheckClaim(ledger_, entity, fact.key, view));
        ++count;
      }
    }
  }
  std::string believed;
  size_t expected = 0;
  for (const auto& [key, fact] : ledger_.FactsOf(entity)) {
    expected += fact.believed.size();
    absl::StrAppend(&believed, Describe(fact));
  }
  if (count != expected) {
    absl::StrAppend(&text, entity, ": the store lists ", count,
                    " claims; the model:\n", believed);
  }
  return text;
}

std::string Twin::CompareRelationshipClaims(const store::Snapshot& snapshot,
                                            const std::string& relationship) {
  const LedgerRelationship& wanted = ledger_.GetRelationship(relationship);
  if (IsMerged(wanted.from, {}) || IsMerged(wanted.to, {})) return "";
  const auto id = Find(snapshot, relationship, {});
  if (!id.has_value()) {
    if (!IsListed(wanted)) return "";
    return absl::StrCat("the store does not list the relationship of\n",
                        Describe(wanted));
  }
  const auto facts = snapshot.RelationshipClaims(*id, {});
  if (!facts.ok()) return absl::StrCat(facts.status().ToString(), "\n");
  std::string text;
  size_t count = 0;
  for (const FactClaims& fact : *facts) {
    if (fact.key.kind != FactKind::kExistence) continue;
    for (const ClaimView& view : fact.claims) {
      absl::StrAppend(&text, CheckClaim(ledger_, relationship, fact.key, view));
      ++count;
    }
  }
  if (count != wanted.believed.size()) {
    absl::StrAppend(&text, "the store lists ", count, " claims; the model:\n",
                    Describe(wanted));
  }
  return text;
}

bool Twin::IsMerged(const std::string& entity, const Question& question) {
  return ModelFor(question).Cluster(entity, question.lens).members.size() > 1;
}

// Whether adjacency or the denied list must hold it.
bool Twin::IsListed(const LedgerRelationship& relationship) const {
  return std::ranges::any_of(relationship.believed, [](const auto* stored) {
    return stored->claim.rank != Rank::kDeprecated &&
           stored->claim.mode != Mode::kNegated;
  });
}

bool Twin::Is(const store::Snapshot& snapshot, RelationshipId id,
              const LedgerRelationship& wanted, const Lens& lens) const {
  const auto facts = snapshot.RelationshipClaims(id, lens);
  if (!facts.ok() || facts->empty()) return false;
  const RelationshipKey& key = *facts->front().relationship;
  return key.type == wanted.type && key.subject == wanted.from &&
         key.object == wanted.to && key.name == wanted.name &&
         key.keys == wanted.keys;
}

std::optional<RelationshipId> Twin::Find(const store::Snapshot& snapshot,
                                         const std::string& relationship,
                                         const Lens& lens) {
  const LedgerRelationship& wanted = ledger_.GetRelationship(relationship);
  const auto known = ids_.find(relationship);
  if (known != ids_.end() && Is(snapshot, known->second, wanted, lens)) {
    return known->second;
  }
  const auto entity = snapshot.FindEntity(wanted.from);
  GUANXI_CHECK(entity.ok());
  if (!entity->has_value()) return std::nullopt;
  const auto visit = [&](const topology::Hop& hop) {
    if (Is(snapshot, hop.relationship, wanted, lens)) {
      ids_[relationship] = hop.relationship;
    }
    return true;
  };
  ids_.erase(relationship);
  const topology::Topology topology({snapshot}, lens);
  GUANXI_CHECK(topology.Expand(**entity, Direction::kOut, {}, visit).ok());
  GUANXI_CHECK(
      topology.ExpandDenied(**entity, Direction::kOut, {}, visit).ok());
  const auto found = ids_.find(relationship);
  if (found != ids_.end()) return found->second;
  return std::nullopt;
}

// ---- views ------------------------------------------------------------------

std::string Twin::CompareEntity(const store::Snapshot& snapshot,
                                const std::string& key,
                                const Question& question) {
  const EntityAnswer expected = ModelFor(question).Entity(key, question.lens);
  const auto actual = ReadEntityAnswer(snapshot, key, question);
  if (!actual.ok()) return absl::StrCat(actual.status().ToString(), "\n");
  const std::string difference = Differences(expected, *actual);
  if (difference.empty()) return difference;
  std::string claims;
  for (const auto& [id, fact] : ledger_.FactsOf(key)) {
    if (fact.believed.empty()) continue;
    if (fact.kind == FactKind::kExistence ||
        difference.find(fact.name) != std::string::npos) {
      absl::StrAppend(&claims, "   ", fact.name, "\n", Describe(fact));
    }
  }
  return Report(key, question, difference, claims);
}

std::string Twin::CompareRelationship(const store::Snapshot& snapshot,
                                      const std::string& id,
                                      std::optional<RelationshipId> found,
                                      const Question& question) {
  const LedgerRelationship& relationship = ledger_.GetRelationship(id);
  RelationshipsAnswer expected;
  const ReferenceModel& model = ModelFor(question);
  expected.relationships =
      model.Relationship(id, question.lens, &expected.left_out);
  if (expected.left_out.denied > 0) {
    expected.relationships = model.Denial(id, question.lens);
  }
  RelationshipsAnswer actual;
  if (found.has_value()) {
    auto answers = ReadRelationshipAnswers(snapshot, *found, question);
    const auto admitted = snapshot.Admit(*found, question.lens);
    if (!answers.ok()) return absl::StrCat(answers.status().ToString(), "\n");
    if (!admitted.ok()) return absl::StrCat(admitted.status().ToString(), "\n");
    for (const RelationshipAnswer& answer : *answers) {
      AddAnswer(answer, actual.relationships);
    }
    actual.left_out = CountOf(*admitted);
  }
  return Report(absl::StrCat("(", relationship.from, ")-[:", relationship.type,
                             "]->(", relationship.to, ")"),
                question, Differences(expected, actual),
                Describe(relationship));
}

std::string Twin::CompareTouched(const std::vector<Question>& questions) {
  std::string text;
  for (const Question& question : questions) {
    const store::Snapshot snapshot = Read(question.revision);
    if (!question.revision.has_value()) {
      absl::StrAppend(&text, CompareWays(question.lens));
    }
    for (const std::string& key : ledger_.touched().entities) {
      absl::StrAppend(&text, CompareEntity(snapshot, key, question));
    }
    for (const std::string& id : ledger_.touched().relationships) {
      const LedgerRelationship& one = ledger_.GetRelationship(id);
      // What is folded is compared whole.
      const bool merged =
          IsMerged(one.from, question) || IsMerged(one.to, question);
      absl::StrAppend(
          &text, merged ? CompareNeighbourhood({snapshot}, one.from, question)
                        : CompareRelationship(snapshot, id,
                                              Find(snapshot, id, question.lens),
                                              question));
    }
  }
  return text;
}

void Twin::Follow(const store::Snapshot& snapshot) {
  numbers_.Follow(snapshot);
  if (adjacency_ != nullptr) adjacency_ = *adjacency_->Advance(snapshot);
  // Now and then what was followed gives way to what is read anew.
  constexpr uint64_t kRevisionsBetweenBuilds = 64;
  if (adjacency_ == nullptr ||
      snapshot.revision().number % kRevisionsBetweenBuilds == 0) {
    adjacency_ = topology::Adjacency::Build(snapshot).value();
  }
}

std::string Twin::CompareWays(const Lens& lens) {
  using topology::Hop;
  const store::Snapshot snapshot = Read();
  Follow(snapshot);
  std::string text = records_.Compare(snapshot);
  const auto hops_of = [&](const topology::Ground& ground, EntityId entity) {
    const topology::Topology topology(ground, lens);
    std::vector<Hop> hops;
    const auto take = [&hops](const Hop& hop) {
      hops.push_back(hop);
      return true;
    };
    for (const Direction direction :
         {Direction::kOut, Direction::kIn, Direction::kBoth}) {
      GUANXI_CHECK(topology.Expand(entity, direction, {}, take).ok());
      GUANXI_CHECK(topology.Expand(entity, direction, {TypeId{4}}, take).ok());
      GUANXI_CHECK(topology.ExpandDenied(entity, direction, {}, take).ok());
      GUANXI_CHECK(
          topology.ExpandDenied(entity, direction, {TypeId{4}}, take).ok());
    }
    return hops;
  };
  for (const std::string& key : RandomWorld::Entities()) {
    const std::optional<EntityId> entity = *snapshot.FindEntity(key);
    if (!entity.has_value()) continue;
    absl::StrAppend(&text, numbers_.Compare(snapshot, lens, *entity));
    const bool alike = hops_of({snapshot}, *entity) ==
                       hops_of({snapshot, adjacency_.get()}, *entity);
    if (alike) continue;
    absl::StrAppend(&text, key, " has other relationships in memory\n");
  }
  return text;
}

// Relationships by type and direction, each once.
std::string Twin::CompareNeighbourhood(const topology::Ground& ground,
                                       const std::string& key,
                                       const Question& question) {
  const RelationshipsAnswer expected =
      ModelFor(question).Relationships(key, question.lens);
  const auto actual = ReadRelationshipsAnswer(ground, key, question);
  if (!actual.ok()) return absl::StrCat(actual.status().ToString(), "\n");
  std::string claims;
  const std::string difference = Differences(expected, *actual);
  if (!difference.empty()) {
    for (const std::string& id : ledger_.RelationshipsOf(key)) {
      const LedgerRelationship& one = ledger_.GetRelationship(id);
      const RelationshipAnswer named = {.type = one.type,
                                        .from = one.from,
                                        .to = one.to,
                                        .keys = one.keys,
                                        .name = one.name};
      if (!absl::StrContains(difference, named.Name()) &&
          !absl::StrContains(difference, "left out")) {
        continue;
      }
      absl::StrAppend(&claims, "   (", one.from, ")-[:", one.type, "]->(",
                      one.to, ")\n", Describe(one));
    }
  }
  return Report(absl::StrCat("relationships of ", key), question, difference,
                claims);
}

// Every entity that claims a label, or one below it, and no other is listed
// under it.
std::string Twin::CompareLabels(const store::Snapshot& snapshot) {
  std::string text;
  for (const char* label : {"Company", "TrustBank", "Oddity", "Entity"}) {
    std::set<std::string> expected;
    for (const std::string& key : RandomWorld::Entities()) {
      if (IsLabelled(key, label, ledger_)) expected.insert(key);
    }
    std::set<std::string> actual;
    const auto ids = snapshot.ListByLabel(label, std::nullopt, 100);
    if (!ids.ok()) return absl::StrCat(ids.status().ToString(), "\n");
    for (const EntityId id : *ids)
      actual.insert(snapshot.EntityKey(id).value());
    for (const std::string& key : expected) {
      if (actual.contains(key)) continue;
      absl::StrAppend(&text, key, " is not listed under ", label, "\n");
    }
  }
  return text;
}

std::string Twin::CompareAll(const std::vector<Question>& questions) {
  const store::Snapshot snapshot = Read();
  Follow(snapshot);
  std::string text = CompareLabels(snapshot);
  for (const std::string& key : RandomWorld::Entities()) {
    absl::StrAppend(&text, CompareClaims(snapshot, key));
    for (const std::string& id : ledger_.RelationshipsOf(key)) {
      absl::StrAppend(&text, CompareRelationshipClaims(snapshot, id));
    }
  }
  for (const Question& question : questions) {
    const store::Snapshot asked = Read(question.revision);
    for (const std::string& key : RandomWorld::Entities()) {
      absl::StrAppend(&text, CompareEntity(asked, key, question),
                      CompareNeighbourhood({asked}, key, question));
      if (question.revision.has_value()) continue;
      absl::StrAppend(&text, CompareNeighbourhood({asked, adjacency_.get()},
                                                  key, question));
    }
  }
  return text;
}

std::string Twin::CheckStore() const {
  const store::Snapshot snapshot = Read();
  const auto report = store::Verify(snapshot.txn(), snapshot.tables(), {});
  if (!report.ok()) return absl::StrCat(report.status().ToString(), "\n");
  std::string text;
  for (const store::Violation& one : report->violations) {
    absl::StrAppend(&text, "the check finds ", one.rule, " [", one.where, "] ",
                    one.message, "\n");
  }
  if (!report->complete) absl::StrAppend(&text, "the check is incomplete\n");
  return text;
}

}  // namespace guanxi::test
