#include <filesystem>
#include <memory>
#include <string>
#include <system_error>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include <CLI/CLI.hpp>
#include <sys/types.h>

#include "client/cli/commands.h"
#include "client/cli/output_file.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

struct BackupArgs {
  std::string file;
};

absl::StatusOr<Answer> RunBackup(const BackupArgs& args, Session& session) {
  std::error_code ignored;
  if (std::filesystem::exists(args.file, ignored)) {
    return absl::FailedPreconditionError(
        absl::StrCat("there is a file '", args.file,
                     "' already; expected the name of a new one"));
  }
  constexpr mode_t kOwnerAlone = 0600;  // as the store
  OutputFile file(args.file, kOwnerAlone);
  ASSIGN_OR_RETURN(const v1::BackupSummary summary,
                   session.Connect(Session::kWholeGraphTimeoutS)
                       .Backup([&](const std::string& bytes) -> absl::Status {
                         file.stream() << bytes;
                         return file.stream() ? absl::OkStatus()
                                              : CannotWrite(args.file);
                       }));
  RETURN_IF_ERROR(file.Finish());
  ASSIGN_OR_RETURN(const bool json, session.PrintJson(summary));
  if (!json) {
    session.Print(absl::StrCat("Revision ", summary.revision(), ", ",
                               summary.bytes(), " bytes"));
    session.out() << "sha256 " << absl::BytesToHexString(summary.sha256())
                  << "\n";
  }
  return Answer::kYes;
}

}  // namespace

void AddBackup(CLI::App& app, Session& session) {
  auto args = std::make_shared<BackupArgs>();
  CLI::App* backup = app.add_subcommand(
      "backup", "Write a copy of the store to a file, while it is in use");
  backup->add_option("file", args->file, "Name of the file to make")
      ->required();
  backup->footer(
      "Example: guanxi backup monday.guanxi\n"
      "To make a store of it: guanxid restore monday.guanxi --data DIR");
  backup->callback(
      [args, &session] { session.Finish(RunBackup(*args, session)); });
}

}  // namespace guanxi::cli
