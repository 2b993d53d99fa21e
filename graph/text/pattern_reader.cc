#include "graph/text/pattern_reader.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/text/literals.h"
#include "graph/text/tail_reader.h"

namespace guanxi::text {
namespace {

// How many facts a value states: each element of a list is one.
size_t CountFacts(const Value& value) {
  const List* list = value.get_if<List>();
  return list == nullptr ? 1 : list->size();
}

size_t CountFacts(const EntityStatement& entity) {
  size_t count = entity.labels.size();
  for (const auto& [name, value] : entity.properties)
    count += CountFacts(value);
  return count;
}

bool ClaimsExistence(const Tail& tail) {
  return ModeClass(tail.mode.value_or(Mode::kAsserted)) == Mode::kAsserted;
}

absl::StatusOr<std::string> ReadKey(Lexer& lexer) {
  return ReadId(lexer, "an entity key");
}

absl::StatusOr<std::string> ReadKeyInParentheses(Lexer& lexer) {
  RETURN_IF_ERROR(lexer.Expect("("));
  ASSIGN_OR_RETURN(std::string key, ReadKey(lexer));
  RETURN_IF_ERROR(lexer.Expect(")"));
  return key;
}

// { ":" name }
absl::Status ReadLabels(Lexer& lexer, EntityStatement* entity) {
  while (lexer.Accept(":")) {
    const size_t offset = lexer.offset();
    ASSIGN_OR_RETURN(std::string label, ReadName(lexer, "a label"));
    if (std::ranges::find(entity->labels, label) != entity->labels.end()) {
      return lexer.Fail(offset,
                        absl::StrCat("found '", label, "' a second time"),
                        "each label once");
    }
    entity->labels.push_back(std::move(label));
  }
  return absl::OkStatus();
}

// { ":" name } [ map ] ")"
absl::Status ReadLabelsAndProperties(Lexer& lexer, EntityStatement* entity) {
  RETURN_IF_ERROR(ReadLabels(lexer, entity));
  if (lexer.Peek() == '{') {
    ASSIGN_OR_RETURN(entity->properties, ReadMap(lexer));
    return lexer.Expect(")");
  }
  if (lexer.Accept(")")) return absl::OkStatus();
  return lexer.Unexpected({"':' and a label", "properties in {…}", "')'"});
}

absl::StatusOr<Statement::Body> ReadEntityTail(Lexer& lexer,
                                               const Tail& defaults,
                                               EntityStatement entity) {
  const size_t facts = CountFacts(entity);
  ASSIGN_OR_RETURN(entity.tail,
                   ReadClaimTail(lexer, TailKind::kClaim, facts, defaults));
  if (facts > 0 || ClaimsExistence(entity.tail)) return entity;
  return lexer.Fail(
      lexer.statement_offset(),
      absl::StrCat("found an entity in mode ", ToString(*entity.tail.mode),
                   " that states nothing"),
      "a label or a property, or mode asserted or reported");
}

// Behind "-[".
absl::StatusOr<Statement::Body> ReadRelationship(Lexer& lexer,
                                                 const Tail& defaults,
                                                 std::string subject) {
  RelationshipStatement relationship;
  relationship.subject = std::move(subject);
  if (lexer.Peek() != ':') {
    ASSIGN_OR_RETURN(relationship.name,
                     ReadName(lexer, "':' and a relationship type"));
  }
  RETURN_IF_ERROR(lexer.Expect(":"));
  ASSIGN_OR_RETURN(relationship.type, ReadName(lexer, "a relationship type"));
  if (lexer.Peek() == '{') {
    ASSIGN_OR_RETURN(relationship.properties, ReadMap(lexer));
    RETURN_IF_ERROR(lexer.Expect("]->"));
  } else if (!lexer.Accept("]->")) {
    return lexer.Unexpected({"properties in {…}", "']->'"});
  }
  ASSIGN_OR_RETURN(relationship.object, ReadKeyInParentheses(lexer));
  ASSIGN_OR_RETURN(relationship.tail,
                   ReadClaimTail(lexer, TailKind::kClaim, 1, defaults));
  return relationship;
}

// Behind ".".
absl::StatusOr<Statement::Body> ReadProperty(Lexer& lexer, const Tail& defaults,
                                             std::string key) {
  PropertyStatement property;
  property.key = std::move(key);
  ASSIGN_OR_RETURN(property.property, ReadName(lexer, "a property name"));
  RETURN_IF_ERROR(lexer.Expect("="));
  const size_t offset = lexer.offset();
  ASSIGN_OR_RETURN(property.value, ReadValue(lexer));
  const size_t facts = CountFacts(property.value);
  if (facts == 0) {
    return lexer.Fail(offset, "found an empty list, which states nothing",
                      "at least one element");
  }
  ASSIGN_OR_RETURN(property.tail,
                   ReadClaimTail(lexer, TailKind::kProperty, facts, defaults));
  return property;
}

}  // namespace

absl::StatusOr<Statement::Body> ReadPattern(Lexer& lexer,
                                            const Tail& defaults) {
  static constexpr std::array<absl::string_view, 2> kAfterKey = {"'-['", "'.'"};
  EntityStatement entity;
  RETURN_IF_ERROR(lexer.Expect("("));
  ASSIGN_OR_RETURN(entity.key, ReadKey(lexer));
  const bool only_key = lexer.Peek() == ')';
  RETURN_IF_ERROR(ReadLabelsAndProperties(lexer, &entity));
  const size_t offset = lexer.offset();
  const bool is_relationship = lexer.Accept("-[");
  const bool is_property = !is_relationship && lexer.Accept(".");
  if ((is_relationship || is_property) && !only_key) {
    return lexer.Fail(offset, "found labels or properties before this",
                      "only a key in the parentheses: say the rest in a "
                      "statement of its own");
  }
  if (is_relationship) {
    return ReadRelationship(lexer, defaults, std::move(entity.key));
  }
  if (is_property) return ReadProperty(lexer, defaults, std::move(entity.key));
  if (only_key) lexer.Suggest(kAfterKey);
  return ReadEntityTail(lexer, defaults, std::move(entity));
}

absl::StatusOr<Statement::Body> ReadJudgement(Lexer& lexer, Judgement judgement,
                                              const Tail& defaults) {
  JudgementStatement statement;
  statement.judgement = judgement;
  ASSIGN_OR_RETURN(statement.first, ReadKeyInParentheses(lexer));
  ASSIGN_OR_RETURN(statement.second, ReadKeyInParentheses(lexer));
  ASSIGN_OR_RETURN(statement.tail,
                   ReadClaimTail(lexer, TailKind::kClaim, 1, defaults));
  return statement;
}

}  // namespace guanxi::text
