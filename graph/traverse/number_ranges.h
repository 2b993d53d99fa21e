#ifndef GUANXI_GRAPH_TRAVERSE_NUMBER_RANGES_H_
#define GUANXI_GRAPH_TRAVERSE_NUMBER_RANGES_H_

#include <vector>

#include "absl/strings/string_view.h"

#include "graph/model/view.h"
#include "graph/value/number_range.h"

namespace guanxi::traverse {

inline constexpr double kInfinity = NumberRange::kUnbounded;

// What a relationship says of a property, key properties included; of what is
// no number nothing.
std::vector<NumberRange> NumberRangesOf(const RelationshipView& view,
                                        absl::string_view property);

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_NUMBER_RANGES_H_
