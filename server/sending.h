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

// Calls that are over here, and whose last message is being sent. gRPC sends it
// on the thread of the call; where the client takes nothing, that thread waits.
// So answers are counted, of each client and of all, as those calls are that
// are worked on, and are cancelled if they are not taken for max_stall_ms. What
// is beyond that, and what was refused, has a moment; but as many at a time
// again, and the rest none. Else two connections that read nothing could hold
// every thread for ever. Reflection, which is no call of ours, is held to its
// own number and to the same time in all. Thread-safe; outlives the server.
class Sending {
 public:
  // `deadlines` outlives it.
  Sending(const Settings& settings, Deadlines& deadlines);

  // A call of this client was worked on, or not let in.
  void Begin(const grpc::ServerContextBase& context, const std::string& client,
             bool was_let_in);

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
  struct Limiters {
    explicit Limiters(const Settings& settings);
    Slots TryTake(const std::string& client);
    Limiter of_all;
    NamedLimiter of_client;
  };
  // A call that is being sent, and how long that may take.
  struct Sent {
    Slots slots;
    std::chrono::milliseconds time;
  };
  Sent Admit(const std::string& client, bool was_let_in);
  std::chrono::milliseconds TimeOf(const grpc::ServerContextBase& context);
  void End(const grpc::ServerContextBase& context);

  Deadlines& deadlines_;
  const std::chrono::milliseconds max_stall_;
  Limiters answers_;
  Limiters moments_;
  Limiter reflection_limiter_;
  Mutex mutex_;
  absl::flat_hash_map<const grpc::ServerContextBase*, Sent> sent_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_SENDING_H_
