#include "graph/model/statement.h"

#include "absl/strings/str_cat.h"

namespace guanxi {

absl::string_view ToString(Judgement judgement) {
  switch (judgement) {
    case Judgement::kSame:
      return "same";
    case Judgement::kDifferent:
      return "different";
    case Judgement::kUnsure:
      return "unsure";
  }
  return "";
}

std::string Position::ToString() const {
  if (line == 0) return absl::StrCat("operation ", index);
  return absl::StrCat(file.empty() ? "line " : absl::StrCat(file, ":"), line,
                      ":", column);
}

}  // namespace guanxi
