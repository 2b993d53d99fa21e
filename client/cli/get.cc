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
#include "client/cli/value_text.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

struct GetArgs {
  std::string entity;
  ReadArgs read;
};

void PrintHead(const v1::Entity& entity, Session& session) {
  v1::EntitySummary summary;
  summary.set_key(entity.key());
  summary.set_name(entity.name());
  session.Print(ToText(summary));
  session.Print(absl::StrJoin(entity.labels(), ", "));
  if (!entity.key_problem().empty()) session.Print(entity.key_problem());
  if (!entity.members().empty()) {
    session.Print(
        absl::StrCat("One with: ", absl::StrJoin(entity.members(), ", ")));
  }
  for (const v1::EntityPair& pair : entity.blocked_by()) {
    session.Print(absl::StrCat("Not merged: ", pair.first(), " and ",
                               pair.second(), " are judged different"));
  }
}

// The period or day that is part of the fact, else when the fact holds.
std::string TimeText(const v1::Property& property,
                     const v1::ResolvedMoment& moment) {
  const std::string& time = property.key().time();
  return time.empty() ? WhenText(property.showing(), moment) : time;
}

std::string NameText(const v1::Property& property) {
  const auto& qualifiers = property.key().qualifiers();
  if (qualifiers.empty()) return property.key().name();
  return absl::StrCat(property.key().name(), " {", ToText(qualifiers), "}");
}

std::string NotesOf(const v1::Property& property) {
  const std::string flags = FlagsText(property.showing());
  if (property.identifier_problem().empty()) return flags;
  return absl::StrCat(flags, flags.empty() ? "" : ", ",
                      property.identifier_problem());
}

void PrintProperties(const v1::GetResponse& response, Session& session) {
  Table table({"PROPERTY", "VALUE", "WHEN", "SOURCE", "NOTES"});
  for (const v1::Property& property : response.entity().properties()) {
    table.AddRow({NameText(property), ToText(property.value()),
                  TimeText(property, response.moment()),
                  SourceText(property.showing()), NotesOf(property)});
  }
  if (session.in_color()) table.Paint({.keys = 0, .flags = 4});
  session.out() << "\n";
  table.Print(session.out(), session.width(), 0);
}

void PrintCsv(const v1::GetResponse& response, Session& session) {
  Csv csv(session.out(), {"entity", "property", "qualifiers", "value", "when",
                          "source", "notes"});
  const v1::Entity& entity = response.entity();
  for (const std::string& label : entity.labels()) {
    csv.AddRow({entity.key(), "label", "", label, "", "", ""});
  }
  for (const v1::Property& property : entity.properties()) {
    csv.AddRow({entity.key(), property.key().name(),
                ToText(property.key().qualifiers()), ToText(property.value()),
                TimeText(property, response.moment()),
                SourceText(property.showing()), NotesOf(property)});
  }
  session.err() << MomentText(response.moment()) << "\n";
}

absl::StatusOr<Answer> RunGet(const GetArgs& args, Session& session) {
  v1::GetRequest request;
  request.set_entity(args.entity);
  *request.mutable_options() = ToProto(args.read, session);
  request.set_evidence(v1::EVIDENCE_SHOWN);
  ASSIGN_OR_RETURN(const v1::GetResponse response,
                   session.Connect().Get(request));
  const v1::Entity& entity = response.entity();
  const Answer answer = entity.in_view() ? Answer::kYes : Answer::kNo;
  if (session.IsFormat("csv")) {
    PrintCsv(response, session);
    return answer;
  }
  ASSIGN_OR_RETURN(const bool printed, session.PrintJson(response));
  if (printed) return answer;

  PrintHead(entity, session);
  if (!entity.in_view()) {
    session.out() << "Nothing about it holds " << MomentText(response.moment())
                  << ".\n";
    return answer;
  }
  if (!entity.properties().empty()) PrintProperties(response, session);
  session.out() << "\n" << MomentText(response.moment()) << "\n";
  return answer;
}

}  // namespace

void AddGet(CLI::App& app, Session& session) {
  auto args = std::make_shared<GetArgs>();
  CLI::App* get =
      app.add_subcommand("get", "Show one entity with its properties");
  get->add_option("entity", args->entity,
                  "Key or unique name, as in: cambricon")
      ->required();
  AddReadOptions(*get, args->read);
  get->footer("Example: guanxi get cambricon");
  get->callback([args, &session] { session.Finish(RunGet(*args, session)); });
}

}  // namespace guanxi::cli
