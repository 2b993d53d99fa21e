#ifndef GUANXI_TESTS_SUPPORT_BARE_VIEW_H_
#define GUANXI_TESTS_SUPPORT_BARE_VIEW_H_

#include <vector>

#include "graph/model/view.h"

namespace guanxi::test {

// Whether views say the same, but for the claims that they bring along: those
// that are asked for without are read in another way.
bool SayTheSame(const EntityView& a, const EntityView& b);
bool SayTheSame(const std::vector<RelationshipView>& a,
                const std::vector<RelationshipView>& b);

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_BARE_VIEW_H_
