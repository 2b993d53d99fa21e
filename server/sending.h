#ifndef GUANXI_SERVER_SENDING_H_
#define GUANXI_SERVER_SENDING_H_

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_interceptor.h>

#include "graph/base/mutex.h"
#include "server/limiter.h"
#include "server/settings.h"
#include "server/watchdog.h"

namespace guanxi::server {

// Calls whose work is done and whose last message is being sent. gRPC sends it
// on the thread of the call; where the client takes nothing, that thread waits.
// So these calls are counted, of each client and of all, as those are that are
// worked on, and are cancelled if their message is not taken for max_stall_ms;
// those too many have a moment. Else two connections that read nothing could
// hold every thread for ever. Reflection, which is no call of ours, is held to
// its own number and to the same time in all. Thread-safe; outlives the server.
class Sending {
 public:
  // `deadlines` outlives it.
  Sending(const Settings& settings, Deadlines& deadlines);

  // The work on a call of this client is done.
  void Begin(const grpc::ServerContextBase& context, const std::string& client);

  // Sees to it that calls end.
  std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>
  Watch();

 private:
  class Watcher;
  class ReflectionWatcher;
  class WatcherFactory;
  struct Slots {
    Limiter::Slot of_all;
    std::optional<NamedLimiter::Slot> of_client;
    bool complete() const { return of_all != nullptr && of_client.has_value(); }
  };
  std::chrono::milliseconds TimeOf(const grpc::ServerContextBase& context);
  void End(const grpc::ServerContextBase& context);

  Deadlines& deadlines_;
  const std::chrono::milliseconds max_stall_;
  Limiter limiter_;
  NamedLimiter client_limiter_;
  Limiter reflection_limiter_;
  Mutex mutex_;
  absl::flat_hash_map<const grpc::ServerContextBase*, Slots> sent_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_SENDING_H_
