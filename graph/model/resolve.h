#ifndef GUANXI_GRAPH_MODEL_RESOLVE_H_
#define GUANXI_GRAPH_MODEL_RESOLVE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

#include "graph/model/claim.h"
#include "graph/model/fact.h"
#include "graph/value/date.h"

namespace guanxi {

// How much a source's word weighs: what the order of groups needs to know of it
// and of the sources it derives from (DESIGN.md §1.2, domain.md §6.4).
struct Standing {
  enum class Tier : uint8_t { kPrimary, kSecondary, kWeak };

  Tier tier = Tier::kWeak;            // of its best lineage root
  std::vector<std::string> roots;     // ids of its lineage roots, sorted
  std::optional<DayRange> published;  // latest is best; none is oldest
};

// One believed claim of the fact to resolve. Points at things that outlive the
// resolution.
struct Candidate {
  const Claim* claim = nullptr;
  const Value* value = nullptr;  // nullptr: the fact has no value, as existence
  const Standing* standing = nullptr;
};

enum class Presence : uint8_t { kUnrecorded, kMaybe, kYes };

// What the view shows of one fact, by the claims of one mode class, on each of
// these days. Days of which no slice speaks: it does not hold.
struct Slice {
  DayRange days;
  Mode mode_class = Mode::kAsserted;
  Presence presence = Presence::kYes;
  bool conflict = false;
  bool disputed = false;
  bool undated = false;  // it holds always, because no claim gives a time
  size_t winner = 0;  // the candidate whose value is shown; not if unrecorded

  friend bool operator==(const Slice&, const Slice&) = default;
};

// The rule by which a claim or a group of claims lost.
enum class LossRule : uint8_t {
  kDeprecated,
  kImplicit,
  kRank,
  kTier,
  kRoots,
  kPrecision,
  kRecency,
  kConfidence,
  kId,
};
inline constexpr std::array<absl::string_view, 9> kLossRuleNames = {
    "deprecated", "implicit", "rank",       "tier", "roots",
    "precision",  "recency",  "confidence", "id"};
absl::string_view ToString(LossRule rule);

struct Loser {
  size_t candidate = 0;  // the narrowest claim of the group that lost
  LossRule rule = LossRule::kId;
};

// Resolves one fact: its slices of every mode class, by mode class and then
// day. Slices of kNegated (days on which the fact is denied) are made only if
// none but deprecated candidates are affirmative. Takes quadratic time.
std::vector<Slice> Resolve(const FactTime& time,
                           absl::Span<const Candidate> candidates);

// Why the slice of `mode_class` on `day` shows what it shows: whoever lost
// against it, by value-less order of candidates. Empty where nothing is shown.
std::vector<Loser> ExplainLosers(const FactTime& time,
                                 absl::Span<const Candidate> candidates,
                                 Mode mode_class, Day day);

// One group of compatible claims, narrowest first.
struct Group {
  std::vector<size_t> candidates;
  Standing::Tier tier = Standing::Tier::kWeak;
  size_t roots = 0;
};

// The groups that compete on `day`, the shown one first.
std::vector<Group> CompetingGroups(const FactTime& time,
                                   absl::Span<const Candidate> candidates,
                                   Mode mode_class, Day day);

}  // namespace guanxi

#endif  // GUANXI_GRAPH_MODEL_RESOLVE_H_
