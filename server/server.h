#ifndef GUANXI_SERVER_SERVER_H_
#define GUANXI_SERVER_SERVER_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include <grpcpp/server.h>

#include "graph/base/clock.h"
#include "graph/store/store.h"
#include "graph/topology/cache.h"
#include "graph/topology/column_cache.h"
#include "graph/value/date.h"
#include "server/admin_service.h"
#include "server/calls.h"
#include "server/fact_service.h"
#include "server/graph_service.h"
#include "server/log.h"
#include "server/serving.h"
#include "server/settings.h"

namespace guanxi::server {

// Where servers listen and clients ask unless told otherwise.
inline constexpr char kDefaultAddress[] = "127.0.0.1:7410";

struct ServerOptions {
  std::string data;  // the folder of the store; made if it is not there
  std::string address = kDefaultAddress;  // HOST:PORT; port 0: a free one

  // Lets the server listen where other machines reach it. There is no access
  // control yet: whoever reaches it can read and write everything.
  bool anyone = false;

  std::optional<Day> today;  // of reads that give no day; nullopt: the clock's
  Settings settings;
  Clock clock = SystemClock();
  Log::Sink log;  // empty: standard error
};

// Verifies the store in a folder that no server uses, without changing it.
// Errors as store::Store::Check.
absl::StatusOr<store::VerifyReport> CheckStore(
    const std::string& data, const store::VerifyOptions& options);

// A server with its store: started when made, drained when it goes.
class Server {
 public:
  // Opens or makes the store and listens. INVALID_ARGUMENT [ADDRESS_INVALID]:
  // no HOST:PORT. PERMISSION_DENIED [ADDRESS_NOT_LOOPBACK]: others could reach
  // it and `anyone` is false. UNAVAILABLE [ADDRESS_IN_USE]: nothing can listen
  // there. Else errors as store::Store::Open.
  static absl::StatusOr<std::unique_ptr<Server>> Start(ServerOptions options);

  // Drains, if Drain() was not called.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // "127.0.0.1:7410", with the port that it has.
  const std::string& address() const { return address_; }

  // Says in the health service that it no longer serves, takes no more calls,
  // and lets running ones finish for as long as the setting drain_ms says; then
  // cancels them.
  void Drain();

 private:
  Server(ServerOptions options, std::unique_ptr<store::Store> store);

  Serving Sharing();
  absl::Status Listen(const std::string& host);

  const ServerOptions options_;
  const std::unique_ptr<store::Store> store_;
  topology::Cache topology_;
  topology::ColumnCache columns_;
  Log log_;
  Calls calls_;
  GraphService graph_service_;
  FactService fact_service_;
  AdminService admin_service_;
  std::string address_;
  std::unique_ptr<grpc::Server> server_;  // destroyed first
};

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_SERVER_H_
