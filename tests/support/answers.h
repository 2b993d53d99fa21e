#ifndef GUANXI_TESTS_SUPPORT_ANSWERS_H_
#define GUANXI_TESTS_SUPPORT_ANSWERS_H_

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "graph/model/claim.h"
#include "graph/model/fact.h"
#include "graph/model/resolve.h"
#include "graph/model/view.h"
#include "graph/value/date.h"
#include "graph/value/value.h"

namespace guanxi::test {

// What the view shows, in one form for the reference model and for the store,
// so that the two can be compared with each other and with the vectors.

struct Loser {
  std::string value;
  LossRule rule = LossRule::kId;
  friend auto operator<=>(const Loser&, const Loser&) = default;
};

// One fact that is shown, on a day or in one slice.
struct ShownFact {
  FactKind kind = FactKind::kExistence;
  std::string name;  // of the label or property
  ValidTime::Kind time = ValidTime::Kind::kNone;
  DayRange days;                  // period, or day of an event property
  Map keys;                       // key qualifiers
  std::string unit;               // of the fact key
  std::string language;           // of the fact key
  std::string element;            // of a list property
  std::optional<DayRange> slice;  // under any day

  std::string value;  // as printed; empty where the fact has none
  Map qualifiers;     // the non-key ones of the shown claim
  std::string claim;  // id of the shown claim; empty: implicit
  Holds holds = Holds::kYes;
  bool conflict = false;
  bool disputed = false;
  bool undated = false;
  Mode mode = Mode::kAsserted;
  double confidence = 1;
  std::vector<Loser> losers;  // sorted
  // Under any day: who lost is not the same on all days of the slice.
  bool losers_vary = false;

  // Which fact it is, for sorting and messages.
  std::string Name() const;
};

struct EntityAnswer {
  std::string key;                   // canonical
  std::vector<std::string> members;  // of a cluster of several, sorted
  bool in_view = false;
  std::vector<std::string> labels;  // with ancestors, sorted
  std::vector<ShownFact> facts;     // labels and properties
};

struct RelationshipAnswer {
  std::string type;
  std::string from;
  std::string to;
  Map keys;
  std::string name;
  bool denied = false;
  ShownFact existence;
  std::optional<ShownFact> date;
  std::vector<ShownFact> properties;

  std::string Name() const;
};

struct RelationshipsAnswer {
  std::vector<RelationshipAnswer> relationships;
  LeftOut left_out;
  int64_t hidden = 0;  // inside the cluster, and left out for that
};

// The entities that show as one.
struct ClusterAnswer {
  std::string canonical;
  std::vector<std::string> members;  // sorted
  // Judged different, for which nothing is merged; each pair and all are
  // sorted.
  std::vector<std::pair<std::string, std::string>> blocked_by;
};

struct ClaimAnswer {
  std::string value;
  Claim claim;
  uint64_t since = 0;
  std::optional<uint64_t> until;  // in a history, of what is believed no more
};

// How one fact, or one property of a relationship, differs between two moments.
struct Change {
  enum class Kind : uint8_t {
    kAdded,
    kEnded,
    kRetracted,
    kCorrected,
    kChanged
  };

  Kind kind = Kind::kAdded;
  std::string fact;    // as ShownFact or RelationshipAnswer name it
  std::string before;  // as printed; empty where it has no value
  std::string after;
  friend auto operator<=>(const Change&, const Change&) = default;
};

// The answers in the form of vectors/README.md: what has its default is left
// out. Facts stand by name, then newest first, then in a fixed order.
nlohmann::json ToJson(const EntityAnswer& answer);
nlohmann::json ToJson(const RelationshipsAnswer& answer);
nlohmann::json ToJson(const std::vector<ClaimAnswer>& claims);
nlohmann::json ToJson(const ClusterAnswer& answer);
nlohmann::json ToJson(const std::vector<Change>& changes);

// How `actual` differs from `expected`, or "" if they are equal: one line for
// each difference. Facts are compared in any order.
std::string Differences(const EntityAnswer& expected,
                        const EntityAnswer& actual);
std::string Differences(const RelationshipAnswer& expected,
                        const RelationshipAnswer& actual);
std::string Differences(const RelationshipsAnswer& expected,
                        const RelationshipsAnswer& actual);

std::string ToString(const ShownFact& fact);
std::string ToString(const LeftOut& left_out);

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_ANSWERS_H_
