#ifndef GUANXI_CLIENT_CLI_SHELL_H_
#define GUANXI_CLIENT_CLI_SHELL_H_

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"

#include "client/cli/run.h"
#include "client/cli/words.h"

namespace guanxi::cli {

// Runs the words of one command; returns its exit code.
using RunWords = absl::FunctionRef<int(const std::vector<std::string>& words,
                                       const Terminal& terminal)>;

// Reads commands from `terminal.in`, line by line, and runs each, until `exit`
// or the end. On a terminal lines are edited, remembered in the file that
// GUANXI_HISTORY names (else ~/.guanxi_history), and completed by `known` and
// by the keys that were shown. Returns 0 there; else, for scripts, the largest
// exit code.
int RunShell(const Terminal& terminal, const std::vector<CommandWords>& known,
             RunWords run);

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_SHELL_H_
