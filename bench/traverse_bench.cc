// What traversals cost beside plain loops over arrays that hold the same
// relationships, with the adjacency in memory and by cursors over the tables.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <iostream>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "bench/measure.h"
#include "bench/plain_loops.h"
#include "bench/power_law.h"
#include "bench/report.h"
#include "bench/stored_graph.h"
#include "bench/traverse_questions.h"
#include "graph/base/check.h"
#include "graph/store/store.h"
#include "graph/topology/adjacency.h"
#include "graph/topology/column_cache.h"
#include "graph/topology/topology.h"
#include "graph/traverse/neighbourhood.h"
#include "graph/traverse/path.h"
#include "graph/traverse/reach.h"
#include "tests/support/temp_dir.h"

namespace guanxi::bench {
namespace {

using store::Snapshot;
using topology::Adjacency;
using topology::Ground;

constexpr uint32_t kEntities = 100'000;
constexpr uint32_t kRelationships = 1'000'000;
constexpr int kRounds = 7;
constexpr double kMicrosecond = 1e-6;

void MeasureBuild(StoredGraph& stored, Report& report) {
  const Snapshot snapshot = *stored.store().BeginSnapshot();
  // The first ones take memory from the system, the others what those left.
  constexpr int kManyRounds = 21;
  std::shared_ptr<const Adjacency> built;
  const std::vector<double> seconds = MedianCpuSeconds(
      kManyRounds, {{[&] { built = *Adjacency::Build(snapshot); }}});
  constexpr double kMillion = 1e6;
  report.Add({.name = "traverse.build.rate",
              .value = kRelationships / seconds[0] / kMillion,
              .unit = "M/s",
              .demand = 15,
              .better = Figure::Better::kHigher});
  report.Add({.name = "traverse.memory",
              .value = static_cast<double>(built->bytes()) / kRelationships,
              .unit = "B",
              .demand = 24});
}

void MeasureColumn(topology::ColumnCache& columns, Report& report) {
  const double seconds =
      CpuSeconds([&] { GUANXI_CHECK(columns.BuildAnew("weight").ok()); });
  report.Add({.name = "traverse.column.build",
              .value = seconds / kRelationships / kMicrosecond,
              .unit = "us"});
}

// One commit of one relationship after the other, each followed.
void MeasurePublish(StoredGraph& stored, Report& report) {
  constexpr int kCommits = 201;
  std::shared_ptr<const Adjacency> adjacency =
      *Adjacency::Build(*stored.store().BeginSnapshot());
  const std::vector<uint32_t> ends = SomeEntities(stored.graph(), 2 * kCommits);
  std::vector<double> seconds;
  for (size_t i = 0; i < kCommits; ++i) {
    stored.Add({{.subject = ends[2 * i], .object = ends[2 * i + 1]}});
    const Snapshot snapshot = *stored.store().BeginSnapshot();
    seconds.push_back(
        CpuSeconds([&] { adjacency = *adjacency->Advance(snapshot); }));
  }
  report.Add({.name = "traverse.publish",
              .value = Median(std::move(seconds)) / kMicrosecond,
              .unit = "us",
              .demand = 10});
}

// What the slots of some entities come to, so that none of the work is idle.
struct Work {
  std::string name;
  std::function<int64_t()> run;
  std::optional<double> demand;  // most times the first one
};

// Runs pieces of work that must come to the same, the first one as the measure
// of the others.
void Compare(absl::string_view what, int64_t questions,
             const std::vector<Work>& works, Report& report) {
  std::vector<int64_t> answers(works.size());
  std::vector<std::function<void()>> runs;
  for (size_t i = 0; i < works.size(); ++i) {
    runs.emplace_back([&, i] { answers[i] = works[i].run(); });
  }
  const std::vector<double> seconds = MedianCpuSeconds(kRounds, runs);
  for (size_t i = 0; i < works.size(); ++i) {
    GUANXI_CHECK(answers[i] == answers[0]);
    const std::string name = absl::StrCat("traverse.", what, works[i].name);
    report.Add(
        {.name = name,
         .value = seconds[i] / kMicrosecond / static_cast<double>(questions),
         .unit = "us"});
    if (i == 0) continue;
    report.Add({.name = name + ".times",
                .value = seconds[i] / seconds[0],
                .unit = "ratio",
                .demand = works[i].demand});
  }
}

// A question, and how many times the plain loop it may take in memory.
struct Demand {
  Question question;
  double clean;
  // With so many of the entities changed; nullopt: not measured.
  std::optional<double> with_1_percent = {};
  std::optional<double> with_10_percent = {};
};

void MeasureQuestions(const std::vector<Demand>& demands, const Ground& memory,
                      PlainSearch& search, Report& report) {
  for (const Demand& demand : demands) {
    const Question& question = demand.question;
    Compare(question.name, question.count,
            {{".plain", [&] { return question.plain(search); }},
             {".memory", [&] { return question.ask(memory); }, demand.clean},
             {".cursors", [&] { return question.ask({memory.snapshot}); }}},
            report);
  }
}

// The same questions when entities have changed: what they have stands over the
// base then, until that is built anew.
class Changes {
 public:
  Changes(StoredGraph& stored, std::shared_ptr<const Adjacency> adjacency)
      : stored_(stored),
        adjacency_(std::move(adjacency)),
        order_(InRandomOrder(stored.graph())) {}

