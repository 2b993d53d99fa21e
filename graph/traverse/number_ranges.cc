#include "graph/traverse/number_ranges.h"

#include <optional>
#include <string>

namespace guanxi::traverse {

std::vector<NumberRange> NumberRangesOf(const RelationshipView& view,
                                        absl::string_view property) {
  std::vector<NumberRange> ranges;
  const auto add = [&ranges](const Value& value) {
    const std::optional<NumberRange> range = NumberRangeOf(value);
    if (range.has_value()) ranges.push_back(*range);
  };
  const auto key = view.key.keys.find(std::string(property));
  if (key != view.key.keys.end()) add(key->second);
  for (const PropertyView& shown : view.properties) {
    if (shown.key.name == property) add(shown.value);
  }
  return ranges;
}

}  // namespace guanxi::traverse
