#include "graph/store/asserter.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/model/identifier.h"
#include "graph/store/limits.h"
#include "graph/store/placement.h"

namespace guanxi::store {
namespace {

// What every claim of a statement has from its tail.
Claim ClaimOf(const Tail& tail) {
  return {.id = tail.id.value_or(""),
          .named = tail.id.has_value(),
          .valid = tail.valid,
          .mode = tail.mode.value_or(Mode::kAsserted),
          .rank = tail.rank.value_or(Rank::kNormal),
          .confidence = tail.confidence,
          .by = tail.by.value_or(""),
          .note = tail.note.value_or(""),
          .supersedes = tail.supersedes.value_or("")};
}

std::string EntityName(const Draft& draft) {
  return absl::StrCat("E", draft.entity.key);
}

absl::Status NoEntity(absl::string_view key) {
  return MakeError(absl::StatusCode::kNotFound, "ENTITY_NOT_FOUND",
                   absl::StrCat("there is no entity '", key,
                                "'; expected one that is declared, as in: (",
                                key, " :Company)"),
                   {{"key", key}});
}

// The elements that a value states: those of a list where the property is one.
std::vector<Value> ElementsOf(const PropertyDeclaration* declared,
                              const Value& value) {
  const List* list = value.get_if<List>();
  const bool splits =
      list != nullptr && declared != nullptr && declared->type.list;
  return splits ? *list : std::vector<Value>{value};
}

}  // namespace

absl::Status Asserter::DeclareEntity(absl::string_view key) {
  declared_.emplace(key);
  return drafts_.MakeEntity(key).status();
}

absl::StatusOr<Draft*> Asserter::UseEntity(absl::string_view key) {
  if (declared_.contains(key)) return drafts_.MakeEntity(key);
  ASSIGN_OR_RETURN(Draft * draft, drafts_.FindEntity(key));
  if (draft == nullptr) return NoEntity(key);
  return draft;
}

absl::Status Asserter::Assert(const EntityStatement& body,
                              const Statement& statement) {
  ASSIGN_OR_RETURN(Draft * draft, drafts_.MakeEntity(body.key));
  NoteProblem(IdentifierProblem(body.key), statement);
  const Claim claim = ClaimOf(body.tail);
  const bool exists = ModeClass(claim.mode) == Mode::kAsserted;
  if (!exists && body.labels.empty() && body.properties.empty()) {
    return MakeError(
        absl::StatusCode::kInvalidArgument, "STATES_NOTHING",
        absl::StrCat("an entity statement in mode ", ToString(claim.mode),
                     " states nothing; expected a label or a "
                     "property"),
        {{"key", body.key}});
  }
  RETURN_IF_ERROR(CheckObservation(TimeKind::kState, body.key, claim.valid));
  StatedFact stated{draft, EntityName(*draft), {}, claim};
  // An id names the one label or property that is stated, not the existence.
  if (exists) {
    StatedFact existence = stated;
    existence.claim.id.clear();
    existence.claim.named = false;
    existence.claim.supersedes.clear();
    RETURN_IF_ERROR(claims_.Write(existence, body.tail, statement));
  }
  for (const std::string& label : body.labels) {
    NoteUnknown("label", label, catalog_.schema.FindLabel(label) != nullptr,
                statement);
    stated.fact = {.kind = FactKind::kLabel, .name = label};
    RETURN_IF_ERROR(claims_.Write(stated, body.tail, statement));
  }
  for (const auto& [property, value] : body.properties) {
    RETURN_IF_ERROR(
        AssertProperty(draft, property, value, body.tail, statement));
  }
  return absl::OkStatus();
}

absl::Status Asserter::Assert(const PropertyStatement& body,
                              const Statement& statement) {
  ASSIGN_OR_RETURN(Draft * draft, UseEntity(body.key));
  return AssertProperty(draft, body.property, body.value, body.tail, statement);
}

absl::Status Asserter::AssertProperty(Draft* entity, absl::string_view property,
                                      const Value& value, const Tail& tail,
                                      const Statement& statement) {
  const PropertyDeclaration* declared = catalog_.schema.FindProperty(property);
  NoteUnknown("property", property, declared != nullptr, statement);
  for (const Value& element : ElementsOf(declared, value)) {
    ASSIGN_OR_RETURN(PropertyFact fact,
                     MakePropertyFact(catalog_.schema, property, element,
                                      tail.qualifiers, tail.valid));
    NoteProblem(IdentifierProblem(catalog_.schema, property, fact.value),
                statement);
    Claim claim = ClaimOf(tail);
    claim.value = std::move(fact.value);
    claim.qualifiers = std::move(fact.qualifiers);
    RETURN_IF_ERROR(claims_.Write(
        {entity, EntityName(*entity), std::move(fact.key), std::move(claim)},
        tail, statement));
  }
  return absl::OkStatus();
}

absl::StatusOr<RelationshipKey> Asserter::MakeKey(
    const RelationshipStatement& body, Map& rest) const {
  const RelationshipDeclaration* declared =
      catalog_.schema.FindRelationship(body.type);
  RelationshipKey key{.subject = body.subject,
                      .type = body.type,
                      .object = body.object,
                      .name = body.name};
  for (const auto& [name, value] : body.properties) {
    Value held = value;
    if (declared != nullptr) {
      ASSIGN_OR_RETURN(held, CoerceField(declared->properties, name, value));
    }
    const bool in_key =
        declared != nullptr &&
        std::ranges::find(declared->keys, name) != declared->keys.end();
    (in_key ? key.keys : rest).emplace(name, std::move(held));
  }
  const bool symmetric = declared != nullptr && declared->symmetric;
  if (symmetric && key.object < key.subject) std::swap(key.subject, key.object);
  return key;
}

absl::Status Asserter::CheckTime(const RelationshipStatement& body) const {
  const RelationshipDeclaration* declared =
      catalog_.schema.FindRelationship(body.type);
  return CheckObservation(declared ? declared->kind : TimeKind::kState,
                          body.type, body.tail.valid);
}

absl::Status Asserter::Assert(const RelationshipStatement& body,
                              const Statement& statement) {
  RETURN_IF_ERROR(UseEntity(body.subject).status());
  RETURN_IF_ERROR(UseEntity(body.object).status());
  NoteUnknown("relationship type", body.type,
              catalog_.schema.FindRelationship(body.type) != nullptr,
              statement);
  RETURN_IF_ERROR(CheckTime(body));
  Claim claim = ClaimOf(body.tail);
  ASSIGN_OR_RETURN(const RelationshipKey key, MakeKey(body, claim.properties));
  ASSIGN_OR_RETURN(Draft * draft, drafts_.MakeRelationship(key));
  return claims_.Write(
      {draft, absl::StrCat("R", RelationshipName(key)), {}, std::move(claim)},
      body.tail, statement);
}

absl::Status Asserter::Assert(const JudgementStatement& body,
                              const Statement& statement) {
  RETURN_IF_ERROR(UseEntity(body.first).status());
  RETURN_IF_ERROR(UseEntity(body.second).status());
  if (body.first == body.second) {
    return MakeError(absl::StatusCode::kInvalidArgument, "SELF_JUDGEMENT",
                     absl::StrCat("'", body.first,
                                  "' stands on both sides; expected two "
                                  "different entities"),
                     {{"key", body.first}});
  }
  RETURN_IF_ERROR(CheckObservation(TimeKind::kState, ToString(body.judgement),
                                   body.tail.valid));
  RelationshipKey key{
      .subject = std::min(body.first, body.second),
      .type = kJudgementTypes[static_cast<size_t>(body.judgement)],
      .object = std::max(body.first, body.second)};
  ASSIGN_OR_RETURN(Draft * draft, drafts_.MakeRelationship(key));
  return claims_.Write(
      {draft, absl::StrCat("R", RelationshipName(key)), {}, ClaimOf(body.tail)},
      body.tail, statement);
}

absl::Status Asserter::Delete(const DeleteEntityStatement& body) {
  RETURN_IF_ERROR(drafts_.Flush());
  ASSIGN_OR_RETURN(Draft * entity, drafts_.FindEntity(body.key));
  if (entity == nullptr) return NoEntity(body.key);
  ASSIGN_OR_RETURN(const std::vector<RelationshipId> relationships,
                   drafts_.RelationshipsOf(EntityId{entity->owner.id}));
  for (const RelationshipId id : relationships) {
    ASSIGN_OR_RETURN(Draft * draft, drafts_.Get(Owner::Of(id)));
    ASSIGN_OR_RETURN(const int64_t ended, drafts_.EndAll(*draft));
    result_.claims_retracted += ended;
    if (result_.claims_retracted > kMaxClaimsPerCommit) {
      return TooManyClaims(body.key);
    }
  }
  ASSIGN_OR_RETURN(const int64_t ended, drafts_.EndAll(*entity));
  result_.claims_retracted += ended;
  return drafts_.Flush();
}

absl::Status Asserter::Delete(const DeleteRelationshipStatement& body) {
  RETURN_IF_ERROR(UseEntity(body.subject).status());
  RETURN_IF_ERROR(UseEntity(body.object).status());
  Map rest;
  ASSIGN_OR_RETURN(const RelationshipKey key, MakeKey({.subject = body.subject,
                                                       .type = body.type,
                                                       .object = body.object,
                                                       .name = body.name,
                                                       .properties = body.keys},
                                                      rest));
  if (!rest.empty()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "NOT_A_KEY",
                     absl::StrCat("'", rest.begin()->first,
                                  "' is no key property of ", body.type,
                                  "; expected only those that tell parallel "
                                  "relationships apart"),
                     {{"name", rest.begin()->first}});
  }
  ASSIGN_OR_RETURN(Draft * draft, drafts_.FindRelationship(key));
  int64_t ended = 0;
  if (draft != nullptr) {
    ASSIGN_OR_RETURN(ended, drafts_.EndAll(*draft));
  }
  result_.claims_retracted += ended;
  if (ended > 0) return absl::OkStatus();
  return MakeError(absl::StatusCode::kNotFound, "RELATIONSHIP_NOT_FOUND",
                   absl::StrCat("nothing is said of ", key.ToString()),
                   {{"relationship", key.ToString()}});
}

void Asserter::NoteProblem(const std::optional<std::string>& problem,
                           const Statement& statement) {
  if (!problem.has_value() || !noted_names_.insert(*problem).second) return;
  claims_.Notify(NoticeKind::kIdentifierInvalid, statement, *problem);
}

void Asserter::NoteUnknown(absl::string_view what, absl::string_view name,
                           bool declared, const Statement& statement) {
  if (declared) return;
  if (!noted_names_.insert(absl::StrCat(what, " ", name)).second) return;
  claims_.Notify(NoticeKind::kUnknownName, statement,
                 absl::StrCat(what, " '", name,
                              "' is not declared; it is taken as a state "
                              "without keys"));
}

}  // namespace guanxi::store
