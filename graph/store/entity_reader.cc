#include <algorithm>
#include <set>
#include <utility>

#include "graph/base/status_macros.h"
#include "graph/model/identifier.h"
#include "graph/store/showing.h"
#include "graph/store/view_reader.h"

namespace guanxi::store {
namespace {

std::vector<std::string> WithAncestors(const std::vector<LabelView>& labels,
                                       const Schema& schema) {
  std::set<std::string> all;
  for (const LabelView& label : labels) {
    for (std::string& name : schema.WithAncestors(label.label)) {
      all.insert(std::move(name));
    }
  }
  return {all.begin(), all.end()};
}

}  // namespace

absl::StatusOr<EntityView> EntityReader::Read(
    EntityId id, const RecordView& record, absl::string_view property) const {
  ASSIGN_OR_RETURN(const EntityHead head, record.ReadEntityHead());
  ASSIGN_OR_RETURN(const std::vector<RecordFact> facts,
                   ReadFacts(record, context_.catalog));
  OwnerEvidence claims(context_, Owner::Of(id), nullptr, facts);
  EntityView view{.key = head.key};
  for (const RecordFact& fact : facts) {
    const bool asked = property.empty() ||
                       fact.key.kind != FactKind::kProperty ||
                       fact.key.name == property;
    if (asked) RETURN_IF_ERROR(AddFact(fact, claims, view));
    view.in_view = view.in_view || !ShowFact(fact, lens_).empty();
  }
  view.all_labels = WithAncestors(view.labels, context_.catalog.schema);
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
         IdentifierProblem(context_.catalog.schema, fact.key.name, winner.value)
             .value_or("")});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<FactClaims>> EntityReader::ReadClaims(
    EntityId id, const RecordView& record, absl::string_view property) const {
  ASSIGN_OR_RETURN(const EntityHead head, record.ReadEntityHead());
  ASSIGN_OR_RETURN(const std::vector<RecordFact> facts,
                   ReadFacts(record, context_.catalog));
  OwnerEvidence claims(context_, Owner::Of(id), nullptr, facts);
  std::vector<FactClaims> result;
  for (const RecordFact& fact : facts) {
    if (!property.empty() &&
        (fact.key.kind != FactKind::kProperty || fact.key.name != property)) {
      continue;
    }
    const std::vector<Stretch> shown = ShowFact(fact, lens_);
    ASSIGN_OR_RETURN(FactClaims listed,
                     ListClaims(fact, shown.empty() ? nullptr : &shown.back(),
                                lens_, claims));
    listed.entity = head.key;
    result.push_back(std::move(listed));
  }
  return result;
}

absl::StatusOr<std::vector<std::string>> ReadShownLabels(
    const RecordView& record, const Catalog& catalog, const Lens& lens) {
  std::vector<LabelView> labels;
  for (size_t i = 0; i < record.fact_count(); ++i) {
    if (record.kind(i) != FactKind::kLabel) continue;
    ASSIGN_OR_RETURN(const RecordFact fact, record.ReadFact(i, catalog));
    if (!ShowFact(fact, lens).empty()) labels.push_back({fact.key.name, {}});
  }
  return WithAncestors(labels, catalog.schema);
}

}  // namespace guanxi::store
