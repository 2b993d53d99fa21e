#ifndef GUANXI_CLIENT_CLI_CONNECTION_OPTIONS_H_
#define GUANXI_CLIENT_CLI_CONNECTION_OPTIONS_H_

#include <CLI/App.hpp>

#include "client/cli/session.h"

namespace guanxi::cli {

// Whether what a command line leaves out is taken from the environment.
enum class Environment { kIgnored, kRead };

// Adds the options that say where the server is, how to reach it and as whom.
// A token is not sent in the clear to another machine.
void AddConnectionOptions(CLI::App& app, GlobalOptions& options,
                          Environment environment);

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_CONNECTION_OPTIONS_H_
