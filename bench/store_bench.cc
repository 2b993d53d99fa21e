// The store by itself: what reading takes beside LMDB's bare look-up, what lies
// on the disk, and what a commit costs.

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <ostream>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/hash/hash.h"
#include "absl/strings/str_cat.h"

#include "bench/measure.h"
#include "bench/power_law.h"
#include "bench/report.h"
#include "bench/stored_graph.h"
#include "graph/base/check.h"
#include "graph/kv/env.h"
#include "graph/model/view.h"
#include "graph/store/key.h"
#include "graph/store/record.h"
#include "graph/store/tables.h"
#include "graph/topology/topology.h"

namespace guanxi::bench {
namespace {

constexpr double kMicrosecond = 1e-6;
constexpr double kNanosecond = 1e-9;
constexpr int kRounds = 9;
constexpr uint32_t kEntities = 100'000;
constexpr uint32_t kRelationships = 1'000'000;
constexpr size_t kReads = 20'000;
constexpr int kProperties = 6;
constexpr int64_t kPageBytes = 4096;

// A store on the disk that the build is on, as a store in memory syncs nothing.
class DiskFolder {
 public:
  DiskFolder() { std::filesystem::create_directories(path_); }
  ~DiskFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  DiskFolder(const DiskFolder&) = delete;
  DiskFolder& operator=(const DiskFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  const std::string path_ = "build/bench/store.data";
};

std::vector<uint32_t> RandomEntities() {
  std::mt19937 random(7);  // the same in each run
  std::vector<uint32_t> entities;
  for (size_t i = 0; i < kReads; ++i)
    entities.push_back(static_cast<uint32_t>(random() % kEntities));
  return entities;
}

// Gives every entity properties, beside its label.
void AddProperties(StoredGraph& stored) {
  std::vector<Statement> statements;
  for (uint32_t entity = 0; entity < kEntities; ++entity) {
    EntityStatement one{.key = StoredGraph::Key(entity)};
    for (int i = 0; i < kProperties; ++i) {
      one.properties.emplace(absl::StrCat("p", i),
                             Value(int64_t{entity} * 7 + i));
    }
    statements.push_back({std::move(one), {}});
    if (statements.size() < 20'000 && entity + 1 < kEntities) continue;
    GUANXI_CHECK(stored.store()
                     .Commit({.statements = std::exchange(statements, {})})
                     .ok());
  }
}

// Times pieces of work beside each other, a read each; returns seconds a read.
std::vector<double> TimeReads(const std::vector<std::function<void()>>& works) {
  std::vector<double> seconds = MedianCpuSeconds(kRounds, works);
  for (double& one : seconds) one /= kReads;
  return seconds;
}

store::RecordView RecordOf(const store::Snapshot& snapshot, EntityId id) {
  const auto bytes =
      *snapshot.txn().Get(snapshot.tables().entity, store::IdKey(id));
  return *store::RecordView::Parse(*bytes);
}

void MeasureRecords(const StoredGraph& stored, const store::Snapshot& snapshot,
                    Report& report) {
  const std::vector<uint32_t> entities = RandomEntities();
  const uint64_t name = snapshot.catalog().properties.Find("p3")->value;
  int64_t sum = 0;
  const auto bare = [&] {
    for (const uint32_t entity : entities) {
      const auto bytes = *snapshot.txn().Get(snapshot.tables().entity,
                                             store::IdKey(stored.id(entity)));
      sum += static_cast<int64_t>(bytes->size());
    }
  };
  const auto property = [&] {
    for (const uint32_t entity : entities) {
      const store::RecordView record = RecordOf(snapshot, stored.id(entity));
      const auto range = record.Find(FactKind::kProperty, name);
      store::SoleFact fact;
      GUANXI_CHECK(*record.ReadSoleFact(range.begin, snapshot.catalog(), fact));
      sum += *fact.stated.value.get_if<int64_t>();
    }
  };
  const auto found = [&] {
    for (const uint32_t entity : entities) {
      const store::RecordView record = RecordOf(snapshot, stored.id(entity));
      sum += static_cast<int64_t>(record.Find(FactKind::kProperty, name).begin);
    }
  };
  const auto decoded = [&] {
    for (const uint32_t entity : entities) {
      const store::RecordView record = RecordOf(snapshot, stored.id(entity));
      for (size_t i = 0; i < record.fact_count(); ++i) {
        if (record.kind(i) != FactKind::kProperty) continue;
        store::SoleFact fact;
        GUANXI_CHECK(*record.ReadSoleFact(i, snapshot.catalog(), fact));
        sum += *fact.stated.value.get_if<int64_t>();
      }
    }
  };
  const std::vector<double> seconds =
      TimeReads({bare, found, property, decoded});
  GUANXI_CHECK(sum != 0);
  report.Add(
      {.name = "store.get", .value = seconds[0] / kNanosecond, .unit = "ns"});
  report.Add({.name = "store.find_property.times_get",
              .value = seconds[1] / seconds[0],
              .unit = "ratio"});
  report.Add({.name = "store.read_property.times_get",
              .value = seconds[2] / seconds[0],
              .unit = "ratio",
              .demand = 1.2});
  report.Add({.name = "store.decode_6_properties",
              .value = (seconds[3] - seconds[0]) / kNanosecond,
              .unit = "ns",
              .demand = 150});
}

void MeasureSnapshot(StoredGraph& stored, Report& report) {
  const std::vector<double> seconds = TimeReads({[&] {
    for (size_t i = 0; i < kReads; ++i) {
      GUANXI_CHECK(stored.store().BeginSnapshot().ok());
    }
  }});
  report.Add({.name = "store.snapshot",
              .value = seconds[0] / kMicrosecond,
              .unit = "us",
              .demand = 0.5});
}

// One hop by cursors, beside look-ups of the first block of the same entities.
void MeasureHop(const StoredGraph& stored, const store::Snapshot& snapshot,
                Report& report) {
  const std::vector<uint32_t> entities = RandomEntities();
  int64_t sum = 0;
  const auto bare = [&] {
    for (const uint32_t entity : entities) {
      const auto bytes = *snapshot.txn().Get(snapshot.tables().adjacency_out,
                                             store::IdKey(stored.id(entity)));
      if (bytes.has_value()) sum += static_cast<int64_t>(bytes->size());
    }
  };
  const topology::Topology topology({snapshot}, Lens());
  const auto hop = [&] {
    for (const uint32_t entity : entities) {
      GUANXI_CHECK(topology
                       .Expand(stored.id(entity), Direction::kOut, {},
                               [&](const topology::Hop& one) {
                                 sum +=
                                     static_cast<int64_t>(one.neighbour.value);
                                 return true;
                               })
                       .ok());
    }
  };
  const std::vector<double> seconds = TimeReads({bare, hop});
  GUANXI_CHECK(sum != 0);
  report.Add({.name = "store.one_hop.rate_to_get",
              .value = seconds[0] / seconds[1],
              .unit = "ratio",
              .demand = 0.6,
              .better = Figure::Better::kHigher});
}

// Bytes that this process has given to the system to write.
int64_t BytesWritten() {
  std::ifstream io("/proc/self/io");
  std::string name;
  int64_t value = 0;
  while (io >> name >> value) {
    if (name == "wchar:") return value;
  }
  return 0;
}

// What is in each table, as one number.
std::vector<size_t> Contents(const store::Snapshot& snapshot) {
  const store::Tables& t = snapshot.tables();
  std::vector<size_t> contents;
  for (const kv::Table table : {t.meta,
                                t.name,
                                t.schema,
                                t.entity,
                                t.entity_key,
                                t.relationship,
                                t.adjacency_out,
                                t.adjacency_in,
                                t.aside,
                                t.label,
                                t.type,
                                t.property,
                                t.claim,
                                t.claim_id,
                                t.source,
                                t.source_use,
                                t.log,
                                t.history,
                                t.adjacency_history,
                                t.tombstone,
                                t.request}) {
    size_t sum = 0;
    kv::Cursor cursor = snapshot.txn().Walk(table);
    for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
      sum = absl::HashOf(sum, cursor.key(), cursor.value());
    }
    contents.push_back(sum);
  }
  return contents;
}

std::vector<Statement> OneRelationship(uint32_t from, uint32_t to) {
  return {{RelationshipStatement{.subject = StoredGraph::Key(from),
                                 .type = "TYPE_1",
                                 .object = StoredGraph::Key(to)},
           {}}};
}

void MeasurePages(StoredGraph& stored, Report& report) {
  constexpr uint32_t kCommits = 100;
  // The tables that one commit changes, beside the list of tables and that of
  // free pages.
  const std::vector<size_t> before = Contents(*stored.store().BeginSnapshot());
  GUANXI_CHECK(
      stored.store().Commit({.statements = OneRelationship(1, 2)}).ok());
  const std::vector<size_t> after = Contents(*stored.store().BeginSnapshot());
  double trees = 2;
  for (size_t i = 0; i < before.size(); ++i) trees += before[i] != after[i];
  const int64_t bytes = BytesWritten();
  for (uint32_t i = 0; i < kCommits; ++i) {
    GUANXI_CHECK(stored.store()
                     .Commit({.statements = OneRelationship(i * 631 % kEntities,
                                                            i * 7 % kEntities)})
                     .ok());
  }
  const double pages =
      static_cast<double>(BytesWritten() - bytes) / kPageBytes / kCommits;
  report.Add({.name = "store.commit.trees", .value = trees, .unit = ""});
  report.Add({.name = "store.commit.pages", .value = pages, .unit = ""});
  report.Add({.name = "store.commit.pages_a_tree",
              .value = pages / trees,
              .unit = "",
              .demand = 4});
}

// Commits a second of so many threads, each with commits of its own.
double CommitsPerSecond(store::Store& store, uint32_t threads, int round) {
  constexpr uint32_t kCommits = 320;
  const auto begin = std::chrono::steady_clock::now();
  std::vector<std::thread> clients;
  for (uint32_t thread = 0; thread < threads; ++thread) {
    clients.emplace_back([&, thread] {
      for (uint32_t i = 0; i < kCommits / threads; ++i) {
        const std::string key =
            absl::StrCat("c", threads, "-", round, "-", thread, "-", i);
        GUANXI_CHECK(
            store
                .Commit({.statements = {{EntityStatement{.key = key,
                                                         .labels = {"Company"}},
                                         {}}}})
                .ok());
      }
    });
  }
  for (std::thread& client : clients) client.join();
  return kCommits /
         std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
             .count();
}

void MeasureClients(store::Store& store, Report& report) {
  std::vector<double> one;
  std::vector<double> many;
  for (int round = 0; round < 5; ++round) {
    one.push_back(CommitsPerSecond(store, 1, round));
    many.push_back(CommitsPerSecond(store, 64, round));
  }
  const double alone = Median(one);
  const double together = Median(many);
  report.Add({.name = "store.commits.1_client",
              .value = alone,
              .unit = "1/s",
              .better = Figure::Better::kHigher});
  report.Add({.name = "store.commits.64_clients",
              .value = together,
              .unit = "1/s",
              .better = Figure::Better::kHigher});
  report.Add({.name = "store.commits.64_clients.times_1",
              .value = together / alone,
              .unit = "ratio",
              .demand = 3,
              .better = Figure::Better::kHigher});
}

double AdjacencyBytes(const store::Store& store) {
  const kv::EnvStat stat = *store.Stat();
  int64_t bytes = 0;
  for (size_t i = 0; i < store::kTableNames.size(); ++i) {
    const std::string name = store::kTableNames[i];
    if (name == "adjacency_out" || name == "adjacency_in") {
      bytes += stat.table_bytes[i];
    }
  }
  return static_cast<double>(bytes) / kRelationships;
}

// As commits have left it, and with full pages, as `guanxid compact` leaves it.
void MeasureAdjacency(const store::Store& store, Report& report) {
  report.Add({.name = "store.adjacency",
              .value = AdjacencyBytes(store),
              .unit = "B",
              .demand = 22});
  const auto copy = store.Copy(nullptr);
  const auto compacted = store::Store::Open(copy->path());
  report.Add({.name = "store.adjacency.compacted",
              .value = AdjacencyBytes(**compacted),
              .unit = "B"});
}

int Run(std::ostream& out) {
  Report report("store", out);
  report.Say(absl::StrCat("building: ", kEntities, " entities with ",
                          kProperties, " properties, ", kRelationships,
                          " relationships"));
  const DiskFolder folder;
  StoredGraph stored(PowerLawGraph::Make(kEntities, kRelationships),
                     folder.path() + "/graph.guanxi");
  MeasureAdjacency(stored.store(), report);
  AddProperties(stored);
  {
    const store::Snapshot snapshot = *stored.store().BeginSnapshot();
    MeasureRecords(stored, snapshot, report);
    MeasureHop(stored, snapshot, report);
  }
  MeasureSnapshot(stored, report);
  MeasurePages(stored, report);
  MeasureClients(stored.store(), report);
  return report.all_met() ? 0 : 1;
}

}  // namespace
}  // namespace guanxi::bench

int main() { return guanxi::bench::Run(std::cout); }
