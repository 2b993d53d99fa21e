#include "client/cli/run.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <ostream>
#include <unistd.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <CLI/CLI.hpp>
#include <sys/ioctl.h>

#include "client/cli/commands.h"
#include "client/cli/connection_options.h"
#include "client/cli/options.h"
#include "client/cli/session.h"
#include "client/cli/shell.h"
#include "client/cli/words.h"

namespace guanxi::cli {
namespace {

// In less, a table has no room for its columns.
constexpr int kNarrowestTerminal = 40;

// All commands, in the order in which help shows them.
constexpr void (*kCommands[])(CLI::App&, Session&) = {
    AddLoad,      AddCommit, AddExport,  AddGet,        AddList,   AddFind,
    AddNeighbors, AddReach,  AddCommon,  AddComponents, AddPaths,  AddCycles,
    AddConnect,   AddClaims, AddHistory, AddDiff,       AddSchema, AddStats,
    AddGraphs,    AddBackup, AddCheck,   AddCompletion,
};

void AddGlobalOptions(CLI::App& app, GlobalOptions& options) {
  app.add_option("--valid-at", options.valid_at,
                 "Day on which facts are to hold, YYYY-MM-DD; any: every day; "
                 "without it today, by the server's clock");
  app.add_option("--known-at", options.known_at,
                 "What was believed by then: a revision, a day (its end), or "
                 "an instant as in 2025-09-04T12:00:00Z; without it all")
      ->check(CheckKnownAt);
  app.add_option("--format", options.format,
                 "table, or json for programs; of most answers csv; of "
                 "neighbors, paths and connect dot or mermaid, to draw them")
      ->check(CLI::IsMember({"table", "json", "csv", "dot", "mermaid"}))
      ->capture_default_str();
  app.add_option("--color", options.color,
                 "Colours: auto (on a terminal, unless NO_COLOR is set), "
                 "always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  app.add_option("--timeout", options.timeout_s, "Seconds a call may take")
      ->check(CLI::PositiveNumber);
}

// `guanxi help paths` is `guanxi paths --help`.
void AddHelp(CLI::App& app, Session& session) {
  auto name = std::make_shared<std::string>();
  CLI::App* help = app.add_subcommand("help", "Explain a command");
  help->add_option("command", *name, "Command, as in: paths");
  help->footer("Example: guanxi help paths");
  help->callback([name, &app, &session]() {
    if (name->empty()) {
      // app.help() would be that of the command that was parsed, this one.
      session.out() << app.get_formatter()->make_help(
          &app, app.get_name(), CLI::AppFormatMode::Normal);
      return;
    }
    const auto named = app.get_subcommands(
        [&](CLI::App* command) { return command->get_name() == *name; });
    if (!named.empty()) {
      session.out() << named.front()->help(app.get_name());
      return;
    }
    session.Finish(absl::InvalidArgumentError(
        absl::StrCat("there is no command '", *name, "'; try: guanxi help")));
  });
}

// Ends a run that the arguments do not allow, or that asked for help.
int Explain(const CLI::App& app, const CLI::ParseError& error,
            const Terminal& terminal) {
  const std::vector<std::string> unread = app.remaining();
  if (app.get_subcommands().empty() && !unread.empty() &&
      !absl::StartsWith(unread.front(), "-")) {
    terminal.err << "guanxi: there is no command '" << unread.front()
                 << "'; try: guanxi help\n";
    return kExitCouldNot;
  }
  const int code = app.exit(error, terminal.out, terminal.err);
  return code == kExitYes ? kExitYes : kExitCouldNot;
}

int RunIn(Sharing* sharing, const std::vector<std::string>& arguments,
          const Terminal& terminal);

// A shell has no shell in it.
void AddShell(CLI::App& app, Session& session) {
  CLI::App* shell = app.add_subcommand(
      "shell", "Read commands line by line, until exit or Ctrl-D");
  shell->footer("Example: guanxi --valid-at 2025-09-30 shell");
  shell->callback([&app, &session] {
    Sharing sharing{.options = session.options()};
    const int code = RunShell(session.terminal(), WordsOf(app),
                              [&sharing](const std::vector<std::string>& words,
                                         const Terminal& terminal) {
                                return RunIn(&sharing, words, terminal);
                              });
    session.FinishWith(code);
  });
}

int RunIn(Sharing* sharing, const std::vector<std::string>& arguments,
          const Terminal& terminal) {
  CLI::App app("Asks a Guanxi server who is connected to whom, and says who.",
               "guanxi");
  app.require_subcommand(1);
  app.fallthrough();  // global options may stand behind the command too
  app.footer("Example: guanxi --valid-at 2025-09-30 paths cas cambricon");
  Session session(terminal, sharing);
  const bool in_shell = sharing != nullptr;
  AddConnectionOptions(app, session.options(),
                       in_shell ? Environment::kIgnored : Environment::kRead);
  AddGlobalOptions(app, session.options());
  for (const auto add : kCommands) add(app, session);
  if (!in_shell) AddShell(app, session);
  AddHelp(app, session);

  // CLI11 takes them last first.
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    return Explain(app, error, terminal);
  }
  return session.exit_code();
}

}  // namespace

int StandardOutputWidth() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return kDefaultWidth;
  }
  return std::max<int>(size.ws_col, kNarrowestTerminal);
}

Terminal StandardTerminal(std::istream& in, std::ostream& out,
                          std::ostream& err) {
  // By the convention of no-color.org: set, and not empty.
  const char* no_color = std::getenv("NO_COLOR");
  const bool out_is_terminal = isatty(STDOUT_FILENO) != 0;
  return {.out = out,
          .err = err,
          .width = StandardOutputWidth(),
          .in = &in,
          .interactive = isatty(STDIN_FILENO) != 0 && out_is_terminal,
          .out_is_terminal = out_is_terminal,
          .err_is_terminal = isatty(STDERR_FILENO) != 0,
          .no_color = no_color != nullptr && *no_color != '\0'};
}

int Run(const std::vector<std::string>& arguments, const Terminal& terminal) {
  return RunIn(nullptr, arguments, terminal);
}

}  // namespace guanxi::cli
