#ifndef GUANXI_TESTS_SUPPORT_TEST_SERVER_H_
#define GUANXI_TESTS_SUPPORT_TEST_SERVER_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include "client/client.h"
#include "client/status.h"
#include "graph/base/clock.h"
#include "graph/base/mutex.h"
#include "server/server.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace guanxi::test {

// The reason that an error of a server carries; empty if it carries none.
inline std::string ReasonOf(const absl::Status& error) {
  const auto info = client::InfoOf(error);
  return info.has_value() ? info->reason : "";
}

// A server in this process with a store of its own, for which today is
// 2025-09-30 and it is always noon.
class TestServer {
 public:
  explicit TestServer(const server::Settings& settings = {}) {
    server::ServerOptions options{
        .data = dir_.path() + "/data",
        .address = "127.0.0.1:0",
        .today = *ParseDay("2025-09-30"),
        .settings = settings,
        .clock = FixedClock(kNoon),
        .log = [this](absl::string_view line) { Keep(line); }};
    auto server = server::Server::Start(std::move(options));
    GUANXI_CHECK(server.ok());
    server_ = *std::move(server);
  }

  server::Server& server() { return *server_; }
  const std::string& address() const { return server_->address(); }

  client::Client Client() const {
    return client::Client(address(), std::chrono::seconds(60));
  }

  std::shared_ptr<grpc::Channel> Channel() const {
    return grpc::CreateChannel(address(), grpc::InsecureChannelCredentials());
  }

  // Loads the seed graphs.
  absl::Status LoadSeeds() const {
    const std::string folder = GUANXI_SOURCE_DIR "/seed/";
    return Client()
        .Import({folder + "cambricon.kg", folder + "context.kg"}, {},
                [](const v1::ImportProgress&) {})
        .status();
  }

  // Commits .kg text without its first line.
  absl::StatusOr<v1::CommitResponse> CommitText(const std::string& text) const {
    v1::CommitRequest request;
    request.set_kg("kg 1\n" + text);
    return Client().Commit(request);
  }

  // The lines that the server has logged so far with this in them.
  std::vector<std::string> LogLines(absl::string_view part) {
    MutexLock lock(mutex_);
    std::vector<std::string> found;
    for (const std::string& line : lines_) {
      if (absl::StrContains(line, part)) found.push_back(line);
    }
    return found;
  }

 private:
  static constexpr int64_t kNoon = 1'759'233'600'000'000;  // of 2025-09-30

  void Keep(absl::string_view line) {
    MutexLock lock(mutex_);
    lines_.emplace_back(line);
  }

  TempDir dir_;
  Mutex mutex_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<server::Server> server_;
};

}  // namespace guanxi::test

#endif  // GUANXI_TESTS_SUPPORT_TEST_SERVER_H_
