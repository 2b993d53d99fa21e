#include "graph/model/check_statement.h"

#include <algorithm>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"

namespace guanxi {
namespace {

constexpr size_t kMaxWhyBytes = 1000;

absl::Status InvalidStatement(absl::string_view field,
                              absl::string_view problem) {
  return MakeError(absl::StatusCode::kInvalidArgument, "STATEMENT_INVALID",
                   absl::StrCat(field, ": ", problem), {{"field", field}});
}

absl::Status CheckName(absl::string_view field, absl::string_view name) {
  if (!name.empty() && name.size() <= kMaxNameBytes) return absl::OkStatus();
  return InvalidStatement(
      field, absl::StrCat("found ", name.size(), " bytes; expected 1 to ",
                          kMaxNameBytes));
}

// How many lists and maps stand around the innermost value.
int Depth(const Value& value) {
  int deepest = 0;
  if (const List* list = value.get_if<List>()) {
    for (const Value& one : *list) deepest = std::max(deepest, Depth(one));
    return deepest + 1;
  }
  if (const Map* map = value.get_if<Map>()) {
    for (const auto& [name, one] : *map)
      deepest = std::max(deepest, Depth(one));
    return deepest + 1;
  }
  return deepest;
}

// A value can stand inside one more map in the store.
absl::Status CheckValue(absl::string_view field, const Value& value) {
  const auto* time = value.get_if<DateTime>();
  if (time != nullptr && !time->IsValid()) {
    return InvalidStatement(field, "found a time outside the years 1 to 9999");
  }
  if (Depth(value) < Value::kMaxDepth) return absl::OkStatus();
  return InvalidStatement(
      field, absl::StrCat("found lists and maps ", Depth(value),
                          " deep; expected fewer than ", Value::kMaxDepth));
}

absl::Status CheckMap(absl::string_view field, const Map& map) {
  for (const auto& [name, value] : map) {
    RETURN_IF_ERROR(CheckName(field, name));
    if (value.is_null()) {
      return InvalidStatement(
          field, absl::StrCat("'", name,
                              "' is null; expected a value, or the "
                              "name left out"));
    }
    RETURN_IF_ERROR(CheckValue(field, value));
  }
  return absl::OkStatus();
}

absl::Status CheckOnce(absl::string_view field,
                       const std::vector<std::string>& names) {
  std::set<absl::string_view> seen;
  for (const std::string& name : names) {
    if (seen.insert(name).second) continue;
    return InvalidStatement(field, absl::StrCat("found '", name,
                                                "' a second time; expected "
                                                "each name once"));
  }
  return absl::OkStatus();
}

absl::Status CheckCitations(const Tail& tail) {
  for (const Citation& citation : tail.from) {
    RETURN_IF_ERROR(CheckName("from", citation.source));
    if (citation.last_line < citation.first_line) {
      return InvalidStatement("from",
                              absl::StrCat("found lines ", citation.ToString(),
                                           "; expected the first before the "
                                           "last"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckConfidence(const Tail& tail) {
  if (!tail.confidence.has_value()) return absl::OkStatus();
  if (CompareNumbers(*tail.confidence, Decimal(0)) >= 0 &&
      CompareNumbers(*tail.confidence, Decimal(1)) <= 0) {
    return absl::OkStatus();
  }
  return InvalidStatement("conf",
                          absl::StrCat("found ", tail.confidence->ToString(),
                                       "; expected a number from 0 to 1"));
}

// `facts`: how many the statement states.
absl::Status CheckTail(const Tail& tail, size_t facts) {
  RETURN_IF_ERROR(CheckCitations(tail));
  RETURN_IF_ERROR(CheckConfidence(tail));
  if (tail.id.has_value()) RETURN_IF_ERROR(CheckName("id", *tail.id));
  if (tail.supersedes.has_value()) {
    RETURN_IF_ERROR(CheckName("supersedes", *tail.supersedes));
  }
  const bool several = facts != 1 || tail.from.size() > 1;
  if (!several || !(tail.id.has_value() || tail.supersedes.has_value())) {
    return absl::OkStatus();
  }
  return InvalidStatement(
      tail.id.has_value() ? "id" : "supersedes",
      "expected a statement that makes one claim: one source, and "
      "one label, property or value");
}

absl::Status CheckNoQualifiers(const Tail& tail) {
  if (tail.qualifiers.empty()) return absl::OkStatus();
  return InvalidStatement("qualifiers",
                          "expected none: only properties have them");
}

size_t Elements(const Value& value) {
  const List* list = value.get_if<List>();
  return list == nullptr ? 1 : list->size();
}

absl::Status Check(const SourceStatement& source) {
  RETURN_IF_ERROR(CheckName("source", source.id));
  return CheckMap("description", source.description);
}

absl::Status Check(const EntityStatement& entity) {
  RETURN_IF_ERROR(CheckName("key", entity.key));
  size_t facts = entity.labels.size();
  for (const std::string& label : entity.labels) {
    RETURN_IF_ERROR(CheckName("label", label));
  }
  RETURN_IF_ERROR(CheckOnce("labels", entity.labels));
  RETURN_IF_ERROR(CheckMap("properties", entity.properties));
  for (const auto& [name, value] : entity.properties) facts += Elements(value);
  const Mode mode = entity.tail.mode.value_or(Mode::kAsserted);
  if (facts == 0 && ModeClass(mode) != Mode::kAsserted) {
    return InvalidStatement("mode",
                            "found an entity that states nothing; expected a "
                            "label or a property, or mode asserted or "
                            "reported");
  }
  RETURN_IF_ERROR(CheckNoQualifiers(entity.tail));
  return CheckTail(entity.tail, facts);
}

absl::Status Check(const PropertyStatement& property) {
  RETURN_IF_ERROR(CheckName("key", property.key));
  RETURN_IF_ERROR(CheckName("property", property.property));
  if (property.value.is_null()) {
    return InvalidStatement("value", "found null; expected a value");
  }
  if (Elements(property.value) == 0) {
    return InvalidStatement("value",
                            "found an empty list, which states nothing; "
                            "expected at least one element");
  }
  RETURN_IF_ERROR(CheckValue("value", property.value));
  RETURN_IF_ERROR(CheckMap("qualifiers", property.tail.qualifiers));
  return CheckTail(property.tail, Elements(property.value));
}

absl::Status Check(const RelationshipStatement& relationship) {
  RETURN_IF_ERROR(CheckName("subject", relationship.subject));
  RETURN_IF_ERROR(CheckName("type", relationship.type));
  RETURN_IF_ERROR(CheckName("object", relationship.object));
  if (!relationship.name.empty()) {
    RETURN_IF_ERROR(CheckName("name", relationship.name));
  }
  if (relationship.type.front() == '=') {
    return InvalidStatement(
        "type", "found a name that begins with =; expected a letter");
  }
  RETURN_IF_ERROR(CheckMap("properties", relationship.properties));
  RETURN_IF_ERROR(CheckNoQualifiers(relationship.tail));
  return CheckTail(relationship.tail, 1);
}

absl::Status Check(const JudgementStatement& judgement) {
  RETURN_IF_ERROR(CheckName("first", judgement.first));
  RETURN_IF_ERROR(CheckName("second", judgement.second));
  RETURN_IF_ERROR(CheckNoQualifiers(judgement.tail));
  return CheckTail(judgement.tail, 1);
}

// Of an end or a retraction: a tail that says why, and nothing else.
absl::Status CheckReason(const Tail& tail) {
  Tail rest = tail;
  rest.from.clear();
  rest.by.reset();
  rest.note.reset();
  if (rest.empty()) return CheckCitations(tail);
  return InvalidStatement("tail", "expected none of it but: from, by, note");
}

absl::Status CheckWhy(absl::string_view why) {
  if (!why.empty() && why.size() <= kMaxWhyBytes) return absl::OkStatus();
  return InvalidStatement(
      "why", absl::StrCat("found ", why.size(), " bytes; expected 1 to ",
                          kMaxWhyBytes, ": a purge leaves nothing else"));
}

absl::Status Check(const EndStatement& end) {
  RETURN_IF_ERROR(CheckName("claim", end.claim));
  return CheckReason(end.tail);
}

absl::Status Check(const RetractStatement& retract) {
  RETURN_IF_ERROR(CheckName("claim", retract.claim));
  return CheckReason(retract.tail);
}

absl::Status Check(const PurgeClaimStatement& purge) {
  RETURN_IF_ERROR(CheckName("claim", purge.claim));
  return CheckWhy(purge.why);
}

absl::Status Check(const PurgeEntityStatement& purge) {
  RETURN_IF_ERROR(CheckName("key", purge.key));
  return CheckWhy(purge.why);
}

absl::Status CheckChoices(const std::vector<Field>& fields) {
  for (const Field& field : fields) {
    RETURN_IF_ERROR(CheckOnce("choices", field.type.choices));
  }
  return absl::OkStatus();
}

// What a declaration says by itself; Schema::Declare() says the rest.
absl::Status CheckDeclared(const LabelDeclaration& label) {
  return CheckOnce("parents", label.parents);
}

absl::Status CheckDeclared(const PropertyDeclaration& property) {
  RETURN_IF_ERROR(CheckOnce("choices", property.type.choices));
  RETURN_IF_ERROR(CheckOnce("keys", property.keys));
  return CheckChoices(property.qualifiers);
}

absl::Status CheckDeclared(const RelationshipDeclaration& relationship) {
  RETURN_IF_ERROR(CheckOnce("keys", relationship.keys));
  return CheckChoices(relationship.properties);
}

absl::Status Check(const Declaration& declaration) {
  return std::visit(
      [](const auto& held) -> absl::Status {
        RETURN_IF_ERROR(CheckName("name", held.name));
        return CheckDeclared(held);
      },
      declaration);
}

absl::Status Check(const DeleteEntityStatement& body) {
  return CheckName("key", body.key);
}

absl::Status Check(const DeleteRelationshipStatement& body) {
  RETURN_IF_ERROR(CheckName("subject", body.subject));
  RETURN_IF_ERROR(CheckName("type", body.type));
  RETURN_IF_ERROR(CheckName("object", body.object));
  return CheckMap("keys", body.keys);
}

}  // namespace

absl::Status CheckStatement(const Statement& statement) {
  return std::visit([](const auto& body) { return Check(body); },
                    statement.body);
}

}  // namespace guanxi
