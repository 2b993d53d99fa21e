#include "server/metrics.h"

#include <exception>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"

namespace guanxi::server {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

// Upper ends of the classes of latencies, in seconds.
const prometheus::Histogram::BucketBoundaries& LatencyClasses() {
  static const prometheus::Histogram::BucketBoundaries kClasses = {
      0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100};
  return kClasses;
}

// Puts together what is told of all graphs.
class Families {
 public:
  explicit Families(std::vector<MetricFamily>& families)
      : families_(families) {}

  void Add(MetricType type, const char* name, const char* help,
           const std::string& graph, double value) {
    if (families_.size() == next_) {
      families_.push_back({.name = name, .help = help, .type = type});
    }
    ClientMetric metric;
    metric.label.push_back({.name = "graph", .value = graph});
    metric.gauge.value = value;
    metric.counter.value = value;
    families_[next_++].metric.push_back(std::move(metric));
  }

  void NextGraph() { next_ = 0; }

 private:
  std::vector<MetricFamily>& families_;
  size_t next_ = 0;  // each graph tells the same in the same order
};

void AddGraph(const std::string& name, const store::Store& store,
              const kv::EnvStat& stat, Families& families) {
  const auto gauge = [&](const char* what, const char* help, auto value) {
    families.Add(MetricType::Gauge, what, help, name,
                 static_cast<double>(value));
  };
  const auto counter = [&](const char* what, const char* help, auto value) {
    families.Add(MetricType::Counter, what, help, name,
                 static_cast<double>(value));
  };
  const store::CommitStatistics commits = store.commit_statistics();
  counter("guanxi_commits_total", "Commits carried out", commits.commits);
  counter("guanxi_commit_batches_total",
          "Transactions that commits have shared", commits.batches);
  counter("guanxi_commit_seconds_total",
          "Time of these transactions, the disk included", commits.seconds);
  gauge("guanxi_commits_waiting", "Commits that wait for their turn",
        commits.waiting);
  gauge("guanxi_store_used_bytes", "Size of the store, free pages included",
        stat.used_bytes);
  gauge("guanxi_store_max_bytes", "Largest size of the store", stat.max_bytes);
  gauge("guanxi_readers", "Reads of the store that are open", stat.readers);
  gauge("guanxi_oldest_reader_lag",
        "Transactions since the oldest open read began",
        stat.last_txn_id - stat.oldest_read_txn_id);
  gauge("guanxi_read_only", "1 if the disk has failed",
        store.fault().ok() ? 0 : 1);
}

}  // namespace

Metrics::Metrics()
    : registry_(std::make_shared<prometheus::Registry>()),
      calls_(prometheus::BuildCounter()
                 .Name("guanxi_calls_total")
                 .Help("Calls that have ended, by method and code")
                 .Register(*registry_)),
      seconds_(prometheus::BuildHistogram()
                   .Name("guanxi_call_seconds")
                   .Help("How long calls took, by method")
                   .Register(*registry_)),
      stops_(prometheus::BuildCounter()
                 .Name("guanxi_stops_total")
                 .Help("Searches that a limit has ended, by limit")
                 .Register(*registry_)),
      refused_connections_(
          prometheus::BuildCounter()
              .Name("guanxi_connections_refused_total")
              .Help("Connections that were too many, by setting")
              .Register(*registry_)) {}

void Metrics::CountCall(absl::string_view method, absl::StatusCode code,
                        double seconds) {
  MutexLock lock(mutex_);
  OfMethod& counted = methods_[method];
  const std::string name(method);
  if (counted.seconds == nullptr) {
    counted.seconds = &seconds_.Add({{"method", name}}, LatencyClasses());
  }
  prometheus::Counter*& calls = counted.calls[static_cast<size_t>(code)];
  if (calls == nullptr) {
    calls = &calls_.Add(
        {{"method", name}, {"code", absl::StatusCodeToString(code)}});
  }
  counted.seconds->Observe(seconds);
  calls->Increment();
}

void Metrics::CountStop(absl::string_view reason) {
  stops_.Add({{"limit", std::string(reason)}}).Increment();
}

void Metrics::CountRefusedConnection(absl::string_view setting) {
  refused_connections_.Add({{"setting", std::string(setting)}}).Increment();
}

std::vector<MetricFamily> GraphMetrics::Collect() const {
  std::vector<MetricFamily> all;
  Families families(all);
  for (const std::string& name : graphs_.List()) {
    const absl::StatusOr<std::shared_ptr<Graph>> graph = graphs_.Find(name);
    if (!graph.ok()) continue;  // it has just gone
    const absl::StatusOr<kv::EnvStat> stat = (*graph)->store().Stat();
    if (!stat.ok()) continue;  // it is being opened anew
    AddGraph(name, (*graph)->store(), *stat, families);
    families.NextGraph();
  }
  return all;
}

absl::StatusOr<std::unique_ptr<MetricsPage>> MetricsPage::Open(
    const std::string& address, const Metrics& metrics, const Graphs& graphs) {
  std::unique_ptr<MetricsPage> page(new MetricsPage());
  page->graph_metrics_ = std::make_shared<GraphMetrics>(graphs);
  try {
    page->exposer_ = std::make_unique<prometheus::Exposer>(address);
  } catch (const std::exception& error) {
    return MakeError(
        absl::StatusCode::kUnavailable, "ADDRESS_IN_USE",
        absl::StrCat("cannot serve metrics on ", address, ": ", error.what()),
        {{"address", address}});
  }
  page->exposer_->RegisterCollectable(metrics.registry());
  page->exposer_->RegisterCollectable(page->graph_metrics_);
  return page;
}

}  // namespace guanxi::server
