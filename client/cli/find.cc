#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <CLI/CLI.hpp>

#include "client/cli/commands.h"
#include "client/cli/condition.h"
#include "client/cli/csv.h"
#include "client/cli/options.h"
#include "client/cli/prose.h"
#include "client/cli/table.h"
#include "client/cli/value_text.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

struct FindArgs {
  std::vector<std::string> terms;  // conditions, and at most one label
  std::vector<std::string> properties;
  ReadArgs read;
  int32_t page_size = 0;
  std::string page_token;
};

absl::StatusOr<v1::FindRequest> MakeRequest(const FindArgs& args,
                                            Session& session) {
  v1::FindRequest request;
  for (const std::string& term : args.terms) {
    const std::optional<v1::Predicate> condition = ParseCondition(term);
    if (condition.has_value()) {
      *request.add_predicates() = *condition;
    } else if (request.label().empty()) {
      request.set_label(term);
    } else {
      return absl::InvalidArgumentError(
          absl::StrCat("'", term,
                       "' is no condition, and one label is there already: "
                       "expected a property, a sign and a value, as in: "
                       "'founded>=2016'"));
    }
  }
  for (const std::string& property : args.properties) {
    *request.add_predicates() = ExistsCondition(property);
  }
  *request.mutable_options() = ToProto(args.read, session);
  request.set_page_size(args.page_size);
  request.set_page_token(args.page_token);
  return request;
}

// The properties that conditions speak of, each once; names are shown anyway.
std::vector<std::string> PropertiesOf(const v1::FindRequest& request) {
  std::vector<std::string> names;
  for (const v1::Predicate& predicate : request.predicates()) {
    const std::string& name = predicate.property();
    const bool known = std::ranges::find(names, name) != names.end();
    if (!known && name != "name") names.push_back(name);
  }
  return names;
}

// The values of one property, each behind the period or day that it is of.
std::string ValuesText(const v1::Entity& entity, const std::string& name) {
  std::vector<std::string> values;
  for (const v1::Property& property : entity.properties()) {
    if (property.key().name() != name) continue;
    const std::string& time = property.key().time();
    values.push_back(time.empty()
                         ? ToText(property.value())
                         : absl::StrCat(time, ": ", ToText(property.value())));
  }
  return absl::StrJoin(values, ", ");
}

// What a reader should know of how the conditions are satisfied.
std::string NotesOf(const v1::FoundEntity& found,
                    const std::vector<std::string>& properties) {
  std::vector<std::string> notes;
  if (found.holds() == v1::HOLDS_MAYBE) notes.push_back("maybe");
  for (const v1::Property& property : found.entity().properties()) {
    const std::string& name = property.key().name();
    if (std::ranges::find(properties, name) == properties.end()) continue;
    if (property.showing().conflict()) {
      notes.push_back(absl::StrCat("conflict on ", name));
    }
    if (property.showing().disputed()) {
      notes.push_back(absl::StrCat("disputed ", name));
    }
  }
  notes.erase(std::unique(notes.begin(), notes.end()), notes.end());
  return absl::StrJoin(notes, ", ");
}

std::vector<std::string> RowOf(const v1::FoundEntity& found,
                               const std::vector<std::string>& properties) {
  std::vector<std::string> row = {found.entity().key(), found.entity().name()};
  for (const std::string& name : properties) {
    row.push_back(ValuesText(found.entity(), name));
  }
  row.push_back(NotesOf(found, properties));
  return row;
}

std::vector<std::string> HeadingsOf(
    const std::vector<std::string>& properties) {
  std::vector<std::string> headings = {"key", "name"};
  headings.insert(headings.end(), properties.begin(), properties.end());
  headings.push_back("notes");
  return headings;
}

void PrintFound(const v1::FindResponse& response,
                const std::vector<std::string>& properties, Session& session) {
  std::vector<std::string> headings = HeadingsOf(properties);
  for (std::string& heading : headings) absl::AsciiStrToUpper(&heading);
  const int notes = static_cast<int>(headings.size()) - 1;
  Table table(std::move(headings));
  for (const v1::FoundEntity& found : response.found()) {
    table.AddRow(RowOf(found, properties));
  }
  if (session.in_color()) table.Paint({.keys = 0, .flags = notes});
  table.Print(session.out(), session.width(), 0);
}

void PrintCsv(const v1::FindResponse& response,
              const std::vector<std::string>& properties, Session& session) {
  Csv csv(session.out(), HeadingsOf(properties));
  for (const v1::FoundEntity& found : response.found()) {
    csv.AddRow(RowOf(found, properties));
  }
  session.err() << MomentText(response.moment()) << "\n";
}

void PrintNext(const std::string& next, Session& session) {
  if (next.empty()) return;
  session.err() << "There are more, or may be; go on with the same command "
                   "and --page-token "
                << next << "\n";
}

absl::StatusOr<Answer> RunFind(const FindArgs& args, Session& session) {
  ASSIGN_OR_RETURN(const v1::FindRequest request, MakeRequest(args, session));
  ASSIGN_OR_RETURN(const v1::FindResponse response,
                   session.Connect().Find(request));
  const std::string& next = response.next_page_token();
  const bool is_none = response.found().empty() && next.empty();
  const Answer answer = is_none ? Answer::kNo : Answer::kYes;
  if (session.IsFormat("csv")) {
    PrintCsv(response, PropertiesOf(request), session);
    PrintNext(next, session);
    return answer;
  }
  ASSIGN_OR_RETURN(const bool printed, session.PrintJson(response));
  if (printed) return answer;
  if (is_none) {
    session.out() << "No entity is so " << MomentText(response.moment())
                  << ".\n";
    return answer;
  }
  if (response.found().empty()) {
    session.out() << "None so far.\n";
  } else {
    PrintFound(response, PropertiesOf(request), session);
  }
  session.out() << "\n"
                << (next.empty() ? "Complete. (" : "Not complete. (")
                << MomentText(response.moment()) << ")\n";
  PrintNext(next, session);
  return answer;
}

}  // namespace

void AddFind(CLI::App& app, Session& session) {
  auto args = std::make_shared<FindArgs>();
  CLI::App* find =
      app.add_subcommand("find", "Find entities by what is known of them");
  find->add_option("terms", args->terms,
                   "A label, as in: Company; and conditions, as in: "
                   "'founded>=2016' with =, <, <=, > or >=");
  find->add_option("--has", args->properties,
                   "Only entities with some value of this property")
      ->allow_extra_args(false);
  AddReadOptions(*find, args->read);
  find->add_option("--page-size", args->page_size,
                   "Entities to list, 100 unless told, at most 1000");
  find->add_option("--page-token", args->page_token,
                   "Go on behind the last page");
  find->footer("Example: guanxi find Company 'founded>=2016'");
  find->callback([args, &session] { session.Finish(RunFind(*args, session)); });
}

}  // namespace guanxi::cli
