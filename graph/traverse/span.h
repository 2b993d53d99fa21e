#ifndef GUANXI_GRAPH_TRAVERSE_SPAN_H_
#define GUANXI_GRAPH_TRAVERSE_SPAN_H_

#include <limits>
#include <vector>

#include "absl/strings/string_view.h"

#include "graph/model/view.h"

namespace guanxi::traverse {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The least and the greatest that a number can be; both the same of most, and
// infinite where nothing is said. A percentage is a part of one: 16% is 0.16;
// other units play no part.
struct Span {
  double least = 0;
  double greatest = 0;
};

// What a relationship says of a property, key properties included; of what is
// no number nothing.
std::vector<Span> SpansOf(const RelationshipView& view,
                          absl::string_view property);

}  // namespace guanxi::traverse

#endif  // GUANXI_GRAPH_TRAVERSE_SPAN_H_
