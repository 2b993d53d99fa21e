#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include <CLI/CLI.hpp>

#include "client/cli/commands.h"
#include "client/cli/prose.h"
#include "client/cli/table.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

// As the .kg language writes it: "enum(yes, no)", "text@lang[]".
std::string TypeText(const v1::Type& type) {
  std::string text = LowerName(v1::BaseType_Name(type.base()), "BASE_TYPE_");
  if (type.base() == v1::BASE_TYPE_TEXT) text = "text@lang";
  if (!type.choices().empty()) {
    absl::StrAppend(&text, "(", absl::StrJoin(type.choices(), ", "), ")");
  }
  return type.list() ? text + "[]" : text;
}

template <typename Fields>
std::string FieldsText(const Fields& fields) {
  std::vector<std::string> parts;
  for (const v1::Field& field : fields) {
    parts.push_back(absl::StrCat(field.name(), ": ", TypeText(field.type())));
  }
  return absl::StrJoin(parts, ", ");
}

std::string KindText(v1::TimeKind kind) {
  return LowerName(v1::TimeKind_Name(kind), "TIME_KIND_");
}

// What the declarations of properties and types have in common.
template <typename Declaration>
void AddModifiers(const Declaration& declared,
                  std::vector<std::string>* words) {
  if (!declared.keys().empty()) {
    words->push_back(
        absl::StrCat("key (", absl::StrJoin(declared.keys(), ", "), ")"));
  }
  if (!declared.stale_after().empty()) {
    words->push_back(absl::StrCat("stale after ", declared.stale_after()));
  }
}

void AddOrigin(bool built_in, std::vector<std::string>* words) {
  if (!built_in) words->push_back("not built in");
}

void Finish(Table& table, Session& session) {
  if (table.empty()) return;
  if (session.in_color()) table.Paint({.keys = 0});
  table.Print(session.out(), session.width(), 0);
  session.out() << "\n";
}

void PrintLabels(const v1::GetSchemaResponse& schema, Session& session) {
  Table table({"LABEL", "BELOW", "NOTES", "MEANING"});
  for (const v1::SchemaLabel& row : schema.labels()) {
    std::vector<std::string> notes;
    AddOrigin(row.built_in(), &notes);
    const v1::LabelDeclaration& label = row.declaration();
    table.AddRow({label.name(), absl::StrJoin(label.parents(), ", "),
                  absl::StrJoin(notes, ", "), label.comment()});
  }
  Finish(table, session);
}

void PrintProperties(const v1::GetSchemaResponse& schema, Session& session) {
  Table table({"PROPERTY", "TYPE", "KIND", "QUALIFIERS", "NOTES", "MEANING"});
  for (const v1::SchemaProperty& row : schema.properties()) {
    const v1::PropertyDeclaration& property = row.declaration();
    std::vector<std::string> notes;
    AddModifiers(property, &notes);
    if (property.index()) notes.push_back("index");
    if (property.unique()) notes.push_back("unique");
    AddOrigin(row.built_in(), &notes);
    table.AddRow({property.name(), TypeText(property.type()),
                  KindText(property.time_kind()),
                  FieldsText(property.qualifiers()), absl::StrJoin(notes, ", "),
                  property.comment()});
  }
  Finish(table, session);
}

void PrintRelationships(const v1::GetSchemaResponse& schema, Session& session) {
  Table table({"RELATIONSHIP", "BETWEEN", "KIND", "PROPERTIES", "MEANING"});
  for (const v1::SchemaRelationship& row : schema.relationships()) {
    const v1::RelationshipDeclaration& type = row.declaration();
    std::vector<std::string> kind = {KindText(type.time_kind())};
    AddModifiers(type, &kind);
    if (type.symmetric()) kind.push_back("symmetric");
    AddOrigin(row.built_in(), &kind);
    table.AddRow({type.name(),
                  absl::StrCat(type.from_label(), " -> ", type.to_label()),
                  absl::StrJoin(kind, ", "), FieldsText(type.properties()),
                  type.comment()});
  }
  Finish(table, session);
}

template <typename Names>
void PrintUndeclared(absl::string_view what, const Names& names,
                     Session& session) {
  if (names.empty()) return;
  session.Print(absl::StrCat("Used and not declared, ", what, ": ",
                             absl::StrJoin(names, ", ")));
}

bool HasNothing(const v1::GetSchemaResponse& schema) {
  return schema.labels().empty() && schema.properties().empty() &&
         schema.relationships().empty() && schema.undeclared_labels().empty() &&
         schema.undeclared_properties().empty() &&
         schema.undeclared_relationships().empty();
}

absl::StatusOr<Answer> RunSchema(const std::string& name, Session& session) {
  v1::GetSchemaRequest request;
  request.set_name(name);
  ASSIGN_OR_RETURN(const v1::GetSchemaResponse schema,
                   session.Connect().GetSchema(request));
  const Answer answer = HasNothing(schema) ? Answer::kNo : Answer::kYes;
  ASSIGN_OR_RETURN(const bool printed, session.PrintJson(schema));
  if (printed) return answer;
  if (answer == Answer::kNo) {
    session.Print(name.empty()
                      ? "Nothing is declared."
                      : absl::StrCat("Nothing has the name ", name, "."));
    return answer;
  }
  PrintLabels(schema, session);
  PrintProperties(schema, session);
  PrintRelationships(schema, session);
  PrintUndeclared("labels", schema.undeclared_labels(), session);
  PrintUndeclared("properties", schema.undeclared_properties(), session);
  PrintUndeclared("types of relationship", schema.undeclared_relationships(),
                  session);
  session.out() << "revision " << schema.revision() << "\n";
  return answer;
}

}  // namespace

void AddSchema(CLI::App& app, Session& session) {
  auto name = std::make_shared<std::string>();
  CLI::App* schema = app.add_subcommand(
      "schema", "Show which labels, properties and types there are");
  schema->add_option("name", *name, "Only this one, as in: OWNS_SHARES_IN");
  schema->footer("Example: guanxi schema revenue");
  schema->callback(
      [name, &session] { session.Finish(RunSchema(*name, session)); });
}

}  // namespace guanxi::cli
