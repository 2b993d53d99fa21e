#ifndef GUANXI_SERVER_LIMITER_H_
#define GUANXI_SERVER_LIMITER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"

#include "graph/base/mutex.h"

namespace guanxi::server {

// Counts what goes on at a time and refuses more than so many. Thread-safe;
// outlives its slots.
class Limiter {
 public:
  explicit Limiter(int64_t most) : most_(most) {}
  Limiter(const Limiter&) = delete;
  Limiter& operator=(const Limiter&) = delete;

  struct Release {
    void operator()(Limiter* limiter) const { --limiter->taken_; }
  };
  // Given back when it goes.
  using Slot = std::unique_ptr<Limiter, Release>;

  // nullptr if all slots are taken.
  Slot TryTake() {
    if (++taken_ <= most_) return Slot(this);
    --taken_;
    return nullptr;
  }

  int64_t most() const { return most_; }

 private:
  const int64_t most_;
  std::atomic<int64_t> taken_ = 0;
};

// Likewise for each of many, by name. Thread-safe; outlives its slots.
class NamedLimiter {
 public:
  explicit NamedLimiter(int64_t most) : most_(most) {}
  NamedLimiter(const NamedLimiter&) = delete;
  NamedLimiter& operator=(const NamedLimiter&) = delete;

  // Given back when it goes.
  class Slot {
   public:
    Slot(NamedLimiter* limiter, std::string name)
        : limiter_(limiter), name_(std::move(name)) {}
    Slot(Slot&& other) noexcept
        : limiter_(std::exchange(other.limiter_, nullptr)),
          name_(std::move(other.name_)) {}
    Slot& operator=(Slot&&) = delete;
    ~Slot() {
      if (limiter_ != nullptr) limiter_->Release(name_);
    }

   private:
    NamedLimiter* limiter_;
    std::string name_;
  };

  // nullopt if all slots of this name are taken.
  std::optional<Slot> TryTake(const std::string& name) {
    MutexLock lock(mutex_);
    int64_t& taken = taken_[name];
    if (taken >= most_) return std::nullopt;
    ++taken;
    return Slot(this, name);
  }

  int64_t most() const { return most_; }

 private:
  void Release(const std::string& name) {
    MutexLock lock(mutex_);
    const auto found = taken_.find(name);
    if (--found->second == 0) taken_.erase(found);
  }

  const int64_t most_;
  Mutex mutex_;
  absl::flat_hash_map<std::string, int64_t> taken_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_LIMITER_H_
