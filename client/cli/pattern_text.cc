#include "client/cli/pattern_text.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

#include "client/cli/condition.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

constexpr int32_t kAnyNumber = 64;  // PathStep.max

// What stands between brackets: names, and conditions of what they are the
// names of.
struct What {
  std::vector<std::string> names;
  std::vector<v1::Predicate> conditions;
};

// Reads a pattern from the left to the right.
class PatternReader {
 public:
  explicit PatternReader(const std::string& text) : text_(text) {}

  absl::StatusOr<std::vector<v1::PathStep>> Read() {
    std::vector<v1::PathStep> steps;
    for (SkipSpaces(); at_ < text_.size(); SkipSpaces()) {
      v1::PathStep step;
      RETURN_IF_ERROR(ReadRelationship(step));
      RETURN_IF_ERROR(ReadRepetitions(step));
      RETURN_IF_ERROR(ReadEntity(step));
      steps.push_back(std::move(step));
    }
    if (steps.empty()) return Expected("a relationship");
    return steps;
  }

 private:
  absl::Status ReadRelationship(v1::PathStep& step) {
    const bool from_right = Take("<");
    if (!Take("-[")) return Expected("-[ or <-[");
    ASSIGN_OR_RETURN(What what, ReadWhat("]"));
    step.mutable_types()->Assign(what.names.begin(), what.names.end());
    step.mutable_relationship_predicates()->Assign(what.conditions.begin(),
                                                   what.conditions.end());
    if (!Take("-")) return Expected("]- or ]->");
    const bool to_right = Take(">");
    if (from_right && to_right) return Expected("one arrow");
    if (from_right) {
      step.set_direction(v1::DIRECTION_IN);
    } else {
      step.set_direction(to_right ? v1::DIRECTION_OUT : v1::DIRECTION_BOTH);
    }
    return absl::OkStatus();
  }

  absl::Status ReadRepetitions(v1::PathStep& step) {
    if (Take("{")) return ReadBounds(step);
    if (Take("+")) {
      step.set_max(kAnyNumber);
    } else if (Take("*")) {
      step.set_min(0);
      step.set_max(kAnyNumber);
    } else if (Take("?")) {
      step.set_min(0);
    }
    return absl::OkStatus();
  }

  absl::Status ReadBounds(v1::PathStep& step) {
    ASSIGN_OR_RETURN(const std::optional<int32_t> min, TakeNumber());
    if (Take(",")) {
      ASSIGN_OR_RETURN(const std::optional<int32_t> max, TakeNumber());
      step.set_min(min.value_or(0));
      step.set_max(max.value_or(kAnyNumber));
    } else if (min.has_value()) {
      step.set_min(*min);
      step.set_max(*min);
    } else {
      return Expected("how often, as in: {2} or {1,3}");
    }
    return Take("}") ? absl::OkStatus() : Expected("}");
  }

  absl::Status ReadEntity(v1::PathStep& step) {
    if (!Take("(")) return absl::OkStatus();
    ASSIGN_OR_RETURN(What what, ReadWhat(")"));
    step.mutable_labels()->Assign(what.names.begin(), what.names.end());
    step.mutable_entity_predicates()->Assign(what.conditions.begin(),
                                             what.conditions.end());
    return absl::OkStatus();
  }

  // Up to and with `end`.
  absl::StatusOr<What> ReadWhat(const char* end) {
    What what;
    if (Take(":")) {
      do {
        what.names.push_back(TakeName());
        if (what.names.back().empty()) return Expected("a name");
      } while (Take("|"));
    }
    if (Take("where ")) {
      RETURN_IF_ERROR(ReadConditions(end, what.conditions));
    }
    if (!Take(end)) return Expected(absl::StrCat("where or ", end));
    return what;
  }

  absl::Status ReadConditions(const char* end,
                              std::vector<v1::Predicate>& conditions) {
    const size_t behind = text_.find(end, at_);
    if (behind == std::string::npos) return Expected(end);
    const std::string all = text_.substr(at_, behind - at_);
    for (const std::string& one :
         std::vector<std::string>(absl::StrSplit(all, " and "))) {
      const auto condition = ParseCondition(one);
      if (!condition.has_value()) {
        return Expected("a condition, as in: percent>=25%");
      }
      conditions.push_back(*condition);
    }
    at_ = behind;
    return absl::OkStatus();
  }

  void SkipSpaces() {
    while (at_ < text_.size() && absl::ascii_isspace(Byte(at_))) ++at_;
  }

  bool Take(const char* token) {
    SkipSpaces();
    if (!absl::StartsWith(absl::string_view(text_).substr(at_), token)) {
      return false;
    }
    at_ += absl::string_view(token).size();
    return true;
  }

  std::string TakeName() {
    SkipSpaces();
    const size_t begin = at_;
    while (at_ < text_.size() &&
           (IsLetter(at_) || (text_[at_] == '-' && IsLetter(at_ + 1)))) {
      ++at_;
    }
    return text_.substr(begin, at_ - begin);
  }

  // Of a name; it may have dashes between them.
  bool IsLetter(size_t at) const {
    return at < text_.size() &&
           (absl::ascii_isalnum(Byte(at)) || text_[at] == '_');
  }

  // nullopt: there is none.
  absl::StatusOr<std::optional<int32_t>> TakeNumber() {
    SkipSpaces();
    const size_t begin = at_;
    while (at_ < text_.size() && absl::ascii_isdigit(Byte(at_))) ++at_;
    if (at_ == begin) return std::nullopt;
    int32_t number = 0;
    if (absl::SimpleAtoi(text_.substr(begin, at_ - begin), &number)) {
      return number;
    }
    return Expected("a smaller number");
  }

  unsigned char Byte(size_t at) const {
    return static_cast<unsigned char>(text_[at]);
  }

  absl::Status Expected(absl::string_view what) const {
    return absl::InvalidArgumentError(absl::StrCat(
        "'", text_, "' is no pattern at character ", at_ + 1, ": expected ",
        what, "; as in: -[:OWNS_SHARES_IN]->{1,3}(:Company)-[:SUPPLIES]->"));
  }

  const std::string& text_;
  size_t at_ = 0;
};

}  // namespace

absl::StatusOr<std::vector<v1::PathStep>> ParsePattern(
    const std::string& text) {
  return PatternReader(text).Read();
}

}  // namespace guanxi::cli
