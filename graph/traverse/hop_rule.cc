#include "graph/traverse/hop_rule.h"

#include <algorithm>
#include <iterator>

namespace guanxi::traverse {
namespace {

// What a hop asks for beside what the whole traversal does.
TraversalSpec OwnSpec(const TraversalSpec& whole, const HopSpec& hop) {
  TraversalSpec own;
  own.lens = whole.lens;
  own.types = hop.types;
  own.labels = hop.labels;
  own.entity_predicates = hop.entity_predicates;
  own.relationship_predicates = hop.relationship_predicates;
  return own;
}

int64_t ShareOf(const NeighbourhoodSpec& spec, const HopSpec& hop) {
  if (hop.max_per_entity > 0) return hop.max_per_entity;
  return spec.max_per_entity > 0 ? spec.max_per_entity : HopRule::kAll;
}

}  // namespace

HopRule::HopRule(const store::Snapshot& snapshot, const NeighbourhoodSpec& spec,
                 const Admission& whole, const HopSpec& hop)
    : own_(snapshot, OwnSpec(spec.traversal, hop)),
      direction_(hop.direction.value_or(spec.traversal.direction)),
      selects_relationships_(!hop.relationship_predicates.empty()),
      share_(ShareOf(spec, hop)),
      order_(hop.order),
      property_(hop.property),
      types_(whole.types()),
      matches_nothing_(whole.MatchesNothing() || own_.MatchesNothing()) {
  const std::vector<TypeId>& wanted = own_.types();
  if (types_.empty()) {
    types_ = wanted;
  } else if (!wanted.empty()) {
    std::vector<TypeId> common;
    std::ranges::set_intersection(types_, wanted, std::back_inserter(common));
    types_ = std::move(common);
    matches_nothing_ = matches_nothing_ || types_.empty();
  }
}

std::vector<HopRule> MakeHopRules(const store::Snapshot& snapshot,
                                  const NeighbourhoodSpec& spec,
                                  const Admission& whole) {
  std::vector<HopRule> rules;
  for (const HopSpec& hop : spec.hops) {
    rules.emplace_back(snapshot, spec, whole, hop);
  }
  if (rules.empty()) rules.emplace_back(snapshot, spec, whole, HopSpec());
  return rules;
}

}  // namespace guanxi::traverse
