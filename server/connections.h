#ifndef GUANXI_SERVER_CONNECTIONS_H_
#define GUANXI_SERVER_CONNECTIONS_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include <sys/types.h>

namespace guanxi::server {

// Counts the connections that a server has let in, of each client and of all,
// and says which are too many. gRPC closes them, and does not say when: those
// that are gone are found by their descriptors, where there seems to be no room
// and at most every 100 ms. Not thread-safe.
class Connections {
 public:
  struct Limits {
    int64_t all = 0;
    int64_t of_client = 0;
  };
  explicit Connections(Limits limits) : limits_(limits) {}

  // The setting that keeps a connection out, and what it is.
  struct Refusal {
    absl::string_view setting;
    int64_t most = 0;
  };

  // Counts an open socket that came from this client, unless it is one too
  // many.
  std::optional<Refusal> Admit(int socket, const std::string& client);

 private:
  struct Connection {
    ino_t inode = 0;  // of this socket, whatever has its descriptor later
    std::string client;
  };
  std::optional<Refusal> FindRefusal(const std::string& client) const;
  void ForgetClosed();
  void Forget(const std::string& client);

  const Limits limits_;
  absl::flat_hash_map<int, Connection> connections_;  // by descriptor
  absl::flat_hash_map<std::string, int64_t> of_client_;
  std::chrono::steady_clock::time_point looked_;  // for those that are closed
};

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_CONNECTIONS_H_