  // Gives entities one relationship more, until this many have one.
  void ChangeUntil(size_t changed) {
    constexpr uint8_t kNewType = PowerLawGraph::kTypes;
    std::vector<PowerLawGraph::Relationship> fresh;
    for (; changed_ + 1 < changed; changed_ += 2) {
      fresh.push_back({.subject = order_[changed_],
                       .object = order_[changed_ + 1],
                       .type = kNewType});
    }
    stored_.Add(fresh);
    adjacency_ = *adjacency_->Advance(*stored_.store().BeginSnapshot(),
                                      std::numeric_limits<int64_t>::max());
  }

  void Measure(absl::string_view name, const std::vector<Demand>& demands,
               std::optional<double> Demand::*most, Report& report) {
    const Snapshot snapshot = *stored_.store().BeginSnapshot();
    const PlainRows rows(stored_.graph());
    PlainSearch search(rows);
    for (const Demand& demand : demands) {
      if (!(demand.*most).has_value()) continue;
      const Question& question = demand.question;
      const auto ask = [&] {
        return question.ask({snapshot, adjacency_.get()});
      };
      Compare(absl::StrCat(name, ".", question.name), question.count,
              {{".plain", [&] { return question.plain(search); }},
               {".memory", ask, demand.*most}},
              report);
    }
  }

 private:
  static std::vector<uint32_t> InRandomOrder(const PowerLawGraph& graph) {
    std::vector<uint32_t> order(graph.entity_count);
    std::iota(order.begin(), order.end(), uint32_t{0});
    std::ranges::shuffle(order, std::mt19937(13));
    return order;
  }

