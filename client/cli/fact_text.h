#ifndef GUANXI_CLIENT_CLI_FACT_TEXT_H_
#define GUANXI_CLIENT_CLI_FACT_TEXT_H_

#include <string>

#include "guanxi/v1/claim.pb.h"
#include "guanxi/v1/graph_service.pb.h"

namespace guanxi::cli {

// "cambricon: revenue 2025-H1", "mara -[OWNS_SHARES_IN]-> arbor: exists".
std::string FactText(const v1::Fact& fact);

// What the claim says of the fact: of a relationship's property its value, of
// the relationship itself all that is stated with it.
std::string ClaimText(const v1::Fact& fact, const v1::Claim& claim);

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_FACT_TEXT_H_
