// What traversals cost beside plain loops over arrays that hold the same
// relationships, with the adjacency in memory and by cursors over the tables.

#include <cstdint>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "bench/measure.h"
#include "bench/power_law.h"
#include "bench/report.h"
#include "graph/base/check.h"
#include "graph/model/statement.h"
#include "graph/store/store.h"
#include "graph/topology/adjacency.h"
#include "graph/topology/topology.h"
#include "graph/traverse/neighbourhood.h"
#include "graph/traverse/path.h"
#include "graph/traverse/reach.h"
#include "graph/value/date.h"
#include "tests/support/temp_dir.h"

namespace guanxi::bench {
namespace {

using store::Snapshot;
using store::Store;
using topology::Adjacency;
using topology::Ground;
using topology::Topology;

constexpr uint32_t kEntities = 100'000;
constexpr uint32_t kRelationships = 1'000'000;
constexpr uint32_t kPerCommit = 20'000;
constexpr int kRounds = 7;
constexpr int64_t kMaxBytes = int64_t{1} << 36;
constexpr double kMicrosecond = 1e-6;

// The graph in a store of its own, in which entity i has the key "e<i>".
class Fixture {
 public:
  Fixture() : graph_(PowerLawGraph::Make(kEntities, kRelationships)) {
    auto store =
        Store::Open(dir_.path() + "/graph.guanxi", {.max_bytes = kMaxBytes});
    GUANXI_CHECK(store.ok());
    store_ = *std::move(store);
    LoadEntities();
    LoadRelationships();
    const Snapshot snapshot = *store_->BeginSnapshot();
    for (uint32_t i = 0; i < graph_.entity_count; ++i) {
      ids_.push_back(**snapshot.FindEntity(Key(i)));
    }
  }
  Fixture(const Fixture&) = delete;
  Fixture& operator=(const Fixture&) = delete;

  static std::string Key(uint32_t entity) { return absl::StrCat("e", entity); }

  const PowerLawGraph& graph() const { return graph_; }
  Store& store() { return *store_; }
  EntityId id(uint32_t entity) const { return ids_[entity]; }

  void Commit(std::vector<Statement> statements) {
    const auto result = store_->Commit({.statements = std::move(statements)});
    GUANXI_CHECK(result.ok());
  }

 private:
  void LoadEntities() {
    std::vector<Statement> statements;
    for (uint32_t i = 0; i < graph_.entity_count; ++i) {
      statements.push_back(
          {EntityStatement{.key = Key(i), .labels = {"Company"}}, {}});
      if (statements.size() == kPerCommit) {
        Commit(std::exchange(statements, {}));
      }
    }
    if (!statements.empty()) Commit(std::move(statements));
  }

  void LoadRelationships() {
    std::vector<Statement> statements;
    for (const PowerLawGraph::Relationship& one : graph_.relationships) {
      RelationshipStatement body{.subject = Key(one.subject),
                                 .type = absl::StrCat("TYPE_", one.type),
                                 .object = Key(one.object)};
      body.properties.emplace("weight", Value(int64_t{one.weight}));
      statements.push_back({std::move(body), {}});
      if (statements.size() == kPerCommit) {
        Commit(std::exchange(statements, {}));
      }
    }
    if (!statements.empty()) Commit(std::move(statements));
  }

