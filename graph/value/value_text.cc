#include <array>
#include <charconv>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/value/value.h"

namespace guanxi {
namespace {

// More than the longest shortest double: -2.2250738585072014e-308.
constexpr size_t kDoubleBytes = 32;

// The shortest text that reads back as the same number.
std::string ShortestDouble(double number) {
  std::array<char, kDoubleBytes> buffer;
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  GUANXI_CHECK(error == std::errc());
  return std::string(buffer.data(), end);
}

bool IsAlnum(char letter) {
  return absl::ascii_isalnum(static_cast<unsigned char>(letter));
}

// Whether `text` is a name of the .kg grammar.
bool IsName(absl::string_view text) {
  if (text.empty() ||
      !absl::ascii_isalpha(static_cast<unsigned char>(text[0]))) {
    return false;
  }
  for (size_t i = 1; i < text.size(); ++i) {
    const bool inner_dash =
        text[i] == '-' && i + 1 < text.size() && IsAlnum(text[i + 1]);
    if (!IsAlnum(text[i]) && text[i] != '_' && !inner_dash) return false;
  }
  return true;
}

// What the literal and the text for people share; each adds what differs.
struct Printer {
  std::string operator()(const Null&) const { return "null"; }
  std::string operator()(bool held) const { return held ? "true" : "false"; }
  std::string operator()(int64_t held) const { return absl::StrCat(held); }
  std::string operator()(const Bytes& held) const {
    return absl::StrCat("bytes(\"", absl::Base64Escape(held.bytes), "\")");
  }
  template <typename T>
  std::string operator()(const T& held) const {
    return held.ToString();
  }
};

template <typename Visitor>
std::string PrintList(const List& list, const Visitor& visitor) {
  std::string text = "[";
  absl::string_view separator;
  for (const Value& value : list) {
    absl::StrAppend(&text, separator, std::visit(visitor, value.held()));
    separator = ", ";
  }
  return absl::StrCat(text, "]");
}

template <typename Visitor>
std::string PrintMap(const Map& map, const Visitor& visitor) {
  std::string text = "{";
  absl::string_view separator;
  for (const auto& [name, value] : map) {
    absl::StrAppend(&text, separator, IsName(name) ? name : QuoteString(name),
                    ": ", std::visit(visitor, value.held()));
    separator = ", ";
  }
  return absl::StrCat(text, "}");
}

struct LiteralPrinter : Printer {
  using Printer::operator();
  std::string operator()(double held) const {
    return absl::StrCat("double(", ShortestDouble(held), ")");
  }
  std::string operator()(const Text& held) const {
    return absl::StrCat(QuoteString(held.text),
                        held.language.empty() ? "" : "@", held.language);
  }
  std::string operator()(const Date& held) const {
    if (held.precision() != Date::Precision::kYear) return held.ToString();
    return absl::StrCat("date(", held.ToString(), ")");
  }
  std::string operator()(const When& held) const {
    return absl::StrCat("date(", held.ToString(), ")");
  }
  std::string operator()(const List& held) const {
    return PrintList(held, *this);
  }
  std::string operator()(const Map& held) const {
    return PrintMap(held, *this);
  }
};

struct DisplayPrinter : Printer {
  using Printer::operator();
  std::string operator()(double held) const { return ShortestDouble(held); }
  std::string operator()(const Text& held) const { return held.text; }
  std::string operator()(const List& held) const {
    return PrintList(held, *this);
  }
  std::string operator()(const Map& held) const {
    return PrintMap(held, *this);
  }
};

// The letter behind the backslash; 0 if there is none.
char ShortEscape(char letter) {
  switch (letter) {
    case '"':
    case '\\':
      return letter;
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

}  // namespace

std::string Value::ToString() const {
  return std::visit(LiteralPrinter(), held_);
}

std::string Value::ToDisplay() const {
  return std::visit(DisplayPrinter(), held_);
}

std::string QuoteString(absl::string_view text) {
  constexpr unsigned char kFirstPrintable = 0x20;
  std::string quoted = "\"";
  for (const char letter : text) {
    if (const char escape = ShortEscape(letter); escape != 0) {
      quoted.push_back('\\');
      quoted.push_back(escape);
    } else if (static_cast<unsigned char>(letter) < kFirstPrintable) {
      absl::StrAppend(&quoted, "\\u", absl::Hex(letter, absl::kZeroPad4));
    } else {
      quoted.push_back(letter);
    }
  }
  quoted.push_back('"');
  return quoted;
}

}  // namespace guanxi
