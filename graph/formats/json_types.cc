#include "graph/formats/json_types.h"

#include <algorithm>
#include <vector>

namespace guanxi::formats {
namespace {

const Type* Find(const std::vector<Field>& fields, absl::string_view name) {
  const auto field = std::ranges::find(fields, name, &Field::name);
  return field == fields.end() ? nullptr : &field->type;
}

}  // namespace

const Type* PropertyType(const Schema& schema, absl::string_view property) {
  const PropertyDeclaration* declared = schema.FindProperty(property);
  return declared == nullptr ? nullptr : &declared->type;
}

const Type* QualifierType(const Schema& schema, absl::string_view property,
                          absl::string_view qualifier) {
  const PropertyDeclaration* declared = schema.FindProperty(property);
  return declared == nullptr ? nullptr : Find(declared->qualifiers, qualifier);
}

const Type* RelationshipFieldType(const Schema& schema,
                                  absl::string_view relationship,
                                  absl::string_view field) {
  const RelationshipDeclaration* declared =
      schema.FindRelationship(relationship);
  return declared == nullptr ? nullptr : Find(declared->properties, field);
}

}  // namespace guanxi::formats
