#include "client/cli/value_text.h"

#include <map>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <google/protobuf/util/time_util.h>

namespace guanxi::cli {
namespace {

std::string ListText(const v1::ListValue& list) {
  std::vector<std::string> texts;
  for (const v1::Value& value : list.values()) texts.push_back(ToText(value));
  return absl::StrCat("[", absl::StrJoin(texts, ", "), "]");
}

// Whether a unit tells one fact from another for a reader: 16% and 29% need not
// be told that they are in %.
bool IsTelling(const std::string& unit) { return unit != "%" && unit != "x"; }

// A word between others, if there is one.
void AppendWord(const std::string& word, std::string* text) {
  if (word.empty()) return;
  absl::StrAppend(text, text->empty() ? "" : " ", word);
}

}  // namespace

std::string ToText(const v1::Value& value) {
  using Kind = v1::Value::KindCase;
  switch (value.kind_case()) {
    case Kind::kBoolValue:
      return value.bool_value() ? "true" : "false";
    case Kind::kIntValue:
      return absl::StrCat(value.int_value());
    case Kind::kDoubleValue:
      return absl::StrCat(value.double_value());
    case Kind::kDecimalValue:
      return value.decimal_value();
    case Kind::kStringValue:
      return value.string_value();
    case Kind::kTextValue:
      return value.text_value().text();
    case Kind::kBytesValue:
      return absl::StrCat("0x", absl::BytesToHexString(value.bytes_value()));
    case Kind::kDateValue:
      return value.date_value().literal();
    case Kind::kPeriodValue:
      return value.period_value().literal();
    case Kind::kDatetimeValue:
      return google::protobuf::util::TimeUtil::ToString(value.datetime_value());
    case Kind::kDurationValue:
      return value.duration_value();
    case Kind::kQuantityValue:
      return value.quantity_value().literal();
    case Kind::kListValue:
      return ListText(value.list_value());
    case Kind::kMapValue:
      return absl::StrCat("{", ToText(value.map_value().fields()), "}");
    case Kind::KIND_NOT_SET:
      return "";
  }
  return "(a kind of value that this program does not know)";
}

std::string ToText(const ValueMap& map) {
  std::map<std::string, std::string> sorted;
  for (const auto& [name, value] : map) sorted[name] = ToText(value);
  return absl::StrJoin(sorted, ", ", absl::PairFormatter(": "));
}

std::string ToText(const v1::Citation& citation) {
  if (citation.first_line() == 0) return citation.source();
  std::string text =
      absl::StrCat(citation.source(), ":", citation.first_line());
  if (citation.last_line() != citation.first_line()) {
    absl::StrAppend(&text, "-", citation.last_line());
  }
  return text;
}

std::string ToText(const v1::ValidTime& valid) {
  if (valid.has_at()) return absl::StrCat("at ", valid.at());
  return valid.has_during() ? absl::StrCat("during ", valid.during()) : "";
}

std::string ToText(const v1::EntitySummary& entity) {
  if (entity.name().empty()) return entity.key();
  return absl::StrCat(entity.name(), " (", entity.key(), ")");
}

std::string ToText(const v1::FactKey& key) {
  std::string text = key.name();
  AppendWord(key.time(), &text);
  if (IsTelling(key.unit())) AppendWord(key.unit(), &text);
  AppendWord(key.language(), &text);
  if (!key.qualifiers().empty()) {
    AppendWord(absl::StrCat("{", ToText(key.qualifiers()), "}"), &text);
  }
  return text;
}

std::string Arrow(const v1::Relationship& relationship, bool from_object,
                  const std::string& inside) {
  const std::string& name = relationship.key().name();
  std::string words = name.empty()
                          ? relationship.key().type()
                          : absl::StrCat(name, ":", relationship.key().type());
  AppendWord(inside, &words);
  if (relationship.symmetric()) return absl::StrCat("-[", words, "]-");
  return from_object ? absl::StrCat("<-[", words, "]-")
                     : absl::StrCat("-[", words, "]->");
}

std::string PropertiesText(const v1::Relationship& relationship) {
  std::vector<std::string> texts;
  for (const v1::Property& property : relationship.properties()) {
    const std::string value = ToText(property.value());
    const bool speaks_for_itself = property.value().has_quantity_value();
    texts.push_back(speaks_for_itself
                        ? value
                        : absl::StrCat(property.key().name(), ": ", value));
  }
  return absl::StrJoin(texts, ", ");
}

}  // namespace guanxi::cli
