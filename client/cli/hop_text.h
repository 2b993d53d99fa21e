#ifndef GUANXI_CLIENT_CLI_HOP_TEXT_H_
#define GUANXI_CLIENT_CLI_HOP_TEXT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "guanxi/v1/graph_service.pb.h"

namespace guanxi::cli {

// What hops ask for as a user writes it: a pattern of a path, whose steps are
// as many hops, and which relationships of each entity they keep.
//
//   -[:OWNS_SHARES_IN]->(:Company) each 5 by percent
//
//   hops  = pattern [ "each" n ] [ "by" order ]
//   order = "key" | "confidence" | [ "highest" | "lowest" ] property
//
// A step of the pattern may be repeated so often, as in {2}, and no other way.
// INVALID_ARGUMENT.
absl::StatusOr<std::vector<v1::HopSpec>> ParseHops(const std::string& text);

// What happens at hubs: "skip:1000", "stop:1000", "cap:1000:20".
// INVALID_ARGUMENT.
absl::StatusOr<v1::HubPolicy> ParseHubs(const std::string& text);

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_HOP_TEXT_H_
