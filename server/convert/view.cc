#include "server/convert/view.h"

#include <algorithm>
#include <string>
#include <vector>

#include "graph/model/identifier.h"
#include "server/convert/claim.h"
#include "server/convert/enums.h"
#include "server/convert/value.h"

namespace guanxi::server {
namespace {

using server::ToProto;  // beside the ones below

constexpr absl::string_view kPreferredLanguage = "en";

// The name to show of those that an entity has, which stand by language.
std::string DisplayName(const std::vector<Text>& names) {
  if (names.empty()) return "";
  const auto preferred =
      std::ranges::find(names, kPreferredLanguage, &Text::language);
  return preferred == names.end() ? names.front().text : preferred->text;
}

std::vector<Text> NamesOf(const EntityView& view) {
  std::vector<Text> names;
  for (const PropertyView& property : view.properties) {
    if (property.key.name != kNameProperty) continue;
    if (const Text* text = property.value.get_if<Text>()) {
      names.push_back(*text);
    }
  }
  return names;
}

void WriteClaims(const std::vector<ClaimView>& claims,
                 google::protobuf::RepeatedPtrField<v1::Claim>* proto) {
  for (const ClaimView& claim : claims) *proto->Add() = ToProto(claim);
}

v1::Property ToProto(const PropertyView& view) {
  v1::Property proto;
  *proto.mutable_key() = ToProto(view.key);
  *proto.mutable_value() = ToProto(view.value);
  *proto.mutable_qualifiers() = ToProto(view.qualifiers);
  *proto.mutable_showing() = ToProto(view.showing);
  proto.set_identifier_problem(view.identifier_problem);
  return proto;
}

}  // namespace

v1::Showing ToProto(const Showing& showing) {
  v1::Showing proto;
  proto.set_first_day(DayToProto(showing.days.first));
  proto.set_last_day(DayToProto(showing.days.last));
  proto.set_holds(ToProto(kHolds, showing.holds));
  proto.set_conflict(showing.conflict);
  proto.set_disputed(showing.disputed);
  proto.set_undated(showing.undated);
  proto.set_mode(ToProto(kModes, showing.mode));
  proto.set_confidence(showing.confidence);
  proto.set_implicit(showing.implicit);
  WriteClaims(showing.claims, proto.mutable_claims());
  return proto;
}

v1::FactKey ToProto(const FactKey& key) {
  v1::FactKey proto;
  proto.set_kind(ToProto(kFactKinds, key.kind));
  proto.set_name(key.name);
  proto.set_time_kind(ToProto(kFactTimeKinds, key.time));
  if (key.time != ValidTime::Kind::kNone) {
    proto.set_time(PeriodToProto(key.days));
  }
  *proto.mutable_qualifiers() = ToProto(key.qualifiers);
  proto.set_unit(key.unit);
  proto.set_language(key.language);
  if (key.element.has_value()) {
    *proto.mutable_element() = ToProto(*key.element);
  }
  return proto;
}

v1::RelationshipKey ToProto(const RelationshipKey& key) {
  v1::RelationshipKey proto;
  proto.set_subject(key.subject);
  proto.set_type(key.type);
  proto.set_object(key.object);
  proto.set_name(key.name);
  *proto.mutable_keys() = ToProto(key.keys);
  return proto;
}

v1::Entity ToProto(const EntityView& view) {
  v1::Entity proto;
  proto.set_key(view.key);
  proto.set_name(DisplayName(NamesOf(view)));
  proto.set_in_view(view.in_view);
  proto.set_key_problem(IdentifierProblem(view.key).value_or(""));
  proto.mutable_labels()->Assign(view.all_labels.begin(),
                                 view.all_labels.end());
  proto.mutable_members()->Assign(view.members.begin(), view.members.end());
  for (const auto& [first, second] : view.blocked_by) {
    v1::EntityPair* pair = proto.add_blocked_by();
    pair->set_first(first);
    pair->set_second(second);
  }
  for (const LabelView& label : view.labels) {
    v1::Label* written = proto.add_claimed_labels();
    written->set_name(label.label);
    *written->mutable_showing() = ToProto(label.showing);
  }
  for (const PropertyView& property : view.properties) {
    *proto.add_properties() = ToProto(property);
  }
  return proto;
}

v1::Relationship ToProto(const RelationshipView& view) {
  v1::Relationship proto;
  *proto.mutable_key() = ToProto(view.key);
  proto.set_symmetric(view.symmetric);
  proto.set_denied(view.denied);
  *proto.mutable_showing() = ToProto(view.showing);
  if (view.date.has_value()) {
    *proto.mutable_date()->mutable_date() = ToProto(view.date->date);
    *proto.mutable_date()->mutable_showing() = ToProto(view.date->showing);
  }
  for (const PropertyView& property : view.properties) {
    *proto.add_properties() = ToProto(property);
  }
  return proto;
}

v1::Fact ToProto(const FactClaims& fact) {
  v1::Fact proto;
  proto.set_entity(fact.entity);
  if (fact.relationship.has_value()) {
    *proto.mutable_relationship() = ToProto(*fact.relationship);
  }
  *proto.mutable_key() = ToProto(fact.key);
  if (fact.showing.has_value()) {
    *proto.mutable_showing() = ToProto(*fact.showing);
  }
  WriteClaims(fact.claims, proto.mutable_claims());
  return proto;
}

v1::EntitySummary ToProto(const EntitySummary& summary) {
  v1::EntitySummary proto;
  proto.set_key(summary.key);
  proto.set_name(DisplayName(summary.names));
  proto.mutable_labels()->Assign(summary.labels.begin(), summary.labels.end());
  return proto;
}

}  // namespace guanxi::server
