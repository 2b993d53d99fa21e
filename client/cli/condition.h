#ifndef GUANXI_CLIENT_CLI_CONDITION_H_
#define GUANXI_CLIENT_CLI_CONDITION_H_

#include <optional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

#include "guanxi/v1/graph.pb.h"

namespace guanxi::cli {

// A condition as a user writes it: "founded>=2016", "name=Huawei",
// "percent=25..50%", with =, <, <=, > or >=; what stands behind is for the
// server to read. nullopt: there is no such sign with something on both sides.
std::optional<v1::Predicate> ParseCondition(const std::string& text);

// That some value of a property is shown.
v1::Predicate ExistsCondition(const std::string& property);

// Adds an option that takes conditions, each by itself.
void AddConditions(CLI::App& command, const std::string& name,
                   const std::string& help,
                   std::vector<std::string>& conditions);

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_CONDITION_H_
