#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include <CLI/CLI.hpp>

#include "client/cli/commands.h"
#include "client/cli/csv.h"
#include "client/cli/fact_text.h"
#include "client/cli/options.h"
#include "client/cli/prose.h"
#include "client/cli/table.h"
#include "client/cli/value_text.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

struct ClaimsArgs {
  std::string entity;
  std::string name;
  std::string other;
  int32_t page_size = 0;
  std::string page_token;
};

// How the fact stands, behind what it is.
std::string StandingText(const v1::Fact& fact) {
  if (!fact.has_showing()) return "  (not shown)";
  const std::string flags = FlagsText(fact.showing());
  return flags.empty() ? "" : absl::StrCat("  (", flags, ")");
}

std::string NotesText(const v1::Claim& claim) {
  std::string text = claim.note();
  if (!claim.by().empty()) {
    text = absl::StrCat("by ", claim.by(), text.empty() ? "" : "; ", text);
  }
  return text;
}

void PrintFact(const v1::Fact& fact, Session& session) {
  session.Print(absl::StrCat(FactText(fact), StandingText(fact)));
  Table table({"VALUE", "WHEN", "SOURCE", "MODE", "VERDICT", "NOTES"});
  for (const v1::Claim& claim : fact.claims()) {
    table.AddRow({ClaimText(fact, claim), ToText(claim.valid()),
                  claim.has_citation() ? ToText(claim.citation()) : "no source",
                  ModeName(claim.mode()), VerdictText(claim),
                  NotesText(claim)});
  }
  table.Print(session.out(), session.width(), kIndent);
  session.out() << "\n";
}

// One word of a source's description.
std::string Word(const v1::Source& source, const std::string& name) {
  const auto entry = source.description().find(name);
  return entry == source.description().end() ? "" : ToText(entry->second);
}

// What kind of source it is, and whence it has what it says.
std::string OriginText(const v1::Source& source) {
  std::string text = Word(source, "kind");
  const std::string published = Word(source, "published");
  if (!published.empty()) absl::StrAppend(&text, ", published ", published);
  const auto roots = source.description().find("derived_from");
  if (roots == source.description().end()) return text;
  absl::StrAppend(&text, ", derived from");
  const bool is_list = roots->second.has_list_value();
  if (!is_list) absl::StrAppend(&text, " ", ToText(roots->second));
  for (const v1::Value& root : roots->second.list_value().values()) {
    absl::StrAppend(&text, " ", ToText(root));
  }
  return text;
}

std::string TitleText(const v1::Source& source) {
  const std::string title = Word(source, "title");
  return title.empty() ? Word(source, "url") : title;
}

void PrintSources(const v1::ListClaimsResponse& response, Session& session) {
  if (response.sources().empty()) return;
  Table table({"SOURCE", "CLASS", "WHAT IT IS"});
  for (const v1::Source& source : response.sources()) {
    table.AddRow(
        {source.id(), Word(source, "reliability"), OriginText(source)});
    const std::string title = TitleText(source);
    if (!title.empty()) table.AddRow({"", "", title});
  }
  table.Print(session.out(), session.width(), 0);
}

void PrintNext(const v1::ListClaimsResponse& response, Session& session) {
  if (response.next_page_token().empty()) return;
  session.err() << "There are more; go on with: --page-token "
                << response.next_page_token() << "\n";
}

void PrintCsv(const v1::ListClaimsResponse& response, Session& session) {
  Csv csv(session.out(), {"fact", "value", "when", "source", "mode", "verdict",
                          "notes", "claim"});
  for (const v1::Fact& fact : response.facts()) {
    for (const v1::Claim& claim : fact.claims()) {
      csv.AddRow({FactText(fact), ClaimText(fact, claim), ToText(claim.valid()),
                  claim.has_citation() ? ToText(claim.citation()) : "",
                  ModeName(claim.mode()), VerdictText(claim), NotesText(claim),
                  claim.id()});
    }
  }
  session.err() << MomentText(response.moment()) << "\n";
  PrintNext(response, session);
}

void PrintAnswer(const v1::ListClaimsResponse& response, Session& session) {
  for (const v1::Fact& fact : response.facts()) PrintFact(fact, session);
  PrintSources(response, session);
  session.out() << "\n" << MomentText(response.moment()) << "\n";
  PrintNext(response, session);
}

absl::StatusOr<Answer> RunClaims(const ClaimsArgs& args, Session& session) {
  v1::ListClaimsRequest request;
  request.set_entity(args.entity);
  request.set_name(args.name);
  request.set_other(args.other);
  *request.mutable_options() = ToProto(ReadArgs(), session);
  request.set_page_size(args.page_size);
  request.set_page_token(args.page_token);
  ASSIGN_OR_RETURN(const v1::ListClaimsResponse response,
                   session.Connect().ListClaims(request));
  const bool is_none = response.facts().empty();
  const Answer answer = is_none ? Answer::kNo : Answer::kYes;
  if (session.IsFormat("csv")) {
    PrintCsv(response, session);
    return answer;
  }
  ASSIGN_OR_RETURN(const bool printed, session.PrintJson(response));
  if (printed) return answer;
  if (is_none) {
    session.out() << "No claims.\n";
    return answer;
  }
  PrintAnswer(response, session);
  return answer;
}

}  // namespace

void AddClaims(CLI::App& app, Session& session) {
  auto args = std::make_shared<ClaimsArgs>();
  CLI::App* claims = app.add_subcommand(
      "claims", "Show who claims what, and why one claim is preferred");
  claims
      ->add_option("entity", args->entity,
                   "Key or unique name, as in: cambricon")
      ->required();
  claims->add_option("name", args->name,
                     "Property or relationship type, as in: revenue");
  claims->add_option("--with", args->other,
                     "Only relationships with this entity, as in: cas");
  claims->add_option("--page-size", args->page_size,
                     "Facts to show, 100 unless told, at most 1000");
  claims->add_option("--page-token", args->page_token,
                     "Go on behind the last page");
  claims->footer(
      "Exits with 1 if there are no claims.\n"
      "Example: guanxi claims cambricon revenue");
  claims->callback(
      [args, &session] { session.Finish(RunClaims(*args, session)); });
}

}  // namespace guanxi::cli
