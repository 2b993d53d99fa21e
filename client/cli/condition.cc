#include "client/cli/condition.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <CLI/CLI.hpp>

namespace guanxi::cli {
namespace {

constexpr std::pair<const char*, v1::Comparison> kSigns[] = {
    {"<=", v1::COMPARISON_LESS_OR_EQUAL},
    {">=", v1::COMPARISON_GREATER_OR_EQUAL},
    {"<", v1::COMPARISON_LESS},
    {">", v1::COMPARISON_GREATER},
    {"=", v1::COMPARISON_EQUAL},
};

std::string Trimmed(const std::string& text) {
  return std::string(absl::StripAsciiWhitespace(text));
}

}  // namespace

std::optional<v1::Predicate> ParseCondition(const std::string& text) {
  const size_t at = text.find_first_of("<>=");
  if (at == std::string::npos) return std::nullopt;
  const std::string rest = text.substr(at);
  for (const auto& [sign, comparison] : kSigns) {
    if (!absl::StartsWith(rest, sign)) continue;
    v1::Predicate predicate;
    predicate.set_property(Trimmed(text.substr(0, at)));
    predicate.set_comparison(comparison);
    predicate.set_literal(Trimmed(rest.substr(std::string(sign).size())));
    const bool whole =
        !predicate.property().empty() && !predicate.literal().empty();
    return whole ? std::optional(std::move(predicate)) : std::nullopt;
  }
  return std::nullopt;
}

v1::Predicate ExistsCondition(const std::string& property) {
  v1::Predicate predicate;
  predicate.set_property(property);
  predicate.set_comparison(v1::COMPARISON_EXISTS);
  return predicate;
}

void AddConditions(CLI::App& command, const std::string& name,
                   const std::string& help,
                   std::vector<std::string>& conditions) {
  command.add_option(name, conditions, help)
      ->allow_extra_args(false)
      ->check(CLI::Validator(
          [](const std::string& text) -> std::string {
            if (ParseCondition(text).has_value()) return "";
            return absl::StrCat("'", text,
                                "' is no condition: expected a property, a "
                                "sign and a value, as in: founded>=2016");
          },
          "CONDITION"));
}

}  // namespace guanxi::cli
