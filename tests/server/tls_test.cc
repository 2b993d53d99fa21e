// Connections with TLS: who gets one.

#include <chrono>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "client/client.h"
#include "server/server.h"
#include "tests/support/certificates.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace guanxi::server {
namespace {

using test::Authority;
using test::Identity;
using test::StatusIs;
using ::testing::_;

class TlsTest : public testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = dir_.path() + "/" + name;
    std::ofstream(path) << text;
    return path;
  }

  // Starts a server that shows this to its clients.
  void Start(const Identity& identity, const std::string& client_ca = "") {
    ServerOptions options{
        .data = dir_.path() + "/data",
        .address = "127.0.0.1:0",
        .tls = {.certificate = Write("server.pem", identity.certificate),
                .key = Write("server.key", identity.key)},
        .log = [](absl::string_view) {}};
    if (!client_ca.empty()) {
      options.tls.client_ca = Write("clients.pem", client_ca);
    }
    auto server = Server::Start(std::move(options));
    ASSERT_OK(server);
    server_ = *std::move(server);
  }

  absl::Status Ask(std::optional<client::TlsOptions> tls) {
    constexpr std::chrono::seconds kTimeout(5);
    client::Client client(
        client::Target{.address = server_->address(), .tls = std::move(tls)},
        kTimeout);
    return client.GetSchema({}).status();
  }

  test::TempDir dir_;
  const Authority authority_{"the authority"};
  const Authority other_{"another one"};
  std::unique_ptr<Server> server_;
};

TEST_F(TlsTest, WhoKnowsTheAuthorityConnects) {
  Start(authority_.Issue("server"));

  EXPECT_OK(Ask(client::TlsOptions{.roots = authority_.certificate()}));
}

TEST_F(TlsTest, AServerOfAnotherAuthorityIsNotTrusted) {
  Start(other_.Issue("server"));

  EXPECT_THAT(Ask(client::TlsOptions{.roots = authority_.certificate()}),
              StatusIs(absl::StatusCode::kUnavailable, _));
}

TEST_F(TlsTest, AnExpiredCertificateOfTheServerIsNotTrusted) {
  Start(authority_.Issue("server", -60));

  EXPECT_THAT(Ask(client::TlsOptions{.roots = authority_.certificate()}),
              StatusIs(absl::StatusCode::kUnavailable, _));
}

TEST_F(TlsTest, NobodyConnectsInTheClear) {
  Start(authority_.Issue("server"));

  EXPECT_THAT(Ask(std::nullopt), StatusIs(absl::StatusCode::kUnavailable, _));
}

TEST_F(TlsTest, WhereClientsMustShowACertificateOnlyAGoodOneConnects) {
  Start(authority_.Issue("server"), authority_.certificate());
  const auto with = [&](const Identity& identity) {
    return Ask(client::TlsOptions{.roots = authority_.certificate(),
                                  .certificate = identity.certificate,
                                  .key = identity.key});
  };

  EXPECT_OK(with(authority_.Issue("anna")));
  EXPECT_THAT(Ask(client::TlsOptions{.roots = authority_.certificate()}),
              StatusIs(absl::StatusCode::kUnavailable, _));
  EXPECT_THAT(with(other_.Issue("anna")),
              StatusIs(absl::StatusCode::kUnavailable, _));
  EXPECT_THAT(with(authority_.Issue("anna", -60)),
              StatusIs(absl::StatusCode::kUnavailable, _));
}

TEST_F(TlsTest, AKeyOfAnotherCertificateIsRefusedAtTheStart) {
  const Identity one = authority_.Issue("one");
  const Identity two = authority_.Issue("two");

  EXPECT_THAT(
      Server::Start({.data = dir_.path() + "/data",
                     .address = "127.0.0.1:0",
                     .tls = {.certificate = Write("a.pem", one.certificate),
                             .key = Write("b.key", two.key)}}),
      StatusIs(absl::StatusCode::kInvalidArgument,
               testing::HasSubstr("b.key")));
}

}  // namespace
}  // namespace guanxi::server
