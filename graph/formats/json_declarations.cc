#include "graph/formats/json_declarations.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "graph/base/status_macros.h"
#include "graph/text/parser.h"

namespace guanxi::formats {
namespace {

constexpr int kBaseTypes = static_cast<int>(BaseType::kEnum) + 1;

absl::Status NoType(const std::string& text, const Place& place) {
  std::string names;
  for (int i = 0; i < kBaseTypes; ++i) {
    absl::StrAppend(&names, names.empty() ? "one of: " : ", ",
                    ToString(static_cast<BaseType>(i)));
  }
  return place.Fail(Describe(Json(text)),
                    absl::StrCat(names, "(…), perhaps with []"));
}

// As Type::ToString() prints it.
absl::StatusOr<Type> ParseType(const std::string& text, const Place& place) {
  Type type;
  absl::string_view rest = text;
  type.list = absl::ConsumeSuffix(&rest, "[]");
  if (absl::ConsumePrefix(&rest, "enum(") && absl::ConsumeSuffix(&rest, ")")) {
    type.base = BaseType::kEnum;
    for (absl::string_view choice : absl::StrSplit(rest, ',')) {
      choice = absl::StripAsciiWhitespace(choice);
      if (!text::IsName(choice)) return NoType(text, place);
      type.choices.emplace_back(choice);
    }
    return type;
  }
  for (int i = 0; i < kBaseTypes - 1; ++i) {
    type.base = static_cast<BaseType>(i);
    if (rest == ToString(type.base)) return type;
  }
  return NoType(text, place);
}

absl::StatusOr<Type> TakeType(Fields& fields) {
  ASSIGN_OR_RETURN(const std::string text, fields.TakeString("type"));
  return ParseType(text, fields.place().Below("type"));
}

// A list of {"name": …, "type": …}: the order of fields is part of them.
absl::StatusOr<std::vector<Field>> TakeFields(Fields& fields) {
  std::vector<Field> found;
  const Json* json = fields.Take("fields");
  if (json == nullptr) return found;
  const Place place = fields.place().Below("fields");
  if (!json->is_array()) return place.Fail(Describe(*json), "a list");
  for (const Json& one : *json) {
    ASSIGN_OR_RETURN(Fields parts, Fields::Of(one, place));
    Field field;
    ASSIGN_OR_RETURN(field.name, parts.TakeName("name"));
    ASSIGN_OR_RETURN(field.type, TakeType(parts));
    RETURN_IF_ERROR(parts.Finish());
    found.push_back(std::move(field));
  }
  return found;
}

absl::StatusOr<TimeKind> TakeTime(Fields& fields) {
  ASSIGN_OR_RETURN(const std::optional<std::string> text,
                   fields.TakeIfString("time"));
  if (!text.has_value()) return TimeKind::kState;
  for (const TimeKind kind :
       {TimeKind::kState, TimeKind::kEvent, TimeKind::kPeriod}) {
    if (ToString(kind) == *text) return kind;
  }
  return fields.place().Below("time").Fail(Describe(Json(*text)),
                                           "state, event or period");
}

// What property and relationship declarations have in common.
template <typename Declared>
absl::Status TakeRest(Fields& fields, Declared* declared) {
  ASSIGN_OR_RETURN(declared->kind, TakeTime(fields));
  ASSIGN_OR_RETURN(declared->keys, fields.TakeNames("key"));
  ASSIGN_OR_RETURN(const std::optional<std::string> stale_after,
                   fields.TakeIfString("stale_after"));
  if (stale_after.has_value()) {
    const absl::StatusOr<Duration> duration = Duration::Parse(*stale_after);
    if (!duration.ok()) {
      return fields.place()
          .Below("stale_after")
          .Fail(Describe(Json(*stale_after)), "a duration such as P3M");
    }
    declared->stale_after = *duration;
  }
  ASSIGN_OR_RETURN(const std::optional<std::string> comment,
                   fields.TakeIfString("comment"));
  declared->comment = comment.value_or("");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Declaration> TakeLabelDeclaration(Fields& fields) {
  LabelDeclaration label;
  ASSIGN_OR_RETURN(label.name, fields.TakeName("name"));
  ASSIGN_OR_RETURN(label.parents, fields.TakeNames("parents"));
  ASSIGN_OR_RETURN(const std::optional<std::string> comment,
                   fields.TakeIfString("comment"));
  label.comment = comment.value_or("");
  return label;
}

absl::StatusOr<Declaration> TakePropertyDeclaration(Fields& fields) {
  PropertyDeclaration property;
  ASSIGN_OR_RETURN(property.name, fields.TakeName("name"));
  ASSIGN_OR_RETURN(property.type, TakeType(fields));
  ASSIGN_OR_RETURN(property.qualifiers, TakeFields(fields));
  RETURN_IF_ERROR(TakeRest(fields, &property));
  ASSIGN_OR_RETURN(property.index, fields.TakeBool("index"));
  ASSIGN_OR_RETURN(property.unique, fields.TakeBool("unique"));
  return property;
}

absl::StatusOr<Declaration> TakeRelationshipDeclaration(Fields& fields) {
  RelationshipDeclaration type;
  ASSIGN_OR_RETURN(type.name, fields.TakeName("name"));
  ASSIGN_OR_RETURN(type.from, fields.TakeName("from"));
  ASSIGN_OR_RETURN(type.to, fields.TakeName("to"));
  ASSIGN_OR_RETURN(type.properties, TakeFields(fields));
  RETURN_IF_ERROR(TakeRest(fields, &type));
  ASSIGN_OR_RETURN(type.symmetric, fields.TakeBool("symmetric"));
  return type;
}

}  // namespace guanxi::formats
