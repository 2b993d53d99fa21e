#include "bench/rpc_client.h"

#include <chrono>
#include <utility>

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include "graph/base/check.h"

namespace guanxi::bench {
namespace {

constexpr std::chrono::seconds kTimeout(60);

// Channels with equal arguments would share a connection.
std::shared_ptr<grpc::Channel> ConnectAlone(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(),
                                   arguments);
}

// One call of a server-streaming method.
template <typename Response, typename Stub, typename Request, typename Method>
std::vector<Response> Read(Stub& stub, Method method, const Request& request) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kTimeout);
  const auto reader = (stub.*method)(&context, request);
  std::vector<Response> messages;
  Response message;
  while (reader->Read(&message)) messages.push_back(std::move(message));
  GUANXI_CHECK(reader->Finish().ok());
  return messages;
}

}  // namespace

RpcClient::RpcClient(const std::string& server, const std::string& echo)
    : graph_(v1::GraphService::NewStub(ConnectAlone(server))),
      echo_(Echo::NewStub(ConnectAlone(echo))) {}

std::vector<v1::NeighbourhoodResponse> RpcClient::Ask(
    const v1::NeighbourhoodRequest& request) {
  return Read<v1::NeighbourhoodResponse>(
      *graph_, &v1::GraphService::Stub::Neighbourhood, request);
}

std::vector<v1::FindPathsResponse> RpcClient::Ask(
    const v1::FindPathsRequest& request) {
  return Read<v1::FindPathsResponse>(
      *graph_, &v1::GraphService::Stub::FindPaths, request);
}

std::vector<v1::ReachResponse> RpcClient::Ask(const v1::ReachRequest& request) {
  return Read<v1::ReachResponse>(*graph_, &v1::GraphService::Stub::Reach,
                                 request);
}

std::vector<v1::FindComponentsResponse> RpcClient::Ask(
    const v1::FindComponentsRequest& request) {
  return Read<v1::FindComponentsResponse>(
      *graph_, &v1::GraphService::Stub::FindComponents, request);
}

std::vector<AnswerResponse> RpcClient::Ask(const AnswerRequest& request) {
  return Read<AnswerResponse>(*echo_, &Echo::Stub::Answer, request);
}

}  // namespace guanxi::bench
