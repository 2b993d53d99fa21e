#include "tests/support/reference_ledger.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <variant>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/base/status_macros.h"

namespace guanxi::test {
namespace {

// Between the parts of a text that stands for an identity.
constexpr absl::string_view kNext = "\x1f";

std::string TextOf(const Map& map) { return Value(map).ToString(); }

std::string TextOf(const DayRange& days) {
  return absl::StrCat(ToString(days.first), "/", ToString(days.last));
}

// Unlike values that print alike stay apart.
std::string TextOf(const Value& value) {
  return absl::StrCat(KindName(value.kind()), " ", value.ToString());
}

std::string IdOf(const EntityFact& fact) {
  return absl::StrCat(fact.entity, kNext, static_cast<int>(fact.kind), kNext,
                      fact.name, kNext, static_cast<int>(fact.time),
                      TextOf(fact.days), kNext, TextOf(fact.keys), kNext,
                      fact.unit, kNext, fact.language, kNext,
                      fact.element.has_value() ? TextOf(*fact.element) : "");
}

std::string IdOf(const LedgerRelationship& relationship) {
  return absl::StrCat(relationship.from, kNext, relationship.type, kNext,
                      relationship.to, kNext, relationship.name, kNext,
                      TextOf(relationship.keys));
}

std::string MadeUpId(const std::string& identity) {
  return absl::StrCat("~", absl::Hex(std::hash<std::string>{}(identity)));
}

Claim ClaimOf(const Tail& tail) {
  Claim claim;
  claim.named = tail.id.has_value();
  claim.id = tail.id.value_or("");
  claim.valid = tail.valid;
  claim.mode = tail.mode.value_or(Mode::kAsserted);
  claim.rank = tail.rank.value_or(Rank::kNormal);
  claim.confidence = tail.confidence;
  claim.by = tail.by.value_or("");
  claim.note = tail.note.value_or("");
  claim.supersedes = tail.supersedes.value_or("");
  claim.implicit = tail.empty();
  return claim;
}

// The claim that a label or property shares with the whole statement: the id
// and the superseded claim belong to one of them only.
Claim Anonymous(Claim claim) {
  claim.named = false;
  claim.id.clear();
  claim.supersedes.clear();
  return claim;
}

bool SaysTheSame(const Claim& a, const Claim& b) {
  return a.rank == b.rank && a.confidence == b.confidence && a.note == b.note &&
         a.qualifiers == b.qualifiers;
}

absl::Status CheckTime(TimeKind kind, const ValidTime& valid) {
  const bool interval = valid.when.has_value() && !valid.when->is_date();
  if (kind == TimeKind::kEvent && valid.kind == ValidTime::Kind::kDuring) {
    return absl::InvalidArgumentError("during on an event");
  }
  if (kind != TimeKind::kEvent && valid.kind == ValidTime::Kind::kAt &&
      interval) {
    return absl::InvalidArgumentError("an interval after at");
  }
  return absl::OkStatus();
}

absl::StatusOr<Map> CoerceAll(const std::vector<Field>& fields,
                              const Map& map) {
  Map coerced = map;
  for (const Field& field : fields) {
    const auto found = coerced.find(field.name);
    if (found == coerced.end()) continue;
    ASSIGN_OR_RETURN(found->second, Coerce(field.type, found->second));
  }
  return coerced;
}

// Moves what `keys` names from `all` into the result.
Map TakeKeys(const std::vector<std::string>& keys, Map& all) {
  Map taken;
  for (const std::string& key : keys) {
    if (auto node = all.extract(key)) taken.insert(std::move(node));
  }
  return taken;
}

std::vector<Value> ElementsOf(const Value& value, bool list) {
  if (const auto* elements = value.get_if<List>();
      list && elements != nullptr) {
    return *elements;
  }
  return {value};
}

}  // namespace

// One value of a property, taken apart by the schema.
struct ReferenceLedger::PlacedValue {
  EntityFact fact;
  Value value;
  Map qualifiers;  // the non-key ones
};

Statement ToStatement(const PurgeOrder& order) {
  const std::string why = order.why.empty() ? "for a test" : order.why;
  if (!order.claim.empty()) {
    return {.body = PurgeClaimStatement{order.claim, why}};
  }
  return {.body = PurgeEntityStatement{order.entity, why}};
}

ReferenceLedger::ReferenceLedger(const std::vector<Declaration>& schema) {
  for (const Declaration& declaration : schema) {
    GUANXI_CHECK(schema_.Declare(declaration).ok());
  }
}

absl::StatusOr<ReferenceLedger::Outcome> ReferenceLedger::Commit(
    absl::Span<const Statement> statements, Arrival arrival) {
  arrival_ = arrival;
  outcome_ = {};
  touched_ = {};
  undo_.clear();
  ++revision_;
  return Finish(ApplyAll(statements));
}

// Undoes what a refused commit did; counts a revision only if something
// changed.
absl::StatusOr<ReferenceLedger::Outcome> ReferenceLedger::Finish(
    const absl::Status& status) {
  outcome_.changed = status.ok() && !undo_.empty();
  if (!status.ok()) {
    while (!undo_.empty()) {
      undo_.back()();
      undo_.pop_back();
    }
    touched_ = {};
  }
  if (outcome_.changed) RememberSources();
  if (!outcome_.changed) --revision_;
  outcome_.revision = revision_;
  RETURN_IF_ERROR(status);
  return outcome_;
}

absl::Status ReferenceLedger::ApplyAll(absl::Span<const Statement> statements) {
  declared_entities_.clear();
  declared_sources_.clear();
  for (const Statement& statement : statements) {
    if (const auto* entity = std::get_if<EntityStatement>(&statement.body)) {
      declared_entities_.insert(entity->key);
    }
    if (const auto* source = std::get_if<SourceStatement>(&statement.body)) {
      declared_sources_.insert(source->id);
    }
  }
  // The schema of a commit is that of all of it, wherever it stands there.
  for (const Statement& statement : statements) {
    const auto* declaration = std::get_if<Declaration>(&statement.body);
    if (declaration != nullptr) RETURN_IF_ERROR(Apply(*declaration));
  }
  for (const Statement& statement : statements) {
    outcome_.stated.emplace_back();
    if (std::holds_alternative<Declaration>(statement.body)) continue;
    RETURN_IF_ERROR(std::visit([this](const auto& body) { return Apply(body); },
                               statement.body));
  }
  for (const Statement& statement : statements) {
    if (const auto* source = std::get_if<SourceStatement>(&statement.body)) {
      RETURN_IF_ERROR(CheckLineage(*source));
    }
  }
  return absl::OkStatus();
}

// ---- statements -------------------------------------------------------------

absl::Status ReferenceLedger::Apply(const SourceStatement& statement) {
  const auto found = sources_.find(statement.id);
  if (found != sources_.end() && found->second == statement.description) {
    return absl::OkStatus();
  }
  std::optional<Map> before;
  if (found != sources_.end()) before = found->second;
  sources_[statement.id] = statement.description;
  undo_.emplace_back([this, id = statement.id, before] {
    if (before.has_value()) {
      sources_[id] = *before;
    } else {
      sources_.erase(id);
    }
    ++epoch_;
  });
  ChangeEverything();
  return absl::OkStatus();
}

// Whether every source that `statement` derives from is declared: only known
// after the whole commit.
absl::Status ReferenceLedger::CheckLineage(
    const SourceStatement& statement) const {
  const auto found = statement.description.find("derived_from");
  if (found == statement.description.end()) return absl::OkStatus();
  const List* parents = found->second.get_if<List>();
  if (parents == nullptr) return absl::OkStatus();
  for (const Value& parent : *parents) {
    const std::string& name = parent.get_if<Text>()->text;
    if (!sources_.contains(name)) return absl::NotFoundError(name);
  }
  return absl::OkStatus();
}

absl::Status ReferenceLedger::Apply(const EntityStatement& statement) {
  std::vector<PlacedValue> placed;
  for (const std::string& label : statement.labels) {
    placed.push_back({.fact = {.kind = FactKind::kLabel, .name = label}});
  }
  for (const auto& [property, value] : statement.properties) {
    ASSIGN_OR_RETURN(const std::vector<PlacedValue> values,
                     Place(property, value, {}, statement.tail.valid));
    placed.insert(placed.end(), values.begin(), values.end());
  }
  RETURN_IF_ERROR(CheckTail(statement.tail, placed.size()));
  if (statement.tail.valid.kind == ValidTime::Kind::kAt &&
      !statement.tail.valid.when->is_date() &&
      (placed.empty() || !statement.labels.empty() ||
       ModeClass(statement.tail.mode.value_or(Mode::kAsserted)) ==
           Mode::kAsserted)) {
    return absl::InvalidArgumentError("an interval after at");
  }

  Claim claim = ClaimOf(statement.tail);
  if (ModeClass(claim.mode) == Mode::kAsserted) {
    EntityFact fact;
    fact.entity = statement.key;
    RETURN_IF_ERROR(AddClaims(FactFor(fact), Anonymous(claim), statement.tail));
  }
  for (PlacedValue& one : placed) {
    one.fact.entity = statement.key;
    claim.value = one.value;
    RETURN_IF_ERROR(AddClaims(FactFor(one.fact), claim, statement.tail));
  }
  return absl::OkStatus();
}

absl::Status ReferenceLedger::Apply(const PropertyStatement& statement) {
  RETURN_IF_ERROR(CheckEntity(statement.key));
  const Tail& tail = statement.tail;
  ASSIGN_OR_RETURN(
      std::vector<PlacedValue> placed,
      Place(statement.property, statement.value, tail.qualifiers, tail.valid));
  RETURN_IF_ERROR(CheckTail(tail, placed.size()));
  Claim claim = ClaimOf(tail);
  for (PlacedValue& one : placed) {
    one.fact.entity = statement.key;
    claim.value = one.value;
    claim.qualifiers = one.qualifiers;
    RETURN_IF_ERROR(AddClaims(FactFor(one.fact), claim, tail));
  }
  return absl::OkStatus();
}

absl::Status ReferenceLedger::Apply(const RelationshipStatement& statement) {
  RETURN_IF_ERROR(CheckEntity(statement.subject));
  RETURN_IF_ERROR(CheckEntity(statement.object));
  const RelationshipDeclaration* declared =
      schema_.FindRelationship(statement.type);
  RETURN_IF_ERROR(
      CheckTime(declared == nullptr ? TimeKind::kState : declared->kind,
                statement.tail.valid));
  RETURN_IF_ERROR(CheckTail(statement.tail, 1));
  LedgerRelationship wanted;
  wanted.type = statement.type;
  wanted.from = statement.subject;
  wanted.to = statement.object;
  wanted.name = statement.name;
  wanted.keys = statement.properties;
  ASSIGN_OR_RETURN(LedgerRelationship* const relationship,
                   RelationshipFor(wanted));
  Claim claim = ClaimOf(statement.tail);
  claim.properties = statement.properties;
  if (declared != nullptr) {
    ASSIGN_OR_RETURN(claim.properties,
                     CoerceAll(declared->properties, claim.properties));
    TakeKeys(declared->keys, claim.properties);
  }
  return AddClaims(*relationship, claim, statement.tail);
}

absl::Status ReferenceLedger::Apply(const JudgementStatement& statement) {
  RETURN_IF_ERROR(CheckEntity(statement.first));
  RETURN_IF_ERROR(CheckEntity(statement.second));
  RETURN_IF_ERROR(CheckTail(statement.tail, 1));
  Claim claim = ClaimOf(statement.tail);
  claim.value = Value::String(ToString(statement.judgement));
  return AddClaims(JudgementFor(statement), claim, statement.tail);
}

absl::Status ReferenceLedger::Apply(const PurgeClaimStatement&) {
  return absl::UnimplementedError("purge");
}

absl::Status ReferenceLedger::Apply(const PurgeEntityStatement&) {
  return absl::UnimplementedError("purge");
}

absl::Status ReferenceLedger::Apply(const Declaration& declaration) {
  RETURN_IF_ERROR(CheckUse(declaration));
  Schema changed = schema_;
  RETURN_IF_ERROR(changed.Declare(declaration));
  if (changed.labels() == schema_.labels() &&
      changed.properties() == schema_.properties() &&
      changed.relationships() == schema_.relationships()) {
    return absl::OkStatus();
  }
  undo_.emplace_back([this, before = schema_] {
    schema_ = before;
    ++epoch_;
  });
  schema_ = std::move(changed);
  ChangeEverything();
  return absl::OkStatus();
}

absl::Status ReferenceLedger::Apply(const DeleteEntityStatement& statement) {
  int64_t retracted = 0;
  for (auto& [id, fact] : facts_[statement.key]) retracted += RetractAll(fact);
  for (const std::string& id : touching_[statement.key]) {
    retracted += RetractAll(relationships_.at(id));
  }
  for (const std::string& id : judged_[statement.key]) {
    retracted += RetractAll(judgements_.at(id));
  }
  if (retracted == 0) return absl::NotFoundError(statement.key);
  return absl::OkStatus();
}

absl::Status ReferenceLedger::Apply(
    const DeleteRelationshipStatement& statement) {
  LedgerRelationship wanted;
  wanted.type = statement.type;
  wanted.from = statement.subject;
  wanted.to = statement.object;
  wanted.name = statement.name;
  wanted.keys = statement.keys;
  ASSIGN_OR_RETURN(LedgerRelationship* const relationship,
                   RelationshipFor(wanted));
  if (RetractAll(*relationship) > 0) return absl::OkStatus();
  return absl::NotFoundError(relationship->id);
}

// ---- checks -----------------------------------------------------------------

absl::StatusOr<std::vector<ReferenceLedger::PlacedValue>>
ReferenceLedger::Place(const std::string& property, const Value& value,
                       const Map& qualifiers, const ValidTime& valid) const {
  static const PropertyDeclaration kUndeclared;
  const PropertyDeclaration* found = schema_.FindProperty(property);
  const PropertyDeclaration& declared = found ? *found : kUndeclared;
  RETURN_IF_ERROR(CheckTime(declared.kind, valid));

  PlacedValue placed;
  placed.fact.kind = FactKind::kProperty;
  placed.fact.name = property;
  ASSIGN_OR_RETURN(placed.qualifiers,
                   CoerceAll(declared.qualifiers, qualifiers));
  placed.fact.keys = TakeKeys(declared.keys, placed.qualifiers);
  if (declared.kind != TimeKind::kState) {
    placed.fact.time = valid.kind;
    if (valid.when.has_value()) placed.fact.days = valid.when->days();
  }
  std::vector<PlacedValue> all;
  for (const Value& element : ElementsOf(value, declared.type.list)) {
    placed.value = element;
    if (found != nullptr) {
      ASSIGN_OR_RETURN(placed.value, Coerce(declared.type, element));
    }
    const auto* quantity = placed.value.get_if<Quantity>();
    placed.fact.unit = quantity == nullptr ? "" : quantity->unit();
    const auto* text = placed.value.get_if<Text>();
    placed.fact.language = text == nullptr ? "" : text->language;
    if (declared.type.list) placed.fact.element = placed.value;
    all.push_back(placed);
  }
  return all;
}

absl::Status ReferenceLedger::CheckTail(const Tail& tail, size_t claims) const {
  const bool names_one = tail.id.has_value() || tail.supersedes.has_value();
  if (names_one && (claims != 1 || tail.from.size() > 1)) {
    return absl::InvalidArgumentError("id of several claims");
  }
  for (const Citation& citation : tail.from) {
    if (!sources_.contains(citation.source) &&
        !declared_sources_.contains(citation.source)) {
      return absl::NotFoundError(citation.source);
    }
  }
  return absl::OkStatus();
}

absl::Status ReferenceLedger::CheckEntity(const std::string& key) const {
  if (declared_entities_.contains(key) || HasBelieved(key)) {
    return absl::OkStatus();
  }
  return absl::NotFoundError(key);
}

bool ReferenceLedger::HasBelieved(const std::string& entity) const {
  for (const auto& [id, fact] : FactsOf(entity)) {
    if (!fact.believed.empty()) return true;
  }
  return !RelationshipsOf(entity).empty() || IsJudged(entity);
}

bool ReferenceLedger::IsJudged(const std::string& entity) const {
  const auto found = judged_.find(entity);
  if (found == judged_.end()) return false;
  return std::ranges::any_of(found->second, [this](const std::string& id) {
    return !judgements_.at(id).believed.empty();
  });
}

bool ReferenceLedger::HasFacts(const std::string& property,
                               const std::string& relationship) const {
  for (const auto& [entity, facts] : facts_) {
    for (const auto& [id, fact] : facts) {
      if (fact.kind == FactKind::kProperty && fact.name == property &&
          !fact.believed.empty()) {
        return true;
      }
    }
  }
  for (const auto& [id, one] : relationships_) {
    if (one.type == relationship && !one.believed.empty()) return true;
  }
  return false;
}

// What has facts may get another comment and further fields, nothing else.
template <typename D>
bool Changes(D before, const D& after, std::vector<Field> D::*fields) {
  for (const Field& field : before.*fields) {
    const auto& kept = after.*fields;
    if (std::find(kept.begin(), kept.end(), field) == kept.end()) return true;
  }
  before.name = after.name;
  before.comment = after.comment;
  before.*fields = after.*fields;
  return before != after;
}

absl::Status ReferenceLedger::CheckUse(const Declaration& declaration) const {
  bool refused = false;
  if (const auto* prop = std::get_if<PropertyDeclaration>(&declaration)) {
    const auto* old = schema_.FindProperty(prop->name);
    refused = HasFacts(prop->name, "") &&
              Changes(old ? *old : PropertyDeclaration(), *prop,
                      &PropertyDeclaration::qualifiers);
  } else if (const auto* rel =
                 std::get_if<RelationshipDeclaration>(&declaration)) {
    const auto* found = schema_.FindRelationship(rel->name);
    RelationshipDeclaration old = found ? *found : RelationshipDeclaration();
    old.from = rel->from;
    old.to = rel->to;
    refused = HasFacts("", rel->name) &&
              Changes(old, *rel, &RelationshipDeclaration::properties);
  }
  if (!refused) return absl::OkStatus();
  return absl::FailedPreconditionError("the change of a name that has facts");
}

// ---- claims -----------------------------------------------------------------

std::string ReferenceLedger::IdentityOf(const Holder& holder,
                                        const Claim& claim) {
  if (claim.implicit) return absl::StrCat("implicit", kNext, holder.id);
  return absl::StrCat(
      holder.id, kNext, claim.citation.ToString(), kNext, TextOf(claim.value),
      kNext, TextOf(claim.properties), kNext, claim.valid.ToString(), kNext,
      ToString(claim.mode), kNext, claim.by, kNext, claim.supersedes);
}

EntityFact& ReferenceLedger::FactFor(const EntityFact& wanted) {
  const std::string id = IdOf(wanted);
  const auto [at, added] = facts_[wanted.entity].try_emplace(id, wanted);
  at->second.id = id;
  return at->second;
}

absl::StatusOr<LedgerRelationship*> ReferenceLedger::RelationshipFor(
    LedgerRelationship wanted) {
  if (const auto* declared = schema_.FindRelationship(wanted.type)) {
    ASSIGN_OR_RETURN(Map all, CoerceAll(declared->properties, wanted.keys));
    wanted.keys = TakeKeys(declared->keys, all);
    if (declared->symmetric && wanted.to < wanted.from) {
      std::swap(wanted.from, wanted.to);
    }
  } else {
    wanted.keys.clear();
  }
  wanted.id = IdOf(wanted);
  touching_[wanted.from].insert(wanted.id);
  touching_[wanted.to].insert(wanted.id);
  return &relationships_.try_emplace(wanted.id, wanted).first->second;
}

LedgerJudgement& ReferenceLedger::JudgementFor(
    const JudgementStatement& statement) {
  const std::string& first = std::min(statement.first, statement.second);
  const std::string& second = std::max(statement.first, statement.second);
  const std::string id =
      absl::StrCat("judgement", kNext, ToString(statement.judgement), kNext,
                   first, kNext, second);
  LedgerJudgement& holder = judgements_[id];
  holder.id = id;
  holder.judgement = statement.judgement;
  holder.first = first;
  holder.second = second;
  judged_[first].insert(id);
  judged_[second].insert(id);
  return holder;
}

absl::Status ReferenceLedger::AddClaims(Holder& holder, const Claim& claim,
                                        const Tail& tail) {
  if (claim.implicit) {
    SetImplicit(holder, claim);
    return absl::OkStatus();
  }
  if (tail.from.empty()) return AddExplicit(holder, claim);
  for (const Citation& citation : tail.from) {
    Claim cited = claim;
    cited.citation = citation;
    RETURN_IF_ERROR(AddExplicit(holder, cited));
  }
  return absl::OkStatus();
}

absl::Status ReferenceLedger::AddExplicit(Holder& holder, const Claim& claim) {
  const std::string identity = IdentityOf(holder, claim);
  if (claim.named) {
    const auto other = by_id_.find(claim.id);
    if (other != by_id_.end() && other->second != FindByIdentity(identity)) {
      return absl::AlreadyExistsError(claim.id);
    }
  }
  const bool added = FindByIdentity(identity) == nullptr;
  LedgerClaim& stored = added ? claims_[identity] : *FindByIdentity(identity);
  outcome_.stated.back().push_back(&stored);
  if (!added && stored.believed) {
    return Repeat(stored, claim);
  }
  if (!added && arrival_ == Arrival::kImport) {
    ++outcome_.skipped;
    return absl::OkStatus();
  }
  if (!added && IsErased(stored))
    return absl::FailedPreconditionError(claim.id);
  if (added) {
    stored.identity = identity;
    undo_.emplace_back([this, identity] { claims_.erase(identity); });
  }
  RETURN_IF_ERROR(EndSuperseded(claim, added));
  Claim believed = claim;
  if (!added) {
    believed.id = stored.claim.id;
    believed.named = stored.claim.named;
  }
  Believe(stored, holder, believed);
  return absl::OkStatus();
}

// The same identity again: nothing is stored, but what it corrects is ended, if
// that was believed again since.
absl::Status ReferenceLedger::Repeat(const LedgerClaim& stored,
                                     const Claim& claim) {
  const bool renamed = claim.named && claim.id != stored.claim.id;
  if (!renamed && SaysTheSame(stored.claim, claim)) {
    return EndSuperseded(claim, false);
  }
  ++outcome_.skipped;
  return absl::OkStatus();
}

// A claim that is believed already, or again, finds what it superseded gone.
absl::Status ReferenceLedger::EndSuperseded(const Claim& claim, bool required) {
  if (claim.supersedes.empty()) return absl::OkStatus();
  const auto found = by_id_.find(claim.supersedes);
  if (found == by_id_.end() || IsErased(*found->second)) {
    // An import may hold a correction without what it corrected.
    const bool must_know = required && arrival_ != Arrival::kImport;
    return must_know ? absl::NotFoundError(claim.supersedes) : absl::OkStatus();
  }
  if (found->second->believed) {
    Retract(*found->second);
  } else if (required) {
    return absl::FailedPreconditionError(claim.supersedes);
  }
  return absl::OkStatus();
}

void ReferenceLedger::SetImplicit(Holder& holder, const Claim& claim) {
  const std::string identity = IdentityOf(holder, claim);
  const auto [at, added] = claims_.try_emplace(identity);
  LedgerClaim& stored = at->second;
  stored.identity = identity;
  if (stored.believed && stored.claim.value == claim.value &&
      stored.claim.properties == claim.properties) {
    return;
  }
  if (stored.believed) Retract(stored);
  Believe(stored, holder, claim);
}

void ReferenceLedger::Believe(LedgerClaim& stored, Holder& holder,
                              const Claim& claim) {
  undo_.emplace_back([this, &stored, &holder, before = stored] {
    std::erase(holder.believed, &stored);
    by_id_.erase(stored.claim.id);
    stored = before;
    if (!before.claim.id.empty()) by_id_[before.claim.id] = &stored;
    Change(holder);
  });
  const std::string id = stored.claim.id;
  stored.claim = claim;
  if (!claim.implicit) {
    if (!claim.named)
      stored.claim.id = id.empty() ? MadeUpId(stored.identity) : id;
    by_id_[stored.claim.id] = &stored;
  }
  stored.since = revision_;
  stored.believed = true;
  stored.holder = &holder;
  holder.believed.push_back(&stored);
  Change(holder);
}

void ReferenceLedger::Retract(LedgerClaim& stored) {
  Holder& holder = *stored.holder;
  stored.believed = false;
  std::erase(holder.believed, &stored);
  const bool committed = stored.since < revision_;
  if (committed) {
    holder.past.push_back({&stored, stored.claim, stored.since, revision_});
  }
  Change(holder);
  undo_.emplace_back([this, &stored, &holder, committed] {
    stored.believed = true;
    if (committed) holder.past.pop_back();
    holder.believed.push_back(&stored);
    Change(holder);
  });
}

int64_t ReferenceLedger::RetractAll(Holder& holder) {
  const std::vector<LedgerClaim*> all = holder.believed;
  for (LedgerClaim* claim : all) Retract(*claim);
  return static_cast<int64_t>(all.size());
}

void ReferenceLedger::Change(Holder& holder) {
  holder.version = ++last_version_;
  if (relationships_.contains(holder.id)) {
    touched_.relationships.insert(holder.id);
  } else if (judgements_.contains(holder.id)) {
    touched_.everything = true;
  } else {
    // What is pinned names a cluster, at its neighbours too.
    if (absl::StrContains(holder.id, absl::StrCat(kNext, "canonical", kNext))) {
      touched_.everything = true;
    }
    touched_.entities.insert(holder.id.substr(0, holder.id.find(kNext[0])));
  }
}

void ReferenceLedger::ChangeEverything() {
  ++epoch_;
  touched_.everything = true;
}

// ---- reading ----------------------------------------------------------------

const std::map<std::string, EntityFact>& ReferenceLedger::FactsOf(
    const std::string& entity) const {
  static const std::map<std::string, EntityFact> kNone;
  const auto found = facts_.find(entity);
  return found == facts_.end() ? kNone : found->second;
}

std::vector<std::string> ReferenceLedger::RelationshipsOf(
    const std::string& entity) const {
  std::vector<std::string> ids;
  const auto found = touching_.find(entity);
  if (found == touching_.end()) return ids;
  for (const std::string& id : found->second) {
    if (!relationships_.at(id).believed.empty()) ids.push_back(id);
  }
  return ids;
}

const LedgerRelationship& ReferenceLedger::GetRelationship(
    const std::string& id) const {
  return relationships_.at(id);
}

std::vector<std::string> ReferenceLedger::BelievedIds() const {
  std::set<std::string> ids;
  for (const auto& [identity, stored] : claims_) {
    if (stored.believed && !stored.claim.implicit) ids.insert(stored.claim.id);
  }
  return {ids.begin(), ids.end()};
}

const LedgerClaim* ReferenceLedger::LearnId(
    const std::string& entity_or_relationship, const FactKey& fact,
    const Claim& claim) {
  Holder* holder = nullptr;
  const auto relationship = relationships_.find(entity_or_relationship);
  if (relationship != relationships_.end()) {
    holder = &relationship->second;
  } else {
    EntityFact wanted;
    wanted.entity = entity_or_relationship;
    wanted.kind = fact.kind;
    wanted.name = fact.name;
    wanted.time = fact.time;
    wanted.days = fact.days;
    wanted.keys = fact.qualifiers;
    wanted.unit = fact.unit;
    wanted.language = fact.language;
    wanted.element = fact.element;
    holder = &FactFor(wanted);
  }
  LedgerClaim* const found = FindByIdentity(IdentityOf(*holder, claim));
  if (found == nullptr || !found->believed) return nullptr;
  LedgerClaim& stored = *found;
  if (!SaysTheSame(stored.claim, claim) || stored.claim.named != claim.named) {
    return nullptr;
  }
  if (!claim.implicit) LearnId(stored, claim.id);
  return &stored;
}

void ReferenceLedger::LearnId(LedgerClaim& stored, const std::string& id) {
  if (stored.claim.id == id) return;
  by_id_.erase(stored.claim.id);
  stored.claim.id = id;
  by_id_[id] = &stored;
  if (stored.holder != nullptr) stored.holder->version = ++last_version_;
}

}  // namespace guanxi::test
