#include "bench/plain_loops.h"

#include <algorithm>
#include <numeric>
#include <random>

namespace guanxi::bench {

PlainRows::PlainRows(const PowerLawGraph& graph)
    : first(graph.entity_count + 1), neighbours(graph.relationships.size()) {
  for (const auto& one : graph.relationships) ++first[one.subject + 1];
  std::partial_sum(first.begin(), first.end(), first.begin());
  std::vector<uint32_t> next(first.begin(), first.end() - 1);
  for (const auto& one : graph.relationships) {
    neighbours[next[one.subject]++] = one.object;
  }
  for (uint32_t i = 0; i < graph.entity_count; ++i) {
    std::sort(neighbours.begin() + first[i], neighbours.begin() + first[i + 1]);
  }
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
