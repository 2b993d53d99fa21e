// guanxid: the server.

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include <CLI/CLI.hpp>

#include "server/server.h"

namespace guanxi::server {
namespace {

constexpr int kViolated = 1;
constexpr int kCouldNot = 2;

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

void AddOptions(CLI::App& app, ServerOptions& options, std::string& today) {
  app.add_option("--data", options.data, "Folder of the store; made if need be")
      ->required();
  app.add_option("--listen", options.address,
                 "HOST:PORT to listen on; port 0 takes a free one")
      ->capture_default_str();
  app.add_flag("--insecure-listen-anywhere", options.anyone,
               "Listen where other machines reach it, unprotected");
  app.add_option("--today", today, "Day of reads that give none, YYYY-MM-DD")
      ->check(CheckDay);
  AddSettings(app, options.settings);
}

// Serves until SIGINT or SIGTERM, which must be blocked in all threads.
int Serve(ServerOptions options, const sigset_t& signals) {
  const auto server = Server::Start(std::move(options));
  if (!server.ok()) {
    std::fprintf(stderr, "guanxid: %s\n",
                 std::string(server.status().message()).c_str());
    return kCouldNot;
  }
  std::printf("listening on %s\n", (*server)->address().c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  (*server)->Drain();
  return EXIT_SUCCESS;
}

// Checks the store and prints what is wrong with it.
int Check(const ServerOptions& options, const sigset_t& signals) {
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);  // they end it
  const auto report = CheckStore(options.data, {});
  if (!report.ok()) {
    std::fprintf(stderr, "guanxid: %s\n",
                 std::string(report.status().message()).c_str());
    return kCouldNot;
  }
  for (const store::Violation& violation : report->violations) {
    std::printf("%s: %s: %s\n", violation.rule.c_str(), violation.where.c_str(),
                violation.message.c_str());
  }
  const std::string summary = absl::StrCat(
      "revision ", report->revision.number, ", ", report->rows,
      " rows: ", report->violation_count, " violations",
      report->complete ? ""
                       : "; names or schema are damaged, so that most "
                         "tables could not be checked");
  std::printf("%s\n", summary.c_str());
  return report->clean() ? EXIT_SUCCESS : kViolated;
}

int Main(int argc, char** argv) {
  // Before any thread starts, so that all of them inherit it.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  CLI::App app("Serves a Guanxi graph over gRPC.", "guanxid");
  app.footer("Example: guanxid --data /var/lib/guanxi");
  ServerOptions options;
  std::string today;
  bool check = false;
  AddOptions(app, options, today);
  app.add_flag("--check", check,
               "Check the store, which no server may use, and exit: 0 sound, "
               "1 damaged, 2 could not");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == EXIT_SUCCESS ? EXIT_SUCCESS : kCouldNot;
  }
  if (!today.empty()) options.today = *ParseDay(today);
  if (check) return Check(options, signals);
  return Serve(std::move(options), signals);
}

}  // namespace
}  // namespace guanxi::server

int main(int argc, char** argv) { return guanxi::server::Main(argc, argv); }
