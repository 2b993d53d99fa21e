#include "server/convert/declaration.h"

#include <utility>

#include <google/protobuf/repeated_field.h>

#include "graph/base/status_macros.h"
#include "server/convert/enums.h"

namespace guanxi::server {
namespace {

using ProtoStrings = google::protobuf::RepeatedPtrField<std::string>;
using ProtoFields = google::protobuf::RepeatedPtrField<v1::Field>;

absl::StatusOr<std::vector<std::string>> ReadDeclaredNames(
    const ProtoStrings& names, const FieldPath& field) {
  for (int i = 0; i < names.size(); ++i) {
    RETURN_IF_ERROR(CheckName(names[i], FieldPath(field, i)));
  }
  return std::vector<std::string>(names.begin(), names.end());
}

absl::StatusOr<Type> ReadType(const v1::Type& type, const FieldPath& field) {
  Type read{.list = type.list()};
  ASSIGN_OR_RETURN(
      read.base, FromProto(kBaseTypes, type.base(), FieldPath(field, "base")));
  ASSIGN_OR_RETURN(
      read.choices,
      ReadDeclaredNames(type.choices(), FieldPath(field, "choices")));
  if ((read.base == BaseType::kEnum) == read.choices.empty()) {
    return Missing(FieldPath(field, "choices"),
                   "words to choose from for an enum, and only for an enum");
  }
  return read;
}

absl::StatusOr<std::vector<Field>> ReadFields(const ProtoFields& fields,
                                              const FieldPath& field) {
  std::vector<Field> read;
  for (int i = 0; i < fields.size(); ++i) {
    const FieldPath place(field, i);
    RETURN_IF_ERROR(CheckName(fields[i].name(), FieldPath(place, "name")));
    ASSIGN_OR_RETURN(Type type,
                     ReadType(fields[i].type(), FieldPath(place, "type")));
    read.push_back({fields[i].name(), std::move(type)});
  }
  return read;
}

absl::StatusOr<std::optional<Duration>> ReadStaleAfter(
    const std::string& literal, const FieldPath& declaration) {
  if (literal.empty()) return std::nullopt;
  const FieldPath field(declaration, "stale_after");
  const auto duration = Duration::Parse(literal);
  if (!duration.ok()) return InField(duration.status(), field, literal);
  return *duration;
}

absl::Status CheckComment(const std::string& comment, const FieldPath& field) {
  return CheckLength(comment, kMaxNoteBytes, FieldPath(field, "comment"));
}

}  // namespace

absl::StatusOr<Declaration> FromProto(const v1::LabelDeclaration& label,
                                      const FieldPath& field) {
  LabelDeclaration read{.name = label.name(), .comment = label.comment()};
  RETURN_IF_ERROR(CheckName(label.name(), FieldPath(field, "name")));
  RETURN_IF_ERROR(CheckComment(label.comment(), field));
  ASSIGN_OR_RETURN(
      read.parents,
      ReadDeclaredNames(label.parents(), FieldPath(field, "parents")));
  return read;
}

absl::StatusOr<Declaration> FromProto(const v1::PropertyDeclaration& property,
                                      const FieldPath& field) {
  PropertyDeclaration read{.name = property.name(),
                           .index = property.index(),
                           .unique = property.unique(),
                           .comment = property.comment()};
  RETURN_IF_ERROR(CheckName(property.name(), FieldPath(field, "name")));
  RETURN_IF_ERROR(CheckComment(property.comment(), field));
  ASSIGN_OR_RETURN(read.type,
                   ReadType(property.type(), FieldPath(field, "type")));
  ASSIGN_OR_RETURN(read.qualifiers, ReadFields(property.qualifiers(),
                                               FieldPath(field, "qualifiers")));
  ASSIGN_OR_RETURN(
      read.kind, FromProtoOr(kTimeKinds, property.time_kind(),
                             FieldPath(field, "time_kind"), TimeKind::kState));
  ASSIGN_OR_RETURN(
      read.keys, ReadDeclaredNames(property.keys(), FieldPath(field, "keys")));
  ASSIGN_OR_RETURN(read.stale_after,
                   ReadStaleAfter(property.stale_after(), field));
  return read;
}

absl::StatusOr<Declaration> FromProto(
    const v1::RelationshipDeclaration& relationship, const FieldPath& field) {
  RelationshipDeclaration read{.name = relationship.name(),
                               .from = relationship.from_label(),
                               .to = relationship.to_label(),
                               .symmetric = relationship.symmetric(),
                               .comment = relationship.comment()};
  RETURN_IF_ERROR(CheckName(relationship.name(), FieldPath(field, "name")));
  RETURN_IF_ERROR(CheckName(read.from, FieldPath(field, "from_label")));
  RETURN_IF_ERROR(CheckName(read.to, FieldPath(field, "to_label")));
  RETURN_IF_ERROR(CheckComment(relationship.comment(), field));
  ASSIGN_OR_RETURN(read.properties, ReadFields(relationship.properties(),
                                               FieldPath(field, "properties")));
  ASSIGN_OR_RETURN(
      read.kind, FromProtoOr(kTimeKinds, relationship.time_kind(),
                             FieldPath(field, "time_kind"), TimeKind::kState));
  ASSIGN_OR_RETURN(read.keys, ReadDeclaredNames(relationship.keys(),
                                                FieldPath(field, "keys")));
  ASSIGN_OR_RETURN(read.stale_after,
                   ReadStaleAfter(relationship.stale_after(), field));
  return read;
}

}  // namespace guanxi::server
