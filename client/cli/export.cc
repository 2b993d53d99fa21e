#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <CLI/CLI.hpp>

#include "client/cli/commands.h"
#include "client/cli/options.h"
#include "client/cli/output_file.h"
#include "client/cli/prose.h"
#include "client/cli/width.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

struct ExportArgs {
  std::vector<std::string> entities;
  int32_t depth = 0;
  std::string as;
  std::string output;
  int64_t max_entities = 0;
  int64_t max_results = 0;
  ReadArgs read;
};

v1::ExportRequest ToProto(const ExportArgs& args, Session& session) {
  v1::ExportRequest request;
  *request.mutable_options() = ToProto(args.read, session);
  const bool json = args.as.empty() ? absl::EndsWith(args.output, ".jsonl")
                                    : args.as == "jsonl";
  request.set_format(json ? v1::FILE_FORMAT_JSON_LINES : v1::FILE_FORMAT_KG);
  request.mutable_entities()->Assign(args.entities.begin(),
                                     args.entities.end());
  request.set_depth(args.depth);
  request.mutable_budget()->set_max_entities(args.max_entities);
  request.mutable_budget()->set_max_results(args.max_results);
  return request;
}

absl::StatusOr<v1::ExportResponse> Receive(const ExportArgs& args,
                                           Session& session,
                                           std::ostream& out) {
  return session.Connect(Session::kWholeGraphTimeoutS)
      .Export(ToProto(args, session),
              [&](const std::string& data) -> absl::Status {
                out << data;
                return out ? absl::OkStatus() : CannotWrite(args.output);
              });
}

absl::StatusOr<Answer> RunExport(const ExportArgs& args, Session& session) {
  std::optional<OutputFile> file;
  if (!args.output.empty()) file.emplace(args.output);
  std::ostream& out = file.has_value() ? file->stream() : session.out();
  ASSIGN_OR_RETURN(const v1::ExportResponse response,
                   Receive(args, session, out));
  if (file.has_value()) RETURN_IF_ERROR(file->Finish());
  const std::string summary =
      absl::StrCat(response.statements(), " statements. ",
                   CompletenessText(response.completeness()), " (",
                   MomentText(response.moment()), ")");
  session.err() << Printable(summary) << "\n";
  if (response.completeness().outcome() == v1::OUTCOME_COMPLETE) {
    return Answer::kYes;
  }
  return absl::ResourceExhaustedError(
      "not all within that depth is there; give it more, as in: --max-results "
      "1000000");
}

}  // namespace

void AddExport(CLI::App& app, Session& session) {
  auto args = std::make_shared<ExportArgs>();
  CLI::App* command = app.add_subcommand(
      "export", "Write the graph, or a part of it, as a file to load");
  command->add_option("entities", args->entities,
                      "Keys or unique names: only these, what is between them "
                      "and its sources; without any, all");
  command->add_option("--depth", args->depth,
                      "Steps to go around each entity, none unless told");
  command
      ->add_option("--as", args->as,
                   "kg or jsonl; unless told, what the name of the output "
                   "ends in, else kg")
      ->check(CLI::IsMember({"kg", "jsonl"}));
  command->add_option("--output", args->output,
                      "File to write, put in its place when it is complete");
  command->add_option("--max-entities", args->max_entities,
                      "Visit so many entities at most");
  command->add_option("--max-results", args->max_results,
                      "Follow so many relationships at most");
  AddReadOptions(*command, args->read);
  command->footer("Example: guanxi export cambricon --depth 1");
  command->callback(
      [args, &session] { session.Finish(RunExport(*args, session)); });
}

}  // namespace guanxi::cli
