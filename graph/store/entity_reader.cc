#include <algorithm>
#include <utility>

#include "graph/base/status_macros.h"
#include "graph/model/identifier.h"
#include "graph/store/showing.h"
#include "graph/store/view_reader.h"

namespace guanxi::store {
namespace {

std::vector<std::string> WithAncestors(const std::vector<LabelView>& labels,
                                       const Schema& schema) {
  std::vector<std::string> all;
  for (const LabelView& label : labels) {
    for (std::string& name : schema.WithAncestors(label.label)) {
      all.push_back(std::move(name));
    }
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

}  // namespace

absl::StatusOr<EntityView> EntityReader::Read(
    const StoredEntity& stored, absl::string_view property) const {
  OwnerEvidence claims(at_, stored);
  EntityView view{.key = stored.key};
  for (const RecordFact& fact : stored.facts) {
    const bool asked = property.empty() ||
                       fact.key.kind != FactKind::kProperty ||
                       fact.key.name == property;
    if (asked) RETURN_IF_ERROR(AddFact(fact, claims, view));
    view.in_view = view.in_view || !ShowFact(fact, lens_).empty();
  }
  view.all_labels = WithAncestors(view.labels, at_.catalog.schema);
  return view;
}

absl::Status EntityReader::AddFact(const RecordFact& fact,
                                   OwnerEvidence& claims,
                                   EntityView& view) const {
  if (fact.key.kind == FactKind::kExistence) return absl::OkStatus();
  for (const Stretch& stretch : ShowFact(fact, lens_)) {
    ASSIGN_OR_RETURN(Showing showing,
                     MakeShowing(fact, *stretch.slice, stretch.days, lens_,
                                 evidence_, claims));
    if (fact.key.kind == FactKind::kLabel) {
      view.labels.push_back({fact.key.name, std::move(showing)});
      continue;
    }
    const Winner& winner = fact.winners[stretch.slice->winner];
    view.properties.push_back(
        {fact.key, winner.value, winner.qualifiers, std::move(showing),
         IdentifierProblem(at_.catalog.schema, fact.key.name, winner.value)
             .value_or("")});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<FactClaims>> EntityReader::ReadClaims(
    const StoredEntity& stored, absl::string_view property) const {
  OwnerEvidence claims(at_, stored);
  std::vector<FactClaims> result;
  for (const RecordFact& fact : stored.facts) {
    if (!property.empty() &&
        (fact.key.kind != FactKind::kProperty || fact.key.name != property)) {
      continue;
    }
    const std::vector<Stretch> shown = ShowFact(fact, lens_);
    ASSIGN_OR_RETURN(FactClaims listed,
                     ListClaims(fact, shown.empty() ? nullptr : &shown.back(),
                                lens_, claims));
    listed.entity = stored.key;
    result.push_back(std::move(listed));
  }
  return result;
}

std::vector<Text> ShownNames(const std::vector<RecordFact>& facts,
                             const Lens& lens) {
  std::vector<Text> names;
  for (const RecordFact& fact : facts) {
    if (fact.key.kind != FactKind::kProperty || fact.key.name != kNameProperty)
      continue;
    for (const Stretch& stretch : ShowFact(fact, lens)) {
      const Value& value = fact.winners[stretch.slice->winner].value;
      if (const Text* text = value.get_if<Text>()) names.push_back(*text);
    }
  }
  return names;
}

std::vector<std::string> ShownLabels(const std::vector<RecordFact>& facts,
                                     const Catalog& catalog, const Lens& lens) {
  std::vector<LabelView> labels;
  for (const RecordFact& fact : facts) {
    if (fact.key.kind != FactKind::kLabel) continue;
    if (!ShowFact(fact, lens).empty()) labels.push_back({fact.key.name, {}});
  }
  return WithAncestors(labels, catalog.schema);
}

}  // namespace guanxi::store
