// What calls over gRPC cost: one hop beside a call that does no work and whose
// request and answer have as many bytes, and shortest paths.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "bench/echo_server.h"
#include "bench/graph_size.h"
#include "bench/measure.h"
#include "bench/plain_loops.h"
#include "bench/power_law.h"
#include "bench/report.h"
#include "bench/rpc_client.h"
#include "bench/stored_graph.h"
#include "graph/base/check.h"
#include "server/server.h"
#include "tests/support/temp_dir.h"

namespace guanxi::bench {
namespace {

using std::chrono::steady_clock;

constexpr size_t kQuestions = 500;
constexpr size_t kPaths = 1000;
constexpr int kRounds = 15;
constexpr size_t kClients = 8;
constexpr double kMicrosecond = 1e-6;
constexpr double kMillisecond = 1e-3;

// Asks something of a question by its number.
using Ask = std::function<void(RpcClient& client, size_t question)>;

v1::NeighbourhoodRequest HopFrom(uint32_t start) {
  v1::NeighbourhoodRequest request;
  request.set_entity(StoredGraph::Key(start));
  request.mutable_traversal()->set_direction(v1::DIRECTION_OUT);
  return request;
}

v1::FindPathsRequest PathBetween(uint32_t from, uint32_t to) {
  v1::FindPathsRequest request;
  request.set_from_entity(StoredGraph::Key(from));
  request.set_to_entity(StoredGraph::Key(to));
  request.mutable_traversal()->set_direction(v1::DIRECTION_OUT);
  return request;
}

// A real server of a power-law graph.
class World {
 public:
  explicit World(const GraphSize& size)
      : graph_(PowerLawGraph::Make(size.entities, size.relationships)),
        log_(dir_.path() + "/log") {
    StoredGraph(graph_, dir_.path() + "/main.guanxi");  // closed again
    auto server = server::Server::Start({.data = dir_.path(),
                                         .address = "127.0.0.1:0",
                                         .log = [this](absl::string_view line) {
                                           log_ << line << std::flush;
                                         }});
    GUANXI_CHECK(server.ok());
    server_ = *std::move(server);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  const PowerLawGraph& graph() const { return graph_; }
  const std::string& address() const { return server_->address(); }

 private:
  test::TempDir dir_;
  const PowerLawGraph graph_;
  std::ofstream log_;
  std::unique_ptr<server::Server> server_;
};

// Questions for one hop, and requests to the echo that are as large and get
// answers as large.
struct Hops {
  std::vector<v1::NeighbourhoodRequest> questions;
  std::vector<AnswerRequest> echoes;
  EchoServer::Answers answers;   // to the echoes
  std::vector<double> entities;  // in each answer
  std::vector<double> bytes;
};

// Those whose answer is one message.
Hops MakeHops(const World& world) {
  Hops hops;
  RpcClient client(world.address(), world.address());
  for (const uint32_t start : SomeEntities(world.graph(), kQuestions)) {
    const v1::NeighbourhoodRequest question = HopFrom(start);
    const auto messages = client.Ask(question);
    if (messages.size() != 1) continue;
    const size_t bytes = messages[0].ByteSizeLong();
    const auto echo = MessageOfSize<AnswerRequest>(
        question.ByteSizeLong(), question.SerializeAsString());
    hops.answers.emplace(echo.content(),
                         MessageOfSize<AnswerResponse>(bytes, ""));
    hops.questions.push_back(question);
    hops.echoes.push_back(echo);
    hops.entities.push_back(messages[0].entities_size());
    hops.bytes.push_back(static_cast<double>(bytes));
  }
  return hops;
}

double SecondsSince(steady_clock::time_point begin) {
  return std::chrono::duration<double>(steady_clock::now() - begin).count();
}

// How long each of some questions takes.
std::vector<double> TimeEach(size_t questions, const Ask& ask,
                             RpcClient& client) {
  std::vector<double> seconds;
  for (size_t i = 0; i < questions; ++i) {
    const auto begin = steady_clock::now();
    ask(client, i);
    seconds.push_back(SecondsSince(begin));
  }
  return seconds;
}

// How many calls a second clients have answered that ask all at once.
double CallsPerSecond(size_t questions, const Ask& ask,
                      absl::Span<RpcClient> clients) {
  const auto begin = steady_clock::now();
  std::vector<std::thread> threads;
  for (RpcClient& client : clients) {
    threads.emplace_back([&] { TimeEach(questions, ask, client); });
  }
  for (std::thread& thread : threads) thread.join();
  return static_cast<double>(questions * clients.size()) / SecondsSince(begin);
}

double Percentile(std::vector<double> values, size_t percent) {
  const auto place = values.begin() +
                     static_cast<std::ptrdiff_t>(values.size() * percent / 100);
  std::ranges::nth_element(values, place);
  return *place;
}

// The medians of the rounds.
struct Latency {
  double p50 = 0;
  double p99 = 0;
  double cpu = 0;  // of client and server together, a call
};

// In turns, so that what else the machine does falls on all of them alike.
std::vector<Latency> MeasureLatencies(size_t questions,
                                      const std::vector<Ask>& asks,
                                      RpcClient& client) {
  std::vector<std::vector<double>> middles(asks.size());
  std::vector<std::vector<double>> worst(asks.size());
  std::vector<std::vector<double>> cpu(asks.size());
  for (int round = 0; round < kRounds; ++round) {
    for (size_t i = 0; i < asks.size(); ++i) {
      const double begin = ProcessCpuSeconds();
      const std::vector<double> seconds = TimeEach(questions, asks[i], client);
      cpu[i].push_back((ProcessCpuSeconds() - begin) /
                       static_cast<double>(questions));
      middles[i].push_back(Percentile(seconds, 50));
      worst[i].push_back(Percentile(seconds, 99));
    }
  }
  std::vector<Latency> latencies;
  for (size_t i = 0; i < asks.size(); ++i) {
    latencies.push_back({Median(middles[i]), Median(worst[i]), Median(cpu[i])});
  }
  return latencies;
}

// One hop beside the echo.
class OneHop {
 public:
  OneHop(const World& world, const std::string& name)
      : world_(world),
        name_(name + ".one_hop"),
        hops_(MakeHops(world)),
        echo_(hops_.answers, server::Settings()),
        asks_({[this](RpcClient& client, size_t i) {
                 client.Ask(hops_.echoes[i]);
               },
               [this](RpcClient& client, size_t i) {
                 client.Ask(hops_.questions[i]);
               }}) {}

