#include "server/address.h"

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

#include "graph/base/error.h"

namespace guanxi::server {
namespace {

constexpr int kMaxPort = 65535;

// "127.0.0.1": four numbers, so that no name of a host passes for one.
bool IsLoopbackNumber(absl::string_view host) {
  return absl::StartsWith(host, "127.") &&
         host.find_first_not_of("0123456789.") == absl::string_view::npos;
}

}  // namespace

bool Address::IsLoopback() const {
  return host == "localhost" || host == "[::1]" || IsLoopbackNumber(host);
}

absl::StatusOr<Address> ParseAddress(absl::string_view text) {
  const size_t colon = text.rfind(':');
  Address address;
  const bool is_valid =
      colon != absl::string_view::npos && colon > 0 &&
      absl::SimpleAtoi(text.substr(colon + 1), &address.port) &&
      address.port >= 0 && address.port <= kMaxPort;
  address.host = std::string(text.substr(0, is_valid ? colon : 0));
  const bool is_bare_ipv6 =
      absl::StrContains(address.host, ':') && address.host.front() != '[';
  if (is_valid && !is_bare_ipv6) return address;
  return MakeError(absl::StatusCode::kInvalidArgument, "ADDRESS_INVALID",
                   absl::StrCat("'", text,
                                "' is no address: expected "
                                "HOST:PORT, as in 127.0.0.1:7410"),
                   {{"address", text}});
}

}  // namespace guanxi::server
