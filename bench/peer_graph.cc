#include "bench/peer_graph.h"

#include <algorithm>
#include <fstream>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/check.h"

namespace guanxi::bench {
namespace {

Statement StatementOf(uint32_t entity) {
  const EntityTraits traits = TraitsOf(entity);
  EntityStatement body{.key = StoredGraph::Key(entity),
                       .labels = {absl::StrCat("KIND_", traits.kind)}};
  body.properties.emplace("year", Value(traits.year));
  return {std::move(body), {}};
}

}  // namespace

EntityTraits TraitsOf(uint32_t entity) {
  constexpr uint32_t kFirstYear = 1980;
  constexpr uint32_t kYears = 45;
  return {.kind = entity % EntityTraits::kKinds,
          .year = kFirstYear + entity / EntityTraits::kKinds % kYears};
}

void ClaimTraits(StoredGraph& stored) {
  constexpr uint32_t kPerCommit = 20'000;
  const uint32_t count = stored.graph().entity_count;
  for (uint32_t begin = 0; begin < count; begin += kPerCommit) {
    std::vector<Statement> statements;
    for (uint32_t i = begin; i < std::min(begin + kPerCommit, count); ++i) {
      statements.push_back(StatementOf(i));
    }
    GUANXI_CHECK(
        stored.store().Commit({.statements = std::move(statements)}).ok());
  }
}

void WritePeerGraph(const PowerLawGraph& graph, const std::string& folder) {
  std::ofstream entities(folder + "/entities.csv");
  entities << "id,key,kind,year\n";
  for (uint32_t i = 0; i < graph.entity_count; ++i) {
    const EntityTraits traits = TraitsOf(i);
    entities << absl::StrCat(i, ",", StoredGraph::Key(i), ",KIND_", traits.kind,
                             ",", traits.year, "\n");
  }
  std::ofstream relationships(folder + "/relationships.csv");
  relationships << "id,subject,object,type,weight\n";
  for (size_t i = 0; i < graph.relationships.size(); ++i) {
    const PowerLawGraph::Relationship& one = graph.relationships[i];
    relationships << absl::StrCat(i, ",", one.subject, ",", one.object, ",",
                                  one.type, ",", one.weight, "\n");
  }
  entities.close();
  relationships.close();
  GUANXI_CHECK(entities.good() && relationships.good());
}

}  // namespace guanxi::bench