  void MeasureOneClient(Report& report) {
    report.Say(absl::StrCat(size(), " questions, in the median ",
                            Median(hops_.entities), " entities and ",
                            Median(hops_.bytes), " bytes in an answer"));
    RpcClient client(world_.address(), echo_.address());
    const std::vector<Latency> found = MeasureLatencies(size(), asks_, client);
    AddLatency(".echo", found[0], report);
    AddLatency("", found[1], report);
    report.Add({.name = name_ + ".p50.times_echo",
                .value = found[1].p50 / found[0].p50,
                .unit = "ratio",
                .demand = 1.4});
    report.Add({.name = name_ + ".p99.times_echo",
                .value = found[1].p99 / found[0].p99,
                .unit = "ratio"});
    report.Add({.name = name_ + ".cpu.times_echo",
                .value = found[1].cpu / found[0].cpu,
                .unit = "ratio"});
  }

  void MeasureManyClients(Report& report) {
    std::vector<RpcClient> clients;
    for (size_t i = 0; i < kClients; ++i) {
      clients.emplace_back(world_.address(), echo_.address());
    }
    std::vector<std::vector<double>> rates(asks_.size());
    for (int round = 0; round < kRounds; ++round) {
      for (size_t i = 0; i < asks_.size(); ++i) {
        rates[i].push_back(
            CallsPerSecond(size(), asks_[i], absl::MakeSpan(clients)));
      }
    }
    const double echo = Median(rates[0]);
    const double hops = Median(rates[1]);
    const auto add = [&](absl::string_view what, double value, const char* unit,
                         std::optional<double> demand) {
      report.Add({.name = absl::StrCat(name_, what),
                  .value = value,
                  .unit = unit,
                  .demand = demand,
                  .better = Figure::Better::kHigher});
    };
    add(".echo.calls", echo, "1/s", std::nullopt);
    add(".calls", hops, "1/s", std::nullopt);
    add(".calls.times_echo", hops / echo, "ratio", 0.7);
  }

 private:
  size_t size() const { return hops_.questions.size(); }

  void AddLatency(absl::string_view what, const Latency& latency,
                  Report& report) {
    const std::string name = absl::StrCat(name_, what);
    report.Add({.name = name + ".p50",
                .value = latency.p50 / kMicrosecond,
                .unit = "us"});
    report.Add({.name = name + ".p99",
                .value = latency.p99 / kMicrosecond,
                .unit = "us"});
    report.Add({.name = name + ".cpu",
                .value = latency.cpu / kMicrosecond,
                .unit = "us"});
  }

  const World& world_;
  const std::string name_;
  const Hops hops_;
  const EchoServer echo_;
  const std::vector<Ask> asks_;  // the echo, the server
};

void MeasurePaths(const World& world, const std::string& name, Report& report) {
  const std::vector<uint32_t> ends = SomeEntities(world.graph(), 2 * kPaths);
  const Ask ask = [&](RpcClient& client, size_t i) {
    client.Ask(PathBetween(ends[2 * i], ends[2 * i + 1]));
  };
  RpcClient client(world.address(), world.address());
  const Latency found = MeasureLatencies(kPaths, {ask}, client).front();
  report.Add({.name = name + ".shortest_path.p50",
              .value = found.p50 / kMillisecond,
              .unit = "ms",
              .demand = 2});
  report.Add({.name = name + ".shortest_path.p99",
              .value = found.p99 / kMillisecond,
              .unit = "ms",
              .demand = 20});
}

// Until the adjacency is in memory, and the file's pages are.
void WarmUp(const World& world) {
  constexpr double kSeconds = 3;
  RpcClient client(world.address(), world.address());
  const auto begin = steady_clock::now();
  while (SecondsSince(begin) < kSeconds) {
    for (const uint32_t start : SomeEntities(world.graph(), kQuestions)) {
      client.Ask(HopFrom(start));
    }
  }
}

int Run(std::ostream& out) {
  Report report("rpc", out);
  const GraphSize& size = ChosenGraphSize();
  const std::string name = size.FiguresOf("rpc");
  report.Say(absl::StrCat("building: ", size.entities, " entities, ",
                          size.relationships, " relationships"));
  const World world(size);
  WarmUp(world);
  {
    OneHop one_hop(world, name);
    one_hop.MeasureOneClient(report);
    one_hop.MeasureManyClients(report);
  }
  MeasurePaths(world, name, report);
  return report.all_met() ? 0 : 1;
}

}  // namespace
}  // namespace guanxi::bench

int main() { return guanxi::bench::Run(std::cout); }
