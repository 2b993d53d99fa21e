#include "client/cli/path_answer.h"

#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

#include "client/cli/csv.h"
#include "client/cli/drawing.h"
#include "client/cli/path_text.h"
#include "client/cli/prose.h"
#include "client/cli/value_text.h"

namespace guanxi::cli {
namespace {

// "No path. ", "1 path. ", "3 paths. "; of one where one was asked for nothing,
// for it stands above.
std::string CountText(const PathAnswer& answer, const PathArgs& args,
                      const std::string& thing) {
  const int count = answer.paths.size();
  if (count == 0 && args.traversal.resume.empty())
    return absl::StrCat("No ", thing, ". ");
  if (ModeOf(args) == v1::PATH_MODE_ANY_SHORTEST) return "";
  const char* more = args.traversal.resume.empty() ? ". " : " more. ";
  return absl::StrCat(count, " ", thing, count == 1 ? "" : "s", more);
}

// "No path. ", "12 paths: 2 of 1 step, 10 of 3 steps; to 7 entities. "
std::string CountsText(const v1::PathCounts& counts, const std::string& thing) {
  int64_t all = 0;
  std::vector<std::string> by_length;
  for (int length = 0; length < counts.by_length_size(); ++length) {
    const int64_t count = counts.by_length(length);
    if (count == 0) continue;
    all += count;
    by_length.push_back(
        absl::StrCat(count, " of ", length, length == 1 ? " step" : " steps"));
  }
  if (all == 0) return absl::StrCat("No ", thing, ". ");
  return absl::StrCat(all, " ", thing, all == 1 ? "" : "s", ": ",
                      absl::StrJoin(by_length, ", "), "; to ", counts.ends(),
                      counts.ends() == 1 ? " entity. " : " entities. ");
}

std::string SummaryText(const PathAnswer& answer, const PathArgs& args,
                        const std::string& thing) {
  return absl::StrCat(args.count ? CountsText(answer.counts, thing)
                                 : CountText(answer, args, thing),
                      CompletenessText(answer.completeness), " (",
                      MomentText(answer.moment), ")");
}

void PrintCountsCsv(const v1::PathCounts& counts, Session& session) {
  Csv csv(session.out(), {"steps", "count"});
  for (int length = 0; length < counts.by_length_size(); ++length) {
    const int64_t count = counts.by_length(length);
    if (count > 0) csv.AddRow({absl::StrCat(length), absl::StrCat(count)});
  }
}

void PrintCsv(const PathAnswer& answer, const PathArgs& args,
              Session& session) {
  if (args.count) return PrintCountsCsv(answer.counts, session);
  std::vector<std::string> headings = RelationshipHeadings({"path", "step"});
  if (args.cost_text) headings.emplace_back("cost");
  Csv csv(session.out(), headings);
  for (int i = 0; i < answer.paths.size(); ++i) {
    const v1::Path& path = answer.paths[i];
    for (int step = 0; step < path.relationships_size(); ++step) {
      std::vector<std::string> cells =
          RelationshipCells({absl::StrCat(i + 1), absl::StrCat(step + 1)},
                            path.relationships(step));
      if (args.cost_text) cells.push_back(absl::StrCat(path.cost()));
      csv.AddRow(cells);
    }
  }
}

Drawing Draw(const PathAnswer& answer) {
  Drawing drawing;
  std::set<std::vector<std::string>> drawn;
  for (const v1::Path& path : answer.paths) {
    for (const v1::EntitySummary& entity : path.entities()) {
      drawing.Add(entity);
    }
    for (const v1::Relationship& relationship : path.relationships()) {
      // Paths may share steps.
      const v1::RelationshipKey& key = relationship.key();
      const bool is_new = drawn
                              .insert({key.subject(), key.type(), key.object(),
                                       key.name(), ToText(key.keys())})
                              .second;
      if (is_new) drawing.Add(relationship);
    }
  }
  return drawing;
}

void PrintPaths(const PathAnswer& answer, const PathArgs& args,
                Session& session) {
  for (const v1::Path& path : answer.paths) {
    PrintPath(path, {}, session);
    if (!args.cost_text) continue;
    session.Print(args.cost_text(path.cost()));
    session.out() << "\n";
  }
}

absl::StatusOr<Answer> Judge(const PathAnswer& answer,
                             const std::string& thing) {
  const v1::Outcome outcome = answer.completeness.outcome();
  // A last part can be complete without a path of its own.
  const bool found = !answer.paths.empty() ||
                     !answer.counts.by_length().empty() ||
                     outcome == v1::OUTCOME_COMPLETE;
  if (found) return Answer::kYes;
  if (outcome == v1::OUTCOME_PROVEN_NONE) return Answer::kNo;
  const bool dear = answer.completeness.reason() == v1::STOP_REASON_MAX_COST;
  return absl::ResourceExhaustedError(absl::StrCat(
      "the search ended before it found a ", thing,
      " or could rule one out; give it more, as in: ",
      dear ? "--max-cost 20" : "--max-length 32", " --timeout 120"));
}

}  // namespace

void AddPathOptions(CLI::App& command, const std::string& things,
                    PathArgs& args) {
  command.add_flag("--all-shortest", args.all_shortest,
                   absl::StrCat("Show all of the shortest ", things));
  command.add_flag("--all", args.all,
                   absl::StrCat("Show all ", things, " up to --max-length"));
  command.add_option(
      "--first", args.first,
      absl::StrCat("Show so many ", things, ", the shortest first"));
  command.add_flag("--count", args.count,
                   absl::StrCat("Count the ", things,
                                " only; with --all or --all-shortest"));
  AddTraversalOptions(command, args.traversal);
  command.add_option("--max-length", args.max_length,
                     absl::StrCat("Relationships on one of the ", things,
                                  ", 16 unless told, at most 64"));
  command.add_option("--pattern", args.pattern,
                     absl::StrCat("What ", things,
                                  " are made of, as in: "
                                  "-[:OWNS_SHARES_IN]->{1,3}(:Company)"
                                  "-[:SUPPLIES]->"));
  command.add_option("--min-path-confidence", args.min_path_confidence,
                     "Pass over those of which the confidences, multiplied, "
                     "are less, 0 to 1");
}

absl::Status CheckMode(const PathArgs& args, const Session& session) {
  const int asked = (args.all ? 1 : 0) + (args.all_shortest ? 1 : 0) +
                    (args.first != 0 ? 1 : 0);
  if (args.count && !args.all && !args.all_shortest) {
    return absl::InvalidArgumentError(
        "expected --all or --all-shortest beside --count");
  }
  if (args.count && (session.IsFormat("dot") || session.IsFormat("mermaid"))) {
    return absl::InvalidArgumentError(
        "expected --format text, csv or json beside --count");
  }
  if (asked <= 1) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "expected one of --all, --all-shortest and --first, not several");
}

v1::PathMode ModeOf(const PathArgs& args) {
  if (args.all) return v1::PATH_MODE_ALL;
  if (args.all_shortest) return v1::PATH_MODE_ALL_SHORTEST;
  if (args.first != 0) return v1::PATH_MODE_K_SHORTEST;
  return v1::PATH_MODE_ANY_SHORTEST;
}

absl::StatusOr<Answer> Show(const PathAnswer& answer, const PathArgs& args,
                            const std::string& thing, Session& session) {
  const std::string end = SummaryText(answer, args, thing);
  const bool for_programs =
      PrintForPrograms([&] { PrintCsv(answer, args, session); },
                       [&] { return Draw(answer); }, end, session);
  if (for_programs) return Judge(answer, thing);
  ASSIGN_OR_RETURN(const bool printed, session.PrintJson(answer.message));
  if (!printed) {
    PrintPaths(answer, args, session);
    session.Print(end);
    session.out() << ResumeText(answer.completeness);
  }
  return Judge(answer, thing);
}

}  // namespace guanxi::cli
