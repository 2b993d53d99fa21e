#include "graph/traverse/hop_rule.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace guanxi::traverse {
HopRule::HopRule(const NeighbourhoodSpec& spec, const Admission& whole)
    : direction_(spec.traversal.direction),
      types_(whole.types()),
      matches_nothing_(whole.MatchesNothing()) {
  if (spec.max_per_entity > 0) share_ = spec.max_per_entity;
}

HopRule::HopRule(const store::Snapshot& snapshot, const NeighbourhoodSpec& spec,
                 const Admission& whole, const HopSpec& hop)
    : HopRule(spec, whole) {
  own_.emplace(snapshot, OwnSpec(spec.traversal, hop));
  direction_ = hop.direction.value_or(direction_);
  selects_relationships_ = !hop.relationship_predicates.empty();
  if (hop.max_per_entity > 0) share_ = hop.max_per_entity;
  order_ = hop.order;
  property_ = hop.property;
  matches_nothing_ = matches_nothing_ || own_->MatchesNothing();
  const std::vector<TypeId>& wanted = own_->types();
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
  if (rules.empty()) rules.emplace_back(spec, whole);
  return rules;
}

}  // namespace guanxi::traverse
