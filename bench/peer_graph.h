#ifndef GUANXI_BENCH_PEER_GRAPH_H_
#define GUANXI_BENCH_PEER_GRAPH_H_

#include <cstdint>
#include <string>

#include "bench/power_law.h"
#include "bench/stored_graph.h"

namespace guanxi::bench {

// What an entity of the graph is that peers get too, by its number alone.
struct EntityTraits {
  static constexpr uint32_t kKinds = 4;

  uint32_t kind = 0;  // the label KIND_<kind>
  int64_t year = 0;   // the property `year`, 1980 to 2024
};
EntityTraits TraitsOf(uint32_t entity);

// Claims the traits of each entity, beside what StoredGraph claims of it.
void ClaimTraits(StoredGraph& stored);

// Writes what peers load, as CSV with a heading, into a folder:
//
//   entities.csv        id,key,kind,year
//   relationships.csv   id,subject,object,type,weight
//
// Entities are numbered from 0, relationships from 0 too; types are 0 to 7.
void WritePeerGraph(const PowerLawGraph& graph, const std::string& folder);

}  // namespace guanxi::bench

#endif  // GUANXI_BENCH_PEER_GRAPH_H_
