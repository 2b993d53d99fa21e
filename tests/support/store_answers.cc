#include "tests/support/store_answers.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/traverse/neighbourhood.h"

namespace guanxi::test {
namespace {

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
  std::vector<RelationshipAnswer> answers;
  for (const RelationshipView& view : views) {
    answers.push_back(ToAnswer(view, question));
  }
  return answers;
}

absl::StatusOr<RelationshipsAnswer> ReadRelationshipsAnswer(
    const store::Snapshot& snapshot, const std::string& key,
    const Question& question, const std::string& type) {
  RelationshipsAnswer answer;
  ASSIGN_OR_RETURN(const auto entity, snapshot.FindEntity(key));
  if (!entity.has_value()) return answer;
  traverse::NeighbourhoodSpec spec;
  spec.traversal.lens = question.lens;
  if (!type.empty()) spec.traversal.types = {type};
  ASSIGN_OR_RETURN(const auto found,
                   traverse::FindNeighbourhood(snapshot, *entity, spec));
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

}  // namespace guanxi::test
