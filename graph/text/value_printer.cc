#include "graph/text/value_printer.h"

#include <algorithm>
#include <cstdint>
#include <variant>

#include "absl/functional/function_ref.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "graph/text/lexer.h"
#include "graph/text/literals.h"

namespace guanxi::text {
namespace {

using TypeOf = absl::FunctionRef<const Type*(absl::string_view name)>;

bool IsWord(absl::string_view text) {
  return !text.empty() && WordLength(text) == text.size();
}

// Whether a text may stand without quotes where a value does.
bool ReadsAsWord(absl::string_view text) {
  return IsWord(text) && text != "true" && text != "false" &&
         !LooksLikeDuration(text);
}

bool IsDateType(const Type* type) {
  return type != nullptr &&
         (type->base == BaseType::kDate || type->base == BaseType::kPeriod);
}

bool IsWordType(const Type* type) {
  return type != nullptr &&
         (type->base == BaseType::kEnum || type->base == BaseType::kCode);
}

std::string PrintEntries(const Map& map, TypeOf type_of) {
  std::string text = "{";
  absl::string_view separator;
  for (const auto& [name, value] : map) {
    absl::StrAppend(&text, separator, name, ": ",
                    PrintValue(value, type_of(name)));
    separator = ", ";
  }
  return absl::StrCat(text, "}");
}

const Type* FindField(const std::vector<Field>& fields,
                      absl::string_view name) {
  const auto field = std::ranges::find(fields, name, &Field::name);
  return field == fields.end() ? nullptr : &field->type;
}

// What the schema or the form decides; all else is as Value::ToString() has it.
struct Printer {
  const Type* type;
  const Value& value;

  std::string operator()(const Text& held) const {
    const bool is_word =
        IsWordType(type) && held.language.empty() && ReadsAsWord(held.text);
    return is_word ? held.text : value.ToString();
  }
  std::string operator()(const Date& held) const {
    const std::string text = held.ToString();
    const bool reads_as_number =
        DigitsLength(text) == text.size() && !IsDateType(type);
    return reads_as_number ? absl::StrCat("date(", text, ")") : text;
  }
  std::string operator()(const Decimal& held) const {
    const std::string text = held.ToString();
    const bool typed = type != nullptr && type->base == BaseType::kDecimal;
    int64_t integer = 0;
    const bool reads_as_integer =
        held.IsInteger() && !typed && absl::SimpleAtoi(text, &integer);
    return reads_as_integer ? absl::StrCat(text, "e0") : text;
  }
  std::string operator()(const List& held) const {
    std::string text = "[";
    absl::string_view separator;
    for (const Value& element : held) {
      absl::StrAppend(&text, separator, PrintValue(element, type));
      separator = ", ";
    }
    return absl::StrCat(text, "]");
  }
  std::string operator()(const Map& held) const { return PrintMap(held, {}); }
  template <typename T>
  std::string operator()(const T&) const {
    return value.ToString();
  }
};

}  // namespace

std::string PrintId(absl::string_view id) {
  return IsWord(id) ? std::string(id) : QuoteString(id);
}

std::string PrintValue(const Value& value, const Type* type) {
  return std::visit(Printer{type, value}, value.held());
}

std::string PrintMap(const Map& map, const std::vector<Field>& fields) {
  return PrintEntries(
      map, [&](absl::string_view name) { return FindField(fields, name); });
}

std::string PrintProperties(const Map& map, const Schema& schema) {
  return PrintEntries(map, [&](absl::string_view name) -> const Type* {
    const PropertyDeclaration* declared = schema.FindProperty(name);
    return declared == nullptr ? nullptr : &declared->type;
  });
}

}  // namespace guanxi::text
