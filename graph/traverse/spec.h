#ifndef GUANXI_GRAPH_TRAVERSE_SPEC_H_
#define GUANXI_GRAPH_TRAVERSE_SPEC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

#include "graph/base/budget.h"
#include "graph/model/ids.h"
#include "graph/model/predicate.h"
#include "graph/model/view.h"

namespace guanxi::traverse {

// How far the parts of an answer that were given already came. Engines walk the
// same way for the same state, so walking it again leads to the same place.
struct Progress {
  Usage used;  // by the parts together; granted to the next one
  // How much of each list the parts have given: of a neighbourhood all but
  // `paths`, of a path search that alone, of others the first.
  int64_t entities = 0;
  int64_t relationships = 0;
  int64_t denied = 0;
  int64_t paths = 0;
  int64_t hubs = 0;

  friend bool operator==(const Progress&, const Progress&) = default;
};

// What every traversal asks for: through which lens it sees the graph and
// which steps it may take.
struct TraversalSpec {
  Lens lens;
  Direction direction = Direction::kBoth;
  std::vector<std::string> types;   // of relationships; empty: all
  std::vector<std::string> labels;  // a neighbour has one of them; empty: all
  // Fitted (model/predicate.h); a neighbour, a relationship satisfies all.
  std::vector<Predicate> entity_predicates;
  std::vector<Predicate> relationship_predicates;
  std::vector<std::string> exclude_types;  // never followed
  std::vector<EntityId> exclude_entities;  // never a neighbour
  Budget budget;
  Progress done;  // of earlier parts; the answer goes on behind them
};

// What one step asks for beside what the whole traversal does: a PathStep, a
// HopSpec.
template <typename Step>
TraversalSpec OwnSpec(const TraversalSpec& whole, const Step& step) {
  TraversalSpec own;
  own.lens = whole.lens;
  own.direction = step.direction.value_or(whole.direction);
  own.types = step.types;
  own.labels = step.labels;
  own.entity_predicates = step.entity_predicates;
  own.relationship_predicates = step.relationship_predicates;
  return own;
}

// The way back along a relationship that goes this way.
Direction Reverse(Direction direction);

// INVALID_ARGUMENT [SPEC_INVALID] of a field of a spec.
absl::Status RefuseField(absl::string_view field, absl::string_view found,
                         absl::string_view expected);

// Likewise of a number that does not lie between two limits, both included.
absl::Status RefuseRange(absl::string_view field, absl::string_view found,
                         absl::string_view least, absl::string_view most);

// OK if a field lies between two limits, both included; otherwise refuses it.
absl::Status CheckRange(absl::string_view field, int64_t found, int64_t least,
                        int64_t most);

enum class Outcome : uint8_t { kComplete, kTruncated, kProvenNone };

// How an answer ended (DESIGN.md §2.1): always one of three.
struct Completeness {
  Outcome outcome = Outcome::kComplete;
  Stop reason = Stop::kNone;  // kTruncated: the limit that was reached
  std::string where;          // kTruncated: for a person, "at depth 2, at cas"
  // Relationships met and not taken, of all parts so far.
  LeftOut left_out;
  // kTruncated: where the next part goes on. nullopt: a larger budget would not
  // bring more.
  std::optional<Progress> progress;
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_SPEC_H_