  test::TempDir dir_;
  PowerLawGraph graph_;
  std::unique_ptr<Store> store_;
  std::vector<EntityId> ids_;
};

std::vector<uint32_t> SomeEntities(size_t count) {
  std::mt19937 random(7);
  std::vector<uint32_t> entities;
  for (size_t i = 0; i < count; ++i) {
    entities.push_back(static_cast<uint32_t>(random() % kEntities));
  }
  return entities;
}

void MeasureBuild(Fixture& fixture, Report& report) {
  const Snapshot snapshot = *fixture.store().BeginSnapshot();
  std::shared_ptr<const Adjacency> built;
  const std::vector<double> seconds = MedianCpuSeconds(
      kRounds, {{[&] { built = *Adjacency::Build(snapshot); }}});
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

// One commit of one relationship after the other, each followed.
void MeasurePublish(Fixture& fixture, Report& report) {
  constexpr int kCommits = 201;
  std::shared_ptr<const Adjacency> adjacency =
      *Adjacency::Build(*fixture.store().BeginSnapshot());
  const std::vector<uint32_t> ends = SomeEntities(2 * kCommits);
  std::vector<double> seconds;
  for (size_t i = 0; i < kCommits; ++i) {
    fixture.Commit(
        {{RelationshipStatement{.subject = Fixture::Key(ends[2 * i]),
                                .type = "TYPE_0",
                                .object = Fixture::Key(ends[2 * i + 1])},
          {}}});
    const Snapshot snapshot = *fixture.store().BeginSnapshot();
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

void MeasureOneHop(const Fixture& fixture, const Ground& memory,
                   Report& report) {
  const PlainRows rows = PlainRows::BySubject(fixture.graph());
  const std::vector<uint32_t> starts = SomeEntities(20'000);
  const auto plain = [&] {
    uint64_t sum = 0;
    for (const uint32_t start : starts) {
      for (uint32_t i = rows.first[start]; i < rows.first[start + 1]; ++i) {
        sum += fixture.id(rows.neighbours[i]).value;
      }
    }
    return static_cast<int64_t>(sum);
  };
  const auto expand = [&](const Ground& ground) {
    const Topology topology(ground, Lens{});
    uint64_t sum = 0;
    for (const uint32_t start : starts) {
      GUANXI_CHECK(topology
                       .Expand(fixture.id(start), Direction::kOut, {},
                               [&sum](const topology::Hop& hop) {
                                 sum += hop.neighbour.value;
                                 return true;
                               })
                       .ok());
    }
    return static_cast<int64_t>(sum);
  };
  Compare("one_hop", static_cast<int64_t>(starts.size()),
          {{".plain", plain},
           {".memory", [&] { return expand(memory); }, 1.5},
           {".cursors", [&] { return expand({memory.snapshot}); }}},
          report);
}

// Breadth-first search as one writes it down: a mark for each entity, which is
// that of the search in which it was met last.
class PlainSearch {
 public:
  explicit PlainSearch(const PlainRows& rows)
      : rows_(rows), marks_(rows.first.size() - 1) {}

  // How many entities are within `depth` of one, itself too.
  int64_t Count(uint32_t start, int depth) {
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

 private:
  void Expand(uint32_t entity) {
    for (uint32_t i = rows_.first[entity]; i < rows_.first[entity + 1]; ++i) {
      const uint32_t neighbour = rows_.neighbours[i];
      if (marks_[neighbour] == mark_) continue;
      marks_[neighbour] = mark_;
      queue_.push_back(neighbour);
    }
  }

  const PlainRows& rows_;
  std::vector<uint32_t> marks_;
  uint32_t mark_ = 0;
  std::vector<uint32_t> queue_;
};

// Where many relationships begin, as one comes to hubs.
std::vector<uint32_t> WellConnected(const PowerLawGraph& graph, size_t count) {
  std::mt19937 random(11);
  std::vector<uint32_t> entities;
  for (size_t i = 0; i < count; ++i) {
    entities.push_back(
        graph.relationships[random() % graph.relationships.size()].subject);
  }
  return entities;
}

void MeasureReach(const Fixture& fixture, const Ground& memory,
                  Report& report) {
  struct Question {
    const char* name;
    int depth;
    size_t starts;
    double times;  // at most, of the plain loop
  };
  const PlainRows rows = PlainRows::BySubject(fixture.graph());
  PlainSearch plain(rows);
  for (const Question& question :
       {Question{"reach_2", 2, 64, 0.67}, Question{"reach_3", 3, 8, 1.2},
        Question{"reach_all", traverse::ReachSpec::kMaxDepth, 2, 1.2}}) {
    const std::vector<uint32_t> starts =
        WellConnected(fixture.graph(), question.starts);
    traverse::ReachSpec spec{.max_depth = question.depth, .counts_only = true};
    spec.traversal.direction = Direction::kOut;
    spec.traversal.budget.max_relationships = INT64_MAX / 2;
    spec.traversal.budget.max_entities = INT64_MAX / 2;
    spec.traversal.budget.max_bytes = INT64_MAX / 2;
    const auto ask = [&](const Ground& ground) {
      int64_t found = 0;
      for (const uint32_t start : starts) {
        const auto answer =
            *traverse::FindReach(ground, {fixture.id(start)}, spec);
        for (const int64_t count : answer.counts) found += count;
      }
      return found;
    };
    const auto count_plainly = [&] {
      int64_t found = 0;
      for (const uint32_t start : starts) {
        found += plain.Count(start, question.depth);
      }
      return found;
    };
    Compare(question.name, static_cast<int64_t>(starts.size()),
            {{".plain", count_plainly},
             {".memory", [&] { return ask(memory); }, question.times},
             {".cursors", [&] { return ask({memory.snapshot}); }}},
            report);
  }
}

void MeasureNeighbourhoods(const Fixture& fixture, const Ground& memory,
                           Report& report) {
  const std::vector<uint32_t> starts = SomeEntities(300);
  for (const int depth : {1, 2}) {
    traverse::NeighbourhoodSpec spec{.depth = depth};
    spec.traversal.direction = Direction::kOut;
    const auto ask = [&](const Ground& ground) {
      int64_t found = 0;
      for (const uint32_t start : starts) {
        found += static_cast<int64_t>(
            traverse::FindNeighbourhood(ground, fixture.id(start), spec)
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

void MeasurePaths(const Fixture& fixture, const Ground& memory,
                  Report& report) {
  const std::vector<uint32_t> ends = SomeEntities(400);
  traverse::PathSpec spec;
  spec.traversal.direction = Direction::kOut;
  const auto ask = [&](const Ground& ground) {
    int64_t length = 0;
    for (size_t i = 0; i + 1 < ends.size(); i += 2) {
      const auto answer = *traverse::FindPaths(
          ground, {{fixture.id(ends[i])}, {fixture.id(ends[i + 1])}}, spec);
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

int Run(std::ostream& out) {
  Report report("traverse", out);
  report.Say(absl::StrCat("building: ", kEntities, " entities, ",
                          kRelationships, " relationships"));
  Fixture fixture;
  MeasureBuild(fixture, report);
  {
    const Snapshot snapshot = *fixture.store().BeginSnapshot();
    const auto adjacency = *Adjacency::Build(snapshot);
    const Ground memory{snapshot, adjacency.get()};
    MeasureOneHop(fixture, memory, report);
    MeasureReach(fixture, memory, report);
    MeasureNeighbourhoods(fixture, memory, report);
    MeasurePaths(fixture, memory, report);
  }
  MeasurePublish(fixture, report);
  return report.all_met() ? 0 : 1;
}

}  // namespace
}  // namespace guanxi::bench

int main() { return guanxi::bench::Run(std::cout); }
