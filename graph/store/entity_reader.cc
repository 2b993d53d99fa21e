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
  EntityView view{.key = stored.key};
  const auto add = [&](PropertyView&& shown) {
    view.in_view = true;
    Add(std::move(shown), property, view);
  };
  if (evidence_ == Evidence::kNone) {
    RETURN_IF_ERROR(ForEachShown(stored, kAllFacts, at_.catalog, lens_, add));
  } else {
    RETURN_IF_ERROR(ShowWithClaims(stored, add));
  }
  view.all_labels = WithAncestors(view.labels, at_.catalog.schema);
  return view;
}

absl::Status EntityReader::ShowWithClaims(const StoredEntity& stored,
                                          TakeShown take) const {
  OwnerEvidence claims(at_, stored);
  for (const RecordFact& fact : stored.facts) {
    for (const Stretch& stretch : ShowFact(fact.slices, lens_)) {
      ASSIGN_OR_RETURN(Showing showing,
                       MakeShowing(fact, stretch, lens_, evidence_, claims));
      const Winner& winner = fact.winners[stretch.slice->winner];
      take({fact.key, winner.value, winner.qualifiers, std::move(showing), {}});
    }
  }
  return absl::OkStatus();
}

void EntityReader::Add(PropertyView&& shown, absl::string_view property,
                       EntityView& view) const {
  if (shown.key.kind == FactKind::kLabel) {
    view.labels.push_back(
        {std::move(shown.key.name), std::move(shown.showing)});
  } else if (shown.key.kind == FactKind::kProperty &&
             (property.empty() || shown.key.name == property)) {
    shown.identifier_problem =
        IdentifierProblem(at_.catalog.schema, shown.key.name, shown.value)
            .value_or("");
    view.properties.push_back(std::move(shown));
  }
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
    const Stretches shown = ShowFact(fact.slices, lens_);
    ASSIGN_OR_RETURN(FactClaims listed,
                     ListClaims(fact, shown.empty() ? nullptr : &shown.back(),
                                lens_, claims));
    listed.entity = stored.key;
    result.push_back(std::move(listed));
  }
  return result;
}

absl::StatusOr<EntitySummary> EntityReader::Summarise(
    const StoredEntity& stored) const {
  EntitySummary summary{.key = stored.key};
  std::vector<LabelView> labels;
  const auto add = [&](PropertyView&& shown) {
    if (shown.key.kind == FactKind::kLabel) {
      labels.push_back({std::move(shown.key.name), {}});
    } else if (shown.key.name == kNameProperty) {
      const Text* text = shown.value.get_if<Text>();
      if (text != nullptr) summary.names.push_back(*text);
    }
  };
  RETURN_IF_ERROR(ForEachShown(stored,
                               {.labels = true, .property = kNameProperty},
                               at_.catalog, lens_, add));
  summary.labels = WithAncestors(labels, at_.catalog.schema);
  return summary;
}

}  // namespace guanxi::store
