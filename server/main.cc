// guanxid: the server.

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <CLI/CLI.hpp>
#include <sys/resource.h>

#include "graph/store/backup.h"
#include "graph/store/store.h"
#include "server/graphs.h"
#include "server/server.h"
#include "server/tokens.h"

namespace guanxi::server {
namespace {

constexpr int kViolated = 1;
constexpr int kCouldNot = 2;

// Lets the server have as many files open as it may: each connection takes one.
void RaiseOpenFiles() {
  rlimit files = {};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

// Adds one flag for each setting: --max-calls for max_calls.
void AddSettings(CLI::App& app, Settings& settings) {
  for (const SettingRow& row : AllSettings()) {
    app.add_option(
           absl::StrCat("--", absl::StrReplaceAll(row.name, {{"_", "-"}})),
           settings.*row.value, row.meaning)
        ->check(CLI::Range(row.least, row.greatest))
        ->capture_default_str()
        ->group("Settings");
  }
}

std::string CheckDay(const std::string& text) {
  const auto day = ParseDay(text);
  return day.ok() ? "" : absl::StrCat(text, " is no day, as in 2025-09-30");
}

std::string CheckGraphName(const std::string& text) {
  return IsPlainName(text) ? "" : absl::StrCat(text, " is no name of a graph");
}

void AddOptions(CLI::App& app, ServerOptions& options, std::string& today) {
  app.add_option("--data", options.data,
                 "Folder of the graphs; made if need be");
  app.add_option("--listen", options.address,
                 "HOST:PORT to listen on; port 0 takes a free one")
      ->capture_default_str();
  app.add_option("--tls-certificate", options.tls.certificate,
                 "File with the certificate of the server, in PEM");
  app.add_option("--tls-key", options.tls.key, "File with its key, in PEM");
  app.add_option("--tls-client-ca", options.tls.client_ca,
                 "Only who has a certificate of these may connect; a file");
  app.add_option(
      "--tokens", options.tokens,
      "File of the tokens that calls may bring; see `guanxid token`");
  app.add_option("--metrics", options.metrics,
                 "HOST:PORT on which Prometheus finds metrics, over HTTP");
  app.add_option("--today", today, "Day of reads that give none, YYYY-MM-DD")
      ->check(CheckDay);
  AddSettings(app, options.settings);
}

int SayCouldNot(const absl::Status& status) {
  std::fprintf(stderr, "guanxid: %s\n", std::string(status.message()).c_str());
  return kCouldNot;
}

// Serves until SIGINT or SIGTERM.
int Serve(ServerOptions options) {
  // Blocked before any thread starts, so that all of them inherit it.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  RaiseOpenFiles();
  const auto server = Server::Start(std::move(options));
  if (!server.ok()) return SayCouldNot(server.status());
  std::printf("listening on %s\n", (*server)->address().c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  (*server)->Drain();
  return EXIT_SUCCESS;
}

// Prints what is wrong with a store, if anything.
int Print(const store::VerifyReport& report) {
  for (const store::Violation& violation : report.violations) {
    std::printf("%s: %s: %s\n", violation.rule.c_str(), violation.where.c_str(),
                violation.message.c_str());
  }
  const std::string summary = absl::StrCat(
      "revision ", report.revision.number, ", ", report.rows,
      " rows: ", report.violation_count, " violations",
      report.complete ? ""
                      : "; names or schema are damaged, so that most "
                        "tables could not be checked");
  std::printf("%s\n", summary.c_str());
  return report.clean() ? EXIT_SUCCESS : kViolated;
}

// What to do instead of serving, and with what.
struct Upkeep {
  CLI::App* check = nullptr;
  CLI::App* restore = nullptr;
  CLI::App* compact = nullptr;
  CLI::App* token = nullptr;
  std::string graph = kMainGraph;
  std::string backup;  // to restore
  NewToken granted;
};

int Check(const std::string& path) {
  const auto report = store::Store::Check(path, {});
  return report.ok() ? Print(*report) : SayCouldNot(report.status());
}

int Restore(const std::string& data, const Upkeep& upkeep) {
  const absl::Status folder = MakeDataFolder(data);
  if (!folder.ok()) return SayCouldNot(folder);
  const auto report =
      store::RestoreStore(upkeep.backup, GraphPath(data, upkeep.graph));
  if (!report.ok()) return SayCouldNot(report.status());
  if (!report->clean())
    std::printf("the backup is damaged; nothing was made\n");
  return Print(*report);
}

int Compact(const std::string& path) {
  const auto compaction = store::CompactStore(path);
  if (!compaction.ok()) return SayCouldNot(compaction.status());
  if (compaction->report.clean()) {
    std::printf("%s\n",
                absl::StrCat(compaction->bytes_before, " bytes before, ",
                             compaction->bytes_after, " after")
                    .c_str());
  } else {
    std::printf("the store is damaged, and was left as it is\n");
  }
  return Print(compaction->report);
}

int MakeToken(const std::string& tokens, const NewToken& granted) {
  const auto token = AddToken(tokens, granted);
  if (!token.ok()) return SayCouldNot(token.status());
  std::printf("%s\n", token->c_str());
  return EXIT_SUCCESS;
}

void AddTokenCommand(CLI::App& app, Upkeep& upkeep) {
  upkeep.token = app.add_subcommand(
      "token", "Make a token, add it to the file --tokens, and print it");
  upkeep.token->add_option("name", upkeep.granted.name, "Who is to have it")
      ->required();
  upkeep.token
      ->add_option("--role", upkeep.granted.role, "reader, writer or admin")
      ->required();
  upkeep.token->add_option("--graphs", upkeep.granted.graphs,
                           "Names of graphs with commas between; without it "
                           "all");
  upkeep.token->add_option("--until", upkeep.granted.until,
                           "Last day on which it counts, YYYY-MM-DD, UTC");
  upkeep.token->footer(
      "Example: guanxid token anna --role reader --tokens tokens");
}

void AddUpkeep(CLI::App& app, Upkeep& upkeep) {
  app.fallthrough();  // --data and --tokens may stand behind the command
  upkeep.check = app.add_subcommand(
      "check", "Check a store that no server uses: 0 sound, 1 damaged");
  upkeep.restore = app.add_subcommand(
      "restore", "Make a store of a backup, once that is found sound");
  upkeep.restore->add_option("backup", upkeep.backup, "File of `guanxi backup`")
      ->required();
  upkeep.compact = app.add_subcommand(
      "compact", "Write a store that no server uses anew, without free pages");
  for (CLI::App* command : {upkeep.check, upkeep.restore, upkeep.compact}) {
    command->add_option("--graph", upkeep.graph, "Name of the graph")
        ->check(CheckGraphName)
        ->capture_default_str();
  }
  AddTokenCommand(app, upkeep);
  app.require_subcommand(0, 1);
}

int Run(const Upkeep& upkeep, ServerOptions options) {
  if (*upkeep.token) return MakeToken(options.tokens, upkeep.granted);
  if (options.data.empty()) {
    return SayCouldNot(absl::InvalidArgumentError(
        "expected the folder of the graphs, as in: --data /var/lib/guanxi"));
  }
  const std::string path = GraphPath(options.data, upkeep.graph);
  if (*upkeep.check) return Check(path);
  if (*upkeep.restore) return Restore(options.data, upkeep);
  if (*upkeep.compact) return Compact(path);
  return Serve(std::move(options));
}

int Main(int argc, char** argv) {
  CLI::App app("Serves a Guanxi graph over gRPC.", "guanxid");
  app.footer("Example: guanxid --data /var/lib/guanxi");
  ServerOptions options;
  std::string today;
  Upkeep upkeep;
  AddOptions(app, options, today);
  AddUpkeep(app, upkeep);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == EXIT_SUCCESS ? EXIT_SUCCESS : kCouldNot;
  }
  if (!today.empty()) options.today = *ParseDay(today);
  return Run(upkeep, std::move(options));
}

}  // namespace
}  // namespace guanxi::server

int main(int argc, char** argv) { return guanxi::server::Main(argc, argv); }
