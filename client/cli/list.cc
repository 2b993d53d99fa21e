#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <CLI/CLI.hpp>

#include "client/cli/commands.h"
#include "client/cli/csv.h"
#include "client/cli/options.h"
#include "client/cli/prose.h"
#include "client/cli/table.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

struct ListArgs {
  std::string label;
  ReadArgs read;
  int32_t page_size = 0;
  std::string page_token;
};

void PrintNext(const ListArgs& args, const std::string& next,
               Session& session) {
  if (next.empty()) return;
  session.err() << "There are more; go on with: guanxi list " << args.label
                << " --page-token " << next << "\n";
}

void PrintCsv(const v1::ListResponse& response, Session& session) {
  Csv csv(session.out(), {"key", "name", "labels"});
  for (const v1::Entity& entity : response.entities()) {
    csv.AddRow(
        {entity.key(), entity.name(), absl::StrJoin(entity.labels(), " ")});
  }
  session.err() << MomentText(response.moment()) << "\n";
}

absl::StatusOr<Answer> RunList(const ListArgs& args, Session& session) {
  v1::ListRequest request;
  request.set_label(args.label);
  *request.mutable_options() = ToProto(args.read, session);
  request.set_page_size(args.page_size);
  request.set_page_token(args.page_token);
  ASSIGN_OR_RETURN(const v1::ListResponse response,
                   session.Connect().List(request));
  const std::string& next = response.next_page_token();
  const bool is_none = response.entities().empty() && next.empty();
  const Answer answer = is_none ? Answer::kNo : Answer::kYes;
  if (session.IsFormat("csv")) {
    PrintCsv(response, session);
    PrintNext(args, next, session);
    return answer;
  }
  ASSIGN_OR_RETURN(const bool printed, session.PrintJson(response));
  if (printed) return answer;

  if (is_none) {
    session.out() << "No entity has the label " << args.label << " "
                  << MomentText(response.moment()) << ".\n";
    return answer;
  }
  Table table({"KEY", "NAME", "LABELS"});
  for (const v1::Entity& entity : response.entities()) {
    table.AddRow(
        {entity.key(), entity.name(), absl::StrJoin(entity.labels(), ", ")});
  }
  if (session.in_color()) table.Paint({.keys = 0});
  table.Print(session.out(), session.width(), 0);
  session.out() << "\n" << MomentText(response.moment()) << "\n";
  PrintNext(args, next, session);
  return answer;
}

}  // namespace

void AddList(CLI::App& app, Session& session) {
  auto args = std::make_shared<ListArgs>();
  CLI::App* list =
      app.add_subcommand("list", "List the entities that carry a label");
  list->add_option("label", args->label, "Label, as in: Company")->required();
  AddReadOptions(*list, args->read);
  list->add_option("--page-size", args->page_size,
                   "Entities to list, 100 unless told, at most 1000");
  list->add_option("--page-token", args->page_token,
                   "Go on behind the last page");
  list->footer("Example: guanxi list Company");
  list->callback([args, &session] { session.Finish(RunList(*args, session)); });
}

}  // namespace guanxi::cli
