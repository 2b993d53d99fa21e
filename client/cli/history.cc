#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include <CLI/CLI.hpp>

#include "client/cli/commands.h"
#include "client/cli/fact_text.h"
#include "client/cli/options.h"
#include "client/cli/prose.h"
#include "client/cli/table.h"
#include "client/cli/value_text.h"
#include "graph/base/status_macros.h"

namespace guanxi::cli {
namespace {

struct HistoryArgs {
  std::string entity;
  std::string name;
  std::string other;
  int32_t page_size = 0;
  std::string page_token;
};

std::string EventText(const v1::HistoryEvent& event) {
  switch (event.kind()) {
    case v1::EVENT_KIND_BELIEVED:
      return "believed";
    case v1::EVENT_KIND_BELIEVED_AGAIN:
      return "believed again";
    case v1::EVENT_KIND_ENDED:
      return "ended";
    case v1::EVENT_KIND_CORRECTED:
      return event.corrected_by().empty()
                 ? "corrected"
                 : absl::StrCat("corrected by ", event.corrected_by());
    case v1::EVENT_KIND_RETRACTED:
      return "retracted";
    case v1::EVENT_KIND_DELETED:
      return "deleted";
    case v1::EVENT_KIND_PURGED:
      return "purged";
    case v1::EVENT_KIND_IMPLICIT_SET:
      return "written";
    case v1::EVENT_KIND_IMPLICIT_REPLACED:
      return "written over";
    case v1::EVENT_KIND_IMPLICIT_REMOVED:
      return "removed";
    default:
      return "an event that this program does not know";
  }
}

// Which fact, in the words of `claims`.
v1::Fact FactOf(const v1::HistoryEvent& event) {
  v1::Fact fact;
  fact.set_entity(event.entity());
  if (event.has_relationship()) {
    *fact.mutable_relationship() = event.relationship();
  }
  *fact.mutable_key() = event.fact();
  return fact;
}

// Why, as was said then: "from s1:3, by Li: misread".
std::string ReasonText(const v1::ChangeReason& reason) {
  std::string text;
  for (const v1::Citation& citation : reason.citations()) {
    absl::StrAppend(&text, text.empty() ? "from " : ", ", ToText(citation));
  }
  if (!reason.by().empty()) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", "by ", reason.by());
  }
  if (reason.note().empty()) return text;
  return absl::StrCat(text, text.empty() ? "" : ": ", reason.note());
}

// "revision 3, 2025-09-30 12:00:00 UTC, by wei: from the register".
std::string CommitText(const v1::HistoryEvent& event) {
  const absl::Time time = absl::FromUnixSeconds(event.time().seconds());
  std::string text = absl::StrCat(
      "revision ", event.revision(), ", ",
      absl::FormatTime("%Y-%m-%d %H:%M:%S UTC", time, absl::UTCTimeZone()));
  if (!event.author().empty()) {
    absl::StrAppend(&text, ", by ", event.author());
  }
  if (event.commit_note().empty()) return text;
  return absl::StrCat(text, ": ", event.commit_note());
}

// The mode where a reader would not expect it: "negated".
std::string UnusualMode(const v1::Claim& claim) {
  return claim.mode() == v1::MODE_ASSERTED ? "" : ModeName(claim.mode());
}

void AddEvent(const v1::HistoryEvent& event, Table& table) {
  const v1::Fact fact = FactOf(event);
  const v1::Claim& claim = event.claim();
  if (!event.has_claim()) {
    table.AddRow({EventText(event), absl::StrCat(FactText(fact), "a claim"), "",
                  "", "", "", ReasonText(event.reason())});
    return;
  }
  table.AddRow({EventText(event), FactText(fact), ClaimText(fact, claim),
                ToText(claim.valid()),
                claim.has_citation() ? ToText(claim.citation()) : "no source",
                UnusualMode(claim), ReasonText(event.reason())});
}

void PrintAnswer(const v1::HistoryResponse& response, Session& session) {
  for (int i = 0; i < response.events_size();) {
    const v1::HistoryEvent& first = response.events(i);
    session.Print(CommitText(first));
    Table table({});
    for (; i < response.events_size() &&
           response.events(i).revision() == first.revision();
         ++i) {
      AddEvent(response.events(i), table);
    }
    table.Print(session.out(), session.width(), kIndent);
    session.out() << "\n";
  }
  session.out() << "up to revision " << response.moment().revision() << "\n";
  if (!response.next_page_token().empty()) {
    session.err() << "There are more; go on with: --page-token "
                  << response.next_page_token() << "\n";
  }
}

absl::StatusOr<Answer> RunHistory(const HistoryArgs& args, Session& session) {
  v1::HistoryRequest request;
  request.set_entity(args.entity);
  request.set_name(args.name);
  request.set_other(args.other);
  *request.mutable_options() = ToProto(ReadArgs(), session);
  request.set_page_size(args.page_size);
  request.set_page_token(args.page_token);
  ASSIGN_OR_RETURN(const v1::HistoryResponse response,
                   session.Connect().History(request));
  const bool is_none = response.events().empty();
  const Answer answer = is_none ? Answer::kNo : Answer::kYes;
  ASSIGN_OR_RETURN(const bool printed, session.PrintJson(response));
  if (printed) return answer;
  if (is_none) {
    session.out() << "Nothing happened.\n";
    return answer;
  }
  PrintAnswer(response, session);
  return answer;
}

}  // namespace

void AddHistory(CLI::App& app, Session& session) {
  auto args = std::make_shared<HistoryArgs>();
  CLI::App* history = app.add_subcommand(
      "history", "Show what happened to each claim, when, by whom and why");
  history
      ->add_option("entity", args->entity,
                   "Key or unique name, as in: cambricon")
      ->required();
  history->add_option("name", args->name,
                      "Property or relationship type, as in: revenue");
  history->add_option("--with", args->other,
                      "Only relationships with this entity, as in: cas");
  history->add_option("--page-size", args->page_size,
                      "Events to show, 100 unless told, at most 1000");
  history->add_option("--page-token", args->page_token,
                      "Go on behind the last page");
  history->footer(
      "The newest comes first; --known-at leaves out what came later. Exits\n"
      "with 1 if nothing happened.\n"
      "Example: guanxi history cambricon revenue");
  history->callback(
      [args, &session] { session.Finish(RunHistory(*args, session)); });
}

}  // namespace guanxi::cli
