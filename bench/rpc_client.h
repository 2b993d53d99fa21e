#ifndef GUANXI_BENCH_RPC_CLIENT_H_
#define GUANXI_BENCH_RPC_CLIENT_H_

#include <memory>
#include <string>
#include <vector>

#include "bench/echo.grpc.pb.h"
#include "guanxi/v1/graph_service.grpc.pb.h"

namespace guanxi::bench {

// One client: a connection of its own to each of the two servers. Calls end the
// program if they fail. For one thread.
class RpcClient {
 public:
  RpcClient(const std::string& server, const std::string& echo);

  // The messages of the answer.
  std::vector<v1::NeighbourhoodResponse> Ask(
      const v1::NeighbourhoodRequest& request);
  std::vector<v1::FindPathsResponse> Ask(const v1::FindPathsRequest& request);
  std::vector<v1::ReachResponse> Ask(const v1::ReachRequest& request);
  std::vector<v1::FindComponentsResponse> Ask(
      const v1::FindComponentsRequest& request);
  std::vector<AnswerResponse> Ask(const AnswerRequest& request);

 private:
  std::unique_ptr<v1::GraphService::Stub> graph_;
  std::unique_ptr<Echo::Stub> echo_;
};

}  // namespace guanxi::bench

#endif  // GUANXI_BENCH_RPC_CLIENT_H_
