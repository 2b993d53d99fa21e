#ifndef GUANXI_TESTS_SUPPORT_PATH_ORACLE_H_
#define GUANXI_TESTS_SUPPORT_PATH_ORACLE_H_

#include <string>
#include <vector>

#include "graph/store/snapshot.h"
#include "graph/traverse/path.h"

namespace guanxi::test {

// Every simple path between the ends of at most this length, in the order that
// FindPaths() promises: by trying every step from every entity, over and over.
// For small graphs.
std::vector<traverse::Path> EnumeratePaths(const store::Snapshot& snapshot,
                                           const traverse::PathEnds& ends,
                                           const traverse::TraversalSpec& spec,
                                           size_t max_length);

// "e0 -[:OWNS]-> e1 …": the same text for the same path in any store.
std::string ToText(const store::Snapshot& snapshot, const traverse::Path& path);

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_PATH_ORACLE_H_
