#include "bench/peer_questions.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <nlohmann/json.hpp>

#include "bench/plain_loops.h"
#include "graph/base/check.h"
#include "graph/traverse/components.h"
#include "graph/traverse/neighbourhood.h"
#include "graph/traverse/path.h"
#include "graph/traverse/reach.h"

namespace guanxi::bench {
namespace {

using topology::Ground;
using traverse::Completeness;
using traverse::Outcome;
using traverse::PathSpec;
using traverse::ReachSpec;
using Answer = PeerQuestion::Answer;
using Input = PeerQuestion::Input;

EntityId Find(const Ground& ground, uint32_t entity) {
  return **ground.snapshot.FindEntity(StoredGraph::Key(entity));
}

// Outwards, and as much as it takes.
traverse::TraversalSpec Unbounded() {
  constexpr int64_t kPlenty = INT64_MAX / 2;
  traverse::TraversalSpec spec{.direction = Direction::kOut};
  spec.budget = {.max_entities = kPlenty,
                 .max_relationships = kPlenty,
                 .max_results = kPlenty,
                 .max_bytes = kPlenty};
  return spec;
}

int64_t NumberIn(absl::string_view name, absl::string_view prefix) {
  int64_t number = 0;
  GUANXI_CHECK(absl::ConsumePrefix(&name, prefix) &&
               absl::SimpleAtoi(name, &number));
  return number;
}

int64_t IntegerIn(const std::vector<PropertyView>& properties) {
  GUANXI_CHECK(properties.size() == 1);
  return *properties[0].value.get_if<int64_t>();
}

int64_t KindOf(const EntityView& entity) {
  constexpr absl::string_view kPrefix = "KIND_";
  for (const LabelView& one : entity.labels) {
    if (absl::StartsWith(one.label, kPrefix))
      return NumberIn(one.label, kPrefix);
  }
  GUANXI_CHECK(false);
  return 0;
}

Answer AskOneHop(const Ground& ground, const Input& input) {
  const traverse::NeighbourhoodSpec spec{.traversal = Unbounded()};
  const auto found =
      *traverse::FindNeighbourhood(ground, Find(ground, input[0]), spec);
  std::vector<EntityId> entities;
  for (const traverse::VisitedEntity& one : found.entities) {
    entities.push_back(one.id);
  }
  ground.snapshot.Prefetch(entities);
  ground.snapshot.Prefetch(found.relationships);
  absl::flat_hash_map<std::string, int64_t> traits;
  for (const traverse::VisitedEntity& one : found.entities) {
    const EntityView entity =
        *ground.snapshot.ReadEntity(one.id, {}, Evidence::kNone);
    traits[entity.key] = IntegerIn(entity.properties) * (KindOf(entity) + 1);
  }
  int64_t sum = 0;
  for (const RelationshipId id : found.relationships) {
    const auto views =
        *ground.snapshot.ReadRelationship(id, {}, Evidence::kNone);
    const RelationshipKey& key = views[0].key;
    sum += (NumberIn(key.object, "e") + 1) * (NumberIn(key.type, "TYPE_") + 1) *
               IntegerIn(views[0].properties) +
           traits.at(key.object);
  }
  return {static_cast<int64_t>(found.relationships.size()), sum};
}

// How many others there are within so many relationships.
Answer AskReach(const Ground& ground, const Input& input, int depth) {
  const ReachSpec spec{
      .traversal = Unbounded(), .max_depth = depth, .counts_only = true};
  const auto found =
      *traverse::FindReach(ground, {Find(ground, input[0])}, spec);
  GUANXI_CHECK(found.completeness.outcome == Outcome::kComplete);
  return {std::accumulate(found.counts.begin() + 1, found.counts.end(),
                          int64_t{0})};
}

// Two relationships of one type, and conditions on the entity at the end alone:
// that is one question for the entities between, and one around each of them.
Answer AskFiltered(const Ground& ground, const Input& input) {
  constexpr int64_t kSince = 2000;
  traverse::NeighbourhoodSpec spec{.traversal = Unbounded()};
  spec.traversal.types = {"TYPE_0"};
  const auto middle =
      *traverse::FindNeighbourhood(ground, Find(ground, input[0]), spec);
  spec.traversal.labels = {"KIND_1"};
  spec.traversal.entity_predicates = {
      {"year", Comparison::kGreaterOrEqual, Value(kSince)}};
  int64_t ways = 0;
  absl::flat_hash_set<EntityId> ends;
  for (const traverse::VisitedEntity& one : middle.entities) {
    if (one.depth == 0) continue;
    const auto found = *traverse::FindNeighbourhood(ground, one.id, spec);
    ways += static_cast<int64_t>(found.relationships.size());
    for (const traverse::VisitedEntity& end : found.entities) {
      if (end.depth > 0) ends.insert(end.id);
    }
  }
  return {ways, static_cast<int64_t>(ends.size())};
}

traverse::PathAnswer FindPaths(const Ground& ground, const Input& input,
                               PathSpec spec) {
  spec.traversal = Unbounded();
  auto found = *traverse::FindPaths(
      ground, {{Find(ground, input[0])}, {Find(ground, input[1])}}, spec);
  const Completeness& completeness = found.completeness;
  GUANXI_CHECK(completeness.outcome != Outcome::kTruncated ||
               completeness.reason == Stop::kLength);
  return found;
}

int64_t Total(const traverse::PathCounts& counts) {
  return std::accumulate(counts.by_length.begin(), counts.by_length.end(),
                         int64_t{0});
}

Answer AskPathCount(const Ground& ground, const Input& input) {
  const auto found = FindPaths(ground, input,
                               {.mode = traverse::PathMode::kAll,
                                .max_length = kFewSteps,
                                .counts_only = true});
  return {Total(found.counts)};
}

Answer AskDistance(const Ground& ground, const Input& input) {
  const auto paths =
      FindPaths(ground, input, {.max_length = PathSpec::kMaxLength}).paths;
  if (paths.empty()) return {-1};
  return {static_cast<int64_t>(paths[0].relationships.size())};
}

Answer AskAllShortest(const Ground& ground, const Input& input) {
  const auto found = FindPaths(ground, input,
                               {.mode = traverse::PathMode::kAllShortest,
                                .max_length = PathSpec::kMaxLength,
                                .counts_only = true});
  return {Total(found.counts)};
}

Answer AskCheapest(const Ground& ground, const Input& input) {
  const auto paths =
      FindPaths(
          ground, input,
          {.cost = traverse::PathCost{.basis = traverse::PriceBasis::kProperty,
                                      .property = "weight"}})
          .paths;
  if (paths.empty()) return {-1};
  return {std::llround(paths[0].cost)};
}

Answer AskComponents(const Ground& ground, const Input&) {
  traverse::ComponentsSpec spec{.traversal = Unbounded()};
  spec.traversal.direction = Direction::kBoth;
  const auto found = *traverse::FindComponents(ground, spec);
  GUANXI_CHECK(found.completeness.outcome == Outcome::kComplete);
  int64_t count = 0;
  for (const traverse::SizeCount& one : found.sizes) count += one.count;
  return {count};
}

Answer AskTrailCount(const Ground& ground, const Input& input) {
  const PathSpec spec{.traversal = Unbounded(),
                      .mode = traverse::PathMode::kAll,
                      .max_length = kFewSteps,
                      .restrictor = traverse::PathRestrictor::kTrail,
                      .counts_only = true};
  const auto found = *traverse::FindPaths(
      ground, {.from = {Find(ground, input[0])}, .anywhere = true}, spec);
  GUANXI_CHECK(found.completeness.outcome == Outcome::kComplete);
  return {Total(found.counts)};
}

std::vector<Input> Singles(const std::vector<uint32_t>& entities) {
  std::vector<Input> inputs;
  for (const uint32_t one : entities) inputs.push_back({one});
  return inputs;
}

std::vector<Input> Pairs(const StoredGraph& stored, size_t count) {
  const std::vector<uint32_t> ends = SomeEntities(stored.graph(), 2 * count);
  std::vector<Input> inputs;
  for (size_t i = 0; i < count; ++i) {
    inputs.push_back({ends[2 * i], ends[2 * i + 1]});
  }
  return inputs;
}

// From any entity to one that many relationships lead to.
std::vector<Input> PairsToHubs(const StoredGraph& stored, size_t count) {
  const PowerLawGraph& graph = stored.graph();
  const size_t apart = graph.relationships.size() / count;
  std::vector<Input> inputs;
  for (const uint32_t from : SomeEntities(graph, count)) {
    const auto& drawn = graph.relationships[inputs.size() * apart];
    if (drawn.object != from) inputs.push_back({from, drawn.object});
  }
  return inputs;
}

// Entities with 1 to 3 relationships: from others there are too many trails.
std::vector<Input> SmallOnes(const StoredGraph& stored, size_t count) {
  constexpr uint32_t kMost = 3;
  const PlainRows rows(stored.graph());
  std::vector<Input> inputs;
  for (const uint32_t one : SomeEntities(stored.graph(), 100 * count)) {
    const uint32_t degree = rows.first[one + 1] - rows.first[one];
    if (degree == 0 || degree > kMost) continue;
    inputs.push_back({one});
    if (inputs.size() == count) break;
  }
  return inputs;
}

auto WithinDepth(int depth) {
  return [depth](const Ground& ground, const Input& input) {
    return AskReach(ground, input, depth);
  };
}

}  // namespace

std::vector<PeerQuestion> PeerQuestions(const StoredGraph& stored) {
  const auto starts = Singles(SomeEntities(stored.graph(), 200));
  const auto hubs = Singles(WellConnected(stored.graph(), 5));
  std::vector<PeerQuestion> questions = {
      {"one_hop", "all that leads on, with the properties of both", starts,
       AskOneHop},
      {"within_2", "how many entities within 2 relationships", starts,
       WithinDepth(2)},
      {"within_3", "how many entities within 3 relationships", starts,
       WithinDepth(3)},
      {"filtered_2", "2 relationships of a type, to a label and a year", starts,
       AskFiltered},
      {"paths_4", "how many paths of up to 4 relationships between two",
       PairsToHubs(stored, 50), AskPathCount},
      {"trails_4", "how many trails of 1 to 4 relationships begin there",
       SmallOnes(stored, 50), AskTrailCount}};
  questions.insert(questions.end(),
                   {{"reach", "how many can be reached at all", hubs,
                     WithinDepth(ReachSpec::kMaxDepth)},
                    {"components",
                     "how many weakly connected components",
                     {{}, {}, {}},
                     AskComponents},
                    {"shortest", "length of the shortest path",
                     Pairs(stored, 100), AskDistance},
                    {"all_shortest", "how many shortest paths",
                     Pairs(stored, 50), AskAllShortest},
                    {"cheapest", "the sum of weights of the cheapest path",
                     Pairs(stored, 20), AskCheapest}});
  return questions;
}

void WriteQuestions(const std::vector<PeerQuestion>& questions,
                    const std::string& path) {
  std::ofstream file(path);
  for (const PeerQuestion& one : questions) {
    const nlohmann::ordered_json line = {{"question", one.name},
                                         {"inputs", one.inputs}};
    file << line.dump() << "\n";
  }
  file.close();
  GUANXI_CHECK(file.good());
}

}  // namespace guanxi::bench
