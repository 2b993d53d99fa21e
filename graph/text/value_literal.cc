#include <limits>
#include <utility>
#include <variant>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/text/literals.h"
#include "graph/text/parser.h"

namespace guanxi::text {
namespace {

constexpr absl::string_view kAValue =
    "a value: a string, number, quantity, date, time, duration, word, [list] "
    "or {map}";

absl::StatusOr<Value> ReadValueAt(Lexer& lexer, int depth);

// The bytes of the BCP 47 tag at the front of `text`: zh-Hant, en.
size_t LanguageLength(absl::string_view text) {
  constexpr size_t kMaxPartBytes = 8;
  const size_t bytes = WordLength(text);
  size_t part = 0;
  for (const char c : text.substr(0, bytes)) {
    part = c == '-' ? 0 : part + 1;
    if (part > kMaxPartBytes || c == '_') return 0;
  }
  return bytes;
}

absl::StatusOr<Value> ReadTextValue(Lexer& lexer) {
  ASSIGN_OR_RETURN(const std::string text, ReadString(lexer, "a string"));
  if (!lexer.Accept("@")) return Value::String(text);
  const size_t bytes = LanguageLength(lexer.rest());
  if (bytes == 0) return lexer.Unexpected({"a language such as en or zh-Hant"});
  return Value::String(text, lexer.Take(bytes));
}

absl::StatusOr<Value> ReadBytes(Lexer& lexer) {
  const size_t offset = lexer.offset();
  ASSIGN_OR_RETURN(const std::string text,
                   ReadString(lexer, "a string of base64"));
  std::string bytes;
  if (!absl::Base64Unescape(text, &bytes)) {
    return lexer.Fail(offset, "found a string that is not base64",
                      "one such as \"3q2+7w==\"");
  }
  return Value(Bytes{.bytes = std::move(bytes)});
}

absl::StatusOr<Value> ReadDateInParentheses(Lexer& lexer) {
  ASSIGN_OR_RETURN(const When when, ReadWhen(lexer));
  const auto* date = std::get_if<Date>(&when.start());
  return when.is_date() ? Value(*date) : Value(when);
}

absl::StatusOr<Value> ReadDoubleInParentheses(Lexer& lexer) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (lexer.Accept("-inf")) return Value(-kInfinity);
  if (lexer.AcceptWord("inf")) return Value(kInfinity);
  if (lexer.AcceptWord("nan")) {
    return Value(std::numeric_limits<double>::quiet_NaN());
  }
  ASSIGN_OR_RETURN(const double number, ReadDouble(lexer));
  return Value(number);
}

absl::StatusOr<Value> Close(Lexer& lexer, absl::StatusOr<Value> value) {
  RETURN_IF_ERROR(value.status());
  RETURN_IF_ERROR(lexer.Expect(")"));
  return value;
}

absl::StatusOr<Value> ReadWordValue(Lexer& lexer) {
  if (lexer.Accept("date(")) return Close(lexer, ReadDateInParentheses(lexer));
  if (lexer.Accept("double(")) {
    return Close(lexer, ReadDoubleInParentheses(lexer));
  }
  if (lexer.Accept("bytes(")) return Close(lexer, ReadBytes(lexer));
  if (lexer.AcceptWord("true")) return Value(true);
  if (lexer.AcceptWord("false")) return Value(false);
  const absl::string_view word = lexer.PeekWord();
  if (LooksLikeDuration(word)) {
    ASSIGN_OR_RETURN(const Duration duration, ReadDuration(lexer));
    return Value(duration);
  }
  return Value::String(lexer.Take(word.size()));
}

absl::Status CheckDepth(const Lexer& lexer, int depth) {
  if (depth <= Value::kMaxDepth) return absl::OkStatus();
  return lexer.Fail(
      lexer.offset(), "found lists and maps nested too deep",
      absl::StrCat("at most ", Value::kMaxDepth, " in one another"));
}

// Here and below, `depth` is that of the list or map, the outermost being 1.
absl::StatusOr<List> ReadListAt(Lexer& lexer, int depth) {
  RETURN_IF_ERROR(CheckDepth(lexer, depth));
  RETURN_IF_ERROR(lexer.Expect("["));
  List list;
  if (lexer.Accept("]")) return list;
  do {
    ASSIGN_OR_RETURN(Value element, ReadValueAt(lexer, depth));
    list.push_back(std::move(element));
  } while (lexer.Accept(","));
  if (!lexer.Accept("]")) return lexer.Unexpected({"','", "']'"});
  return list;
}

absl::Status ReadMapEntry(Lexer& lexer, int depth, Map* map) {
  const size_t offset = lexer.offset();
  ASSIGN_OR_RETURN(std::string name, ReadName(lexer, "a name"));
  if (map->contains(name)) {
    return lexer.Fail(offset, absl::StrCat("found '", name, "' a second time"),
                      "each name once in a map");
  }
  RETURN_IF_ERROR(lexer.Expect(":"));
  ASSIGN_OR_RETURN(Value value, ReadValueAt(lexer, depth));
  map->emplace(std::move(name), std::move(value));
  return absl::OkStatus();
}

absl::StatusOr<Map> ReadMapAt(Lexer& lexer, int depth) {
  RETURN_IF_ERROR(CheckDepth(lexer, depth));
  RETURN_IF_ERROR(lexer.Expect("{"));
  Map map;
  if (lexer.Accept("}")) return map;
  do {
    RETURN_IF_ERROR(ReadMapEntry(lexer, depth, &map));
  } while (lexer.Accept(","));
  if (!lexer.Accept("}")) return lexer.Unexpected({"','", "'}'"});
  return map;
}

// `depth` counts the lists and maps around the value.
absl::StatusOr<Value> ReadValueAt(Lexer& lexer, int depth) {
  const char first = lexer.Peek();
  if (first == '"') return ReadTextValue(lexer);
  if (first == '[') {
    ASSIGN_OR_RETURN(List list, ReadListAt(lexer, depth + 1));
    return Value(std::move(list));
  }
  if (first == '{') {
    ASSIGN_OR_RETURN(Map map, ReadMapAt(lexer, depth + 1));
    return Value(std::move(map));
  }
  if (IsLetter(first)) return ReadWordValue(lexer);
  if (LooksAtDate(lexer)) return ReadDateValue(lexer);
  if (IsDigit(first) ||
      absl::string_view("-<>~").find(first) != absl::string_view::npos) {
    return ReadNumberValue(lexer);
  }
  return lexer.Unexpected({kAValue});
}

}  // namespace

bool IsLanguage(absl::string_view text) {
  return !text.empty() && LanguageLength(text) == text.size();
}

absl::StatusOr<Value> ReadValue(Lexer& lexer) { return ReadValueAt(lexer, 0); }

absl::StatusOr<Map> ReadMap(Lexer& lexer) { return ReadMapAt(lexer, 1); }

}  // namespace guanxi::text