  StoredGraph& stored_;
  std::shared_ptr<const Adjacency> adjacency_;
  const std::vector<uint32_t> order_;
  size_t changed_ = 0;
};

void MeasureNeighbourhoods(const StoredGraph& stored, const Ground& memory,
                           Report& report) {
  const std::vector<uint32_t> starts = SomeEntities(stored.graph(), 300);
  for (const int depth : {1, 2}) {
    traverse::NeighbourhoodSpec spec{.depth = depth};
    spec.traversal.direction = Direction::kOut;
    const auto ask = [&](const Ground& ground) {
      int64_t found = 0;
      for (const uint32_t start : starts) {
        found += static_cast<int64_t>(
            traverse::FindNeighbourhood(ground, stored.id(start), spec)
                ->relationships.size());
      }
      return found;
    };
    Compare(absl::StrCat("neighbourhood_", depth),
            static_cast<int64_t>(starts.size()),
            {{".memory", [&] { return ask(memory); }},
             {".cursors", [&] { return ask({memory.snapshot}); }}},
            report);
  }
}

void MeasurePaths(const StoredGraph& stored, const Ground& memory,
                  Report& report) {
  const std::vector<uint32_t> ends = SomeEntities(stored.graph(), 400);
  traverse::PathSpec spec;
  spec.traversal.direction = Direction::kOut;
  const auto ask = [&](const Ground& ground) {
    int64_t length = 0;
    for (size_t i = 0; i + 1 < ends.size(); i += 2) {
      const auto answer = *traverse::FindPaths(
          ground, {{stored.id(ends[i])}, {stored.id(ends[i + 1])}}, spec);
      if (answer.paths.empty()) continue;
      length += static_cast<int64_t>(answer.paths[0].relationships.size());
    }
    return length;
  };
  Compare("shortest_path", static_cast<int64_t>(ends.size() / 2),
          {{".memory", [&] { return ask(memory); }},
           {".cursors", [&] { return ask({memory.snapshot}); }}},
          report);
}

// The least sum of weights between two ends, from both of them, beside a plain
// search from one.
void MeasureCheapest(const StoredGraph& stored, const Ground& memory,
                     const PlainRows& rows, Report& report) {
  const std::vector<uint32_t> ends = SomeEntities(stored.graph(), 40);
  PlainDijkstra plain(rows);
  traverse::PathSpec spec;
  spec.traversal.direction = Direction::kOut;
  spec.cost = {.basis = traverse::PriceBasis::kProperty, .property = "weight"};
  const auto for_all = [&](const auto& cost_of) {
    int64_t sum = 0;
    for (size_t i = 0; i + 1 < ends.size(); i += 2) {
      sum += cost_of(ends[i], ends[i + 1]);
    }
    return sum;
  };
  const auto ask_plain = [&](uint32_t from, uint32_t to) {
    return int64_t{plain.Cost(from, to).value_or(0)};
  };
  const auto ask = [&](const Ground& ground) {
    return for_all([&](uint32_t from, uint32_t to) {
      const auto answer = *traverse::FindPaths(
          ground, {{stored.id(from)}, {stored.id(to)}}, spec);
      return answer.paths.empty() ? int64_t{0}
                                  : std::llround(answer.paths[0].cost);
    });
  };
  Compare("cheapest", static_cast<int64_t>(ends.size() / 2),
          {{".from_one_end", [&] { return for_all(ask_plain); }},
           {".memory", [&] { return ask(memory); }, 0.05},
           {".records",
            [&] {
              return ask({memory.snapshot, memory.adjacency});
            }}},
          report);
}

int Run(std::ostream& out) {
  Report report("traverse", out);
  report.Say(absl::StrCat("building: ", kEntities, " entities, ",
                          kRelationships, " relationships"));
  const test::TempDir dir;
  StoredGraph stored(PowerLawGraph::Make(kEntities, kRelationships),
                     dir.path() + "/graph.guanxi");
  MeasureBuild(stored, report);
  const std::vector<Demand> demands = {
      {OneHop(stored), 1.5, 1.3, 1.7},
      {ReachWithin(2, 64, stored), 0.67},
      {ReachWithin(3, 64, stored), 1.2, 1.3, 1.7},
      {ReachWithin(traverse::ReachSpec::kMaxDepth, 2, stored), 1.2, 1.3, 1.7}};
  std::shared_ptr<const Adjacency> adjacency;
  {
    const Snapshot snapshot = *stored.store().BeginSnapshot();
    adjacency = *Adjacency::Build(snapshot);
    topology::ColumnCache columns(stored.store());
    MeasureColumn(columns, report);
    const Ground memory{snapshot, adjacency.get(), &columns};
    const PlainRows rows(stored.graph());
    PlainSearch search(rows);
    MeasureQuestions(demands, memory, search, report);
    MeasureNeighbourhoods(stored, memory, report);
    MeasurePaths(stored, memory, report);
    MeasureCheapest(stored, memory, rows, report);
  }
  Changes changes(stored, std::move(adjacency));
  changes.ChangeUntil(kEntities / 100);
  changes.Measure("dirty_1", demands, &Demand::with_1_percent, report);
  changes.ChangeUntil(kEntities / 10);
  changes.Measure("dirty_10", demands, &Demand::with_10_percent, report);
  MeasurePublish(stored, report);
  return report.all_met() ? 0 : 1;
}

}  // namespace
}  // namespace guanxi::bench

int main() { return guanxi::bench::Run(std::cout); }
