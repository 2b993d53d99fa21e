#ifndef GUANXI_SERVER_SERVER_H_
#define GUANXI_SERVER_SERVER_H_

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include <grpcpp/server.h>

#include "graph/base/clock.h"
#include "graph/base/mutex.h"
#include "graph/value/date.h"
#include "server/access.h"
#include "server/admin_service.h"
#include "server/calls.h"
#include "server/fact_service.h"
#include "server/graph_service.h"
#include "server/graphs.h"
#include "server/listener.h"
#include "server/log.h"
#include "server/metrics.h"
#include "server/sending.h"
#include "server/settings.h"
#include "server/tls.h"
#include "server/watchdog.h"

namespace guanxi::server {

// Where servers listen and clients ask unless told otherwise.
inline constexpr char kDefaultAddress[] = "127.0.0.1:7410";

struct ServerOptions {
  std::string data;  // the folder of the graphs; made if it is not there
  std::string address = kDefaultAddress;  // HOST:PORT; port 0: a free one

  // Connections are secure if there are files, and calls need a token if there
  // is a file of tokens. Without both, only this machine may reach the server.
  TlsFiles tls;
  std::string tokens;

  // HOST:PORT on which the metrics are served over HTTP; empty: nowhere.
  std::string metrics;

  std::optional<Day> today;  // of reads that give no day; nullopt: the clock's
  Settings settings;
  Clock clock = SystemClock();
  Log::Sink log;  // empty: standard error
};

// A server with its graphs: started when made, drained when it goes.
class Server {
 public:
  // Opens or makes the stores and listens. INVALID_ARGUMENT [ADDRESS_INVALID]:
  // no HOST:PORT; [TLS_INVALID, TOKENS_INVALID]: files that are no such files.
  // PERMISSION_DENIED [ADDRESS_NOT_LOOPBACK]: others could reach it,
  // unprotected. UNAVAILABLE [ADDRESS_IN_USE]: nothing can listen there. Else
  // errors as Graphs::Open().
  static absl::StatusOr<std::unique_ptr<Server>> Start(ServerOptions options);

  // Drains, if Drain() was not called.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // "127.0.0.1:7410", with the port that it has.
  const std::string& address() const { return address_; }

  // The port of the metrics; 0: there are none.
  int metrics_port() const {
    return metrics_page_ == nullptr ? 0 : metrics_page_->port();
  }

  // Says in the health service that it no longer serves, takes no more calls,
  // and lets running ones finish for as long as the setting drain_ms says; then
  // cancels them.
  void Drain();

 private:
  Server(ServerOptions options, std::unique_ptr<Log> log,
         std::unique_ptr<TokenFile> tokens, std::unique_ptr<Graphs> graphs);

  absl::Status Listen(
      const Address& address,
      const std::shared_ptr<grpc::ServerCredentials>& credentials);
  void TakeFault(const std::string& graph, const absl::Status& fault);

  const ServerOptions options_;
  const std::unique_ptr<Log> log_;
  const std::unique_ptr<TokenFile> tokens_;  // none: nobody needs one
  const std::unique_ptr<Graphs> graphs_;
  const std::function<Day()> today_;
  const Access access_;
  Metrics metrics_;
  Deadlines deadlines_;
  Sending sending_;
  Calls calls_;
  GraphService graph_service_;
  FactService fact_service_;
  AdminService admin_service_;
  std::string address_;
  std::unique_ptr<MetricsPage> metrics_page_;
  Mutex fault_mutex_;
  std::set<std::string> read_only_ ABSL_GUARDED_BY(fault_mutex_);  // graphs
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<Listener> listener_;  // destroyed first
};

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_SERVER_H_
