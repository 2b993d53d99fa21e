#include "bench/stored_graph.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/check.h"

namespace guanxi::bench {
namespace {

constexpr uint32_t kPerCommit = 20'000;
constexpr int64_t kMaxBytes = int64_t{1} << 36;

Statement StatementOf(const PowerLawGraph::Relationship& one) {
  RelationshipStatement body{.subject = StoredGraph::Key(one.subject),
                             .type = absl::StrCat("TYPE_", one.type),
                             .object = StoredGraph::Key(one.object)};
  body.properties.emplace("weight", Value(int64_t{one.weight}));
  return {std::move(body), {}};
}

}  // namespace

StoredGraph::StoredGraph(PowerLawGraph graph, const std::string& path)
    : graph_(std::move(graph)) {
  auto store = store::Store::Open(path, {.max_bytes = kMaxBytes});
  GUANXI_CHECK(store.ok());
  store_ = *std::move(store);
  LoadEntities();
  LoadRelationships();
  const store::Snapshot snapshot = *store_->BeginSnapshot();
  for (uint32_t i = 0; i < graph_.entity_count; ++i) {
    ids_.push_back(**snapshot.FindEntity(Key(i)));
  }
}

std::string StoredGraph::Key(uint32_t entity) {
  return absl::StrCat("e", entity);
}

void StoredGraph::Add(
    const std::vector<PowerLawGraph::Relationship>& relationships) {
  std::vector<Statement> statements;
  for (const PowerLawGraph::Relationship& one : relationships) {
    graph_.relationships.push_back(one);
    statements.push_back(StatementOf(one));
  }
  Commit(std::move(statements));
}

void StoredGraph::LoadEntities() {
  std::vector<Statement> statements;
  for (uint32_t i = 0; i < graph_.entity_count; ++i) {
    statements.push_back(
        {EntityStatement{.key = Key(i), .labels = {"Company"}}, {}});
    if (statements.size() == kPerCommit) Commit(std::exchange(statements, {}));
  }
  if (!statements.empty()) Commit(std::move(statements));
}

void StoredGraph::LoadRelationships() {
  std::vector<Statement> statements;
  for (const PowerLawGraph::Relationship& one : graph_.relationships) {
    statements.push_back(StatementOf(one));
    if (statements.size() == kPerCommit) Commit(std::exchange(statements, {}));
  }
  if (!statements.empty()) Commit(std::move(statements));
}

void StoredGraph::Commit(std::vector<Statement> statements) {
  const auto result = store_->Commit({.statements = std::move(statements)});
  GUANXI_CHECK(result.ok());
}

}  // namespace guanxi::bench
