#include "bench/traverse_questions.h"

#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/traverse/reach.h"

namespace guanxi::bench {
namespace {

using topology::Ground;
using traverse::ReachSpec;

int64_t SumPlainly(const PlainRows& rows, const std::vector<uint32_t>& starts,
                   const StoredGraph& stored) {
  uint64_t sum = 0;
  for (const uint32_t start : starts) {
    for (uint32_t i = rows.first[start]; i < rows.first[start + 1]; ++i) {
      sum += stored.id(rows.neighbours[i]).value;
    }
  }
  return static_cast<int64_t>(sum);
}

int64_t SumNeighbours(const Ground& ground, const std::vector<uint32_t>& starts,
                      const StoredGraph& stored) {
  const topology::Topology topology(ground, Lens{});
  uint64_t sum = 0;
  for (const uint32_t start : starts) {
    GUANXI_CHECK(topology
                     .Expand(stored.id(start), Direction::kOut, {},
                             [&sum](const topology::Hop& hop) {
                               sum += hop.neighbour.value;
                               return true;
                             })
                     .ok());
  }
  return static_cast<int64_t>(sum);
}

ReachSpec SpecOf(int depth) {
  ReachSpec spec{.max_depth = depth, .counts_only = true};
  spec.traversal.direction = Direction::kOut;
  spec.traversal.budget.max_relationships = INT64_MAX / 2;
  spec.traversal.budget.max_entities = INT64_MAX / 2;
  spec.traversal.budget.max_bytes = INT64_MAX / 2;
  return spec;
}

int64_t CountReached(const Ground& ground, const std::vector<uint32_t>& starts,
                     const StoredGraph& stored, const ReachSpec& spec) {
  int64_t found = 0;
  for (const uint32_t start : starts) {
    const auto answer = *traverse::FindReach(ground, {stored.id(start)}, spec);
    for (const int64_t count : answer.counts) found += count;
  }
  return found;
}

int64_t CountPlainly(PlainSearch& search, const std::vector<uint32_t>& starts,
                     int depth) {
  int64_t found = 0;
  for (const uint32_t start : starts) found += search.Count(start, depth);
  return found;
}

}  // namespace

Question OneHop(const StoredGraph& stored) {
  constexpr size_t kStarts = 20'000;
  const std::vector<uint32_t> starts = SomeEntities(stored.graph(), kStarts);
  return {.name = "one_hop",
          .count = static_cast<int64_t>(starts.size()),
          .plain =
              [&stored, starts](PlainSearch& search) {
                return SumPlainly(search.rows(), starts, stored);
              },
          .ask =
              [&stored, starts](const Ground& ground) {
                return SumNeighbours(ground, starts, stored);
              }};
}

Question ReachWithin(int depth, size_t starts, const StoredGraph& stored) {
  const bool all = depth == ReachSpec::kMaxDepth;
  const std::vector<uint32_t> from = WellConnected(stored.graph(), starts);
  return {.name = all ? "reach_all" : absl::StrCat("reach_", depth),
          .count = static_cast<int64_t>(from.size()),
          .plain =
              [from, depth](PlainSearch& search) {
                return CountPlainly(search, from, depth);
              },
          .ask =
              [&stored, from, spec = SpecOf(depth)](const Ground& ground) {
                return CountReached(ground, from, stored, spec);
              }};
}

}  // namespace guanxi::bench
