#ifndef GUANXI_BENCH_ECHO_SERVER_H_
#define GUANXI_BENCH_ECHO_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include <grpcpp/server.h>

#include "bench/echo.grpc.pb.h"
#include "server/settings.h"

namespace guanxi::bench {

// A message of so many bytes, which begins as `content` does. Requires that it
// has room for as much as makes it different from others.
template <typename Message>
Message MessageOfSize(size_t bytes, std::string content) {
  Message message;
  size_t length = bytes;
  do {  // the tag and the length take some of it
    content.resize(length--);
    message.set_content(content);
  } while (message.ByteSizeLong() > bytes);
  return message;
}

// A server in this process that answers with bytes it has ready, set up as
// server::Server is: threads, synchronous calls, limits.
class EchoServer {
 public:
  // What is answered to which content.
  using Answers = absl::flat_hash_map<std::string, AnswerResponse>;

  EchoServer(Answers answers, const server::Settings& settings);
  ~EchoServer();
  EchoServer(const EchoServer&) = delete;
  EchoServer& operator=(const EchoServer&) = delete;

  const std::string& address() const { return address_; }

 private:
  class Service : public Echo::Service {
   public:
    explicit Service(Answers answers) : answers_(std::move(answers)) {}
    grpc::Status Answer(grpc::ServerContext* context,
                        const AnswerRequest* request,
                        grpc::ServerWriter<AnswerResponse>* writer) override;

   private:
    const Answers answers_;
  };

  Service service_;
  std::string address_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace guanxi::bench

#endif  // GUANXI_BENCH_ECHO_SERVER_H_
