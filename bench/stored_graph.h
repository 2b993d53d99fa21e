#ifndef GUANXI_BENCH_STORED_GRAPH_H_
#define GUANXI_BENCH_STORED_GRAPH_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bench/power_law.h"
#include "graph/model/ids.h"
#include "graph/model/statement.h"
#include "graph/store/store.h"

namespace guanxi::bench {

// A graph in a store of its own, in which entity i has the key "e<i>" and the
// label Company.
class StoredGraph {
 public:
  // Makes the store at `path` and loads the graph into it.
  StoredGraph(PowerLawGraph graph, const std::string& path);
  StoredGraph(const StoredGraph&) = delete;
  StoredGraph& operator=(const StoredGraph&) = delete;

  static std::string Key(uint32_t entity);

  const PowerLawGraph& graph() const { return graph_; }
  store::Store& store() { return *store_; }
  EntityId id(uint32_t entity) const { return ids_[entity]; }

  // Adds relationships that are not there yet, in one commit.
  void Add(const std::vector<PowerLawGraph::Relationship>& relationships);

 private:
  void LoadEntities();
  void LoadRelationships();
  void Commit(std::vector<Statement> statements);

  PowerLawGraph graph_;
  std::unique_ptr<store::Store> store_;
  std::vector<EntityId> ids_;  // by entity
};

}  // namespace guanxi::bench

#endif  // GUANXI_BENCH_STORED_GRAPH_H_
