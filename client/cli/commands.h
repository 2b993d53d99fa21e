#ifndef GUANXI_CLIENT_CLI_COMMANDS_H_
#define GUANXI_CLIENT_CLI_COMMANDS_H_

#include <CLI/App.hpp>

#include "client/cli/session.h"

namespace guanxi::cli {

// Each adds one command, which ends with session.Finish(). The one list of them
// is in run.cc.
void AddLoad(CLI::App& app, Session& session);
void AddExport(CLI::App& app, Session& session);
void AddCommit(CLI::App& app, Session& session);
void AddGet(CLI::App& app, Session& session);
void AddList(CLI::App& app, Session& session);
void AddFind(CLI::App& app, Session& session);
void AddNeighbors(CLI::App& app, Session& session);
void AddReach(CLI::App& app, Session& session);
void AddCommon(CLI::App& app, Session& session);
void AddComponents(CLI::App& app, Session& session);
void AddPaths(CLI::App& app, Session& session);
void AddCycles(CLI::App& app, Session& session);
void AddConnect(CLI::App& app, Session& session);
void AddClaims(CLI::App& app, Session& session);
void AddHistory(CLI::App& app, Session& session);
void AddDiff(CLI::App& app, Session& session);
void AddSchema(CLI::App& app, Session& session);
void AddStats(CLI::App& app, Session& session);
void AddGraphs(CLI::App& app, Session& session);
void AddBackup(CLI::App& app, Session& session);
void AddCheck(CLI::App& app, Session& session);
void AddCompletion(CLI::App& app, Session& session);

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_COMMANDS_H_
