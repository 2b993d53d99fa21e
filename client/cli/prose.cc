#include "client/cli/prose.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

#include "client/cli/value_text.h"

namespace guanxi::cli {
namespace {

constexpr absl::string_view kAnyDay = "any";

// Why a claim that lost by this rule did so.
const char* Why(v1::LossRule rule) {
  switch (rule) {
    case v1::LOSS_RULE_DEPRECATED:
      return "it is marked as deprecated";
    case v1::LOSS_RULE_IMPLICIT:
      return "it was written without a source";
    case v1::LOSS_RULE_RANK:
      return "another claim is marked as preferred";
    case v1::LOSS_RULE_TIER:
      return "the shown claim rests on a better class of source";
    case v1::LOSS_RULE_ROOTS:
      return "the shown claim rests on more independent sources";
    case v1::LOSS_RULE_PRECISION:
      return "the shown claim is more precise";
    case v1::LOSS_RULE_RECENCY:
      return "the shown claim was published later";
    case v1::LOSS_RULE_CONFIDENCE:
      return "the shown claim is held with more confidence";
    case v1::LOSS_RULE_ID:
      return "nothing else tells them apart, so the smaller id is shown";
    default:
      return "of a rule that this program does not know";
  }
}

const char* Reached(v1::StopReason reason) {
  switch (reason) {
    case v1::STOP_REASON_MAX_ENTITIES:
      return "as many entities were visited as may be (--max-entities)";
    case v1::STOP_REASON_MAX_RELATIONSHIPS:
      return "as many relationships were looked at as may be "
             "(--max-relationships)";
    case v1::STOP_REASON_MAX_RESULTS:
      return "the answer is as large as it may be (--limit)";
    case v1::STOP_REASON_MAX_BYTES:
      return "the search took as much memory as it may";
    case v1::STOP_REASON_DEADLINE:
      return "the time was up (--timeout)";
    case v1::STOP_REASON_MAX_LENGTH:
      return "there may be a longer way (--max-length, --max-distance)";
    case v1::STOP_REASON_MAX_PER_ENTITY:
      return "an entity has more relationships than were to be taken "
             "(--max-per-entity, --hop)";
    case v1::STOP_REASON_HUB:
      return "an entity has too many relationships (--hubs)";
    case v1::STOP_REASON_MAX_COST:
      return "there may be a path that costs more (--max-cost)";
    default:
      return "a limit was reached that this program does not know";
  }
}

void AddCount(int64_t count, absl::string_view what,
              std::vector<std::string>* parts) {
  if (count > 0) parts->push_back(absl::StrCat(count, " ", what));
}

std::string LeftOutText(const v1::LeftOut& left_out) {
  std::vector<std::string> parts;
  for (const v1::ModeCount& mode : left_out.modes()) {
    AddCount(mode.count(),
             absl::StrCat(ModeName(mode.mode()), " (--modes ",
                          ModeName(mode.mode()), ")"),
             &parts);
  }
  AddCount(left_out.unrecorded(), "not recorded for the day", &parts);
  AddCount(left_out.denied(), "denied", &parts);
  AddCount(left_out.uncertain(), "uncertain", &parts);
  AddCount(left_out.low_confidence(), "of low confidence", &parts);
  AddCount(left_out.hidden(), "between entities that are one", &parts);
  AddCount(left_out.unpriced(), "without a price (--otherwise)", &parts);
  for (const v1::HopLeftOut& hop : left_out.hops()) {
    const std::string step = absl::StrCat("at step ", hop.hop());
    AddCount(hop.capped(), absl::StrCat("beyond a cap ", step), &parts);
    AddCount(hop.to_hubs(), absl::StrCat("to hubs ", step), &parts);
    AddCount(hop.hubs(), absl::StrCat(hop.hubs() == 1 ? "hub " : "hubs ", step),
             &parts);
  }
  return absl::StrJoin(parts, ", ");
}

std::string OutcomeText(const v1::Completeness& completeness) {
  switch (completeness.outcome()) {
    case v1::OUTCOME_COMPLETE:
      return "Complete";
    case v1::OUTCOME_PROVEN_NONE:
      return "PROVEN_NONE: all that can be reached was searched";
    case v1::OUTCOME_TRUNCATED: {
      const std::string where = completeness.where().empty()
                                    ? ""
                                    : absl::StrCat(" ", completeness.where());
      return absl::StrCat("Not complete", where, ": ",
                          Reached(completeness.reason()));
    }
    default:
      return "An outcome that this program does not know";
  }
}

std::string DaysText(const v1::Showing& showing) {
  const std::string& first = showing.first_day();
  const std::string& last = showing.last_day();
  if (first.empty() && last.empty()) return "";
  if (last.empty()) return absl::StrCat("since ", first);
  if (first.empty()) return absl::StrCat("until ", last);
  return absl::StrCat(first, " to ", last);
}

}  // namespace

std::string LowerName(const std::string& enumerator, absl::string_view prefix) {
  return absl::AsciiStrToLower(absl::StripPrefix(enumerator, prefix));
}

std::string ModeName(v1::Mode mode) {
  return LowerName(v1::Mode_Name(mode), "MODE_");
}

std::string FlagsText(const v1::Showing& showing) {
  std::vector<std::string> flags;
  if (showing.holds() == v1::HOLDS_NO) flags.push_back("does not hold");
  if (showing.holds() == v1::HOLDS_MAYBE) flags.push_back("maybe");
  if (showing.mode() != v1::MODE_ASSERTED) {
    flags.push_back(ModeName(showing.mode()));
  }
  if (showing.conflict()) flags.push_back("conflict");
  if (showing.disputed()) flags.push_back("disputed");
  if (showing.undated()) flags.push_back("undated");
  return absl::StrJoin(flags, ", ");
}

std::string FlagsText(const v1::Relationship& relationship) {
  std::vector<std::string> flags;
  const std::string own = FlagsText(relationship.showing());
  if (!own.empty()) flags.push_back(own);
  if (relationship.date().showing().conflict()) {
    flags.push_back("conflict on the date");
  }
  for (const v1::Property& property : relationship.properties()) {
    const std::string& name = property.key().name();
    const v1::Showing& showing = property.showing();
    if (showing.conflict()) flags.push_back("conflict on " + name);
    if (showing.disputed()) flags.push_back("disputed on " + name);
  }
  return absl::StrJoin(flags, ", ");
}

std::string SourceText(const v1::Showing& showing) {
  if (showing.claims().empty()) return showing.implicit() ? "no source" : "";
  const v1::Claim& shown = showing.claims(0);
  return shown.has_citation() ? ToText(shown.citation()) : "no source";
}

std::string SourceText(const v1::Relationship& relationship) {
  std::vector<std::string> sources;
  const auto add = [&sources](const v1::Showing& showing) {
    const std::string text = SourceText(showing);
    const bool known =
        std::find(sources.begin(), sources.end(), text) != sources.end();
    if (!text.empty() && !known) sources.push_back(text);
  };
  if (relationship.has_date()) add(relationship.date().showing());
  for (const v1::Property& property : relationship.properties()) {
    add(property.showing());
  }
  if (sources.empty()) add(relationship.showing());
  return absl::StrJoin(sources, ", ");
}

std::string WhenText(const v1::Showing& showing,
                     const v1::ResolvedMoment& moment) {
  if (moment.valid_at() == kAnyDay) return DaysText(showing);
  return showing.claims().empty() ? "" : ToText(showing.claims(0).valid());
}

std::string VerdictText(const v1::Claim& claim) {
  switch (claim.verdict()) {
    case v1::VERDICT_SHOWN:
      return "shown";
    case v1::VERDICT_AGREES:
      return "agrees with the shown one";
    case v1::VERDICT_LOST:
      return absl::StrCat(
          "lost: ",
          LowerName(v1::LossRule_Name(claim.loss_rule()), "LOSS_RULE_"), " - ",
          Why(claim.loss_rule()));
    case v1::VERDICT_DENIES:
      return "denies it";
    case v1::VERDICT_NOT_HOLDING:
      return "not true on the day";
    case v1::VERDICT_OTHER_MODE:
      return "of a mode that is not shown";
    default:
      return "a verdict that this program does not know";
  }
}

std::string MomentText(const v1::ResolvedMoment& moment) {
  return absl::StrCat(moment.valid_at() == "any"
                          ? "on any day"
                          : absl::StrCat("on ", moment.valid_at()),
                      ", revision ", moment.revision());
}

std::string CompletenessText(const v1::Completeness& completeness) {
  std::string text = absl::StrCat(OutcomeText(completeness), ".");
  const std::string left_out = LeftOutText(completeness.left_out());
  if (!left_out.empty()) absl::StrAppend(&text, " Left out: ", left_out, ".");
  return text;
}

std::string ResumeText(const v1::Completeness& completeness) {
  const std::string& token = completeness.resume_token();
  if (token.empty()) return "";
  return absl::StrCat("For more, add: --resume ", token, "\n");
}

}  // namespace guanxi::cli
