#include "server/server.h"

#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/value/time.h"
#include "server/address.h"
#include "server/builtin_schema.h"

namespace guanxi::server {
namespace {

constexpr char kStoreFile[] = "graph.guanxi";

std::string StorePath(const std::string& data) {
  return (std::filesystem::path(data) / kStoreFile).string();
}

absl::StatusOr<std::unique_ptr<store::Store>> OpenStore(
    const ServerOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(options.data, error);
  if (error) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "STORE_UNUSABLE",
                     absl::StrCat("cannot make the folder '", options.data,
                                  "': ", error.message()),
                     {{"path", options.data}});
  }
  ASSIGN_OR_RETURN(std::vector<Declaration> schema, BuiltinDeclarations());
  return store::Store::Open(
      StorePath(options.data),
      {.schema = std::move(schema), .clock = options.clock});
}

absl::Status CheckReach(const Address& address, const ServerOptions& options) {
  if (options.anyone || address.IsLoopback()) return absl::OkStatus();
  return MakeError(
      absl::StatusCode::kPermissionDenied, "ADDRESS_NOT_LOOPBACK",
      absl::StrCat("other machines could reach ", options.address,
                   ", and whoever reaches the server can read and write "
                   "everything: listen on 127.0.0.1, or say "
                   "--insecure-listen-anywhere"),
      {{"address", options.address}});
}

std::function<Day()> Today(const ServerOptions& options) {
  if (options.today.has_value()) {
    return [today = *options.today] { return today; };
  }
  return [clock = options.clock] { return DateTime{clock()}.day(); };
}

// Threads beyond those of calls: for polling, health and refusing.
constexpr int kSpareThreads = 32;

void Configure(const Settings& settings, grpc::ServerBuilder& builder) {
  grpc::ResourceQuota quota("guanxid");
  quota.SetMaxThreads(static_cast<int>(settings.max_calls) + kSpareThreads);
  builder.SetResourceQuota(quota);
  builder.SetMaxReceiveMessageSize(
      static_cast<int>(settings.max_message_bytes));
  // Else two servers could listen on one port and share its calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

void SayServing(grpc::Server& server) {
  grpc::HealthCheckServiceInterface* health = server.GetHealthCheckService();
  for (const char* service : {v1::GraphService::service_full_name(),
                              v1::FactService::service_full_name(),
                              v1::AdminService::service_full_name()}) {
    health->SetServingStatus(service, true);
  }
}

}  // namespace

absl::StatusOr<store::VerifyReport> CheckStore(
    const std::string& data, const store::VerifyOptions& options) {
  return store::Store::Check(StorePath(data), options);
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(ServerOptions options) {
  ASSIGN_OR_RETURN(const Address address, ParseAddress(options.address));
  RETURN_IF_ERROR(CheckReach(address, options));
  ASSIGN_OR_RETURN(std::unique_ptr<store::Store> store, OpenStore(options));
  std::unique_ptr<Server> server(
      new Server(std::move(options), std::move(store)));
  RETURN_IF_ERROR(server->Listen(address.host));
  return server;
}

Server::Server(ServerOptions options, std::unique_ptr<store::Store> store)
    : options_(std::move(options)),
      store_(std::move(store)),
      topology_(*store_, {.max_bytes = options_.settings.topology_bytes}),
      columns_(*store_, {.max_bytes = options_.settings.column_bytes}),
      log_(options_.clock, options_.log),
      calls_(options_.settings, log_),
      graph_service_(Sharing()),
      fact_service_(Sharing()),
      admin_service_(Sharing()) {}

Server::~Server() { Drain(); }

Serving Server::Sharing() {
  return {.store = *store_,
          .topology = topology_,
          .columns = columns_,
          .settings = options_.settings,
          .calls = calls_,
          .today = Today(options_)};
}

absl::Status Server::Listen(const std::string& host) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  Configure(options_.settings, builder);
  int port = 0;
  builder.AddListeningPort(options_.address, grpc::InsecureServerCredentials(),
                           &port);
  builder.RegisterService(&graph_service_);
  builder.RegisterService(&fact_service_);
  builder.RegisterService(&admin_service_);
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || port == 0) {
    return MakeError(absl::StatusCode::kUnavailable, "ADDRESS_IN_USE",
                     absl::StrCat("cannot listen on ", options_.address,
                                  ": is another server there?"),
                     {{"address", options_.address}});
  }
  SayServing(*server_);
  address_ = absl::StrCat(host, ":", port);
  log_.Write("serving", {{"address", address_}, {"data", options_.data}});
  return absl::OkStatus();
}

void Server::Drain() {
  if (server_ == nullptr) return;
  log_.Write("draining", {{"address", address_}});
  server_->GetHealthCheckService()->SetServingStatus(false);
  server_->Shutdown(std::chrono::system_clock::now() +
                    std::chrono::milliseconds(options_.settings.drain_ms));
  server_->Wait();
  server_.reset();
  log_.Write("ended", {{"address", address_}});
}

}  // namespace guanxi::server
