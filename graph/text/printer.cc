#include "graph/text/printer.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "graph/text/declaration_printer.h"
#include "graph/text/value_printer.h"

namespace guanxi::text {
namespace {

void Append(absl::string_view word, absl::string_view argument,
            std::string* out) {
  absl::StrAppend(out, " ", word, " ", argument);
}

// A string after a word; an empty one says nothing.
void AppendString(absl::string_view word,
                  const std::optional<std::string>& text, std::string* out) {
  if (text.has_value() && !text->empty()) Append(word, QuoteString(*text), out);
}

std::string PrintCitation(const Citation& citation) {
  Citation lines = citation;
  lines.source.clear();
  return absl::StrCat(PrintId(citation.source), lines.ToString());
}

std::string PrintFrom(const std::vector<Citation>& from) {
  return absl::StrJoin(from, ", ",
                       [](std::string* out, const Citation& citation) {
                         absl::StrAppend(out, PrintCitation(citation));
                       });
}

// `qualifiers` are those of the tail as they print, or empty.
std::string PrintTail(const Tail& tail, absl::string_view qualifiers) {
  std::string text;
  if (tail.valid.when.has_value()) {
    absl::StrAppend(&text, " ", tail.valid.ToString());
  }
  if (!qualifiers.empty()) absl::StrAppend(&text, " ", qualifiers);
  const Mode mode = tail.mode.value_or(Mode::kAsserted);
  if (mode != Mode::kAsserted) Append("mode", ToString(mode), &text);
  const Rank rank = tail.rank.value_or(Rank::kNormal);
  if (rank != Rank::kNormal) Append("rank", ToString(rank), &text);
  if (tail.confidence.has_value()) {
    Append("conf", tail.confidence->ToString(), &text);
  }
  AppendString("by", tail.by, &text);
  if (!tail.from.empty()) Append("from", PrintFrom(tail.from), &text);
  AppendString("note", tail.note, &text);
  if (tail.id.has_value()) Append("id", PrintId(*tail.id), &text);
  if (tail.supersedes.has_value()) {
    Append("supersedes", PrintId(*tail.supersedes), &text);
  }
  if (text.empty() && !tail.empty()) return " mode asserted";
  return text;
}

// The same of `end` and `retract`, whose tails make no claim.
std::string PrintRemovalTail(const Tail& tail) {
  std::string text;
  if (!tail.from.empty()) Append("from", PrintFrom(tail.from), &text);
  AppendString("by", tail.by, &text);
  AppendString("note", tail.note, &text);
  return text;
}

std::string InParentheses(absl::string_view key) {
  return absl::StrCat("(", PrintId(key), ")");
}

std::string PrintBody(const SourceStatement& source, const Schema&) {
  return absl::StrCat("source ", PrintId(source.id), " ",
                      PrintMap(source.description, {}));
}

std::string PrintBody(const EntityStatement& entity, const Schema& schema) {
  std::string text = absl::StrCat("(", PrintId(entity.key));
  for (const std::string& label : entity.labels) {
    absl::StrAppend(&text, " :", label);
  }
  if (!entity.properties.empty()) {
    absl::StrAppend(&text, " ", PrintProperties(entity.properties, schema));
  }
  return absl::StrCat(text, ")", PrintTail(entity.tail, ""));
}

std::string PrintBody(const PropertyStatement& property, const Schema& schema) {
  const PropertyDeclaration* declared = schema.FindProperty(property.property);
  const Map& qualifiers = property.tail.qualifiers;
  const std::string printed =
      qualifiers.empty()
          ? ""
          : PrintMap(qualifiers,
                     declared ? declared->qualifiers : std::vector<Field>());
  return absl::StrCat(
      InParentheses(property.key), ".", property.property, " = ",
      PrintValue(property.value, declared ? &declared->type : nullptr),
      PrintTail(property.tail, printed));
}

std::string PrintBody(const RelationshipStatement& relationship,
                      const Schema& schema) {
  std::string text = absl::StrCat(InParentheses(relationship.subject), "-[",
                                  relationship.name, ":", relationship.type);
  if (!relationship.properties.empty()) {
    const RelationshipDeclaration* declared =
        schema.FindRelationship(relationship.type);
    absl::StrAppend(
        &text, " ",
        PrintMap(relationship.properties,
                 declared ? declared->properties : std::vector<Field>()));
  }
  return absl::StrCat(text, "]->", InParentheses(relationship.object),
                      PrintTail(relationship.tail, ""));
}

std::string PrintBody(const JudgementStatement& judgement, const Schema&) {
  return absl::StrCat(
      ToString(judgement.judgement), " ", InParentheses(judgement.first), " ",
      InParentheses(judgement.second), PrintTail(judgement.tail, ""));
}

std::string PrintBody(const EndStatement& end, const Schema&) {
  return absl::StrCat("end ", PrintId(end.claim), " at ", end.at.ToString(),
                      PrintRemovalTail(end.tail));
}

std::string PrintBody(const RetractStatement& retract, const Schema&) {
  return absl::StrCat("retract ", PrintId(retract.claim),
                      PrintRemovalTail(retract.tail));
}

std::string PrintBody(const Declaration& declaration, const Schema&) {
  return PrintDeclaration(declaration);
}

std::string PrintBody(const DeleteEntityStatement&, const Schema&) {
  return "";
}

std::string PrintBody(const DeleteRelationshipStatement&, const Schema&) {
  return "";
}

std::string PrintBody(const PurgeClaimStatement&, const Schema&) { return ""; }

std::string PrintBody(const PurgeEntityStatement&, const Schema&) { return ""; }

// Where a statement stands: its section, then its keys.
using Place = std::pair<int, std::array<absl::string_view, 3>>;

Place PlaceOf(const Declaration& declaration) {
  return {
      static_cast<int>(declaration.index()),
      {std::visit([](const auto& held) { return absl::string_view(held.name); },
                  declaration)}};
}
Place PlaceOf(const SourceStatement& source) { return {3, {source.id}}; }
Place PlaceOf(const EntityStatement& entity) { return {4, {entity.key}}; }
Place PlaceOf(const PropertyStatement& property) {
  return {5, {property.key, property.property}};
}
Place PlaceOf(const RelationshipStatement& relationship) {
  return {6, {relationship.subject, relationship.type, relationship.object}};
}
Place PlaceOf(const JudgementStatement& judgement) {
  return {7,
          {judgement.first, ToString(judgement.judgement), judgement.second}};
}
// In the order in which they were said.
template <typename Removal>
Place PlaceOf(const Removal&) {
  return {8, {}};
}

Place PlaceOf(const Statement& statement) {
  return std::visit([](const auto& body) { return PlaceOf(body); },
                    statement.body);
}

}  // namespace

std::string Print(const Statement::Body& body, const Schema& schema) {
  const std::string line = std::visit(
      [&](const auto& held) { return PrintBody(held, schema); }, body);
  return line.empty() ? line : absl::StrCat(line, "\n");
}

void SortCanonically(std::vector<Statement>* statements) {
  std::stable_sort(statements->begin(), statements->end(),
                   [](const Statement& a, const Statement& b) {
                     return PlaceOf(a) < PlaceOf(b);
                   });
}

std::string PrintText(std::vector<Statement> statements, Schema schema) {
  SortCanonically(&statements);
  std::string text(kHeader);
  for (const Statement& statement : statements) {
    if (const auto* held = std::get_if<Declaration>(&statement.body)) {
      // One that the schema refuses types nothing.
      schema.Declare(*held).IgnoreError();
    }
    absl::StrAppend(&text, Print(statement.body, schema));
  }
  return text;
}

}  // namespace guanxi::text
