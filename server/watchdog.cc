#include "server/watchdog.h"

namespace guanxi::server {

Watchdog::Watchdog(grpc::ServerContextBase& context,
                   std::chrono::system_clock::time_point deadline)
    : watched_(std::make_shared<Watched>()) {
  {
    MutexLock lock(watched_->mutex);
    watched_->context = &context;
  }
  alarm_.Set(deadline, [watched = watched_](bool expired) {
    if (!expired) return;
    MutexLock lock(watched->mutex);
    if (watched->context == nullptr) return;
    watched->bitten = true;
    watched->context->TryCancel();
  });
}

Watchdog::~Watchdog() {
  {
    MutexLock lock(watched_->mutex);
    watched_->context = nullptr;
  }
  alarm_.Cancel();
}

bool Watchdog::has_bitten() const {
  MutexLock lock(watched_->mutex);
  return watched_->bitten;
}

}  // namespace guanxi::server
