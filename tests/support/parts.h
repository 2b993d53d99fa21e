#ifndef GUANXI_TESTS_SUPPORT_PARTS_H_
#define GUANXI_TESTS_SUPPORT_PARTS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "graph/base/budget.h"
#include "graph/traverse/spec.h"
#include "tests/support/random_graph.h"
#include "tests/support/status_matchers.h"

namespace guanxi::test {

// One limit is small, now and then several; the others are out of the way.
inline Budget RandomBudget(Random& random) {
  Budget budget;
  const auto some = [&random](size_t most) {
    return static_cast<int64_t>(1 + random.Below(most));
  };
  do {
    if (random.OneIn(3)) budget.max_entities = some(5);
    if (random.OneIn(3)) budget.max_relationships = some(20);
    if (random.OneIn(3)) budget.max_results = some(3);
    if (random.OneIn(3)) budget.max_bytes = some(500);
  } while (random.OneIn(4));
  return budget;
}

// Puts a list of a part behind that of the parts before it.
template <typename T>
void Append(const std::vector<T>& part, std::vector<T>& whole) {
  whole.insert(whole.end(), part.begin(), part.end());
}

// Asks for part after part, each under a budget of its own, until one cannot be
// continued; `join` puts each behind what was there. Returns how many.
template <typename Ask, typename Join>
int AskInParts(Random& random, traverse::TraversalSpec& spec, Ask ask,
               Join join) {
  constexpr int kMostParts = 2'000;
  int parts = 0;
  for (std::optional<traverse::Progress> progress = traverse::Progress();
       progress.has_value() && parts < kMostParts; ++parts) {
    spec.done = *progress;
    spec.budget = RandomBudget(random);
    progress = join(*ask());
    EXPECT_NE(progress, spec.done) << "no progress in part " << parts;
  }
  spec.done = {};
  return parts;
}

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_PARTS_H_
