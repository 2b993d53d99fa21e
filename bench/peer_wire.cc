#include "bench/peer_wire.h"

#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

#include "bench/measure.h"
#include "bench/rpc_client.h"
#include "bench/stored_graph.h"
#include "graph/base/check.h"
#include "server/server.h"

namespace guanxi::bench {
namespace {

using Answer = PeerQuestion::Answer;
using Input = PeerQuestion::Input;
using AskOver = std::function<Answer(RpcClient&, const Input&)>;

// As much as the server grants.
v1::TraversalOptions Options(v1::Direction direction) {
  constexpr int64_t kPlenty = int64_t{1} << 40;
  v1::TraversalOptions options;
  options.set_direction(direction);
  options.mutable_budget()->set_max_entities(kPlenty);
  options.mutable_budget()->set_max_relationships(kPlenty);
  options.mutable_budget()->set_max_results(kPlenty);
  options.mutable_budget()->set_max_bytes(kPlenty);
  return options;
}

AskOver Within(int depth) {
  return [depth](RpcClient& client, const Input& input) {
    v1::ReachRequest request;
    request.add_entities(StoredGraph::Key(input[0]));
    *request.mutable_traversal() = Options(v1::DIRECTION_OUT);
    request.set_max_depth(depth);
    request.set_counts_only(true);
    const auto messages = client.Ask(request);
    const auto& counts = messages.back().counts();
    return Answer{
        std::accumulate(counts.begin() + 1, counts.end(), int64_t{0})};
  };
}

Answer ComponentsOverWire(RpcClient& client, const Input&) {
  v1::FindComponentsRequest request;
  *request.mutable_traversal() = Options(v1::DIRECTION_BOTH);
  return {client.Ask(request).back().component_count()};
}

std::vector<v1::FindPathsResponse> AskForPaths(RpcClient& client,
                                               const Input& input,
                                               v1::FindPathsRequest request) {
  request.set_from_entity(StoredGraph::Key(input[0]));
  if (!request.to_anywhere()) {
    request.set_to_entity(StoredGraph::Key(input[1]));
  }
  *request.mutable_traversal() = Options(v1::DIRECTION_OUT);
  return client.Ask(request);
}

// The only one that was asked for, if there is any.
std::optional<v1::Path> FindPath(RpcClient& client, const Input& input,
                                 const v1::FindPathsRequest& request) {
  for (const v1::FindPathsResponse& message :
       AskForPaths(client, input, request)) {
    if (!message.paths().empty()) return message.paths(0);
  }
  return std::nullopt;
}

v1::FindPathsRequest PathsOf(v1::PathMode mode, int max_length) {
  v1::FindPathsRequest request;
  request.set_mode(mode);
  request.set_max_length(max_length);
  return request;
}

// How many paths there are, and to how many entities.
v1::PathCounts CountPaths(RpcClient& client, const Input& input,
                          v1::FindPathsRequest request) {
  request.set_counts_only(true);
  return AskForPaths(client, input, std::move(request)).back().counts();
}

int64_t Total(const v1::PathCounts& counts) {
  return std::accumulate(counts.by_length().begin(), counts.by_length().end(),
                         int64_t{0});
}

AskOver PathCount(v1::PathMode mode, int max_length) {
  return [=](RpcClient& client, const Input& input) {
    return Answer{Total(CountPaths(client, input, PathsOf(mode, max_length)))};
  };
}

v1::FindPathsRequest TrailsToAnywhere(int max_length) {
  v1::FindPathsRequest request = PathsOf(v1::PATH_MODE_ALL, max_length);
  request.set_restrictor(v1::PATH_RESTRICTOR_TRAIL);
  request.set_to_anywhere(true);
  return request;
}

Answer TrailsOverWire(RpcClient& client, const Input& input) {
  return {Total(CountPaths(client, input, TrailsToAnywhere(kFewSteps)))};
}

// How many ways there are, and to how many entities.
Answer FilteredOverWire(RpcClient& client, const Input& input) {
  v1::FindPathsRequest request = TrailsToAnywhere(2);
  request.add_pattern()->add_types("TYPE_0");
  v1::PathStep& last = *request.add_pattern();
  last.add_types("TYPE_0");
  last.add_labels("KIND_1");
  v1::Predicate& year = *last.add_entity_predicates();
  year.set_property("year");
  year.set_comparison(v1::COMPARISON_GREATER_OR_EQUAL);
  year.set_literal("2000");
  const v1::PathCounts counts = CountPaths(client, input, request);
  return {Total(counts), counts.ends()};
}

Answer DistanceOverWire(RpcClient& client, const Input& input) {
  constexpr int kLongest = 64;
  const std::optional<v1::Path> path =
      FindPath(client, input, PathsOf(v1::PATH_MODE_ANY_SHORTEST, kLongest));
  return {path.has_value() ? path->relationships_size() : -1};
}

Answer CostOverWire(RpcClient& client, const Input& input) {
  v1::FindPathsRequest request;
  request.mutable_cost()->set_basis(v1::PRICE_BASIS_PROPERTY);
  request.mutable_cost()->set_property("weight");
  const std::optional<v1::Path> path = FindPath(client, input, request);
  return {path.has_value() ? std::llround(path->cost()) : -1};
}

std::map<std::string, AskOver> Asks() {
  constexpr int kAllLengths = 64;
  constexpr int kAllDepths = 0;
  return {{"within_2", Within(2)},
          {"within_3", Within(3)},
          {"filtered_2", FilteredOverWire},
          {"paths_4", PathCount(v1::PATH_MODE_ALL, kFewSteps)},
          {"trails_4", TrailsOverWire},
          {"reach", Within(kAllDepths)},
          {"components", ComponentsOverWire},
          {"shortest", DistanceOverWire},
          {"all_shortest", PathCount(v1::PATH_MODE_ALL_SHORTEST, kAllLengths)},
          {"cheapest", CostOverWire}};
}

// Until what the question needs is in memory.
void WarmUp(RpcClient& client, const AskOver& ask, const Input& input) {
  constexpr absl::Duration kLong = absl::Seconds(3);
  const absl::Time end = absl::Now() + kLong;
  while (absl::Now() < end) ask(client, input);
}

}  // namespace

PeerRun RunOverWire(const std::string& folder,
                    const std::vector<PeerQuestion>& questions) {
  std::ofstream log(folder + "/log");
  const absl::Time begin = absl::Now();
  const auto server = server::Server::Start(
      {.data = folder,
       .address = "127.0.0.1:0",
       .log = [&log](absl::string_view line) { log << line << std::flush; }});
  GUANXI_CHECK(server.ok());
  RpcClient client((*server)->address(), (*server)->address());
  PeerRun run{.version = "guanxi, over gRPC"};
  const std::map<std::string, AskOver> asks = Asks();
  for (const PeerQuestion& one : questions) {
    const bool needs = one.name == "within_2" || one.name == "cheapest";
    if (needs) WarmUp(client, asks.at(one.name), one.inputs.front());
  }
  run.load_seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  for (const PeerQuestion& one : questions) {
    const auto found = asks.find(one.name);
    if (found == asks.end()) continue;
    run.known.insert(one.name);
    run.answers[one.name] = AskInputs(
        one.inputs,
        [&](const Input& input) { return found->second(client, input); },
        ProcessCpuSeconds);
  }
  return run;
}

}  // namespace guanxi::bench
