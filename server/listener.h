#ifndef GUANXI_SERVER_LISTENER_H_
#define GUANXI_SERVER_LISTENER_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include <grpcpp/server_builder.h>
#include <sys/socket.h>

#include "graph/base/descriptor.h"
#include "server/address.h"
#include "server/connections.h"
#include "server/log.h"
#include "server/metrics.h"

namespace guanxi::server {

// Whose connection it is, for its limit: "192.0.2.7"; of IPv6 the network of 64
// bits, "2001:db8::/64", since one host may have all of its addresses.
std::string ClientOf(const sockaddr_storage& address);

// Takes the connections of a server and gives them to gRPC, unless there are
// too many. Not gRPC's own: that of 1.51 has no limit, and listens no more once
// descriptors have run out. Start() and Stop() are not for two threads at once.
class Listener {
 public:
  using Acceptor = grpc::experimental::ExternalConnectionAcceptor;

  struct Options {
    Connections::Limits limits;
    Log& log;
    Metrics& metrics;
  };

  // Listens on all addresses of the host that this machine has, and logs which
  // it has not; of port 0 on the first. Clients can come before Start().
  // UNAVAILABLE [ADDRESS_IN_USE]: nothing can listen there, or another does.
  static absl::StatusOr<std::unique_ptr<Listener>> Open(const Address& address,
                                                        const Options& options);

  // Stops.
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // The port that it has.
  int port() const { return port_; }

  // Those asked for, or as many as there are descriptors for: of clients then
  // at most a fifth each.
  const Connections::Limits& limits() const { return limits_; }

  // Gives connections from now on, to a server that has started. Once.
  void Start(std::unique_ptr<Acceptor> acceptor);

  // Takes no more connections; before the server is shut down.
  void Stop();

 private:
  Listener(const Options& options, Descriptor wake);

  struct Refused {
    int64_t count = 0;  // since the log was told
    std::string last_client;
    Connections::Refusal last;
  };
  absl::Status Bind(const Address& address);
  void TakeAll();
  void TakeOne(int listening);
  void Refuse(const std::string& client, const Connections::Refusal& refusal);
  void TellRefused();
  int UntilTold() const;
  void Pause(int error);

  Log& log_;
  Metrics& metrics_;
  const Connections::Limits limits_;
  Connections connections_;
  std::unique_ptr<Acceptor> acceptor_;
  const Descriptor wake_;  // readable once it is to stop
  std::vector<Descriptor> sockets_;
  int port_ = 0;
  Refused refused_;
  std::chrono::steady_clock::time_point
      tell_at_;  // of refusals, at the soonest
  std::chrono::steady_clock::time_point complain_at_;  // likewise, of accept
  std::thread thread_;
};

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_LISTENER_H_
