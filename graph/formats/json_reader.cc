#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "absl/functional/function_ref.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

#include "graph/base/status_macros.h"
#include "graph/formats/json_declarations.h"
#include "graph/formats/json_fields.h"
#include "graph/formats/json_line.h"
#include "graph/formats/json_lines.h"
#include "graph/formats/json_types.h"
#include "graph/formats/json_value.h"
#include "graph/text/parser.h"

namespace guanxi::formats {
namespace {

constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";

using TypeOf = absl::FunctionRef<const Type*(const std::string&)>;

// Optional.
absl::StatusOr<Map> TakeMap(Fields& fields, absl::string_view name,
                            TypeOf type_of) {
  Map map;
  const Json* json = fields.Take(name);
  if (json == nullptr) return map;
  const Place place = fields.place().Below(name);
  if (!json->is_object()) return place.Fail(Describe(*json), "an object");
  for (const auto& [key, held] : json->items()) {
    const Place below = place.Below(key);
    if (!text::IsName(key)) return below.Fail("found this name", "a word");
    ASSIGN_OR_RETURN(Value value, FromJson(held, type_of(key), below));
    map.emplace(key, std::move(value));
  }
  return map;
}

// A string that `parse` takes; optional.
template <typename Parsed>
absl::StatusOr<std::optional<Parsed>> TakeParsed(
    Fields& fields, absl::string_view name, absl::string_view expected,
    absl::StatusOr<Parsed> (*parse)(absl::string_view)) {
  ASSIGN_OR_RETURN(const std::optional<std::string> text,
                   fields.TakeIfString(name));
  if (!text.has_value()) return std::nullopt;
  absl::StatusOr<Parsed> parsed = parse(*text);
  if (parsed.ok()) return *std::move(parsed);
  return fields.place().Below(name).Fail(Describe(Json(*text)), expected);
}

template <typename Enum>
absl::StatusOr<std::optional<Enum>> TakeWord(
    Fields& fields, absl::string_view name, absl::string_view expected,
    std::optional<Enum> (*parse)(absl::string_view)) {
  ASSIGN_OR_RETURN(const std::optional<std::string> text,
                   fields.TakeIfString(name));
  if (!text.has_value()) return std::nullopt;
  const std::optional<Enum> found = parse(*text);
  if (found.has_value()) return found;
  return fields.place().Below(name).Fail(Describe(Json(*text)), expected);
}

// A line number; 0 if there is none.
absl::StatusOr<uint32_t> TakeLine(Fields& fields, absl::string_view name) {
  const Json* json = fields.Take(name);
  if (json == nullptr) return 0;
  constexpr uint64_t kMost = std::numeric_limits<uint32_t>::max();
  if (json->is_number_unsigned() && json->get<uint64_t>() > 0 &&
      json->get<uint64_t>() <= kMost) {
    return json->get<uint32_t>();
  }
  return fields.place().Below(name).Fail(Describe(*json),
                                         "a line number, counted from 1");
}

absl::StatusOr<Citation> ReadCitation(const Json& json, const Place& place) {
  ASSIGN_OR_RETURN(Fields fields, Fields::Of(json, place));
  Citation citation;
  ASSIGN_OR_RETURN(citation.source, fields.TakeId("source"));
  ASSIGN_OR_RETURN(citation.first_line, TakeLine(fields, "line"));
  ASSIGN_OR_RETURN(citation.last_line, TakeLine(fields, "last_line"));
  if (citation.last_line == 0) citation.last_line = citation.first_line;
  RETURN_IF_ERROR(fields.Finish());
  if (citation.first_line > 0 || citation.last_line == 0) return citation;
  return place.Fail("found a last line without a first", "\"line\" too");
}

absl::Status TakeCitations(Fields& fields, Tail* tail) {
  const Json* json = fields.Take("from");
  if (json == nullptr) return absl::OkStatus();
  const Place place = fields.place().Below("from");
  if (!json->is_array()) {
    return place.Fail(Describe(*json), "a list of citations");
  }
  for (const Json& one : *json) {
    ASSIGN_OR_RETURN(Citation citation, ReadCitation(one, place));
    tail->from.push_back(std::move(citation));
  }
  return absl::OkStatus();
}

constexpr absl::string_view kAWhen =
    "a date or an interval, as in 2025-H1 or 2022/..";

absl::Status TakeValidTime(Fields& fields, Tail* tail) {
  ASSIGN_OR_RETURN(const std::optional<When> at,
                   TakeParsed(fields, "at", kAWhen, &When::Parse));
  ASSIGN_OR_RETURN(const std::optional<When> during,
                   TakeParsed(fields, "during", kAWhen, &When::Parse));
  if (at.has_value() && during.has_value()) {
    return fields.place().Fail("found \"at\" and \"during\"", "one of them");
  }
  if (at.has_value()) tail->valid = ValidTime::At(*at);
  if (during.has_value()) tail->valid = ValidTime::During(*during);
  return absl::OkStatus();
}

absl::Status TakeConfidence(Fields& fields, Tail* tail) {
  constexpr absl::string_view kExpected =
      "a number from 0 to 1 in a string, as in \"0.9\"";
  ASSIGN_OR_RETURN(tail->confidence,
                   TakeParsed(fields, "conf", kExpected, &Decimal::Parse));
  if (!tail->confidence.has_value() ||
      (CompareNumbers(*tail->confidence, Decimal(0)) >= 0 &&
       CompareNumbers(*tail->confidence, Decimal(1)) <= 0)) {
    return absl::OkStatus();
  }
  return fields.place().Below("conf").Fail(
      absl::StrCat("found ", tail->confidence->ToString()), kExpected);
}

// What every tail may hold.
absl::Status TakeRemovalTail(Fields& fields, Tail* tail) {
  RETURN_IF_ERROR(TakeCitations(fields, tail));
  ASSIGN_OR_RETURN(tail->by, fields.TakeIfString("by"));
  ASSIGN_OR_RETURN(tail->note, fields.TakeIfString("note"));
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::string>> TakeIfId(Fields& fields,
                                                    absl::string_view name) {
  if (!fields.Has(name)) return std::nullopt;
  return fields.TakeId(name);
}

absl::StatusOr<Tail> TakeTail(Fields& fields) {
  Tail tail;
  RETURN_IF_ERROR(TakeRemovalTail(fields, &tail));
  RETURN_IF_ERROR(TakeValidTime(fields, &tail));
  RETURN_IF_ERROR(TakeConfidence(fields, &tail));
  ASSIGN_OR_RETURN(
      tail.mode,
      TakeWord(fields, "mode", absl::StrJoin(kModeNames, ", "), &ParseMode));
  ASSIGN_OR_RETURN(
      tail.rank,
      TakeWord(fields, "rank", absl::StrJoin(kRankNames, ", "), &ParseRank));
  ASSIGN_OR_RETURN(tail.id, TakeIfId(fields, "id"));
  ASSIGN_OR_RETURN(tail.supersedes, TakeIfId(fields, "supersedes"));
  return tail;
}

using Body = Statement::Body;

absl::StatusOr<Body> ReadSource(Fields& fields, const Schema&) {
  SourceStatement source;
  ASSIGN_OR_RETURN(source.id, fields.TakeId("id"));
  ASSIGN_OR_RETURN(source.description,
                   TakeMap(fields, "description",
                           [](const std::string&) { return nullptr; }));
  return source;
}

absl::StatusOr<Body> ReadEntity(Fields& fields, const Schema& schema) {
  EntityStatement entity;
  ASSIGN_OR_RETURN(entity.key, fields.TakeId("key"));
  ASSIGN_OR_RETURN(entity.labels, fields.TakeNames("labels"));
  ASSIGN_OR_RETURN(entity.properties,
                   TakeMap(fields, "properties", [&](const std::string& name) {
                     return PropertyType(schema, name);
                   }));
  ASSIGN_OR_RETURN(entity.tail, TakeTail(fields));
  return entity;
}

absl::StatusOr<Body> ReadProperty(Fields& fields, const Schema& schema) {
  PropertyStatement property;
  ASSIGN_OR_RETURN(property.key, fields.TakeId("key"));
  ASSIGN_OR_RETURN(property.property, fields.TakeName("property"));
  const Json* value = fields.Take("value");
  if (value == nullptr) return fields.place().Fail("found no \"value\"", "one");
  ASSIGN_OR_RETURN(property.value,
                   FromJson(*value, PropertyType(schema, property.property),
                            fields.place().Below("value")));
  ASSIGN_OR_RETURN(property.tail, TakeTail(fields));
  ASSIGN_OR_RETURN(property.tail.qualifiers,
                   TakeMap(fields, "qualifiers", [&](const std::string& name) {
                     return QualifierType(schema, property.property, name);
                   }));
  return property;
}

absl::StatusOr<Body> ReadRelationship(Fields& fields, const Schema& schema) {
  RelationshipStatement relationship;
  ASSIGN_OR_RETURN(relationship.subject, fields.TakeId("subject"));
  ASSIGN_OR_RETURN(relationship.type, fields.TakeName("type"));
  ASSIGN_OR_RETURN(relationship.object, fields.TakeId("object"));
  if (fields.Has("name")) {
    ASSIGN_OR_RETURN(relationship.name, fields.TakeName("name"));
  }
  ASSIGN_OR_RETURN(relationship.properties,
                   TakeMap(fields, "properties", [&](const std::string& name) {
                     return RelationshipFieldType(schema, relationship.type,
                                                  name);
                   }));
  ASSIGN_OR_RETURN(relationship.tail, TakeTail(fields));
  return relationship;
}

absl::StatusOr<Body> ReadJudgement(Fields& fields, const Schema&) {
  JudgementStatement judgement;
  ASSIGN_OR_RETURN(const std::string word, fields.TakeString("judgement"));
  bool known = false;
  for (const Judgement one :
       {Judgement::kSame, Judgement::kDifferent, Judgement::kUnsure}) {
    if (ToString(one) != word) continue;
    judgement.judgement = one;
    known = true;
  }
  if (!known) {
    return fields.place()
        .Below("judgement")
        .Fail(Describe(Json(word)), "same, different or unsure");
  }
  ASSIGN_OR_RETURN(judgement.first, fields.TakeId("first"));
  ASSIGN_OR_RETURN(judgement.second, fields.TakeId("second"));
  ASSIGN_OR_RETURN(judgement.tail, TakeTail(fields));
  return judgement;
}

absl::StatusOr<Body> ReadEnd(Fields& fields, const Schema&) {
  EndStatement end;
  ASSIGN_OR_RETURN(end.claim, fields.TakeId("claim"));
  ASSIGN_OR_RETURN(const std::optional<Date> at,
                   TakeParsed(fields, "at", "a date", &Date::Parse));
  if (!at.has_value()) return fields.place().Fail("found no \"at\"", "a date");
  end.at = *at;
  RETURN_IF_ERROR(TakeRemovalTail(fields, &end.tail));
  return end;
}

absl::StatusOr<Body> ReadRetract(Fields& fields, const Schema&) {
  RetractStatement retract;
  ASSIGN_OR_RETURN(retract.claim, fields.TakeId("claim"));
  RETURN_IF_ERROR(TakeRemovalTail(fields, &retract.tail));
  return retract;
}

absl::StatusOr<Body> Wrap(absl::StatusOr<Declaration> declaration) {
  RETURN_IF_ERROR(declaration.status());
  return Body(*std::move(declaration));
}

absl::StatusOr<Body> ReadLabel(Fields& fields, const Schema&) {
  return Wrap(TakeLabelDeclaration(fields));
}
absl::StatusOr<Body> ReadProp(Fields& fields, const Schema&) {
  return Wrap(TakePropertyDeclaration(fields));
}
absl::StatusOr<Body> ReadRel(Fields& fields, const Schema&) {
  return Wrap(TakeRelationshipDeclaration(fields));
}

struct KindReader {
  absl::string_view kind;
  absl::StatusOr<Body> (*read)(Fields& fields, const Schema& schema);
};
constexpr std::array<KindReader, 10> kKinds = {{
    {"source", ReadSource},
    {"entity", ReadEntity},
    {"property", ReadProperty},
    {"relationship", ReadRelationship},
    {"judgement", ReadJudgement},
    {"end", ReadEnd},
    {"retract", ReadRetract},
    {"label", ReadLabel},
    {"prop", ReadProp},
    {"rel", ReadRel},
}};

absl::StatusOr<Body> ReadBody(const Json& json, const Place& place,
                              const Schema& schema) {
  ASSIGN_OR_RETURN(Fields fields, Fields::Of(json, place));
  ASSIGN_OR_RETURN(const std::string kind, fields.TakeString("kind"));
  std::string kinds;
  for (const KindReader& one : kKinds) {
    absl::StrAppend(&kinds, kinds.empty() ? "one of: " : ", ", one.kind);
    if (one.kind != kind) continue;
    ASSIGN_OR_RETURN(Body body, one.read(fields, schema));
    RETURN_IF_ERROR(fields.Finish());
    return body;
  }
  return place.Below("kind").Fail(Describe(Json(kind)), kinds);
}

}  // namespace

bool IsJsonLines(absl::string_view file, absl::string_view text) {
  if (absl::EndsWith(file, ".jsonl")) return true;
  absl::ConsumePrefix(&text, kByteOrderMark);
  return absl::StartsWith(absl::StripLeadingAsciiWhitespace(text), "{");
}

absl::StatusOr<std::vector<Statement>> ReadJsonLines(
    absl::string_view text, const JsonLinesOptions& options) {
  absl::ConsumePrefix(&text, kByteOrderMark);
  Schema schema = options.schema;
  std::vector<Statement> statements;
  Place place{.file = options.file, .line = options.first_line - 1};
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++place.line;
    if (absl::StripAsciiWhitespace(line).empty()) continue;
    ASSIGN_OR_RETURN(const Json json, ParseLine(line, place));
    ASSIGN_OR_RETURN(Body body, ReadBody(json, place, schema));
    if (const auto* declaration = std::get_if<Declaration>(&body)) {
      // Whether it makes sense is the store's question.
      schema.Declare(*declaration).IgnoreError();
    }
    const int index = static_cast<int>(statements.size());
    statements.push_back({std::move(body),
                          {.file = options.file,
                           .line = place.line,
                           .column = 1,
                           .index = index}});
  }
  return statements;
}

}  // namespace guanxi::formats
