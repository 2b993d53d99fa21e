#include "tests/support/bare_view.h"

#include <algorithm>
#include <tuple>

namespace guanxi::test {
namespace {

bool Same(const Showing& a, const Showing& b) {
  const auto said = [](const Showing& showing) {
    return std::tie(showing.days, showing.holds, showing.conflict,
                    showing.disputed, showing.undated, showing.mode,
                    showing.confidence, showing.implicit);
  };
  return said(a) == said(b);
}

bool SameLabel(const LabelView& a, const LabelView& b) {
  return a.label == b.label && Same(a.showing, b.showing);
}

bool SameProperty(const PropertyView& a, const PropertyView& b) {
  return a.key == b.key && a.value == b.value && a.qualifiers == b.qualifiers &&
         a.identifier_problem == b.identifier_problem &&
         Same(a.showing, b.showing);
}

bool SameDate(const std::optional<DateView>& a,
              const std::optional<DateView>& b) {
  if (!a.has_value() || !b.has_value()) return a.has_value() == b.has_value();
  return a->date == b->date && Same(a->showing, b->showing);
}

bool SameRelationship(const RelationshipView& a, const RelationshipView& b) {
  return a.id == b.id && a.key == b.key && a.symmetric == b.symmetric &&
         a.denied == b.denied && Same(a.showing, b.showing) &&
         SameDate(a.date, b.date) &&
         std::ranges::equal(a.properties, b.properties, SameProperty);
}

}  // namespace

bool SayTheSame(const EntityView& a, const EntityView& b) {
  return a.key == b.key && a.in_view == b.in_view && a.members == b.members &&
         a.blocked_by == b.blocked_by && a.all_labels == b.all_labels &&
         std::ranges::equal(a.labels, b.labels, SameLabel) &&
         std::ranges::equal(a.properties, b.properties, SameProperty);
}

bool SayTheSame(const std::vector<RelationshipView>& a,
                const std::vector<RelationshipView>& b) {
  return std::ranges::equal(a, b, SameRelationship);
}

}  // namespace guanxi::test
