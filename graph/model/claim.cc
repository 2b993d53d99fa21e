#include "graph/model/claim.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace guanxi {
namespace {

template <typename Enum, size_t kCount>
std::optional<Enum> ParseName(
    const std::array<absl::string_view, kCount>& names,
    absl::string_view name) {
  const auto* found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

absl::string_view ToString(Mode mode) {
  return kModeNames.at(static_cast<size_t>(mode));
}

std::optional<Mode> ParseMode(absl::string_view name) {
  return ParseName<Mode>(kModeNames, name);
}

Mode ModeClass(Mode mode) {
  return mode == Mode::kReported ? Mode::kAsserted : mode;
}

absl::string_view ToString(Rank rank) {
  return kRankNames.at(static_cast<size_t>(rank));
}

std::optional<Rank> ParseRank(absl::string_view name) {
  return ParseName<Rank>(kRankNames, name);
}

std::string Citation::ToString() const {
  if (first_line == 0) return source;
  if (last_line == first_line) return absl::StrCat(source, ":", first_line);
  return absl::StrCat(source, ":", first_line, "-", last_line);
}

std::string ValidTime::ToString() const {
  if (!when.has_value()) return "";
  return absl::StrCat(kind == Kind::kAt ? "at " : "during ", when->ToString());
}

bool Tail::empty() const {
  return from.empty() && !valid.when && !mode && !rank && !confidence && !by &&
         !note && !id && !supersedes && qualifiers.empty();
}

}  // namespace guanxi
