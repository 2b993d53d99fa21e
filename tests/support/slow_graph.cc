#include "tests/support/slow_graph.h"

#include <algorithm>

#include "graph/store/key.h"
#include "graph/store/record.h"
#include "tests/support/status_matchers.h"

namespace guanxi::test {
namespace {

using store::Snapshot;

// Every relationship of the store but judgements, from its own record.
std::vector<Edge> ReadEdges(const Snapshot& snapshot) {
  std::vector<Edge> edges;
  kv::Cursor cursor = snapshot.txn().Walk(snapshot.tables().relationship);
  for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
    const auto record = store::RecordView::Parse(cursor.value());
    const auto head = record->ReadRelationshipHead();
    const std::string type = *snapshot.catalog().types.Get(head->type);
    if (type.front() == '=') continue;
    edges.push_back({.id = {store::ReadBigEndian(cursor.key())},
                     .from = head->subject,
                     .to = head->object,
                     .type = type,
                     .symmetric = type == "KNOWS"});
  }
  EXPECT_OK(cursor.status());
  return edges;
}

}  // namespace

SlowGraph::SlowGraph(const Snapshot& snapshot,
                     const traverse::TraversalSpec& spec)
    : snapshot_(snapshot), spec_(spec), edges_(ReadEdges(snapshot)) {}

std::vector<Step> SlowGraph::StepsFrom(EntityId at) const {
  std::vector<Step> steps;
  for (const Edge& edge : edges_) {
    const bool wanted =
        spec_.types.empty() || std::ranges::count(spec_.types, edge.type) > 0;
    if (!wanted || std::ranges::count(spec_.exclude_types, edge.type) > 0) {
      continue;
    }
    const bool out = spec_.direction != Direction::kIn;
    const bool in = spec_.direction != Direction::kOut;
    if (edge.symmetric) {
      if (edge.from == at) {
        steps.push_back({edge.to, edge});
      } else if (edge.to == at) {
        steps.push_back({edge.from, edge});
      }
      continue;
    }
    if (out && edge.from == at) steps.push_back({edge.to, edge});
    if (in && edge.to == at) {
      steps.push_back({edge.from, edge, Direction::kIn});
    }
  }
  return steps;
}

bool SlowGraph::Carries(EntityId id) const {
  if (std::ranges::count(spec_.exclude_entities, id) > 0) return false;
  if (spec_.labels.empty()) return true;
  const auto view = snapshot_.ReadEntity(id, spec_.lens, Evidence::kNone);
  return std::ranges::any_of(view->all_labels, [this](const auto& label) {
    return std::ranges::count(spec_.labels, label) > 0;
  });
}

}  // namespace guanxi::test
