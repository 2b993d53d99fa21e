#include "bench/echo_server.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include "graph/base/check.h"

namespace guanxi::bench {

grpc::Status EchoServer::Service::Answer(
    grpc::ServerContext* /*context*/, const AnswerRequest* request,
    grpc::ServerWriter<AnswerResponse>* writer) {
  const auto found = answers_.find(request->content());
  if (found == answers_.end()) return {grpc::StatusCode::NOT_FOUND, ""};
  writer->WriteLast(found->second, grpc::WriteOptions());
  return grpc::Status::OK;
}

EchoServer::EchoServer(Answers answers, const server::Settings& settings)
    : service_(std::move(answers)) {
  constexpr int kSpareThreads = 32;  // as server::Server has
  grpc::ResourceQuota quota("echo");
  quota.SetMaxThreads(static_cast<int>(settings.max_calls) + kSpareThreads);
  grpc::ServerBuilder builder;
  builder.SetResourceQuota(quota);
  builder.SetMaxReceiveMessageSize(
      static_cast<int>(settings.max_message_bytes));
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.RegisterService(&service_);
  server_ = builder.BuildAndStart();
  GUANXI_CHECK(server_ != nullptr);
  address_ = absl::StrCat("127.0.0.1:", port);
}

EchoServer::~EchoServer() {
  server_->Shutdown();
  server_->Wait();
}

}  // namespace guanxi::bench
