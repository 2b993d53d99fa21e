#ifndef GUANXI_TESTS_SUPPORT_PATH_ORACLE_H_
#define GUANXI_TESTS_SUPPORT_PATH_ORACLE_H_

#include <string>
#include <vector>

#include "graph/store/snapshot.h"
#include "graph/traverse/path.h"
#include "tests/support/random_graph.h"

namespace guanxi::test {

// Every path between the ends of at most this length, whatever `max_length` of
// the spec says, in the order that FindPaths() promises: by trying every step
// from every entity, over and over. The mode and `max_paths` play no part. For
// small graphs.
std::vector<traverse::Path> EnumeratePaths(const store::Snapshot& snapshot,
                                           const traverse::PathEnds& ends,
                                           const traverse::PathSpec& spec,
                                           size_t max_length);

// Likewise of the cycles through an entity, as FindCycles().
std::vector<traverse::Path> EnumerateCycles(const store::Snapshot& snapshot,
                                            EntityId entity,
                                            const traverse::PathSpec& spec,
                                            size_t max_length);

// Any question about paths of a random graph (RandomStatements()), up to 5
// relationships long.
traverse::PathSpec RandomPathSpec(Random& random);

// Likewise about paths by cost, of which some go by the property "weight".
// Where the cost decides how many paths are asked for, costs that are sums of
// quarters are exact.
traverse::PathSpec RandomCostSpec(Random& random);

// "e0 -[:OWNS]-> e1 …": the same text for the same path in any store.
std::string ToText(const store::Snapshot& snapshot, const traverse::Path& path);

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_PATH_ORACLE_H_
