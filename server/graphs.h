#ifndef GUANXI_SERVER_GRAPHS_H_
#define GUANXI_SERVER_GRAPHS_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/base/clock.h"
#include "graph/base/mutex.h"
#include "graph/store/store.h"
#include "graph/topology/cache.h"
#include "graph/topology/column_cache.h"
#include "server/settings.h"

namespace guanxi::server {

// The graph of calls that name none; there is always one.
inline constexpr char kMainGraph[] = "main";

// The metadata of a call that names its graph.
inline constexpr char kGraphHeader[] = "guanxi-graph";

// One graph with what is in memory of it.
class Graph {
 public:
  Graph(std::unique_ptr<store::Store> store, const Settings& settings)
      : store_(std::move(store)),
        topology_(*store_, {.max_bytes = settings.topology_bytes}),
        columns_(*store_, {.max_bytes = settings.column_bytes}) {}

  store::Store& store() { return *store_; }
  topology::Cache& topology() { return topology_; }
  topology::ColumnCache& columns() { return columns_; }

 private:
  const std::unique_ptr<store::Store> store_;
  topology::Cache topology_;
  topology::ColumnCache columns_;
};

// The graphs of a server: each is the store in one file NAME.guanxi of one
// folder. Thread-safe.
class Graphs {
 public:
  // Told of a graph that takes no writes any more, or again: its name, and what
  // store::Store::ListenToFault() says.
  using FaultListener =
      std::function<void(const std::string& name, const absl::Status& fault)>;

  // Opens all that are there, and makes the main one if need be. Makes the
  // folder too. Errors as store::Store::Open(); FAILED_PRECONDITION
  // [STORE_UNUSABLE].
  static absl::StatusOr<std::unique_ptr<Graphs>> Open(const std::string& folder,
                                                      const Settings& settings,
                                                      const Clock& clock);

  // `listener` is told of faults from now on, by any thread; empty: nobody is.
  void ListenToFaults(FaultListener listener);

  // The graph, for as long as the call takes. NOT_FOUND [GRAPH_NOT_FOUND].
  absl::StatusOr<std::shared_ptr<Graph>> Find(absl::string_view name) const;

  // All names, sorted.
  std::vector<std::string> List() const;

  // INVALID_ARGUMENT [FIELD_INVALID]: a name that is not plain. ALREADY_EXISTS
  // [GRAPH_EXISTS]: also if there is only a file. RESOURCE_EXHAUSTED
  // [TOO_MANY_GRAPHS]. Else as Open().
  absl::Status Create(const std::string& name);

  // Removes a graph and all that it holds. Calls that work on it end as if it
  // were there. FAILED_PRECONDITION [GRAPH_IS_MAIN]; NOT_FOUND
  // [GRAPH_NOT_FOUND].
  absl::Status Delete(const std::string& name);

 private:
  Graphs(std::string folder, const Settings& settings, Clock clock)
      : folder_(std::move(folder)),
        settings_(settings),
        clock_(std::move(clock)) {}

  absl::StatusOr<std::shared_ptr<Graph>> OpenGraph(
      const std::string& name) const;
  absl::Status CheckRoom() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Add(const std::string& name, std::shared_ptr<Graph> graph)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Listen(const std::string& name, Graph& graph)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string folder_;
  const Settings settings_;
  const Clock clock_;

  Mutex changing_;  // one graph is made or removed at a time
  mutable Mutex mutex_;
  // Each is owned with the calls that work on it.
  std::map<std::string, std::shared_ptr<Graph>, std::less<>> graphs_
      ABSL_GUARDED_BY(mutex_);
  FaultListener listener_ ABSL_GUARDED_BY(mutex_);
};

// The file of a graph in a folder.
std::string GraphPath(const std::string& folder, absl::string_view name);

// Makes the folder of graphs if it is not there. FAILED_PRECONDITION
// [STORE_UNUSABLE].
absl::Status MakeDataFolder(const std::string& folder);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_GRAPHS_H_
