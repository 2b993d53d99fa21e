#include "tests/support/store_answers.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/store/fact_history.h"
#include "graph/traverse/diff.h"
#include "graph/traverse/neighbourhood.h"
#include "tests/support/bare_view.h"

namespace guanxi::test {
namespace {

constexpr size_t kMostEvents = 1000;

// What a claim says of the fact: the value, a property or the date.
std::string ValueIn(const Claim& claim, const FactKey& fact,
                    bool of_relationship) {
  if (fact.kind == FactKind::kDate) {
    return claim.valid.when.has_value() ? claim.valid.when->ToString() : "";
  }
  if (!of_relationship) {
    return claim.value.is_null() ? "" : claim.value.ToDisplay();
  }
  const auto found = claim.properties.find(fact.name);
  return found == claim.properties.end() ? "" : found->second.ToDisplay();
}

ShownFact ToShownFact(const FactKey& fact, const Showing& showing,
                      const Question& question, bool of_relationship) {
  ShownFact shown = {.kind = fact.kind,
                     .name = fact.name,
                     .time = fact.time,
                     .days = fact.days,
                     .keys = fact.qualifiers,
                     .unit = fact.unit,
                     .language = fact.language,
                     .holds = showing.holds,
                     .conflict = showing.conflict,
                     .disputed = showing.disputed,
                     .undated = showing.undated,
                     .mode = showing.mode,
                     .confidence = showing.confidence,
                     .losers_vary = question.evidence != Evidence::kAll};
  if (fact.element.has_value()) shown.element = fact.element->ToString();
  if (!question.lens.valid_at.has_value()) shown.slice = showing.days;
  for (const ClaimView& view : showing.claims) {
    if (view.verdict == Verdict::kShown && !showing.implicit) {
      shown.claim = view.claim.id;
    }
    if (view.verdict != Verdict::kLost) continue;
    shown.losers.push_back(
        {ValueIn(view.claim, fact, of_relationship), view.rule});
  }
  std::ranges::sort(shown.losers);
  return shown;
}

ShownFact ToShownFact(const PropertyView& view, const Question& question,
                      bool of_relationship) {
  ShownFact shown =
      ToShownFact(view.key, view.showing, question, of_relationship);
  shown.value = view.value.ToDisplay();
  shown.qualifiers = view.qualifiers;
  return shown;
}

bool InOrder(const PropertyView& a, const PropertyView& b) {
  if (a.key.name != b.key.name) return a.key.name < b.key.name;
  const DayRange& first = a.key.days;
  const DayRange& second = b.key.days;
  if (first.first != second.first) return second.first < first.first;
  return second.last <= first.last;
}

absl::Status CheckOrder(const std::vector<PropertyView>& properties) {
  for (size_t i = 1; i < properties.size(); ++i) {
    if (InOrder(properties[i - 1], properties[i])) continue;
    return absl::InternalError(absl::StrCat(
        "properties out of order: ", properties[i - 1].key.name, " = ",
        properties[i - 1].value.ToString(), " before ", properties[i].key.name,
        " = ", properties[i].value.ToString()));
  }
  return absl::OkStatus();
}

RelationshipAnswer ToAnswer(const RelationshipView& view,
                            const Question& question) {
  RelationshipAnswer answer = {.type = view.key.type,
                               .from = view.key.subject,
                               .to = view.key.object,
                               .keys = view.key.keys,
                               .name = view.key.name,
                               .denied = view.denied};
  answer.existence = ToShownFact(FactKey{}, view.showing, question, true);
  // Parts of a slice are not sliced themselves.
  const Question day = {.lens = {.valid_at = kBeginningOfTime},
                        .evidence = question.evidence};
  if (view.date.has_value()) {
    answer.date = ToShownFact(FactKey{.kind = FactKind::kDate},
                              view.date->showing, day, true);
    answer.date->value = view.date->date.ToString();
  }
  for (const PropertyView& property : view.properties) {
    answer.properties.push_back(ToShownFact(property, day, true));
  }
  return answer;
}

absl::Status OtherWithoutClaims(absl::string_view name) {
  return absl::InternalError(
      absl::StrCat(name, " is said otherwise where no claims are asked for"));
}

// By what a claim is told from others: one that is implicit has no id.
using ClaimName = std::pair<std::string, FactKey>;

// Follows an event, the oldest first: closes the belief that it ended, opens
// the one that it began.
void Follow(const store::HistoryEvent& event,
            std::map<ClaimName, ClaimAnswer>& open,
            std::vector<ClaimAnswer>& closed) {
  using Kind = store::EventKind;
  if (event.kind == Kind::kPurged) return;
  const ClaimName name = {event.claim->id, event.fact};
  if (const auto standing = open.find(name); standing != open.end()) {
    closed.push_back(std::move(standing->second));
    closed.back().until = event.revision.number;
    open.erase(standing);
  }
  static const auto& begins =
      *new std::set<Kind>{Kind::kBelieved, Kind::kBelievedAgain, Kind::kEnded,
                          Kind::kImplicitSet, Kind::kImplicitReplaced};
  if (!begins.contains(event.kind)) return;
  open[name] = {.value = ValueIn(*event.claim, event.fact, false),
                .claim = *event.claim,
                .since = event.revision.number};
}

// nullopt: what the answers do not tell, that an entity is known, that another
// claim shows the same, how surely it holds, and that entities are one.
std::optional<Change> ToChange(const store::FactChange& change) {
  static const auto& kinds = *new std::map<store::ChangeKind, Change::Kind>{
      {store::ChangeKind::kAdded, Change::Kind::kAdded},
      {store::ChangeKind::kCorrected, Change::Kind::kCorrected},
      {store::ChangeKind::kRetracted, Change::Kind::kRetracted},
      {store::ChangeKind::kEnded, Change::Kind::kEnded},
      {store::ChangeKind::kValueChanged, Change::Kind::kChanged}};
  const auto kind = kinds.find(change.kind);
  const bool of_entity = !change.relationship.has_value();
  const bool existence = change.fact.kind == FactKind::kExistence;
  if (kind == kinds.end() || (of_entity && existence)) return std::nullopt;
  Change told = {.kind = kind->second};
  const auto value = [](const std::optional<store::ShownFact>& shown) {
    const bool any = shown.has_value() && !shown->value.is_null();
    return any ? shown->value.ToDisplay() : std::string();
  };
  told.before = value(change.before);
  told.after = value(change.after);
  const bool alike = told.before == told.after;
  if (told.kind == Change::Kind::kChanged && alike) return std::nullopt;
  const std::string name = ToShownFact(change.fact, {}, {}, !of_entity).Name();
  if (of_entity) {
    const bool label = change.fact.kind == FactKind::kLabel;
    told.fact = absl::StrCat(label ? ":" : "", name);
    return told;
  }
  const RelationshipKey& key = *change.relationship;
  told.fact = RelationshipAnswer{.type = key.type,
                                 .from = key.subject,
                                 .to = key.object,
                                 .keys = key.keys,
                                 .name = key.name}
                  .Name();
  if (!existence) absl::StrAppend(&told.fact, ".", name);
  return told;
}

}  // namespace

absl::StatusOr<EntityAnswer> ReadEntityAnswer(const store::Snapshot& snapshot,
                                              const std::string& key,
                                              const Question& question,
                                              const std::string& property) {
  EntityAnswer answer = {.key = key};
  ASSIGN_OR_RETURN(const auto id, snapshot.FindEntity(key));
  if (!id.has_value()) return answer;
  ASSIGN_OR_RETURN(const EntityView view,
                   snapshot.ReadEntity(*id, question.lens, question.evidence,
                                       {.property = property}));
  RETURN_IF_ERROR(CheckOrder(view.properties));
  ASSIGN_OR_RETURN(const EntityView bare,
                   snapshot.ReadEntity(*id, question.lens, Evidence::kNone,
                                       {.property = property}));
  if (!SayTheSame(view, bare)) return OtherWithoutClaims(key);
  answer.key = view.key;
  answer.members = view.members;
  answer.in_view = view.in_view;
  answer.labels = view.all_labels;
  for (const LabelView& label : view.labels) {
    answer.facts.push_back(
        ToShownFact(FactKey{.kind = FactKind::kLabel, .name = label.label},
                    label.showing, question, false));
  }
  for (const PropertyView& one : view.properties) {
    answer.facts.push_back(ToShownFact(one, question, false));
  }
  return answer;
}

absl::StatusOr<std::vector<RelationshipAnswer>> ReadRelationshipAnswers(
    const store::Snapshot& snapshot, RelationshipId id,
    const Question& question) {
  ASSIGN_OR_RETURN(const auto views, snapshot.ReadRelationship(
                                         id, question.lens, question.evidence));
  ASSIGN_OR_RETURN(const auto bare, snapshot.ReadRelationship(id, question.lens,
                                                              Evidence::kNone));
  if (!SayTheSame(views, bare)) {
    return OtherWithoutClaims(absl::StrCat("relationship ", id.value));
  }
  std::vector<RelationshipAnswer> answers;
  for (const RelationshipView& view : views) {
    answers.push_back(ToAnswer(view, question));
  }
  return answers;
}

absl::StatusOr<RelationshipsAnswer> ReadRelationshipsAnswer(
    const topology::Ground& ground, const std::string& key,
    const Question& question, const std::string& type) {
  const store::Snapshot& snapshot = ground.snapshot;
  RelationshipsAnswer answer;
  ASSIGN_OR_RETURN(const auto entity, snapshot.FindEntity(key));
  if (!entity.has_value()) return answer;
  traverse::NeighbourhoodSpec spec;
  spec.traversal.lens = question.lens;
  if (!type.empty()) spec.traversal.types = {type};
  ASSIGN_OR_RETURN(const auto found,
                   traverse::FindNeighbourhood(ground, *entity, spec));
  if (found.completeness.outcome != traverse::Outcome::kComplete) {
    return absl::InternalError("expected a complete neighbourhood");
  }
  answer.left_out = found.completeness.left_out;
  answer.hidden = std::exchange(answer.left_out.hidden, 0);
  for (const RelationshipId id : found.relationships) {
    ASSIGN_OR_RETURN(auto answers,
                     ReadRelationshipAnswers(snapshot, id, question));
    if (answers.empty()) {
      return absl::InternalError("a relationship was taken but is not shown");
    }
    std::ranges::move(answers, std::back_inserter(answer.relationships));
  }
  return answer;
}

absl::StatusOr<ClusterAnswer> ReadClusterAnswer(const store::Snapshot& snapshot,
                                                const std::string& key,
                                                const Lens& lens) {
  ClusterAnswer answer = {.canonical = key, .members = {key}};
  ASSIGN_OR_RETURN(const auto id, snapshot.FindEntity(key));
  if (!id.has_value()) return answer;
  ASSIGN_OR_RETURN(const EntityView view,
                   snapshot.ReadEntity(*id, lens, Evidence::kNone));
  answer.canonical = view.key;
  if (!view.members.empty()) answer.members = view.members;
  answer.blocked_by = view.blocked_by;
  return answer;
}

absl::StatusOr<std::vector<ClaimAnswer>> ReadClaimAnswers(
    const store::Snapshot& snapshot, const std::string& key,
    const std::string& property) {
  std::vector<ClaimAnswer> answers;
  ASSIGN_OR_RETURN(const auto entity, snapshot.FindEntity(key));
  if (!entity.has_value()) return answers;
  ASSIGN_OR_RETURN(const auto facts,
                   snapshot.EntityClaims(*entity, {}, property));
  for (const FactClaims& fact : facts) {
    for (const ClaimView& view : fact.claims) {
      answers.push_back({.value = ValueIn(view.claim, fact.key, false),
                         .claim = view.claim,
                         .since = view.since.number});
    }
  }
  return answers;
}

absl::StatusOr<std::vector<ClaimAnswer>> ReadHistoryAnswers(
    const store::Snapshot& snapshot, const std::string& key,
    const std::string& property) {
  std::vector<ClaimAnswer> answers;
  ASSIGN_OR_RETURN(const auto entity, snapshot.FindEntity(key));
  if (!entity.has_value()) return answers;
  ASSIGN_OR_RETURN(
      const store::HistoryPage page,
      store::ReadHistory(snapshot, {}, {.entity = *entity, .name = property},
                         {.limit = kMostEvents},
                         [] { return absl::OkStatus(); }));
  if (page.more) return absl::InternalError("expected a short history");
  std::map<ClaimName, ClaimAnswer> open;
  for (auto event = page.events.rbegin(); event != page.events.rend();
       ++event) {
    Follow(*event, open, answers);
  }
  for (auto& [name, answer] : open) answers.push_back(std::move(answer));
  return answers;
}

absl::StatusOr<std::vector<Change>> ReadChanges(const store::View& before,
                                                const store::View& after,
                                                const std::string& key) {
  ASSIGN_OR_RETURN(const auto entity, after.snapshot.FindEntity(key));
  if (!entity.has_value()) return absl::NotFoundError(key);
  ASSIGN_OR_RETURN(const traverse::Diff diff,
                   traverse::FindChanges(before, after, {.entity = *entity}));
  if (diff.completeness.outcome != traverse::Outcome::kComplete) {
    return absl::InternalError("expected a complete comparison");
  }
  std::vector<Change> changes;
  for (const store::FactChange& change : diff.changes) {
    if (const auto told = ToChange(change)) changes.push_back(*told);
  }
  std::ranges::sort(changes);
  return changes;
}

}  // namespace guanxi::test
