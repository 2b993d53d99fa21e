#ifndef GUANXI_SERVER_WATCHDOG_H_
#define GUANXI_SERVER_WATCHDOG_H_

#include <chrono>
#include <map>
#include <thread>

#include <grpcpp/server_context.h>

#include "graph/base/mutex.h"

namespace guanxi::server {

class Watchdog;

// When calls are to be cancelled, and the thread that does so. gRPC's alarms
// would do; but each that is called off wakes threads of gRPC, which took a
// good part of a short call. Thread-safe; outlives its watchdogs.
class Deadlines {
 public:
  Deadlines();
  ~Deadlines();
  Deadlines(const Deadlines&) = delete;
  Deadlines& operator=(const Deadlines&) = delete;

 private:
  friend class Watchdog;
  using Watchdogs =
      std::multimap<std::chrono::steady_clock::time_point, Watchdog*>;
  void Run();

  Mutex mutex_;
  CondVar changed_;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
  Watchdogs watchdogs_ ABSL_GUARDED_BY(mutex_);
  // When the thread looks at them next, even if it finds that it need not.
  std::chrono::steady_clock::time_point wakes_at_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

// Cancels a call after some time, even one that waits for its client: without
// it a client that sends or reads nothing could hold a call for ever.
class Watchdog {
 public:
  // `deadlines` and `context` must outlive the watchdog.
  Watchdog(Deadlines& deadlines, grpc::ServerContextBase& context,
           std::chrono::steady_clock::duration time);
  // The context is not touched any more once this returns.
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  friend class Deadlines;

  Deadlines& deadlines_;
  grpc::ServerContextBase& context_;
  // With the lock of deadlines_. At the end: it has bitten.
  Deadlines::Watchdogs::iterator at_;
};

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_WATCHDOG_H_
