#include "server/watchdog.h"

namespace guanxi::server {

using std::chrono::steady_clock;

Deadlines::Deadlines() : thread_([this] { Run(); }) {}

Deadlines::~Deadlines() {
  {
    MutexLock lock(mutex_);
    ended_ = true;
    changed_.Signal();
  }
  thread_.join();
}

void Deadlines::Run() {
  MutexLock lock(mutex_);
  while (!ended_) {
    const auto next = watchdogs_.begin();
    if (next == watchdogs_.end()) {
      wakes_at_ = steady_clock::time_point::max();
      changed_.Wait(mutex_);
    } else if (next->first > steady_clock::now()) {
      wakes_at_ = next->first;
      changed_.WaitUntil(mutex_, wakes_at_);
    } else {
      Watchdog& watchdog = *next->second;
      watchdogs_.erase(next);
      watchdog.at_ = watchdogs_.end();
      watchdog.context_.TryCancel();
    }
  }
}

Watchdog::Watchdog(Deadlines& deadlines, grpc::ServerContextBase& context,
                   steady_clock::duration time)
    : deadlines_(deadlines), context_(context) {
  MutexLock lock(deadlines_.mutex_);
  at_ = deadlines_.watchdogs_.emplace(steady_clock::now() + time, this);
  // Most end long before their time and are not worth waking anybody.
  if (at_->first < deadlines_.wakes_at_) deadlines_.changed_.Signal();
}

Watchdog::~Watchdog() {
  MutexLock lock(deadlines_.mutex_);
  if (at_ == deadlines_.watchdogs_.end()) return;
  deadlines_.watchdogs_.erase(at_);
}

}  // namespace guanxi::server
