#include "bench/plain_loops.h"

#include <algorithm>
#include <numeric>
#include <random>

namespace guanxi::bench {

PlainRows::PlainRows(const PowerLawGraph& graph)
    : first(graph.entity_count + 1) {
  std::vector<uint32_t> order(graph.relationships.size());
  std::iota(order.begin(), order.end(), uint32_t{0});
  std::ranges::sort(order, {}, [&graph](uint32_t index) {
    const PowerLawGraph::Relationship& one = graph.relationships[index];
    return std::pair(one.subject, one.object);
  });
  for (const uint32_t index : order) {
    const PowerLawGraph::Relationship& one = graph.relationships[index];
    ++first[one.subject + 1];
    neighbours.push_back(one.object);
    weights.push_back(one.weight);
  }
  std::partial_sum(first.begin(), first.end(), first.begin());
}

int64_t PlainSearch::Count(uint32_t start, int depth) {
  ++mark_;
  queue_ = {start};
  marks_[start] = mark_;
  size_t begin = 0;
  for (int level = 0; level < depth; ++level) {
    const size_t end = queue_.size();
    if (begin == end) break;
    for (; begin < end; ++begin) Expand(queue_[begin]);
  }
  return static_cast<int64_t>(queue_.size());
}

void PlainSearch::Expand(uint32_t entity) {
  for (uint32_t i = rows_.first[entity]; i < rows_.first[entity + 1]; ++i) {
    const uint32_t neighbour = rows_.neighbours[i];
    if (marks_[neighbour] == mark_) continue;
    marks_[neighbour] = mark_;
    queue_.push_back(neighbour);
  }
}

std::optional<uint32_t> PlainDijkstra::Cost(uint32_t from, uint32_t to) {
  ++mark_;
  Queue queue;
  Offer(from, 0, queue);
  while (!queue.empty()) {
    const auto [cost, entity] = queue.top();
    queue.pop();
    if (entity == to) return cost;
    if (cost > costs_[entity]) continue;  // it was expanded for less
    for (uint32_t i = rows_.first[entity]; i < rows_.first[entity + 1]; ++i) {
      Offer(rows_.neighbours[i], cost + rows_.weights[i], queue);
    }
  }
  return std::nullopt;
}

void PlainDijkstra::Offer(uint32_t entity, uint32_t cost, Queue& queue) {
  if (marks_[entity] == mark_ && costs_[entity] <= cost) return;
  marks_[entity] = mark_;
  costs_[entity] = cost;
  queue.emplace(cost, entity);
}

std::vector<uint32_t> SomeEntities(const PowerLawGraph& graph, size_t count) {
  std::mt19937 random(7);
  std::vector<uint32_t> entities;
  for (size_t i = 0; i < count; ++i) {
    entities.push_back(static_cast<uint32_t>(random() % graph.entity_count));
  }
  return entities;
}

std::vector<uint32_t> WellConnected(const PowerLawGraph& graph, size_t count) {
  std::mt19937 random(11);
  std::vector<uint32_t> entities;
  for (size_t i = 0; i < count; ++i) {
    entities.push_back(
        graph.relationships[random() % graph.relationships.size()].subject);
  }
  return entities;
}

}  // namespace guanxi::bench
