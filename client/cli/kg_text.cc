#include "client/cli/kg_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

constexpr absl::string_view kLineCharacters = "0123456789-";

// SOURCE:LINES; an id with a colon of its own is whole unless lines follow.
std::string CiteText(absl::string_view cite) {
  const size_t colon = cite.rfind(':');
  if (colon == absl::string_view::npos || colon + 1 == cite.size()) {
    return Quote(cite);
  }
  const absl::string_view lines = cite.substr(colon + 1);
  if (lines.find_first_not_of(kLineCharacters) != absl::string_view::npos) {
    return Quote(cite);
  }
  return absl::StrCat(Quote(cite.substr(0, colon)), ":", lines);
}

void AddQuoted(absl::string_view word, absl::string_view text,
               std::string& tail) {
  if (!text.empty()) absl::StrAppend(&tail, " ", word, " ", Quote(text));
}

absl::Status AddBare(absl::string_view word, absl::string_view text,
                     std::string& tail) {
  if (text.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string bare,
                   Bare(absl::StrCat("--", word), text));
  absl::StrAppend(&tail, " ", word, " ", bare);
  return absl::OkStatus();
}

absl::StatusOr<std::string> TailText(const TailArgs& args) {
  std::string tail;
  if (!args.from.empty()) {
    const auto cite = [](std::string* out, const std::string& text) {
      out->append(CiteText(text));
    };
    absl::StrAppend(&tail, " from ", absl::StrJoin(args.from, ", ", cite));
  }
  RETURN_IF_ERROR(AddBare("at", args.at, tail));
  RETURN_IF_ERROR(AddBare("during", args.during, tail));
  RETURN_IF_ERROR(AddBare("mode", args.mode, tail));
  RETURN_IF_ERROR(AddBare("rank", args.rank, tail));
  RETURN_IF_ERROR(AddBare("conf", args.conf, tail));
  AddQuoted("by", args.by, tail);
  AddQuoted("note", args.note, tail);
  AddQuoted("id", args.id, tail);
  AddQuoted("supersedes", args.supersedes, tail);
  return tail;
}

}  // namespace

std::string Quote(absl::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += {'\\', c};
    } else if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) {
      absl::StrAppendFormat(&quoted, "\\u%04x", static_cast<unsigned char>(c));
    } else {
      quoted.push_back(c);
    }
  }
  return quoted + "\"";
}

absl::StatusOr<std::string> Bare(absl::string_view what,
                                 absl::string_view word) {
  const auto fits = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::StrContains("-./~?", c);
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), fits)) {
    return std::string(word);
  }
  return absl::InvalidArgumentError(absl::StrCat(
      what, " is '", word, "': expected a date as in 2025-03-31 or 2025-H1, ",
      "an interval as in 2022/.., a number or a word"));
}

absl::StatusOr<std::string> KgText(absl::string_view statement,
                                   const TailArgs& tail) {
  const absl::string_view line = absl::StripAsciiWhitespace(statement);
  if (line.empty() || line.find_first_of("\r\n") != absl::string_view::npos) {
    return absl::InvalidArgumentError(
        "expected one statement on one line, as in: "
        "'(mara)-[:OWNS_SHARES_IN {percent: 60%}]->(arbor)'");
  }
  ASSIGN_OR_RETURN(const std::string parts, TailText(tail));
  // On a line of its own, which a comment behind the statement does not reach.
  return absl::StrCat("kg 1\n", line, parts.empty() ? "" : "\n ", parts, "\n");
}

}  // namespace guanxi::cli
