#ifndef GUANXI_BENCH_PLAIN_LOOPS_H_
#define GUANXI_BENCH_PLAIN_LOOPS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <utility>
#include <vector>

#include "bench/power_law.h"

namespace guanxi::bench {

// The relationships of a graph by their subjects, as plain arrays: what a loop
// over memory can do at best.
struct PlainRows {
  std::vector<uint32_t> first;  // by entity, and one behind the last
  std::vector<uint32_t> neighbours;
  std::vector<uint8_t> weights;  // by neighbour

  explicit PlainRows(const PowerLawGraph& graph);
};

// Breadth-first search as one writes it down: a mark for each entity, which is
// that of the search in which it was met last. Must not outlive the rows.
class PlainSearch {
 public:
  explicit PlainSearch(const PlainRows& rows)
      : rows_(rows), marks_(rows.first.size() - 1) {}

  const PlainRows& rows() const { return rows_; }

  // How many entities are within `depth` of one, itself too.
  int64_t Count(uint32_t start, int depth);

 private:
  void Expand(uint32_t entity);

  const PlainRows& rows_;
  std::vector<uint32_t> marks_;
  uint32_t mark_ = 0;
  std::vector<uint32_t> queue_;
};

// Dijkstra's search as one writes it down, from one end: until the other end
// is the nearest. Must not outlive the rows.
class PlainDijkstra {
 public:
  explicit PlainDijkstra(const PlainRows& rows)
      : rows_(rows),
        marks_(rows.first.size() - 1),
        costs_(rows.first.size() - 1) {}

  // The least sum of weights from one entity to another; nullopt: none.
  std::optional<uint32_t> Cost(uint32_t from, uint32_t to);

 private:
  using Queue = std::priority_queue<std::pair<uint32_t, uint32_t>,
                                    std::vector<std::pair<uint32_t, uint32_t>>,
                                    std::greater<>>;
  void Offer(uint32_t entity, uint32_t cost, Queue& queue);

  const PlainRows& rows_;
  std::vector<uint32_t> marks_;
  std::vector<uint32_t> costs_;  // where the mark is that of the search
  uint32_t mark_ = 0;
};

// The same ones each time.
std::vector<uint32_t> SomeEntities(const PowerLawGraph& graph, size_t count);

// Where many relationships begin, as one comes to hubs.
std::vector<uint32_t> WellConnected(const PowerLawGraph& graph, size_t count);

}  // namespace guanxi::bench

#endif  // GUANXI_BENCH_PLAIN_LOOPS_H_
