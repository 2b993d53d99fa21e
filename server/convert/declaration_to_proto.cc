#include "server/convert/declaration.h"
#include "server/convert/enums.h"

namespace guanxi::server {
namespace {

using server::ToProto;  // beside the ones below

v1::Type ToProto(const Type& type) {
  v1::Type proto;
  proto.set_base(ToProto(kBaseTypes, type.base));
  proto.set_list(type.list);
  proto.mutable_choices()->Assign(type.choices.begin(), type.choices.end());
  return proto;
}

void WriteFields(const std::vector<Field>& fields,
                 google::protobuf::RepeatedPtrField<v1::Field>* proto) {
  for (const Field& field : fields) {
    v1::Field* written = proto->Add();
    written->set_name(field.name);
    *written->mutable_type() = ToProto(field.type);
  }
}

std::string StaleAfter(const std::optional<Duration>& duration) {
  return duration.has_value() ? duration->ToString() : "";
}

}  // namespace

v1::LabelDeclaration ToProto(const LabelDeclaration& label) {
  v1::LabelDeclaration proto;
  proto.set_name(label.name);
  proto.mutable_parents()->Assign(label.parents.begin(), label.parents.end());
  proto.set_comment(label.comment);
  return proto;
}

v1::PropertyDeclaration ToProto(const PropertyDeclaration& property) {
  v1::PropertyDeclaration proto;
  proto.set_name(property.name);
  *proto.mutable_type() = ToProto(property.type);
  WriteFields(property.qualifiers, proto.mutable_qualifiers());
  proto.set_time_kind(ToProto(kTimeKinds, property.kind));
  proto.mutable_keys()->Assign(property.keys.begin(), property.keys.end());
  proto.set_index(property.index);
  proto.set_unique(property.unique);
  proto.set_stale_after(StaleAfter(property.stale_after));
  proto.set_comment(property.comment);
  return proto;
}

v1::RelationshipDeclaration ToProto(
    const RelationshipDeclaration& relationship) {
  v1::RelationshipDeclaration proto;
  proto.set_name(relationship.name);
  proto.set_from_label(relationship.from);
  proto.set_to_label(relationship.to);
  WriteFields(relationship.properties, proto.mutable_properties());
  proto.set_time_kind(ToProto(kTimeKinds, relationship.kind));
  proto.mutable_keys()->Assign(relationship.keys.begin(),
                               relationship.keys.end());
  proto.set_symmetric(relationship.symmetric);
  proto.set_stale_after(StaleAfter(relationship.stale_after));
  proto.set_comment(relationship.comment);
  return proto;
}

}  // namespace guanxi::server
