#include "server/listener.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <netdb.h>
#include <poll.h>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

#include "graph/base/error.h"
#include "graph/base/status_macros.h"

namespace guanxi::server {
namespace {

using std::chrono::steady_clock;

// Of the descriptors, those for all but connections: 4 of each of 100 graphs,
// which is the most; copies, the files of tokens, gRPC's own.
constexpr int64_t kOtherDescriptors = 700;

// What one client may have of them where there are few.
constexpr int64_t kShareOfClient = 5;

// Until an accept that failed, as for want of a descriptor, is tried again.
constexpr std::chrono::milliseconds kPause(50);

// Between two lines of the log about the same.
constexpr std::chrono::seconds kBetweenLines(1);

Connections::Limits WithinDescriptors(Connections::Limits limits) {
  rlimit files = {};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return limits;
  const auto all = static_cast<int64_t>(
      std::min<rlim_t>(files.rlim_cur, std::numeric_limits<int64_t>::max()));
  const int64_t most = std::max(all - kOtherDescriptors, all / 2);
  if (limits.all <= most) return limits;
  const int64_t share = std::max<int64_t>(most / kShareOfClient, 1);
  return {.all = most, .of_client = std::min(limits.of_client, share)};
}

absl::Status CannotListen(const Address& address, absl::string_view why) {
  const std::string text = absl::StrCat(address.host, ":", address.port);
  return MakeError(
      absl::StatusCode::kUnavailable, "ADDRESS_IN_USE",
      absl::StrCat("cannot listen on ", text, ": ", why,
                   "; expected an address of this machine that no other "
                   "server has"),
      {{"address", text}});
}

// An address as what it is, and as what the system takes.
template <typename Kind>
Kind As(const sockaddr_storage& address) {
  Kind kind = {};
  std::memcpy(&kind, &address, sizeof(kind));
  return kind;
}
sockaddr* AsAny(sockaddr_storage& address) {
  return reinterpret_cast<sockaddr*>(&address);
}

struct FreeAddresses {
  void operator()(addrinfo* found) const { freeaddrinfo(found); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

// All that the name of a host stands for.
absl::StatusOr<Addresses> Resolve(const Address& address) {
  absl::string_view name = address.host;
  absl::ConsumePrefix(&name, "[");
  absl::ConsumeSuffix(&name, "]");
  addrinfo wanted = {};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int error =
      getaddrinfo(std::string(name).c_str(), absl::StrCat(address.port).c_str(),
                  &wanted, &found);
  if (error != 0) return CannotListen(address, gai_strerror(error));
  return Addresses(found);
}

absl::string_view BytesOf(const addrinfo& found) {
  return {reinterpret_cast<const char*>(found.ai_addr), found.ai_addrlen};
}

// Whether it stands further up: a name can have an address twice.
bool IsRepeated(const Addresses& addresses, const addrinfo* found) {
  for (const auto* at = addresses.get(); at != found; at = at->ai_next) {
    if (BytesOf(*at) == BytesOf(*found)) return true;
  }
  return false;
}

std::string NumberOf(const addrinfo& found) {
  std::array<char, NI_MAXHOST> text = {};
  getnameinfo(found.ai_addr, found.ai_addrlen, text.data(), text.size(),
              nullptr, 0, NI_NUMERICHOST);
  return text.data();
}

bool SetOption(const Descriptor& socket, int level, int name, int value) {
  return setsockopt(socket.get(), level, name, &value, sizeof(value)) == 0;
}

// Listening, or invalid, with the reason in errno.
Descriptor ListenOn(const addrinfo& at) {
  Descriptor socket(
      ::socket(at.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const bool listens = socket.valid() &&
                       SetOption(socket, SOL_SOCKET, SO_REUSEADDR, 1) &&
                       // Those that are taken inherit it.
                       SetOption(socket, IPPROTO_TCP, TCP_NODELAY, 1) &&
                       // So that [::] is all addresses, of IPv4 too.
                       (at.ai_family != AF_INET6 ||
                        SetOption(socket, IPPROTO_IPV6, IPV6_V6ONLY, 0)) &&
                       bind(socket.get(), at.ai_addr, at.ai_addrlen) == 0 &&
                       listen(socket.get(), SOMAXCONN) == 0;
  return listens ? std::move(socket) : Descriptor();
}

int PortOf(const Descriptor& socket) {
  sockaddr_storage address = {};
  socklen_t size = sizeof(address);
  getsockname(socket.get(), AsAny(address), &size);
  return ntohs(address.ss_family == AF_INET6
                   ? As<sockaddr_in6>(address).sin6_port
                   : As<sockaddr_in>(address).sin_port);
}

// Whether an accept failed because of the one connection, or there is none.
bool IsOfConnection(int error) {
  switch (error) {
    case EAGAIN:
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
    case ENOPROTOOPT:
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENONET:
    case EOPNOTSUPP:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string ClientOf(const sockaddr_storage& address) {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  if (address.ss_family == AF_INET) {
    const auto of_4 = As<sockaddr_in>(address);
    return inet_ntop(AF_INET, &of_4.sin_addr, text.data(), text.size());
  }
  auto of_6 = As<sockaddr_in6>(address);
  uint8_t* const bytes = of_6.sin6_addr.s6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&of_6.sin6_addr)) {
    return inet_ntop(AF_INET, bytes + 12, text.data(), text.size());
  }
  std::fill(bytes + 8, bytes + 16, 0);
  return absl::StrCat(inet_ntop(AF_INET6, bytes, text.data(), text.size()),
                      "/64");
}

absl::StatusOr<std::unique_ptr<Listener>> Listener::Open(
    const Address& address, const Options& options) {
  Descriptor wake(eventfd(0, EFD_CLOEXEC));
  if (!wake.valid()) return CannotListen(address, std::strerror(errno));
  std::unique_ptr<Listener> listener(new Listener(options, std::move(wake)));
  RETURN_IF_ERROR(listener->Bind(address));
  return listener;
}

Listener::Listener(const Options& options, Descriptor wake)
    : log_(options.log),
      metrics_(options.metrics),
      limits_(WithinDescriptors(options.limits)),
      connections_(limits_),
      wake_(std::move(wake)) {}

Listener::~Listener() { Stop(); }

absl::Status Listener::Bind(const Address& address) {
  ASSIGN_OR_RETURN(const Addresses addresses, Resolve(address));
  int error = 0;
  for (auto* at = addresses.get(); at != nullptr; at = at->ai_next) {
    if (IsRepeated(addresses, at)) continue;
    Descriptor socket = ListenOn(*at);
    if (socket.valid()) {
      sockets_.push_back(std::move(socket));
      if (address.port == 0) break;  // elsewhere it need not be free
      continue;
    }
    error = errno;
    if (error == EADDRINUSE) return CannotListen(address, std::strerror(error));
    // As one of IPv6, where the machine has none.
    log_.Write("cannot_listen",
               {{"address", NumberOf(*at)}, {"error", std::strerror(error)}});
  }
  if (sockets_.empty()) return CannotListen(address, std::strerror(error));
  port_ = PortOf(sockets_.front());
  return absl::OkStatus();
}

void Listener::Start(std::unique_ptr<Acceptor> acceptor) {
  acceptor_ = std::move(acceptor);
  thread_ = std::thread([this] { TakeAll(); });
}

void Listener::Stop() {
  eventfd_write(wake_.get(), 1);
  if (thread_.joinable()) thread_.join();
  sockets_.clear();  // who comes now is refused by the system
}

void Listener::TakeAll() {
  std::vector<pollfd> awaited = {{.fd = wake_.get(), .events = POLLIN}};
  for (const Descriptor& socket : sockets_) {
    awaited.push_back({.fd = socket.get(), .events = POLLIN});
  }
  while (true) {
    poll(awaited.data(), awaited.size(), UntilTold());
    if (awaited.front().revents != 0) break;
    for (size_t i = 1; i < awaited.size(); ++i) {
      if (awaited[i].revents != 0) TakeOne(awaited[i].fd);
    }
    if (steady_clock::now() >= tell_at_) TellRefused();
  }
  TellRefused();
}

void Listener::TakeOne(int listening) {
  sockaddr_storage address = {};
  socklen_t size = sizeof(address);
  Descriptor socket(
      accept4(listening, AsAny(address), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!socket.valid()) {
    if (!IsOfConnection(errno)) Pause(errno);
    return;
  }
  const std::string client = ClientOf(address);
  if (const auto refusal = connections_.Admit(socket.get(), client)) {
    Refuse(client, *refusal);
    return;
  }
  Acceptor::NewConnectionParameters taken;
  taken.listener_fd = listening;
  taken.fd = socket.Release();
  acceptor_->HandleNewConnection(&taken);
}

void Listener::Refuse(const std::string& client,
                      const Connections::Refusal& refusal) {
  metrics_.CountRefusedConnection(refusal.setting);
  ++refused_.count;
  refused_.last_client = client;
  refused_.last = refusal;
}

void Listener::TellRefused() {
  if (refused_.count == 0) return;
  log_.Write("connections_refused",
             {{"count", absl::StrCat(refused_.count)},
              {"last_client", refused_.last_client},
              {"setting", std::string(refused_.last.setting)},
              {"most", absl::StrCat(refused_.last.most)}});
  refused_.count = 0;
  tell_at_ = steady_clock::now() + kBetweenLines;
}

// For poll(): milliseconds until the log is to be told, or no end.
int Listener::UntilTold() const {
  if (refused_.count == 0) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(
      tell_at_ - steady_clock::now());
  return static_cast<int>(std::max<int64_t>(left.count(), 0));
}

void Listener::Pause(int error) {
  const auto now = steady_clock::now();
  if (now >= complain_at_) {
    log_.Write("cannot_accept", {{"error", std::strerror(error)}});
    complain_at_ = now + kBetweenLines;
  }
  pollfd wake = {.fd = wake_.get(), .events = POLLIN};
  poll(&wake, 1, static_cast<int>(kPause.count()));
}

}  // namespace guanxi::server
