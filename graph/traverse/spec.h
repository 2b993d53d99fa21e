#ifndef GUANXI_GRAPH_TRAVERSE_SPEC_H_
#define GUANXI_GRAPH_TRAVERSE_SPEC_H_

#include <cstdint>
#include <string>
#include <vector>

#include "graph/base/budget.h"
#include "graph/model/predicate.h"
#include "graph/model/view.h"
#include "graph/topology/topology.h"

namespace guanxi::traverse {

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
  Budget budget;
};

enum class Outcome : uint8_t { kComplete, kTruncated, kProvenNone };

// How an answer ended (DESIGN.md §2.1): always one of three.
struct Completeness {
  Outcome outcome = Outcome::kComplete;
  Stop reason = Stop::kNone;  // kTruncated: the limit that was reached
  std::string where;          // kTruncated: for a person, "at depth 2, at cas"
  LeftOut left_out;           // relationships met and not taken
};

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_SPEC_H_
