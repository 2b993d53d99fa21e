#ifndef GUANXI_GRAPH_MODEL_VIEW_H_
#define GUANXI_GRAPH_MODEL_VIEW_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "graph/model/claim.h"
#include "graph/model/fact.h"
#include "graph/model/ids.h"
#include "graph/model/resolve.h"
#include "graph/value/date.h"
#include "graph/value/value.h"

namespace guanxi {

// As seen from an entity: its relationships from it, to it, or both.
enum class Direction : uint8_t { kOut, kIn, kBoth };

// Through which the property graph is seen: the valid half of a moment, and
// what a request admits. (The known half is the snapshot.)
struct Lens {
  std::optional<Day> valid_at;  // nullopt: any day; every slice is shown
  ModeSet modes;
  bool certain = false;       // hide what holds maybe
  double min_confidence = 0;  // hide relationships whose claim has less
};

// Which claims a view brings along.
enum class Evidence : uint8_t {
  kNone,
  kShown,  // the claim that each shown fact rests on
  kAll,    // every believed claim of each fact, with its verdict
};

// What became of a claim at the moment.
enum class Verdict : uint8_t {
  kShown,       // the view shows its value
  kAgrees,      // grouped with the shown one
  kLost,        // by `rule`; the narrowest claim of its group
  kLostToo,     // by `rule`, grouped with one that lost
  kDenies,      // negated
  kNotHolding,  // its valid time leaves out the day
  kOtherMode,   // of a mode class that is not the shown one
};

struct ClaimView {
  Claim claim;
  Revision since;  // from when on it is believed
  Verdict verdict = Verdict::kShown;
  LossRule rule = LossRule::kId;  // kLost and kLostToo only
};

// How a fact stands at the moment.
struct Showing {
  DayRange days;  // the slice: nothing about the fact changes on these days
  Holds holds = Holds::kYes;
  bool conflict = false;
  bool disputed = false;
  bool undated = false;
  Mode mode = Mode::kAsserted;    // of the shown claim
  double confidence = 1;          // of the shown claim
  bool implicit = false;          // it rests on a write without a source
  std::vector<ClaimView> claims;  // as Evidence asked; the shown one first
};

struct LabelView {
  std::string label;
  Showing showing;
};

struct PropertyView {
  FactKey key;
  Value value;
  Map qualifiers;  // the non-key ones of the shown claim
  Showing showing;
  std::string identifier_problem = {};  // of an id; empty if nothing is wrong
};

// The property that says what an entity is called.
inline constexpr absl::string_view kNameProperty = "name";

// What an entity is told by where others are in question.
struct EntitySummary {
  std::string key;
  std::vector<Text> names;          // as properties stand
  std::vector<std::string> labels;  // with their declared ancestors, sorted
};

struct EntityView {
  std::string key;
  bool in_view = false;  // an affirmative claim about it, or a relationship
  // The keys of the entities that are one with this, if there are several, and
  // the pairs that are judged different and keep it from being merged; sorted.
  std::vector<std::string> members;
  std::vector<std::pair<std::string, std::string>> blocked_by;
  std::vector<LabelView> labels;         // as claimed, by name
  std::vector<std::string> all_labels;   // with their declared ancestors
  std::vector<PropertyView> properties;  // by name, then newest first
};

struct DateView {
  When date;
  Showing showing;
};

struct RelationshipView {
  RelationshipId id;
  RelationshipKey key;
  bool symmetric = false;
  bool denied = false;  // negated claims only; listed on request
  Showing showing;
  std::optional<DateView> date;          // of an event
  std::vector<PropertyView> properties;  // by name
};

// What the limits of one hop of a neighbourhood left out.
struct HopLeftOut {
  int hop = 0;          // 1: from the start
  int64_t capped = 0;   // relationships beyond those that a cap kept
  int64_t to_hubs = 0;  // relationships to entities that were skipped as hubs
  int64_t hubs = 0;     // entities at which the hub policy cut

  friend bool operator==(const HopLeftOut&, const HopLeftOut&) = default;
};

// Relationships that an answer passed over, each counted once.
struct LeftOut {
  int64_t denied = 0;      // negated claims only
  int64_t unrecorded = 0;  // before its first observation, or stale
  int64_t uncertain = 0;   // holds maybe, and `certain` was asked
  int64_t low_confidence = 0;
  int64_t hidden = 0;             // between entities that are one
  int64_t unpriced = 0;           // without what a cost is made from
  std::map<Mode, int64_t> modes;  // holds only in a mode that is not admitted
  std::vector<HopLeftOut> hops;   // those with something, in order

  bool empty() const {
    return denied + unrecorded + uncertain + low_confidence + hidden +
                   unpriced ==
               0 &&
           modes.empty() && hops.empty();
  }
};

// What is said of a source now.
struct SourceView {
  std::string id;
  Map description;
};

// The claims of one fact, for listing.
struct FactClaims {
  std::string entity;  // of an entity's fact; else empty
  std::optional<RelationshipKey> relationship;
  FactKey key;
  std::optional<Showing> showing;  // nullopt: not shown at the moment
  std::vector<ClaimView> claims;   // the shown one first, then by id
};

}  // namespace guanxi

#endif  // GUANXI_GRAPH_MODEL_VIEW_H_
