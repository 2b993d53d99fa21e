#include "client/cli/hop_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

#include "client/cli/pattern_text.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

constexpr int kMostHops = 16;

absl::Status NoHop(const std::string& text, absl::string_view expected) {
  return absl::InvalidArgumentError(absl::StrCat(
      "'", text, "' is no hop: expected ", expected,
      ", as in: -[:OWNS_SHARES_IN]->(:Company) each 5 by percent"));
}

// Where the pattern ends: what stands behind its last bracket and arrow.
size_t EndOfPattern(const std::string& text) {
  const size_t bracket = text.find_last_of(")]}");
  if (bracket == std::string::npos) return text.size();
  return std::min(text.find_first_not_of("->+*?", bracket + 1), text.size());
}

absl::StatusOr<int> RepetitionsOf(const v1::PathStep& step,
                                  const std::string& text) {
  const int min = step.has_min() ? step.min() : 1;
  const int max = step.has_max() ? step.max() : std::max(min, 1);
  if (min == max && max <= kMostHops) return max;
  return NoHop(text, "a step to be repeated so often, at most 16 times");
}

// Reads what stands behind a pattern, word by word.
class Suffix {
 public:
  Suffix(const std::string& text, size_t begin)
      : text_(text),
        words_(absl::StrSplit(absl::string_view(text).substr(begin), ' ',
                              absl::SkipWhitespace())) {}

  absl::Status Read(v1::HopSpec& hop) {
    if (Take("each")) {
      int64_t share = 0;
      if (!absl::SimpleAtoi(Next(), &share) || share < 1) {
        return NoHop(text_, "a number behind 'each'");
      }
      hop.set_max_per_entity(share);
    }
    if (Take("by")) RETURN_IF_ERROR(ReadOrder(hop));
    if (at_ == words_.size()) return absl::OkStatus();
    return NoHop(text_, "'each' with a number and 'by' with an order");
  }

 private:
  absl::Status ReadOrder(v1::HopSpec& hop) {
    if (Take("key")) {
      hop.set_order(v1::KEEP_ORDER_KEY);
    } else if (Take("confidence")) {
      hop.set_order(v1::KEEP_ORDER_SUREST);
    } else {
      const bool lowest = Take("lowest");
      if (!lowest) Take("highest");
      hop.set_order(lowest ? v1::KEEP_ORDER_LOWEST : v1::KEEP_ORDER_HIGHEST);
      hop.set_property(Next());
      if (hop.property().empty()) return NoHop(text_, "an order behind 'by'");
    }
    return absl::OkStatus();
  }

  bool Take(absl::string_view word) {
    const bool is_next = at_ < words_.size() && words_[at_] == word;
    if (is_next) ++at_;
    return is_next;
  }
  // Empty: there is none.
  std::string Next() { return at_ < words_.size() ? words_[at_++] : ""; }

  const std::string& text_;
  const std::vector<std::string> words_;
  size_t at_ = 0;
};

v1::HopSpec ToHop(const v1::PathStep& step) {
  v1::HopSpec hop;
  hop.set_direction(step.direction());
  *hop.mutable_types() = step.types();
  *hop.mutable_labels() = step.labels();
  *hop.mutable_entity_predicates() = step.entity_predicates();
  *hop.mutable_relationship_predicates() = step.relationship_predicates();
  return hop;
}

absl::Status NoHubs(const std::string& text) {
  return absl::InvalidArgumentError(absl::StrCat(
      "'", text,
      "' says nothing about hubs: expected skip, stop or cap, and how many "
      "relationships a hub has more than, as in: stop:1000, or of cap how many "
      "to keep, too: cap:1000:20"));
}

}  // namespace

absl::StatusOr<std::vector<v1::HopSpec>> ParseHops(const std::string& text) {
  const size_t end = EndOfPattern(text);
  ASSIGN_OR_RETURN(const std::vector<v1::PathStep> steps,
                   ParsePattern(text.substr(0, end)));
  v1::HopSpec kept;
  RETURN_IF_ERROR(Suffix(text, end).Read(kept));
  std::vector<v1::HopSpec> hops;
  for (const v1::PathStep& step : steps) {
    ASSIGN_OR_RETURN(const int repetitions, RepetitionsOf(step, text));
    v1::HopSpec hop = ToHop(step);
    hop.MergeFrom(kept);
    hops.insert(hops.end(), static_cast<size_t>(repetitions), hop);
  }
  return hops;
}

absl::StatusOr<v1::HubPolicy> ParseHubs(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  v1::HubPolicy hubs;
  int64_t max_degree = 0;
  int64_t keep = 0;
  const bool caps = parts[0] == "cap";
  if (caps) {
    hubs.set_action(v1::HUB_ACTION_CAP);
  } else if (parts[0] == "skip") {
    hubs.set_action(v1::HUB_ACTION_SKIP);
  } else if (parts[0] == "stop") {
    hubs.set_action(v1::HUB_ACTION_STOP);
  }
  const size_t expected = caps ? 3 : 2;
  if (hubs.action() == v1::HUB_ACTION_UNSPECIFIED || parts.size() != expected ||
      !absl::SimpleAtoi(parts[1], &max_degree) ||
      (caps && !absl::SimpleAtoi(parts[2], &keep))) {
    return NoHubs(text);
  }
  hubs.set_max_degree(max_degree);
  hubs.set_keep(keep);
  return hubs;
}

}  // namespace guanxi::cli
