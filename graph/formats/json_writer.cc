#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"

#include "graph/formats/json_fields.h"
#include "graph/formats/json_lines.h"
#include "graph/formats/json_types.h"
#include "graph/formats/json_value.h"

namespace guanxi::formats {
namespace {

void PutString(const char* name, absl::string_view text, OrderedJson* json) {
  (*json)[name] = std::string(text);
}

void PutIfGiven(const char* name, absl::string_view text, OrderedJson* json) {
  if (!text.empty()) PutString(name, text, json);
}

void PutIfTrue(const char* name, bool held, OrderedJson* json) {
  if (held) (*json)[name] = true;
}

template <typename List>
void PutIfAny(const char* name, const List& list, OrderedJson* json) {
  if (!list.empty()) (*json)[name] = list;
}

// Leaves an empty map out.
void PutMap(const char* name, const Map& map,
            absl::FunctionRef<const Type*(const std::string&)> type_of,
            OrderedJson* json) {
  for (const auto& [key, value] : map) {
    (*json)[name][key] = ToJson(value, type_of(key));
  }
}

OrderedJson CitationJson(const Citation& citation) {
  OrderedJson json;
  PutString("source", citation.source, &json);
  if (citation.first_line > 0) json["line"] = citation.first_line;
  if (citation.last_line > citation.first_line) {
    json["last_line"] = citation.last_line;
  }
  return json;
}

void PutCitations(const Tail& tail, OrderedJson* json) {
  for (const Citation& citation : tail.from) {
    (*json)["from"].push_back(CitationJson(citation));
  }
}

// All but the qualifiers, which are typed by the property.
void PutTail(const Tail& tail, OrderedJson* json) {
  if (tail.valid.when.has_value()) {
    const bool at = tail.valid.kind == ValidTime::Kind::kAt;
    PutString(at ? "at" : "during", tail.valid.when->ToString(), json);
  }
  const Mode mode = tail.mode.value_or(Mode::kAsserted);
  if (mode != Mode::kAsserted) PutString("mode", ToString(mode), json);
  const Rank rank = tail.rank.value_or(Rank::kNormal);
  if (rank != Rank::kNormal) PutString("rank", ToString(rank), json);
  if (tail.confidence.has_value()) {
    PutString("conf", tail.confidence->ToString(), json);
  }
  PutIfGiven("by", tail.by.value_or(""), json);
  PutCitations(tail, json);
  PutIfGiven("note", tail.note.value_or(""), json);
  PutIfGiven("id", tail.id.value_or(""), json);
  PutIfGiven("supersedes", tail.supersedes.value_or(""), json);
}

// A tail that says nothing would make an implicit claim.
void PutClaimTail(const Tail& tail, OrderedJson* json) {
  const size_t before = json->size();
  PutTail(tail, json);
  const bool says_nothing = json->size() == before && tail.qualifiers.empty();
  if (says_nothing && !tail.empty()) PutString("mode", "asserted", json);
}

void Put(const SourceStatement& source, const Schema&, OrderedJson* json) {
  PutString("kind", "source", json);
  PutString("id", source.id, json);
  PutMap(
      "description", source.description,
      [](const std::string&) { return nullptr; }, json);
}

void Put(const EntityStatement& entity, const Schema& schema,
         OrderedJson* json) {
  PutString("kind", "entity", json);
  PutString("key", entity.key, json);
  PutIfAny("labels", entity.labels, json);
  PutMap(
      "properties", entity.properties,
      [&](const std::string& name) { return PropertyType(schema, name); },
      json);
  PutClaimTail(entity.tail, json);
}

void Put(const PropertyStatement& property, const Schema& schema,
         OrderedJson* json) {
  PutString("kind", "property", json);
  PutString("key", property.key, json);
  PutString("property", property.property, json);
  (*json)["value"] =
      ToJson(property.value, PropertyType(schema, property.property));
  PutMap(
      "qualifiers", property.tail.qualifiers,
      [&](const std::string& name) {
        return QualifierType(schema, property.property, name);
      },
      json);
  PutClaimTail(property.tail, json);
}

void Put(const RelationshipStatement& relationship, const Schema& schema,
         OrderedJson* json) {
  PutString("kind", "relationship", json);
  PutString("subject", relationship.subject, json);
  PutString("type", relationship.type, json);
  PutString("object", relationship.object, json);
  PutIfGiven("name", relationship.name, json);
  PutMap(
      "properties", relationship.properties,
      [&](const std::string& name) {
        return RelationshipFieldType(schema, relationship.type, name);
      },
      json);
  PutClaimTail(relationship.tail, json);
}

void Put(const JudgementStatement& judgement, const Schema&,
         OrderedJson* json) {
  PutString("kind", "judgement", json);
  PutString("judgement", ToString(judgement.judgement), json);
  PutString("first", judgement.first, json);
  PutString("second", judgement.second, json);
  PutClaimTail(judgement.tail, json);
}

void Put(const EndStatement& end, const Schema&, OrderedJson* json) {
  PutString("kind", "end", json);
  PutString("claim", end.claim, json);
  PutString("at", end.at.ToString(), json);
  PutTail(end.tail, json);
}

void Put(const RetractStatement& retract, const Schema&, OrderedJson* json) {
  PutString("kind", "retract", json);
  PutString("claim", retract.claim, json);
  PutTail(retract.tail, json);
}

OrderedJson FieldsJson(const std::vector<Field>& fields) {
  OrderedJson json = OrderedJson::array();
  for (const Field& field : fields) {
    OrderedJson one;
    PutString("name", field.name, &one);
    PutString("type", field.type.ToString(), &one);
    json.push_back(std::move(one));
  }
  return json;
}

// What property and relationship declarations have in common.
template <typename Declared>
void PutDeclared(const Declared& declared, const std::vector<Field>& fields,
                 OrderedJson* json) {
  if (!fields.empty()) (*json)["fields"] = FieldsJson(fields);
  if (declared.kind != TimeKind::kState) {
    PutString("time", ToString(declared.kind), json);
  }
  PutIfAny("key", declared.keys, json);
  if (declared.stale_after.has_value()) {
    PutString("stale_after", declared.stale_after->ToString(), json);
  }
}

void PutHeld(const LabelDeclaration& label, OrderedJson* json) {
  PutString("kind", "label", json);
  PutString("name", label.name, json);
  PutIfAny("parents", label.parents, json);
}

void PutHeld(const PropertyDeclaration& property, OrderedJson* json) {
  PutString("kind", "prop", json);
  PutString("name", property.name, json);
  PutString("type", property.type.ToString(), json);
  PutDeclared(property, property.qualifiers, json);
  PutIfTrue("index", property.index, json);
  PutIfTrue("unique", property.unique, json);
}

void PutHeld(const RelationshipDeclaration& type, OrderedJson* json) {
  PutString("kind", "rel", json);
  PutString("name", type.name, json);
  PutString("from", type.from, json);
  PutString("to", type.to, json);
  PutDeclared(type, type.properties, json);
  PutIfTrue("symmetric", type.symmetric, json);
}

void Put(const Declaration& declaration, const Schema&, OrderedJson* json) {
  std::visit(
      [&](const auto& held) {
        PutHeld(held, json);
        PutIfGiven("comment", held.comment, json);
      },
      declaration);
}

void Put(const DeleteEntityStatement&, const Schema&, OrderedJson*) {}
void Put(const DeleteRelationshipStatement&, const Schema&, OrderedJson*) {}
void Put(const PurgeClaimStatement&, const Schema&, OrderedJson*) {}
void Put(const PurgeEntityStatement&, const Schema&, OrderedJson*) {}

}  // namespace

std::string PrintJsonLine(const Statement::Body& body, const Schema& schema) {
  OrderedJson json = OrderedJson::object();
  std::visit([&](const auto& held) { Put(held, schema, &json); }, body);
  return json.empty() ? "" : absl::StrCat(json.dump(), "\n");
}

}  // namespace guanxi::formats
