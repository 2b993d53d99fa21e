#include "client/cli/connection_options.h"

#include <cstdlib>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <CLI/CLI.hpp>

#include "graph/base/file.h"

namespace guanxi::cli {
namespace {

// Puts what is in a file in the place of its path; says what is wrong, if
// anything is.
std::string ReadInPlace(std::string& path) {
  const auto text = ReadFile(path);
  if (!text.ok()) {
    return absl::StrCat("'", path, "' ", text.status().message());
  }
  path = *text;
  return "";
}

// An option that names a file and keeps what is in it.
CLI::Option* AddFile(CLI::App& app, const std::string& name,
                     const std::string& meaning, std::string& text) {
  return app.add_option(name, text, meaning)
      ->transform(CLI::Validator(ReadInPlace, "FILE"));
}

bool IsThisMachine(const std::string& address) {
  const bool is_number =
      address.find_first_not_of("0123456789.:") == std::string::npos;
  return (is_number && absl::StartsWith(address, "127.")) ||
         absl::StartsWith(address, "localhost:") ||
         absl::StartsWith(address, "[::1]:");
}

void ReadEnvironment(GlobalOptions& options) {
  const char* token = std::getenv("GUANXI_TOKEN");
  if (options.token.empty() && token != nullptr) options.token = token;
}

// What the options come to together.
void Complete(GlobalOptions& options) {
  const client::TlsOptions& files = options.tls_files;
  options.tls = options.tls || !files.roots.empty() ||
                !files.certificate.empty() || !files.key.empty();
  options.token = std::string(absl::StripAsciiWhitespace(options.token));
  if (!options.tls && !IsThisMachine(options.server)) {
    options.token_held_back = !options.token.empty();
    options.token.clear();
  }
}

}  // namespace

void AddConnectionOptions(CLI::App& app, GlobalOptions& options,
                          Environment environment) {
  CLI::Option* server =
      app.add_option("--server", options.server, "HOST:PORT of the server")
          ->capture_default_str();
  CLI::Option* graph = app.add_option(
      "--graph", options.graph, "Name of the graph; without it the main one");
  app.add_flag("--tls", options.tls, "Connect with TLS");
  CLI::Option* roots = AddFile(
      app, "--tls-ca",
      "Connect with TLS to a server whose certificate is of these; a file",
      options.tls_files.roots);
  AddFile(app, "--tls-certificate", "File with the certificate to show, in PEM",
          options.tls_files.certificate);
  AddFile(app, "--tls-key", "File with its key, in PEM", options.tls_files.key);
  AddFile(app, "--token-file",
          "File with the token to bring; without it $GUANXI_TOKEN",
          options.token);
  const bool reads = environment == Environment::kRead;
  if (reads) {
    server->envname("GUANXI_SERVER");
    graph->envname("GUANXI_GRAPH");
    roots->envname("GUANXI_TLS_CA");
  }
  app.parse_complete_callback([&options, reads] {
    if (reads) ReadEnvironment(options);
    Complete(options);
  });
}

}  // namespace guanxi::cli
