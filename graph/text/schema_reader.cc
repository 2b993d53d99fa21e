#include "graph/text/schema_reader.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/text/literals.h"
#include "graph/text/option_words.h"

namespace guanxi::text {
namespace {

constexpr absl::string_view kAComment = "a comment in double quotes";

enum SchemaSlot : size_t {
  kKind,
  kSymmetric,
  kIndex,
  kUnique,
  kKey,
  kStaleAfter,
};

constexpr std::array<OptionWord, 8> kModifierWords = {{
    {"state", kKind},
    {"event", kKind},
    {"period", kKind},
    {"symmetric", kSymmetric},
    {"index", kIndex},
    {"unique", kUnique},
    {"key", kKey},
    {"stale_after", kStaleAfter},
}};

constexpr uint32_t kAllSlots = (uint32_t{1} << (kStaleAfter + 1)) - 1;
constexpr uint32_t kPropertySlots = kAllSlots & ~(uint32_t{1} << kSymmetric);
constexpr uint32_t kRelationshipSlots =
    kAllSlots & ~(uint32_t{1} << kIndex | uint32_t{1} << kUnique);

struct Modifiers {
  TimeKind kind = TimeKind::kState;
  std::vector<std::string> keys;
  bool symmetric = false;
  bool index = false;
  bool unique = false;
  std::optional<Duration> stale_after;
  std::string comment;
};

absl::Status CheckNew(const Lexer& lexer, size_t offset, bool is_new,
                      absl::string_view name) {
  if (is_new) return absl::OkStatus();
  return lexer.Fail(offset, absl::StrCat("found '", name, "' a second time"),
                    "each name once");
}

// name { "," name }
absl::StatusOr<std::vector<std::string>> ReadNames(Lexer& lexer,
                                                   absl::string_view what) {
  std::vector<std::string> names;
  do {
    const size_t offset = lexer.offset();
    ASSIGN_OR_RETURN(std::string name, ReadName(lexer, what));
    const bool is_new = std::ranges::find(names, name) == names.end();
    RETURN_IF_ERROR(CheckNew(lexer, offset, is_new, name));
    names.push_back(std::move(name));
  } while (lexer.Accept(","));
  return names;
}

// "(" name { "," name } ")"
absl::StatusOr<std::vector<std::string>> ReadNamesInParentheses(
    Lexer& lexer, absl::string_view what) {
  RETURN_IF_ERROR(lexer.Expect("("));
  ASSIGN_OR_RETURN(std::vector<std::string> names, ReadNames(lexer, what));
  if (!lexer.Accept(")")) return lexer.Unexpected({"','", "')'"});
  return names;
}

constexpr int kBaseTypes = static_cast<int>(BaseType::kEnum) + 1;

absl::StatusOr<BaseType> ReadBaseType(Lexer& lexer) {
  std::vector<absl::string_view> names;
  for (int i = 0; i < kBaseTypes; ++i) {
    const auto type = static_cast<BaseType>(i);
    const bool here = type == BaseType::kText
                          ? lexer.Accept(ToString(type))
                          : lexer.AcceptWord(ToString(type));
    if (here) return type;
    names.push_back(ToString(type));
  }
  return lexer.Unexpected(names);
}

absl::StatusOr<Type> ReadType(Lexer& lexer) {
  Type type;
  ASSIGN_OR_RETURN(type.base, ReadBaseType(lexer));
  if (type.base == BaseType::kEnum) {
    ASSIGN_OR_RETURN(type.choices, ReadNamesInParentheses(lexer, "a choice"));
  }
  type.list = lexer.Accept("[]");
  return type;
}

// field { "," field } "}"
absl::StatusOr<std::vector<Field>> ReadFields(Lexer& lexer) {
  std::vector<Field> fields;
  do {
    const size_t offset = lexer.offset();
    Field field;
    ASSIGN_OR_RETURN(field.name, ReadName(lexer, "a name"));
    const bool is_new =
        std::ranges::find(fields, field.name, &Field::name) == fields.end();
    RETURN_IF_ERROR(CheckNew(lexer, offset, is_new, field.name));
    RETURN_IF_ERROR(lexer.Expect(":"));
    ASSIGN_OR_RETURN(field.type, ReadType(lexer));
    fields.push_back(std::move(field));
  } while (lexer.Accept(","));
  if (!lexer.Accept("}")) return lexer.Unexpected({"','", "'}'"});
  return fields;
}

TimeKind ToTimeKind(absl::string_view word) {
  if (word == "event") return TimeKind::kEvent;
  return word == "period" ? TimeKind::kPeriod : TimeKind::kState;
}

absl::Status ReadModifier(Lexer& lexer, const OptionWord& word,
                          Modifiers* modifiers) {
  switch (static_cast<SchemaSlot>(word.slot)) {
    case kKind:
      modifiers->kind = ToTimeKind(word.word);
      return absl::OkStatus();
    case kSymmetric:
      modifiers->symmetric = true;
      return absl::OkStatus();
    case kIndex:
      modifiers->index = true;
      return absl::OkStatus();
    case kUnique:
      modifiers->unique = true;
      return absl::OkStatus();
    case kKey: {
      ASSIGN_OR_RETURN(modifiers->keys,
                       ReadNamesInParentheses(lexer, "a name"));
      return absl::OkStatus();
    }
    case kStaleAfter: {
      ASSIGN_OR_RETURN(modifiers->stale_after, ReadDuration(lexer));
      return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadComment(Lexer& lexer) {
  if (lexer.Peek() != '"') return "";
  return ReadString(lexer, kAComment);
}

// { modifier } [ string ], to the end of the statement
absl::StatusOr<Modifiers> ReadModifiers(Lexer& lexer, uint32_t allowed) {
  Modifiers modifiers;
  OptionWords words(kModifierWords, allowed);
  for (;;) {
    ASSIGN_OR_RETURN(const OptionWord* word, words.Next(lexer));
    if (word == nullptr) break;
    RETURN_IF_ERROR(ReadModifier(lexer, *word, &modifiers));
  }
  if (lexer.Peek() != '"') {
    RETURN_IF_ERROR(words.CheckEnd(lexer, {kAComment}));
  }
  ASSIGN_OR_RETURN(modifiers.comment, ReadComment(lexer));
  return modifiers;
}

constexpr std::array<absl::string_view, 1> kListMark = {"'[]'"};
constexpr std::array<absl::string_view, 1> kFields = {"fields in {…}"};

}  // namespace

absl::StatusOr<Declaration> ReadLabelDeclaration(Lexer& lexer) {
  LabelDeclaration label;
  ASSIGN_OR_RETURN(label.name, ReadName(lexer, "a label"));
  const bool has_parents = lexer.Accept("<");
  if (has_parents) {
    ASSIGN_OR_RETURN(label.parents, ReadNames(lexer, "a label"));
  }
  if (lexer.Peek() != '"' && !lexer.AtEnd()) {
    return lexer.Unexpected(
        {has_parents ? "','" : "'<'", kAComment, "the end of the statement"});
  }
  ASSIGN_OR_RETURN(label.comment, ReadComment(lexer));
  return label;
}

absl::StatusOr<Declaration> ReadPropertyDeclaration(Lexer& lexer) {
  PropertyDeclaration property;
  ASSIGN_OR_RETURN(property.name, ReadName(lexer, "a property name"));
  RETURN_IF_ERROR(lexer.Expect(":"));
  ASSIGN_OR_RETURN(property.type, ReadType(lexer));
  if (lexer.Accept("{")) {
    ASSIGN_OR_RETURN(property.qualifiers, ReadFields(lexer));
  } else {
    lexer.Suggest(property.type.list ? kFields : kListMark);
  }
  ASSIGN_OR_RETURN(Modifiers modifiers, ReadModifiers(lexer, kPropertySlots));
  property.kind = modifiers.kind;
  property.keys = std::move(modifiers.keys);
  property.index = modifiers.index;
  property.unique = modifiers.unique;
  property.stale_after = modifiers.stale_after;
  property.comment = std::move(modifiers.comment);
  return property;
}

absl::StatusOr<Declaration> ReadRelationshipDeclaration(Lexer& lexer) {
  RelationshipDeclaration rel;
  ASSIGN_OR_RETURN(rel.name, ReadName(lexer, "a relationship type"));
  RETURN_IF_ERROR(lexer.Expect(":"));
  ASSIGN_OR_RETURN(rel.from, ReadName(lexer, "a label"));
  RETURN_IF_ERROR(lexer.Expect("->"));
  ASSIGN_OR_RETURN(rel.to, ReadName(lexer, "a label"));
  if (!lexer.Accept("{")) {
    lexer.Suggest(kFields);
  } else if (!lexer.Accept("}")) {
    ASSIGN_OR_RETURN(rel.properties, ReadFields(lexer));
  }
  ASSIGN_OR_RETURN(Modifiers modifiers,
                   ReadModifiers(lexer, kRelationshipSlots));
  rel.kind = modifiers.kind;
  rel.keys = std::move(modifiers.keys);
  rel.symmetric = modifiers.symmetric;
  rel.stale_after = modifiers.stale_after;
  rel.comment = std::move(modifiers.comment);
  return rel;
}

}  // namespace guanxi::text
