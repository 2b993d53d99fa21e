#ifndef GUANXI_GRAPH_MODEL_CLAIM_H_
#define GUANXI_GRAPH_MODEL_CLAIM_H_

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "graph/value/date.h"
#include "graph/value/decimal.h"
#include "graph/value/value.h"

namespace guanxi {

// How a source puts a claim.
enum class Mode : uint8_t {
  kAsserted,
  kReported,
  kExpected,
  kPlanned,
  kInferred,
  kOpinion,
  kSuggested,
  kNegated,  // the source denies the fact
};
inline constexpr std::array<absl::string_view, 8> kModeNames = {
    "asserted", "reported", "expected",  "planned",
    "inferred", "opinion",  "suggested", "negated"};
absl::string_view ToString(Mode mode);
std::optional<Mode> ParseMode(absl::string_view name);

// Claims of one mode class compete with each other: asserted and reported
// together (under kAsserted), each other mode by itself.
Mode ModeClass(Mode mode);

// A set of mode classes that a request admits. Asserted and reported are
// always in it; negated never is.
class ModeSet {
 public:
  ModeSet() = default;
  void Add(Mode mode) { bits_ |= Bit(mode); }
  bool Contains(Mode mode) const { return (bits_ & Bit(mode)) != 0; }
  friend bool operator==(const ModeSet&, const ModeSet&) = default;

 private:
  static unsigned Bit(Mode mode) {
    return 1U << static_cast<unsigned>(ModeClass(mode));
  }

  unsigned bits_ = Bit(Mode::kAsserted);
};

enum class Rank : uint8_t { kDeprecated, kNormal, kPreferred };
inline constexpr std::array<absl::string_view, 3> kRankNames = {
    "deprecated", "normal", "preferred"};
absl::string_view ToString(Rank rank);
std::optional<Rank> ParseRank(absl::string_view name);

// Where a claim stands: a source and, perhaps, the lines of its text.
struct Citation {
  std::string source;       // empty: none was named
  uint32_t first_line = 0;  // from 1; 0: no line was given
  uint32_t last_line = 0;   // first_line where one line was given

  std::string ToString() const;  // "a000", "a000:13", "a000:27-29"
  friend auto operator<=>(const Citation&, const Citation&) = default;
};

// The valid time of a claim: `at D`, `during P`, or none.
struct ValidTime {
  enum class Kind : uint8_t { kNone, kAt, kDuring };

  Kind kind = Kind::kNone;
  std::optional<When> when;  // set unless kNone

  static ValidTime At(When when) { return {Kind::kAt, when}; }
  static ValidTime During(When when) { return {Kind::kDuring, when}; }
  std::string ToString() const;  // "at 2025~", "during 2022/..", ""
  friend bool operator==(const ValidTime&, const ValidTime&) = default;
};

// What stands behind a statement: the claim tail of the .kg language.
struct Tail {
  std::vector<Citation> from;
  ValidTime valid;
  std::optional<Mode> mode;
  std::optional<Rank> rank;
  std::optional<Decimal> confidence;  // 0 to 1
  std::optional<std::string> by;
  std::optional<std::string> note;
  std::optional<std::string> id;
  std::optional<std::string> supersedes;
  Map qualifiers;  // property statements only

  // No tail at all: the statement makes an implicit claim.
  bool empty() const;

  friend bool operator==(const Tail&, const Tail&) = default;
};

// What stands behind the ending or the retraction of a claim.
struct Reason {
  std::vector<Citation> from;
  std::string by;
  std::string note;
  friend bool operator==(const Reason&, const Reason&) = default;
};

// One source's assertion of one fact, without the fact.
struct Claim {
  std::string id;  // as named, else a hash of the claim's identity
  bool named = false;
  Citation citation;
  Value value;     // of a property fact; else null
  Map properties;  // of a relationship fact: the stated, non-key ones
  Map qualifiers;  // of a property fact: the stated, non-key ones
  ValidTime valid;
  Mode mode = Mode::kAsserted;
  Rank rank = Rank::kNormal;
  std::optional<Decimal> confidence;
  std::string by;
  std::string note;
  std::string supersedes;  // a claim id, or empty
  bool implicit = false;   // a write without a tail
};

}  // namespace guanxi

#endif  // GUANXI_GRAPH_MODEL_CLAIM_H_
