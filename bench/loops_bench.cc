// How the plain loops do that other benchmarks measure by: beside a loop over
// compressed sparse rows that was measured elsewhere, on a graph of the same
// size and making.

#include <chrono>
#include <cstdint>
#include <iostream>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "bench/measure.h"
#include "bench/plain_loops.h"
#include "bench/power_law.h"
#include "bench/report.h"

namespace guanxi::bench {
namespace {

constexpr uint32_t kEntities = 100'000;
constexpr uint32_t kRelationships = 1'000'000;
constexpr double kMostTimesElsewhere = 1.3;
constexpr int kFarthest = std::numeric_limits<int>::max();
constexpr double kMicrosecond = 1e-6;

struct Loop {
  const char* name;
  int depth;
  size_t starts;
  double elsewhere;  // us, the median
};
constexpr Loop kLoops[] = {{"hop_2", 2, 1000, 1.0},
                           {"hop_3", 3, 1000, 7.2},
                           {"whole_graph", kFarthest, 21, 13'000}};

// In wall-clock time, the median of single questions, as it was elsewhere.
void Measure(const Loop& loop, const std::vector<uint32_t>& starts,
             PlainSearch& search, Report& report) {
  std::vector<double> seconds;
  std::vector<double> found;
  for (const uint32_t start : starts) {
    const auto begin = std::chrono::steady_clock::now();
    const int64_t count = search.Count(start, loop.depth);
    const std::chrono::duration<double> taken =
        std::chrono::steady_clock::now() - begin;
    seconds.push_back(taken.count());
    found.push_back(static_cast<double>(count - 1));
  }
  const std::string name = absl::StrCat("loops.", loop.name);
  const double us = Median(std::move(seconds)) / kMicrosecond;
  report.Add({.name = name + ".found",
              .value = Median(std::move(found)),
              .unit = "",
              .better = Figure::Better::kHigher});
  report.Add({.name = name, .value = us, .unit = "us"});
  report.Add({.name = name + ".times_elsewhere",
              .value = us / loop.elsewhere,
              .unit = "ratio",
              .demand = kMostTimesElsewhere});
}

int Run(std::ostream& out) {
  Report report("loops", out);
  const PowerLawGraph graph = PowerLawGraph::Make(kEntities, kRelationships);
  const PlainRows rows(graph);
  PlainSearch search(rows);
  for (const Loop& loop : kLoops) {
    Measure(loop, SomeEntities(graph, loop.starts), search, report);
  }
  return report.all_met() ? 0 : 1;
}

}  // namespace
}  // namespace guanxi::bench

int main() { return guanxi::bench::Run(std::cout); }
