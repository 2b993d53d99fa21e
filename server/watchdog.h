#ifndef GUANXI_SERVER_WATCHDOG_H_
#define GUANXI_SERVER_WATCHDOG_H_

#include <chrono>
#include <memory>

#include <grpcpp/alarm.h>
#include <grpcpp/server_context.h>

#include "graph/base/mutex.h"

namespace guanxi::server {

// Cancels a call at a deadline, even one that waits for its client: without it
// a client that sends or reads nothing could hold a call for ever.
class Watchdog {
 public:
  // `context` must outlive the watchdog.
  Watchdog(grpc::ServerContextBase& context,
           std::chrono::system_clock::time_point deadline);
  // The context is not touched any more once this returns.
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // Whether it has cancelled the call.
  bool has_bitten() const;

 private:
  struct Watched {
    Mutex mutex;
    grpc::ServerContextBase* context ABSL_GUARDED_BY(mutex) = nullptr;
    bool bitten ABSL_GUARDED_BY(mutex) = false;
  };

  // Owned by this and by the alarm's callback, which gRPC may run later still.
  std::shared_ptr<Watched> watched_;
  grpc::Alarm alarm_;
};

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_WATCHDOG_H_
