#include "server/connections.h"

#include <sys/stat.h>

namespace guanxi::server {
namespace {

using std::chrono::steady_clock;

// A look at 20,000 descriptors takes some milliseconds.
constexpr std::chrono::milliseconds kBetweenSweeps(100);

// Zero if it is no open socket.
ino_t InodeOf(int socket) {
  struct stat info = {};
  const bool is_socket = fstat(socket, &info) == 0 && S_ISSOCK(info.st_mode);
  return is_socket ? info.st_ino : 0;
}

}  // namespace

std::optional<Connections::Refusal> Connections::Admit(
    int socket, const std::string& client) {
  const auto before = connections_.find(socket);
  if (before != connections_.end()) {  // closed, or its number were not free
    Forget(before->second.client);
    connections_.erase(before);
  }
  if (FindRefusal(client).has_value()) ForgetClosed();
  if (const auto refusal = FindRefusal(client)) return refusal;
  connections_[socket] = {.inode = InodeOf(socket), .client = client};
  ++of_client_[client];
  return std::nullopt;
}

std::optional<Connections::Refusal> Connections::FindRefusal(
    const std::string& client) const {
  if (static_cast<int64_t>(connections_.size()) >= limits_.all) {
    return Refusal{"max_connections", limits_.all};
  }
  const auto taken = of_client_.find(client);
  if (taken != of_client_.end() && taken->second >= limits_.of_client) {
    return Refusal{"max_client_connections", limits_.of_client};
  }
  return std::nullopt;
}

void Connections::ForgetClosed() {
  const auto now = steady_clock::now();
  if (now - looked_ < kBetweenSweeps) return;
  looked_ = now;
  absl::erase_if(connections_, [this](const auto& entry) {
    const auto& [socket, connection] = entry;
    if (InodeOf(socket) == connection.inode) return false;
    Forget(connection.client);
    return true;
  });
}

void Connections::Forget(const std::string& client) {
  const auto taken = of_client_.find(client);
  if (--taken->second == 0) of_client_.erase(taken);
}

}  // namespace guanxi::server
