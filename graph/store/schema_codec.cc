#include "graph/store/schema_codec.h"

#include <utility>

#include "graph/base/status_macros.h"
#include "graph/value/codec.h"

namespace guanxi::store {
namespace {

constexpr char kKinds[] = {'L', 'P', 'R'};  // in the order of Declaration

void PutStrings(const std::vector<std::string>& strings, std::string* out) {
  PutVarint(strings.size(), out);
  for (const std::string& text : strings) PutString(text, out);
}

std::vector<std::string> ReadStrings(ByteReader& reader) {
  std::vector<std::string> strings;
  for (uint64_t left = reader.Varint(); left > 0 && reader.ok(); --left) {
    strings.emplace_back(reader.String());
  }
  return strings;
}

void PutType(const Type& type, std::string* out) {
  out->push_back(static_cast<char>(type.base));
  out->push_back(type.list ? 1 : 0);
  PutStrings(type.choices, out);
}

Type ReadType(ByteReader& reader) {
  const uint8_t base = reader.Byte();
  if (base > static_cast<uint8_t>(BaseType::kEnum)) reader.Fail();
  Type type{.base = static_cast<BaseType>(base), .list = reader.Byte() != 0};
  type.choices = ReadStrings(reader);
  return type;
}

void PutFields(const std::vector<Field>& fields, std::string* out) {
  PutVarint(fields.size(), out);
  for (const Field& field : fields) {
    PutString(field.name, out);
    PutType(field.type, out);
  }
}

std::vector<Field> ReadFields(ByteReader& reader) {
  std::vector<Field> fields;
  for (uint64_t left = reader.Varint(); left > 0 && reader.ok(); --left) {
    std::string name = reader.OwnedString();
    fields.push_back({std::move(name), ReadType(reader)});
  }
  return fields;
}

TimeKind ReadTimeKind(ByteReader& reader) {
  const uint8_t kind = reader.Byte();
  if (kind > static_cast<uint8_t>(TimeKind::kPeriod)) reader.Fail();
  return static_cast<TimeKind>(kind);
}

void PutStaleness(const std::optional<Duration>& stale_after,
                  std::string* out) {
  PutValue(stale_after ? Value(*stale_after) : Value(), out);
}

std::optional<Duration> ReadStaleness(ByteReader& reader) {
  const Value value = reader.ReadValue();
  const Duration* duration = value.get_if<Duration>();
  if (duration == nullptr && !value.is_null()) reader.Fail();
  return duration ? std::optional(*duration) : std::nullopt;
}

void PutBody(const LabelDeclaration& label, std::string* out) {
  PutStrings(label.parents, out);
}

void PutBody(const PropertyDeclaration& property, std::string* out) {
  PutType(property.type, out);
  PutFields(property.qualifiers, out);
  out->push_back(static_cast<char>(property.kind));
  PutStrings(property.keys, out);
  out->push_back(property.index ? 1 : 0);
  out->push_back(property.unique ? 1 : 0);
  PutStaleness(property.stale_after, out);
}

void PutBody(const RelationshipDeclaration& type, std::string* out) {
  PutString(type.from, out);
  PutString(type.to, out);
  PutFields(type.properties, out);
  out->push_back(static_cast<char>(type.kind));
  PutStrings(type.keys, out);
  out->push_back(type.symmetric ? 1 : 0);
  PutStaleness(type.stale_after, out);
}

Declaration ReadBody(char kind, std::string name, ByteReader& reader) {
  if (kind == kKinds[0]) {
    return LabelDeclaration{.name = std::move(name),
                            .parents = ReadStrings(reader)};
  }
  if (kind == kKinds[1]) {
    PropertyDeclaration property{.name = std::move(name)};
    property.type = ReadType(reader);
    property.qualifiers = ReadFields(reader);
    property.kind = ReadTimeKind(reader);
    property.keys = ReadStrings(reader);
    property.index = reader.Byte() != 0;
    property.unique = reader.Byte() != 0;
    property.stale_after = ReadStaleness(reader);
    return property;
  }
  if (kind != kKinds[2]) reader.Fail();
  RelationshipDeclaration type{.name = std::move(name)};
  type.from = reader.OwnedString();
  type.to = reader.OwnedString();
  type.properties = ReadFields(reader);
  type.kind = ReadTimeKind(reader);
  type.keys = ReadStrings(reader);
  type.symmetric = reader.Byte() != 0;
  type.stale_after = ReadStaleness(reader);
  return type;
}

}  // namespace

std::string DeclarationKey(const Declaration& declaration) {
  return kKinds[declaration.index()] +
         std::visit([](const auto& held) { return held.name; }, declaration);
}

std::string EncodeDeclaration(const Declaration& declaration) {
  std::string out(1, kKinds[declaration.index()]);
  std::visit(
      [&out](const auto& held) {
        PutString(held.name, &out);
        PutString(held.comment, &out);
        PutBody(held, &out);
      },
      declaration);
  return out;
}

absl::StatusOr<Declaration> DecodeDeclaration(absl::string_view bytes) {
  ByteReader reader(bytes);
  const char kind = static_cast<char>(reader.Byte());
  std::string name = reader.OwnedString();
  std::string comment = reader.OwnedString();
  Declaration declaration = ReadBody(kind, std::move(name), reader);
  std::visit([&comment](auto& held) { held.comment = std::move(comment); },
             declaration);
  RETURN_IF_ERROR(CheckRead(reader, "a declaration of the schema"));
  return declaration;
}

}  // namespace guanxi::store
