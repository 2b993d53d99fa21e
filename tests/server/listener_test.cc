// Whose a connection is.

#include "server/listener.h"

#include <cstring>
#include <string>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace guanxi::server {
namespace {

// Of an address, as in "192.0.2.7" or "2001:db8::7".
std::string ClientAt(const char* text) {
  sockaddr_storage address = {};
  sockaddr_in of_4 = {.sin_family = AF_INET};
  sockaddr_in6 of_6 = {.sin6_family = AF_INET6};
  if (inet_pton(AF_INET, text, &of_4.sin_addr) == 1) {
    std::memcpy(&address, &of_4, sizeof(of_4));
  } else {
    EXPECT_EQ(inet_pton(AF_INET6, text, &of_6.sin6_addr), 1) << text;
    std::memcpy(&address, &of_6, sizeof(of_6));
  }
  return ClientOf(address);
}

TEST(ClientOfTest, IsTheAddress) {
  EXPECT_EQ(ClientAt("192.0.2.7"), "192.0.2.7");
}

TEST(ClientOfTest, IsTheSameBehindASocketForBothFamilies) {
  EXPECT_EQ(ClientAt("::ffff:192.0.2.7"), "192.0.2.7");
}

TEST(ClientOfTest, IsTheNetworkOfAnAddressThatAHostMayChoose) {
  EXPECT_EQ(ClientAt("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(ClientAt("::1"), "::/64");
}

}  // namespace
}  // namespace guanxi::server
