#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include <CLI/CLI.hpp>

#include "client/cli/commands.h"
#include "client/cli/progress.h"
#include "client/cli/width.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

// As many as the contract admits.
constexpr int64_t kMaxPartStatements = 500'000;

struct LoadArgs {
  std::vector<std::string> files;
  std::string author;
  std::string note;
  int64_t part_statements = 0;
  int64_t skip_statements = 0;
};

std::string PlaceText(const v1::Position& position) {
  return absl::StrCat(position.file(), ":", position.line(), ":",
                      position.column());
}

void PrintNotices(const v1::WriteSummary& summary, std::ostream& out) {
  for (const v1::Notice& notice : summary.notices()) {
    out << "  " << Printable(PlaceText(notice.position())) << ": "
        << Printable(notice.message()) << "\n";
  }
  const int64_t untold = summary.notice_count() - summary.notices_size();
  if (untold > 0) out << "  and " << untold << " more notices\n";
}

std::string SummaryText(const v1::WriteSummary& summary) {
  if (!summary.changed()) {
    std::string text =
        absl::StrCat("Nothing changed: ", summary.claims_unchanged(),
                     " claims were there already");
    if (summary.claims_skipped() > 0) {
      absl::StrAppend(&text, ", ", summary.claims_skipped(), " skipped");
    }
    return absl::StrCat(text, ". Revision ", summary.revision());
  }
  std::string text = absl::StrCat("Revision ", summary.revision(), ": ",
                                  summary.claims_added(), " claims added, ",
                                  summary.claims_unchanged(), " there already");
  if (summary.claims_retracted() > 0) {
    absl::StrAppend(&text, ", ", summary.claims_retracted(),
                    " no longer believed");
  }
  if (summary.claims_ended() > 0) {
    absl::StrAppend(&text, ", ", summary.claims_ended(), " ended");
  }
  if (summary.claims_skipped() > 0) {
    absl::StrAppend(&text, ", ", summary.claims_skipped(), " skipped");
  }
  return text;
}

std::string CommitsText(int64_t commits) {
  return commits > 1 ? absl::StrCat(", ", commits, " commits") : "";
}

// The bytes of all files that can be read.
int64_t SizeOf(const std::vector<std::string>& files) {
  int64_t bytes = 0;
  for (const std::string& file : files) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (!error) bytes += static_cast<int64_t>(size);
  }
  return bytes;
}

// What is wrong, and how to go on behind what is stored nevertheless.
absl::Status WithStored(const absl::Status& error, int64_t statements) {
  if (error.ok() || statements == 0) return error;
  absl::Status told(error.code(),
                    absl::StrCat(error.message(), "; ", statements,
                                 " statements are stored: go on with "
                                 "--skip-statements ",
                                 statements));
  error.ForEachPayload([&told](absl::string_view url, const absl::Cord& data) {
    told.SetPayload(url, data);
  });
  return told;
}

absl::StatusOr<v1::ImportReport> Import(const std::vector<std::string>& files,
                                        const v1::ImportHeader& header,
                                        client::Client& client,
                                        Session& session) {
  ProgressLine line(session.progress(), SizeOf(files), session.width());
  int64_t stored = 0;
  auto report =
      client.Import(files, header, [&](const v1::ImportProgress& progress) {
        line.Show(progress.bytes());
        stored = progress.statements_stored();
      });
  if (!report.ok() && header.part_statements() > 0) {
    return WithStored(report.status(), stored);
  }
  return report;
}

absl::StatusOr<Answer> RunLoad(const LoadArgs& args, Session& session) {
  v1::ImportHeader header;
  header.set_author(args.author);
  header.set_note(args.note);
  header.set_part_statements(args.part_statements);
  header.set_skip_statements(args.skip_statements);
  client::Client client = session.Connect(Session::kWholeGraphTimeoutS);
  ASSIGN_OR_RETURN(const v1::ImportReport report,
                   Import(args.files, header, client, session));
  ASSIGN_OR_RETURN(const bool printed, session.PrintJson(report));
  if (printed) return Answer::kYes;
  session.out() << report.statements() << " statements in " << report.files()
                << (report.files() == 1 ? " file" : " files")
                << CommitsText(report.commits()) << "\n"
                << SummaryText(report.summary()) << "\n";
  PrintNotices(report.summary(), session.out());
  return Answer::kYes;
}

}  // namespace

void AddLoad(CLI::App& app, Session& session) {
  auto args = std::make_shared<LoadArgs>();
  CLI::App* load =
      app.add_subcommand("load", "Load .kg files as one commit, or in parts");
  load->add_option("files", args->files, "Files, as in: seed/cambricon.kg")
      ->required();
  load->add_option("--author", args->author, "Who writes, for the log");
  load->add_option("--note", args->note, "Why, for the log");
  load->add_option("--part-statements", args->part_statements,
                   "Commit so many statements at a time, as they come; they "
                   "may only speak of what stands above them")
      ->check(CLI::Range(int64_t{0}, kMaxPartStatements));
  load->add_option("--skip-statements", args->skip_statements,
                   "Of a load in parts: go on behind so many statements")
      ->needs("--part-statements");
  load->footer("Example: guanxi load seed/cambricon.kg seed/context.kg");
  load->callback([args, &session] { session.Finish(RunLoad(*args, session)); });
}

}  // namespace guanxi::cli
