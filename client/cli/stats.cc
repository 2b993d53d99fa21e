#include <string>

#include "absl/strings/str_cat.h"
#include <CLI/CLI.hpp>

#include "client/cli/commands.h"
#include "client/cli/table.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

template <typename Counts>
void PrintCounts(const char* heading, const Counts& counts, Session& session) {
  if (counts.empty()) return;
  Table table({heading, "COUNT"});
  for (const v1::NameCount& row : counts) {
    table.AddRow({row.name(), absl::StrCat(row.count())});
  }
  if (session.in_color()) table.Paint({.keys = 0});
  session.out() << "\n";
  table.Print(session.out(), session.width(), 0);
}

absl::StatusOr<Answer> RunStats(Session& session) {
  ASSIGN_OR_RETURN(const v1::GetStatisticsResponse counts,
                   session.Connect().GetStatistics({}));
  ASSIGN_OR_RETURN(const bool printed, session.PrintJson(counts));
  if (printed) return Answer::kYes;
  session.Print(absl::StrCat(
      "Revision ", counts.revision(), ": ", counts.entities(), " entities, ",
      counts.relationships(), " relationships, ", counts.claims(), " claims, ",
      counts.sources(), " sources, whatever the day"));
  PrintCounts("LABEL", counts.labels(), session);
  PrintCounts("RELATIONSHIP", counts.types(), session);
  return Answer::kYes;
}

}  // namespace

void AddStats(CLI::App& app, Session& session) {
  CLI::App* stats = app.add_subcommand(
      "stats", "Count what the store holds, by label and type");
  stats->footer("Example: guanxi stats");
  stats->callback([&session] { session.Finish(RunStats(session)); });
}

}  // namespace guanxi::cli
