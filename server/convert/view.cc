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

// Where a part that is empty would take memory, it is left as it is: messages
// are made for every fact of an answer.
void WriteMap(const Map& map, ProtoMap* proto) {
  if (!map.empty()) *proto = ToProto(map);
}

}  // namespace

void Write(const Showing& showing, v1::Showing* proto) {
  if (showing.days.first != kBeginningOfTime) {
    proto->set_first_day(DayToProto(showing.days.first));
  }
  if (showing.days.last != kEndOfTime) {
    proto->set_last_day(DayToProto(showing.days.last));
  }
  proto->set_holds(ToProto(kHolds, showing.holds));
  proto->set_conflict(showing.conflict);
  proto->set_disputed(showing.disputed);
  proto->set_undated(showing.undated);
  proto->set_mode(ToProto(kModes, showing.mode));
  proto->set_confidence(showing.confidence);
  proto->set_implicit(showing.implicit);
  WriteClaims(showing.claims, proto->mutable_claims());
}

void Write(const FactKey& key, v1::FactKey* proto) {
  proto->set_kind(ToProto(kFactKinds, key.kind));
  if (!key.name.empty()) proto->set_name(key.name);
  proto->set_time_kind(ToProto(kFactTimeKinds, key.time));
  if (key.time != ValidTime::Kind::kNone) {
    proto->set_time(PeriodToProto(key.days));
  }
  WriteMap(key.qualifiers, proto->mutable_qualifiers());
  if (!key.unit.empty()) proto->set_unit(key.unit);
  if (!key.language.empty()) proto->set_language(key.language);
  if (key.element.has_value()) Write(*key.element, proto->mutable_element());
}

void Write(const RelationshipKey& key, v1::RelationshipKey* proto) {
  proto->set_subject(key.subject);
  proto->set_type(key.type);
  proto->set_object(key.object);
  if (!key.name.empty()) proto->set_name(key.name);
  WriteMap(key.keys, proto->mutable_keys());
}

void Write(const PropertyView& view, v1::Property* proto) {
  Write(view.key, proto->mutable_key());
  Write(view.value, proto->mutable_value());
  WriteMap(view.qualifiers, proto->mutable_qualifiers());
  Write(view.showing, proto->mutable_showing());
  if (!view.identifier_problem.empty()) {
    proto->set_identifier_problem(view.identifier_problem);
  }
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
    Write(label.showing, written->mutable_showing());
  }
  for (const PropertyView& property : view.properties) {
    Write(property, proto.add_properties());
  }
  return proto;
}

v1::Relationship ToProto(const RelationshipView& view) {
  v1::Relationship proto;
  Write(view.key, proto.mutable_key());
  proto.set_symmetric(view.symmetric);
  proto.set_denied(view.denied);
  Write(view.showing, proto.mutable_showing());
  if (view.date.has_value()) {
    *proto.mutable_date()->mutable_date() = ToProto(view.date->date);
    Write(view.date->showing, proto.mutable_date()->mutable_showing());
  }
  for (const PropertyView& property : view.properties) {
    Write(property, proto.add_properties());
  }
  return proto;
}

v1::Fact ToProto(const FactClaims& fact) {
  v1::Fact proto;
  proto.set_entity(fact.entity);
  if (fact.relationship.has_value()) {
    Write(*fact.relationship, proto.mutable_relationship());
  }
  Write(fact.key, proto.mutable_key());
  if (fact.showing.has_value()) {
    Write(*fact.showing, proto.mutable_showing());
  }
  WriteClaims(fact.claims, proto.mutable_claims());
  return proto;
}

v1::EntitySummary ToProto(const EntitySummary& summary) {
  v1::EntitySummary proto;
  proto.set_key(summary.key);
  if (!summary.names.empty()) proto.set_name(DisplayName(summary.names));
  proto.mutable_labels()->Assign(summary.labels.begin(), summary.labels.end());
  return proto;
}

}  // namespace guanxi::server
