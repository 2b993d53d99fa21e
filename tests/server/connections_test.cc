// Which connections are let in.

#include "server/connections.h"

#include <chrono>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>
#include <sys/socket.h>

#include "graph/base/descriptor.h"

namespace guanxi::server {
namespace {

Descriptor Socket() { return Descriptor(socket(AF_INET, SOCK_STREAM, 0)); }

// Closes what has the descriptor, and gives it to another.
void Replace(Descriptor& socket, const Descriptor& by) {
  ASSERT_EQ(dup2(by.get(), socket.get()), socket.get());
}

class ConnectionsTest : public testing::Test {
 protected:
  bool IsLetIn(const Descriptor& socket, const std::string& client) {
    return !connections_.Admit(socket.get(), client).has_value();
  }

  Connections connections_{{.all = 5, .of_client = 3}};
  const Descriptor first_ = Socket();
  const Descriptor second_ = Socket();
  Descriptor third_ = Socket();
  const Descriptor fourth_ = Socket();
};

TEST_F(ConnectionsTest, OneThatIsClosedIsForgottenForWhoeverComes) {
  Descriptor of_other = Socket();
  EXPECT_TRUE(IsLetIn(of_other, "other"));
  EXPECT_TRUE(IsLetIn(first_, "this"));
  EXPECT_TRUE(IsLetIn(second_, "this"));
  EXPECT_TRUE(IsLetIn(third_, "this"));
  EXPECT_FALSE(IsLetIn(fourth_, "this"));

  close(third_.Release());
  std::this_thread::sleep_for(std::chrono::milliseconds(150));
  EXPECT_TRUE(IsLetIn(fourth_, "this"));
}

TEST_F(ConnectionsTest, ADescriptorThatIsAFileNowIsForgotten) {
  EXPECT_TRUE(IsLetIn(first_, "this"));
  EXPECT_TRUE(IsLetIn(second_, "this"));
  EXPECT_TRUE(IsLetIn(third_, "this"));

  Replace(third_, Descriptor(dup(STDIN_FILENO)));
  EXPECT_TRUE(IsLetIn(fourth_, "this"));
}

TEST_F(ConnectionsTest, ADescriptorThatIsAnotherSocketNowIsForgotten) {
  EXPECT_TRUE(IsLetIn(first_, "this"));
  EXPECT_TRUE(IsLetIn(second_, "this"));
  EXPECT_TRUE(IsLetIn(third_, "this"));

  Replace(third_, Socket());
  EXPECT_TRUE(IsLetIn(fourth_, "this"));
}

TEST_F(ConnectionsTest, ADescriptorThatComesAgainIsAnotherConnection) {
  for (int i = 0; i < 10; ++i) {
    Replace(third_, Socket());
    EXPECT_TRUE(IsLetIn(third_, i % 2 == 0 ? "this" : "other"));
  }
  EXPECT_TRUE(IsLetIn(first_, "other"));
  EXPECT_TRUE(IsLetIn(second_, "other"));
}

}  // namespace
}  // namespace guanxi::server
