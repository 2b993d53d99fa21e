#include "server/convert/statement.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "server/convert/claim.h"
#include "server/convert/declaration.h"
#include "server/convert/enums.h"
#include "server/convert/value.h"

namespace guanxi::server {
namespace {

using server::ToProto;  // beside the ones below

using Body = Statement::Body;

absl::StatusOr<Body> Read(const v1::SourceStatement& source,
                          const FieldPath& field) {
  RETURN_IF_ERROR(CheckId(source.id(), FieldPath(field, "id")));
  ASSIGN_OR_RETURN(Map description, FromProto(source.description(),
                                              FieldPath(field, "description")));
  return SourceStatement{source.id(), std::move(description)};
}

absl::StatusOr<Body> Read(const v1::EntityStatement& entity,
                          const FieldPath& field) {
  EntityStatement read{.key = entity.key()};
  RETURN_IF_ERROR(CheckId(entity.key(), FieldPath(field, "key")));
  const FieldPath labels(field, "labels");
  for (int i = 0; i < entity.labels_size(); ++i) {
    RETURN_IF_ERROR(CheckName(entity.labels(i), FieldPath(labels, i)));
    read.labels.push_back(entity.labels(i));
  }
  ASSIGN_OR_RETURN(read.properties, FromProto(entity.properties(),
                                              FieldPath(field, "properties")));
  ASSIGN_OR_RETURN(read.tail,
                   FromProto(entity.tail(), FieldPath(field, "tail")));
  return read;
}

absl::StatusOr<Body> Read(const v1::PropertyStatement& property,
                          const FieldPath& field) {
  PropertyStatement read{.key = property.key(),
                         .property = property.property()};
  RETURN_IF_ERROR(CheckId(property.key(), FieldPath(field, "key")));
  RETURN_IF_ERROR(CheckName(property.property(), FieldPath(field, "property")));
  ASSIGN_OR_RETURN(read.value,
                   FromProto(property.value(), FieldPath(field, "value")));
  ASSIGN_OR_RETURN(read.tail,
                   FromProto(property.tail(), FieldPath(field, "tail")));
  return read;
}

absl::StatusOr<Body> Read(const v1::RelationshipStatement& relationship,
                          const FieldPath& field) {
  RelationshipStatement read{.subject = relationship.subject(),
                             .type = relationship.type(),
                             .object = relationship.object(),
                             .name = relationship.name()};
  RETURN_IF_ERROR(CheckId(relationship.subject(), FieldPath(field, "subject")));
  RETURN_IF_ERROR(CheckName(relationship.type(), FieldPath(field, "type")));
  RETURN_IF_ERROR(CheckId(relationship.object(), FieldPath(field, "object")));
  if (!relationship.name().empty()) {
    RETURN_IF_ERROR(CheckName(relationship.name(), FieldPath(field, "name")));
  }
  ASSIGN_OR_RETURN(read.properties, FromProto(relationship.properties(),
                                              FieldPath(field, "properties")));
  ASSIGN_OR_RETURN(read.tail,
                   FromProto(relationship.tail(), FieldPath(field, "tail")));
  return read;
}

absl::StatusOr<Body> Read(const v1::JudgementStatement& judgement,
                          const FieldPath& field) {
  JudgementStatement read{.first = judgement.first(),
                          .second = judgement.second()};
  ASSIGN_OR_RETURN(read.judgement, FromProto(kJudgements, judgement.judgement(),
                                             FieldPath(field, "judgement")));
  RETURN_IF_ERROR(CheckId(judgement.first(), FieldPath(field, "first")));
  RETURN_IF_ERROR(CheckId(judgement.second(), FieldPath(field, "second")));
  ASSIGN_OR_RETURN(read.tail,
                   FromProto(judgement.tail(), FieldPath(field, "tail")));
  return read;
}

absl::StatusOr<Body> Read(const v1::EndStatement& end, const FieldPath& field) {
  EndStatement read{.claim = end.claim()};
  RETURN_IF_ERROR(CheckId(end.claim(), FieldPath(field, "claim")));
  ASSIGN_OR_RETURN(read.at, FromProto(end.at(), FieldPath(field, "at")));
  ASSIGN_OR_RETURN(read.tail, FromProto(end.tail(), FieldPath(field, "tail")));
  return read;
}

absl::StatusOr<Body> Read(const v1::RetractStatement& retract,
                          const FieldPath& field) {
  RetractStatement read{.claim = retract.claim()};
  RETURN_IF_ERROR(CheckId(retract.claim(), FieldPath(field, "claim")));
  ASSIGN_OR_RETURN(read.tail,
                   FromProto(retract.tail(), FieldPath(field, "tail")));
  return read;
}

absl::StatusOr<Body> Read(const v1::DeleteEntityStatement& entity,
                          const FieldPath& field) {
  RETURN_IF_ERROR(CheckId(entity.key(), FieldPath(field, "key")));
  return DeleteEntityStatement{entity.key()};
}

absl::StatusOr<Body> Read(const v1::DeleteRelationshipStatement& statement,
                          const FieldPath& field) {
  const v1::RelationshipKey& key = statement.relationship();
  const FieldPath place(field, "relationship");
  RETURN_IF_ERROR(CheckId(key.subject(), FieldPath(place, "subject")));
  RETURN_IF_ERROR(CheckName(key.type(), FieldPath(place, "type")));
  RETURN_IF_ERROR(CheckId(key.object(), FieldPath(place, "object")));
  RETURN_IF_ERROR(CheckOptionalId(key.name(), FieldPath(place, "name")));
  ASSIGN_OR_RETURN(Map keys, FromProto(key.keys(), FieldPath(place, "keys")));
  return DeleteRelationshipStatement{key.subject(), key.type(), key.object(),
                                     key.name(), std::move(keys)};
}

absl::StatusOr<Body> Read(const v1::PurgeClaimStatement& purge,
                          const FieldPath& field) {
  RETURN_IF_ERROR(CheckId(purge.claim(), FieldPath(field, "claim")));
  return PurgeClaimStatement{purge.claim(), purge.why()};
}

absl::StatusOr<Body> Read(const v1::PurgeEntityStatement& purge,
                          const FieldPath& field) {
  RETURN_IF_ERROR(CheckId(purge.key(), FieldPath(field, "key")));
  return PurgeEntityStatement{purge.key(), purge.why()};
}

// A declaration is a variant within the variant.
template <typename Proto>
absl::StatusOr<Body> ReadDeclaration(const Proto& proto,
                                     const FieldPath& field) {
  ASSIGN_OR_RETURN(Declaration declaration, FromProto(proto, field));
  return Body(std::move(declaration));
}

absl::StatusOr<Body> ReadBody(const v1::Operation& operation,
                              const FieldPath& field) {
  using Case = v1::Operation::StatementCase;
  switch (operation.statement_case()) {
    case Case::kSource:
      return Read(operation.source(), FieldPath(field, "source"));
    case Case::kEntity:
      return Read(operation.entity(), FieldPath(field, "entity"));
    case Case::kProperty:
      return Read(operation.property(), FieldPath(field, "property"));
    case Case::kRelationship:
      return Read(operation.relationship(), FieldPath(field, "relationship"));
    case Case::kJudgement:
      return Read(operation.judgement(), FieldPath(field, "judgement"));
    case Case::kEnd:
      return Read(operation.end(), FieldPath(field, "end"));
    case Case::kRetract:
      return Read(operation.retract(), FieldPath(field, "retract"));
    case Case::kDeclareLabel:
      return ReadDeclaration(operation.declare_label(),
                             FieldPath(field, "declare_label"));
    case Case::kDeclareProperty:
      return ReadDeclaration(operation.declare_property(),
                             FieldPath(field, "declare_property"));
    case Case::kDeclareRelationship:
      return ReadDeclaration(operation.declare_relationship(),
                             FieldPath(field, "declare_relationship"));
    case Case::kDeleteEntity:
      return Read(operation.delete_entity(), FieldPath(field, "delete_entity"));
    case Case::kDeleteRelationship:
      return Read(operation.delete_relationship(),
                  FieldPath(field, "delete_relationship"));
    case Case::kPurgeClaim:
      return Read(operation.purge_claim(), FieldPath(field, "purge_claim"));
    case Case::kPurgeEntity:
      return Read(operation.purge_entity(), FieldPath(field, "purge_entity"));
    case Case::STATEMENT_NOT_SET:
      break;
  }
  return Missing(field, "a statement");
}

v1::Position ToProto(const Position& position) {
  v1::Position proto;
  proto.set_file(position.file);
  proto.set_line(position.line);
  proto.set_column(position.column);
  proto.set_index(position.index);
  return proto;
}

}  // namespace

absl::StatusOr<Statement> FromProto(const v1::Operation& operation,
                                    const FieldPath& field) {
  if (const size_t bytes = operation.ByteSizeLong();
      bytes > kMaxOperationBytes) {
    return Invalid(field, absl::StrCat(bytes, " bytes"),
                   absl::StrCat("at most ", kMaxOperationBytes));
  }
  ASSIGN_OR_RETURN(Body body, ReadBody(operation, field));
  return Statement{.body = std::move(body), .position = {}};
}

v1::WriteSummary ToProto(const store::CommitResult& result) {
  v1::WriteSummary proto;
  proto.set_revision(result.revision.number);
  proto.set_changed(result.changed);
  proto.set_claims_added(result.claims_added);
  proto.set_claims_unchanged(result.claims_unchanged);
  proto.set_claims_skipped(result.claims_skipped);
  proto.set_claims_retracted(result.claims_retracted);
  proto.set_claims_ended(result.claims_ended);
  proto.set_claims_purged(result.claims_purged);
  for (const store::Notice& notice : result.notices) {
    v1::Notice* written = proto.add_notices();
    written->set_kind(ToProto(kNoticeKinds, notice.kind));
    *written->mutable_position() = ToProto(notice.position);
    written->set_message(notice.message);
  }
  proto.set_notice_count(result.notice_count);
  return proto;
}

}  // namespace guanxi::server
