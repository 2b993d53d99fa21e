#ifndef GUANXI_SERVER_METRICS_H_
#define GUANXI_SERVER_METRICS_H_

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include <prometheus/counter.h>
#include <prometheus/exposer.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "graph/base/mutex.h"
#include "server/graphs.h"

namespace guanxi::server {

// What a server counts of its calls, for Prometheus. docs/operations.md lists
// the names. Thread-safe.
class Metrics {
 public:
  Metrics();

  // A call that has ended. `method` is "GraphService/Get".
  void CountCall(absl::string_view method, absl::StatusCode code,
                 double seconds);

  // A search that a limit has ended: "MAX_RESULTS".
  void CountStop(absl::string_view reason);

  // A connection that was one too many: "max_connections".
  void CountRefusedConnection(absl::string_view setting);

  std::shared_ptr<prometheus::Registry> registry() const { return registry_; }

 private:
  static constexpr size_t kCodes = 17;
  struct OfMethod {
    prometheus::Histogram* seconds = nullptr;
    std::array<prometheus::Counter*, kCodes> calls = {};
  };

  // Owned with the exposer, as those that it asks are.
  const std::shared_ptr<prometheus::Registry> registry_;
  prometheus::Family<prometheus::Counter>& calls_;
  prometheus::Family<prometheus::Histogram>& seconds_;
  prometheus::Family<prometheus::Counter>& stops_;
  prometheus::Family<prometheus::Counter>& refused_connections_;

  Mutex mutex_;
  absl::flat_hash_map<std::string, OfMethod> methods_ ABSL_GUARDED_BY(mutex_);
};

// What is told of each graph when somebody asks.
class GraphMetrics final : public prometheus::Collectable {
 public:
  // `graphs` outlives it.
  explicit GraphMetrics(const Graphs& graphs) : graphs_(graphs) {}

  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const Graphs& graphs_;
};

// Serves the metrics over HTTP, at /metrics.
class MetricsPage {
 public:
  // `address` is HOST:PORT; port 0 takes a free one. UNAVAILABLE
  // [ADDRESS_IN_USE]: nothing can listen there.
  static absl::StatusOr<std::unique_ptr<MetricsPage>> Open(
      const std::string& address, const Metrics& metrics, const Graphs& graphs);

  int port() const { return exposer_->GetListeningPorts().front(); }

 private:
  MetricsPage() = default;

  // Owned with the exposer, which forgets what is gone.
  std::shared_ptr<GraphMetrics> graph_metrics_;
  std::unique_ptr<prometheus::Exposer> exposer_;
};

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_METRICS_H_
