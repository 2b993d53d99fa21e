#include "server/convert/precondition.h"

#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "server/convert/field_path.h"
#include "server/convert/value.h"

namespace guanxi::server {
namespace {

using store::Precondition;

absl::StatusOr<RelationshipKey> ReadKey(const v1::RelationshipKey& key,
                                        const FieldPath& field) {
  RETURN_IF_ERROR(CheckId(key.subject(), FieldPath(field, "subject")));
  RETURN_IF_ERROR(CheckName(key.type(), FieldPath(field, "type")));
  RETURN_IF_ERROR(CheckId(key.object(), FieldPath(field, "object")));
  RETURN_IF_ERROR(CheckOptionalId(key.name(), FieldPath(field, "name")));
  ASSIGN_OR_RETURN(Map keys, FromProto(key.keys(), FieldPath(field, "keys")));
  return RelationshipKey{key.subject(), key.type(), key.object(),
                         std::move(keys), key.name()};
}

absl::StatusOr<Precondition::Target> ReadTarget(const v1::Precondition& proto,
                                                const FieldPath& field) {
  using Case = v1::Precondition::TargetCase;
  switch (proto.target_case()) {
    case Case::kEntity:
      RETURN_IF_ERROR(CheckId(proto.entity(), FieldPath(field, "entity")));
      return Precondition::Entity{proto.entity()};
    case Case::kProperty: {
      const FieldPath place(field, "property");
      const v1::PropertyName& name = proto.property();
      RETURN_IF_ERROR(CheckId(name.entity(), FieldPath(place, "entity")));
      RETURN_IF_ERROR(CheckName(name.property(), FieldPath(place, "property")));
      return Precondition::Property{name.entity(), name.property()};
    }
    case Case::kRelationship: {
      ASSIGN_OR_RETURN(
          RelationshipKey key,
          ReadKey(proto.relationship(), FieldPath(field, "relationship")));
      return Precondition::Target(std::move(key));
    }
    case Case::kClaim:
      RETURN_IF_ERROR(CheckId(proto.claim(), FieldPath(field, "claim")));
      return Precondition::Claim{proto.claim()};
    case Case::TARGET_NOT_SET:
      break;
  }
  return Missing(field, "an entity, property, relationship or claim");
}

absl::StatusOr<Precondition> Read(const v1::Precondition& proto,
                                  const FieldPath& field) {
  Precondition read;
  ASSIGN_OR_RETURN(read.target, ReadTarget(proto, field));
  switch (proto.presence()) {
    case v1::PRESENCE_UNSPECIFIED:
      break;
    case v1::PRESENCE_EXISTS:
      read.presence = Precondition::Presence::kExists;
      break;
    case v1::PRESENCE_ABSENT:
      read.presence = Precondition::Presence::kAbsent;
      break;
    default:
      return Invalid(FieldPath(field, "presence"),
                     absl::StrCat(proto.presence()), "a value of Presence");
  }
  if (proto.unchanged_since() != 0) {
    read.unchanged_since = Revision{proto.unchanged_since()};
  }
  if (!read.presence && !read.unchanged_since) {
    return Missing(field, "presence or unchanged_since");
  }
  return read;
}

}  // namespace

absl::StatusOr<std::vector<Precondition>> ReadPreconditions(
    const v1::CommitRequest& request) {
  const FieldPath field("preconditions");
  const int count = request.preconditions_size();
  if (count > kMaxPreconditions) {
    return Invalid(field, absl::StrCat(count, " of them"),
                   absl::StrCat("at most ", kMaxPreconditions));
  }
  std::vector<Precondition> read;
  for (int i = 0; i < count; ++i) {
    ASSIGN_OR_RETURN(Precondition one,
                     Read(request.preconditions(i), FieldPath(field, i)));
    read.push_back(std::move(one));
  }
  return read;
}

}  // namespace guanxi::server
