#include "server/server.h"

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server_builder.h>

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/value/time.h"
#include "server/address.h"

namespace guanxi::server {
namespace {

// Others may reach the server only if what they send is secret and they say who
// they are.
absl::Status CheckReach(const Address& address, const ServerOptions& options) {
  const bool known = !options.tokens.empty() || !options.tls.client_ca.empty();
  if (address.IsLoopback() || (options.tls.enabled() && known)) {
    return absl::OkStatus();
  }
  return MakeError(
      absl::StatusCode::kPermissionDenied, "ADDRESS_NOT_LOOPBACK",
      absl::StrCat("other machines could reach ", options.address,
                   ", unprotected: listen on 127.0.0.1, or give "
                   "--tls-certificate and --tls-key, and --tokens or "
                   "--tls-client-ca"),
      {{"address", options.address}});
}

std::function<Day()> DayOf(const Clock& clock) {
  return [clock] { return DateTime{clock()}.day(); };
}

// The day of reads that give none.
std::function<Day()> Today(const ServerOptions& options) {
  if (!options.today.has_value()) return DayOf(options.clock);
  return [today = *options.today] { return today; };
}

// Threads beyond those of calls: for polling, health and reflection, and above
// all for refusing. Where a burst of calls comes faster than threads are done
// with telling them no, gRPC runs out of threads and refuses whoever comes.
constexpr int kSpareThreads = 512;

void Configure(const Settings& settings, grpc::ServerBuilder& builder) {
  grpc::ResourceQuota quota("guanxid");
  // Of calls that are worked on, and of those being sent: see sending.h.
  quota.SetMaxThreads(3 * static_cast<int>(settings.max_calls) + kSpareThreads);
  quota.Resize(static_cast<size_t>(settings.max_wire_bytes));
  builder.SetResourceQuota(quota);
  builder.SetMaxReceiveMessageSize(
      static_cast<int>(settings.max_message_bytes));
  const auto add = [&](const char* name, int64_t value) {
    builder.AddChannelArgument(name, static_cast<int>(value));
  };
  add(GRPC_ARG_MAX_CONCURRENT_STREAMS, settings.max_connection_calls);
  add(GRPC_ARG_MAX_CONNECTION_IDLE_MS, settings.max_idle_ms);
  add(GRPC_ARG_MAX_METADATA_SIZE, settings.max_header_bytes);
}

// Of all services: a store that takes no writes is for nobody who has another.
void SetServing(grpc::Server& server, bool serving) {
  grpc::HealthCheckServiceInterface* health = server.GetHealthCheckService();
  health->SetServingStatus(serving);
  for (const char* service : {v1::GraphService::service_full_name(),
                              v1::FactService::service_full_name(),
                              v1::AdminService::service_full_name()}) {
    health->SetServingStatus(service, serving);
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(ServerOptions options) {
  ASSIGN_OR_RETURN(const Address address, ParseAddress(options.address));
  RETURN_IF_ERROR(CheckReach(address, options));
  // Before anything is made that a server which does not start would leave.
  ASSIGN_OR_RETURN(const auto credentials, MakeCredentials(options.tls));
  auto log = std::make_unique<Log>(options.clock, options.log);
  std::unique_ptr<TokenFile> tokens;
  if (!options.tokens.empty()) {
    ASSIGN_OR_RETURN(tokens, TokenFile::Open(options.tokens, *log));
  }
  ASSIGN_OR_RETURN(std::unique_ptr<Graphs> graphs,
                   Graphs::Open(options.data, options.settings, options.clock));
  std::unique_ptr<Server> server(new Server(std::move(options), std::move(log),
                                            std::move(tokens),
                                            std::move(graphs)));
  RETURN_IF_ERROR(server->Listen(address, credentials));
  return server;
}

Server::Server(ServerOptions options, std::unique_ptr<Log> log,
               std::unique_ptr<TokenFile> tokens,
               std::unique_ptr<Graphs> graphs)
    : options_(std::move(options)),
      log_(std::move(log)),
      tokens_(std::move(tokens)),
      graphs_(std::move(graphs)),
      today_(Today(options_)),
      access_(tokens_.get(), DayOf(options_.clock)),
      sending_(options_.settings, deadlines_),
      calls_({.settings = options_.settings,
              .access = access_,
              .graphs = *graphs_,
              .today = today_,
              .log = *log_,
              .metrics = metrics_,
              .sending = sending_,
              .deadlines = deadlines_}),
      graph_service_(calls_),
      fact_service_(calls_, options_.settings),
      admin_service_(calls_, *graphs_) {}

Server::~Server() { Drain(); }

absl::Status Server::Listen(
    const Address& address,
    const std::shared_ptr<grpc::ServerCredentials>& credentials) {
  if (!options_.metrics.empty()) {
    ASSIGN_OR_RETURN(metrics_page_,
                     MetricsPage::Open(options_.metrics, metrics_, *graphs_));
  }
  const Settings& settings = options_.settings;
  ASSIGN_OR_RETURN(
      listener_,
      Listener::Open(address,
                     {.limits = {.all = settings.max_connections,
                                 .of_client = settings.max_client_connections},
                      .log = *log_,
                      .metrics = metrics_}));
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  Configure(settings, builder);
  std::vector<
      std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>>
      watchers;
  watchers.push_back(sending_.Watch());
  builder.experimental().SetInterceptorCreators(std::move(watchers));
  using Experimental = grpc::ServerBuilder::experimental_type;
  auto acceptor = builder.experimental().AddExternalConnectionAcceptor(
      Experimental::ExternalConnectionType::FROM_FD, credentials);
  builder.RegisterService(&graph_service_);
  builder.RegisterService(&fact_service_);
  builder.RegisterService(&admin_service_);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) {
    return absl::InternalError("gRPC cannot start a server");
  }
  SetServing(*server_, true);
  listener_->Start(std::move(acceptor));
  graphs_->ListenToFaults(
      [this](const std::string& graph, const absl::Status& fault) {
        TakeFault(graph, fault);
      });
  address_ = absl::StrCat(address.host, ":", listener_->port());
  const Connections::Limits& limits = listener_->limits();
  log_->Write("serving",
              {{"address", address_},
               {"data", options_.data},
               {"metrics_port", absl::StrCat(metrics_port())},
               {"connections", absl::StrCat(limits.all)},
               {"client_connections", absl::StrCat(limits.of_client)}});
  return absl::OkStatus();
}

void Server::TakeFault(const std::string& graph, const absl::Status& fault) {
  MutexLock lock(fault_mutex_);
  if (fault.ok()) {
    read_only_.erase(graph);
    log_->Write("writable", {{"graph", graph}});
  } else {
    read_only_.insert(graph);
    log_->Write("read_only",
                {{"graph", graph}, {"error", std::string(fault.message())}});
  }
  SetServing(*server_, read_only_.empty());
}

void Server::Drain() {
  if (server_ == nullptr) return;
  log_->Write("draining", {{"address", address_}});
  listener_->Stop();
  graphs_->ListenToFaults(nullptr);  // it is not to say SERVING again
  server_->GetHealthCheckService()->SetServingStatus(false);
  server_->Shutdown(std::chrono::system_clock::now() +
                    std::chrono::milliseconds(options_.settings.drain_ms));
  server_->Wait();
  server_.reset();
  log_->Write("ended", {{"address", address_}});
}

}  // namespace guanxi::server
