#ifndef GUANXI_BENCH_TRAVERSE_QUESTIONS_H_
#define GUANXI_BENCH_TRAVERSE_QUESTIONS_H_

#include <cstdint>
#include <functional>
#include <string>

#include "bench/plain_loops.h"
#include "bench/stored_graph.h"
#include "graph/topology/topology.h"

namespace guanxi::bench {

// A question about many entities, one after the other, which plain loops and
// the engine can answer. Both come to the same number, so that none of the work
// is idle, if both see the same relationships.
struct Question {
  std::string name;
  int64_t count = 0;  // of the entities
  std::function<int64_t(PlainSearch&)> plain;
  std::function<int64_t(const topology::Ground&)> ask;
};

// The sum of the neighbours' ids. Must not outlive the graph.
Question OneHop(const StoredGraph& stored);

// How many can be reached by at most `depth` relationships from `starts`
// entities that have many. Must not outlive the graph.
Question ReachWithin(int depth, size_t starts, const StoredGraph& stored);

}  // namespace guanxi::bench

#endif  // GUANXI_BENCH_TRAVERSE_QUESTIONS_H_
