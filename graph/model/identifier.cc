#include "graph/model/identifier.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace guanxi {
namespace {

constexpr size_t kLeiLength = 20;
constexpr size_t kIsinLength = 12;
constexpr size_t kCountryLength = 2;
constexpr absl::string_view kUsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
constexpr std::array<size_t, 17> kUsccWeights = {
    1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};

bool IsDigitOrCapital(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
         absl::ascii_isupper(static_cast<unsigned char>(c));
}

bool AreDigitsOrCapitals(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), IsDigitOrCapital);
}

bool AreDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isdigit(c); });
}

// Letters as numbers: A is 10, Z is 35.
std::string Digits(absl::string_view text) {
  std::string digits;
  for (const char c : text) {
    const bool digit = absl::ascii_isdigit(static_cast<unsigned char>(c));
    absl::StrAppend(&digits, digit ? c - '0' : c - 'A' + 10);
  }
  return digits;
}

bool HasLeiCheck(absl::string_view lei) {
  int rest = 0;
  for (const char digit : Digits(lei)) rest = (rest * 10 + digit - '0') % 97;
  return rest == 1;
}

bool HasLuhnCheck(absl::string_view isin) {
  const std::string digits = Digits(isin);
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    const int digit = digits[digits.size() - 1 - i] - '0';
    const int weighed = i % 2 == 1 ? 2 * digit : digit;
    sum += weighed / 10 + weighed % 10;
  }
  return sum % 10 == 0;
}

struct Scheme {
  absl::string_view name;
  absl::string_view form;  // what it looks like
  bool (*has_form)(absl::string_view);
  bool (*has_check)(absl::string_view);
};

bool HasLeiForm(absl::string_view text) {
  return text.size() == kLeiLength && AreDigitsOrCapitals(text) &&
         AreDigits(text.substr(kLeiLength - 2));
}

bool HasIsinForm(absl::string_view text) {
  return text.size() == kIsinLength && AreDigitsOrCapitals(text) &&
         std::all_of(text.begin(), text.begin() + kCountryLength,
                     [](unsigned char c) { return absl::ascii_isupper(c); }) &&
         AreDigits(text.substr(kIsinLength - 1));
}

bool HasUsccForm(absl::string_view text) {
  return text.size() == kUsccWeights.size() + 1 &&
         text.find_first_not_of(kUsccAlphabet) == absl::string_view::npos;
}

bool HasUsccCheck(absl::string_view text) {
  return UsccCheckCharacter(text.substr(0, kUsccWeights.size())) == text.back();
}

constexpr Scheme kSchemes[] = {
    {"LEI", "18 digits or capitals and 2 digits", HasLeiForm, HasLeiCheck},
    {"ISIN", "2 capitals, 9 digits or capitals and a digit", HasIsinForm,
     HasLuhnCheck},
    {"USCC", "18 digits or capitals without I, O, S, V and Z", HasUsccForm,
     HasUsccCheck},
};

}  // namespace

std::optional<std::string> IdentifierProblem(absl::string_view identifier) {
  const size_t colon = identifier.find(':');
  if (colon == absl::string_view::npos) return std::nullopt;
  const auto scheme =
      std::ranges::find(kSchemes, identifier.substr(0, colon), &Scheme::name);
  if (scheme == std::end(kSchemes)) return std::nullopt;
  const absl::string_view text = identifier.substr(colon + 1);
  if (!scheme->has_form(text)) {
    return absl::StrCat("'", identifier, "' is no ", scheme->name,
                        ": expected ", scheme->form);
  }
  if (scheme->has_check(text)) return std::nullopt;
  return absl::StrCat("'", identifier, "' is no ", scheme->name,
                      ": its check digits do not fit the others");
}

std::optional<std::string> IdentifierProblem(const Schema& schema,
                                             absl::string_view property,
                                             const Value& value) {
  const PropertyDeclaration* declared = schema.FindProperty(property);
  const auto* text = value.get_if<Text>();
  const bool is_id = declared != nullptr && text != nullptr &&
                     declared->type.base == BaseType::kId;
  return is_id ? IdentifierProblem(text->text) : std::nullopt;
}

std::optional<char> UsccCheckCharacter(absl::string_view characters) {
  if (characters.size() != kUsccWeights.size()) return std::nullopt;
  size_t sum = 0;
  for (size_t i = 0; i < characters.size(); ++i) {
    const size_t value = kUsccAlphabet.find(characters[i]);
    if (value == absl::string_view::npos) return std::nullopt;
    sum += value * kUsccWeights[i];
  }
  const size_t modulus = kUsccAlphabet.size();
  return kUsccAlphabet[(modulus - sum % modulus) % modulus];
}

}  // namespace guanxi
