#include "server/sending.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/match.h"

namespace guanxi::server {
namespace {

using grpc::experimental::InterceptionHookPoints;
using grpc::experimental::InterceptorBatchMethods;

// Who looks at the contract asks a few times, and is gone.
constexpr int64_t kMaxReflections = 16;

// For an answer beyond those that are counted: a client can have its answer and
// ask again before the call is over here. And for a call that was not let in.
// What it is told needs nobody to make room for it, unless the connection is
// dead; and it is to arrive on a busy machine too.
constexpr std::chrono::milliseconds kMoment(2000);

}  // namespace

// Of a call of ours; goes when it is over.
class Sending::Watcher final : public grpc::experimental::Interceptor {
 public:
  Watcher(Sending& sending, grpc::ServerContextBase& context)
      : sending_(sending), context_(context) {}
  ~Watcher() override { sending_.End(context_); }

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(
            InterceptionHookPoints::PRE_SEND_STATUS)) {
      watchdog_.emplace(sending_.deadlines_, context_,
                        sending_.TimeOf(context_));
    }
    methods->Proceed();
  }

 private:
  Sending& sending_;
  grpc::ServerContextBase& context_;
  std::optional<Watchdog> watchdog_;
};

// Of a call that asks for the contract: nothing else ends it.
class Sending::ReflectionWatcher final
    : public grpc::experimental::Interceptor {
 public:
  ReflectionWatcher(Sending& sending, grpc::ServerContextBase& context)
      : sending_(sending),
        slot_(sending.reflection_limiter_.TryTake()),
        max_time_(slot_ == nullptr ? std::chrono::milliseconds::zero()
                                   : sending.max_stall_),
        context_(context) {}

  void Intercept(InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(
            InterceptionHookPoints::POST_RECV_INITIAL_METADATA)) {
      watchdog_.emplace(sending_.deadlines_, context_, max_time_);
    }
    methods->Proceed();
  }

 private:
  Sending& sending_;
  const Limiter::Slot slot_;
  const std::chrono::milliseconds max_time_;
  grpc::ServerContextBase& context_;
  std::optional<Watchdog> watchdog_;
};

class Sending::WatcherFactory final
    : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit WatcherFactory(Sending& sending) : sending_(sending) {}

  // What it makes is gRPC's.
  grpc::experimental::Interceptor* CreateServerInterceptor(
      grpc::experimental::ServerRpcInfo* info) override {
    grpc::ServerContextBase& context = *info->server_context();
    if (absl::StartsWith(info->method(), "/guanxi.")) {
      return new Watcher(sending_, context);
    }
    if (absl::StartsWith(info->method(), "/grpc.reflection.")) {
      return new ReflectionWatcher(sending_, context);
    }
    return nullptr;  // that of health holds no thread
  }

 private:
  Sending& sending_;
};

Sending::Limiters::Limiters(const Settings& settings)
    : of_all(settings.max_calls), of_client(settings.max_client_calls) {}

Sending::Slots Sending::Limiters::TryTake(const std::string& client) {
  return {.of_all = of_all.TryTake(), .of_client = of_client.TryTake(client)};
}

Sending::Sending(const Settings& settings, Deadlines& deadlines)
    : deadlines_(deadlines),
      max_stall_(settings.max_stall_ms),
      answers_(settings),
      moments_(settings),
      reflection_limiter_(kMaxReflections) {}

void Sending::Begin(const grpc::ServerContextBase& context,
                    const std::string& client, bool was_let_in) {
  Sent sent = Admit(client, was_let_in);
  MutexLock lock(mutex_);
  sent_.emplace(&context, std::move(sent));
}

Sending::Sent Sending::Admit(const std::string& client, bool was_let_in) {
  if (was_let_in) {
    Slots slots = answers_.TryTake(client);
    if (slots.complete()) return {std::move(slots), max_stall_};
  }
  Slots slots = moments_.TryTake(client);
  if (slots.complete()) {
    return {std::move(slots), std::min(max_stall_, kMoment)};
  }
  return {.slots = {}, .time = std::chrono::milliseconds::zero()};
}

std::chrono::milliseconds Sending::TimeOf(
    const grpc::ServerContextBase& context) {
  MutexLock lock(mutex_);
  const auto sent = sent_.find(&context);
  // One that is not here never came to us: gRPC itself refused it.
  return sent == sent_.end() ? kMoment : sent->second.time;
}

void Sending::End(const grpc::ServerContextBase& context) {
  MutexLock lock(mutex_);
  sent_.erase(&context);
}

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>
Sending::Watch() {
  return std::make_unique<WatcherFactory>(*this);
}

}  // namespace guanxi::server
