#ifndef GUANXI_CLIENT_CLI_PATH_TEXT_H_
#define GUANXI_CLIENT_CLI_PATH_TEXT_H_

#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"

#include "client/cli/drawing.h"
#include "client/cli/session.h"
#include "guanxi/v1/graph.pb.h"
#include "guanxi/v1/graph_service.pb.h"

namespace guanxi::cli {

// Prints a path: its first entity, then a line for each step. Entities with
// these keys are marked with a star.
void PrintPath(const v1::Path& path, const std::set<std::string>& marked,
               Session& session);

// A relationship as cells of a row, and their headings behind `first`.
std::vector<std::string> RelationshipHeadings(std::vector<std::string> first);
std::vector<std::string> RelationshipCells(
    std::vector<std::string> first, const v1::Relationship& relationship);

// Prints an answer in a format for other programs, if one was asked for, and
// says whether it was. What it has no place for, `end`, goes to the standard
// error.
bool PrintForPrograms(absl::FunctionRef<void()> print_csv,
                      absl::FunctionRef<Drawing()> draw, const std::string& end,
                      Session& session);

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_PATH_TEXT_H_
