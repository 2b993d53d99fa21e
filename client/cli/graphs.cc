#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "client/cli/commands.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

absl::StatusOr<Answer> RunList(Session& session) {
  ASSIGN_OR_RETURN(const v1::ListGraphsResponse response,
                   session.Connect().ListGraphs());
  ASSIGN_OR_RETURN(const bool json, session.PrintJson(response));
  if (json) return Answer::kYes;
  for (const std::string& name : response.names()) session.Print(name);
  return Answer::kYes;
}

absl::StatusOr<Answer> RunCreate(const std::string& name, Session& session) {
  v1::CreateGraphRequest request;
  request.set_name(name);
  RETURN_IF_ERROR(session.Connect().CreateGraph(request));
  return Answer::kYes;
}

absl::StatusOr<Answer> RunDelete(const std::string& name, Session& session) {
  v1::DeleteGraphRequest request;
  request.set_name(name);
  RETURN_IF_ERROR(session.Connect().DeleteGraph(request));
  return Answer::kYes;
}

using Change = absl::StatusOr<Answer> (*)(const std::string&, Session&);

void AddChange(CLI::App& graphs, const char* verb, const char* meaning,
               Change change, Session& session) {
  auto name = std::make_shared<std::string>();
  CLI::App* command = graphs.add_subcommand(verb, meaning);
  command->add_option("name", *name, "Name of the graph")->required();
  command->callback(
      [name, change, &session] { session.Finish(change(*name, session)); });
}

}  // namespace

void AddGraphs(CLI::App& app, Session& session) {
  CLI::App* graphs = app.add_subcommand(
      "graphs", "List the graphs of the server; create or delete one");
  graphs->require_subcommand(0, 1);
  AddChange(*graphs, "create", "Make an empty graph", RunCreate, session);
  AddChange(*graphs, "delete", "Remove a graph with all that it holds",
            RunDelete, session);
  graphs->footer(
      "Example: guanxi graphs create test\n"
      "To use it: guanxi --graph test load arbor.kg");
  graphs->callback([graphs, &session] {
    if (graphs->get_subcommands().empty()) session.Finish(RunList(session));
  });
}

}  // namespace guanxi::cli
