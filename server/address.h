#ifndef GUANXI_SERVER_ADDRESS_H_
#define GUANXI_SERVER_ADDRESS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace guanxi::server {

// HOST:PORT taken apart: a name, an IPv4 address, or an IPv6 address in
// brackets.
struct Address {
  std::string host;  // with brackets
  int port = 0;

  // Whether only this machine reaches it.
  bool IsLoopback() const;
};

// INVALID_ARGUMENT [ADDRESS_INVALID].
absl::StatusOr<Address> ParseAddress(absl::string_view text);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_ADDRESS_H_
