#ifndef GUANXI_SERVER_LIMITER_H_
#define GUANXI_SERVER_LIMITER_H_

#include <atomic>
#include <cstdint>
#include <memory>

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

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_LIMITER_H_
