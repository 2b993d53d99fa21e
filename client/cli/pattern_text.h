#ifndef GUANXI_CLIENT_CLI_PATTERN_TEXT_H_
#define GUANXI_CLIENT_CLI_PATTERN_TEXT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

#include "guanxi/v1/graph_service.pb.h"

namespace guanxi::cli {

// The pattern of a path as a user writes it, much as GQL has it: relationships
// one behind the other, each with how often it is repeated and what it leads
// to.
//
//   -[:OWNS_SHARES_IN]->{1,3}(:Company)<-[:SUPPLIES where share>=10%]-
//
//   relationship = "-[" what "]->" | "<-[" what "]-" | "-[" what "]-"
//   repeated     = "{" n "}" | "{" [n] "," [n] "}" | "+" | "*" | "?"
//   entity       = "(" what ")"
//   what         = [ ":" name { "|" name } ] [ "where" condition
//                  { "and" condition } ]
//
// A condition ends at the first closing bracket, or at " and ". Names and
// conditions are for the server to judge. INVALID_ARGUMENT.
absl::StatusOr<std::vector<v1::PathStep>> ParsePattern(const std::string& text);

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_PATTERN_TEXT_H_
