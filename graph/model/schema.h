#ifndef GUANXI_GRAPH_MODEL_SCHEMA_H_
#define GUANXI_GRAPH_MODEL_SCHEMA_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/value/time.h"
#include "graph/value/value.h"

namespace guanxi {

enum class BaseType : uint8_t {
  kBool,
  kInt,
  kDouble,
  kDecimal,
  kString,
  kText,
  kBytes,
  kDate,
  kDateTime,
  kDuration,
  kPercent,
  kMoney,
  kRatio,
  kQuantity,
  kRange,
  kPeriod,
  kCode,
  kId,
  kEnum,
};
// As in the .kg language: "bool", …, "text@lang", …, "enum".
absl::string_view ToString(BaseType type);

struct Type {
  BaseType base = BaseType::kString;
  bool list = false;
  std::vector<std::string> choices;  // kEnum only

  std::string ToString() const;  // "text@lang[]", "enum(direct, indirect)"
  friend bool operator==(const Type&, const Type&) = default;
};

struct Field {
  std::string name;
  Type type;
  friend bool operator==(const Field&, const Field&) = default;
};

// How a fact relates to time (DESIGN.md §1.1).
enum class TimeKind : uint8_t { kState, kEvent, kPeriod };
absl::string_view ToString(TimeKind kind);

struct LabelDeclaration {
  std::string name;
  std::vector<std::string> parents;
  std::string comment;
  friend bool operator==(const LabelDeclaration&,
                         const LabelDeclaration&) = default;
};

struct PropertyDeclaration {
  std::string name;
  Type type;
  std::vector<Field> qualifiers;
  TimeKind kind = TimeKind::kState;
  std::vector<std::string> keys;  // qualifiers that are part of the fact key
  bool index = false;
  bool unique = false;
  std::optional<Duration> stale_after;
  std::string comment;
  friend bool operator==(const PropertyDeclaration&,
                         const PropertyDeclaration&) = default;
};

struct RelationshipDeclaration {
  std::string name;
  std::string from;
  std::string to;
  std::vector<Field> properties;
  TimeKind kind = TimeKind::kState;
  std::vector<std::string> keys;  // properties that are part of the fact key
  bool symmetric = false;
  std::optional<Duration> stale_after;
  std::string comment;
  friend bool operator==(const RelationshipDeclaration&,
                         const RelationshipDeclaration&) = default;
};

using Declaration = std::variant<LabelDeclaration, PropertyDeclaration,
                                 RelationshipDeclaration>;

// What is declared about labels, properties and relationship types. Names that
// are not declared are accepted: kind state, no keys, any type.
//
// A plain value: copy, change, publish.
class Schema {
 public:
  // Adds or replaces a declaration. INVALID_ARGUMENT [SCHEMA_INVALID]: a key is
  // not a declared field, an enum without choices, a label that becomes its own
  // ancestor, `stale_after` or symmetric where the kind does not admit it.
  absl::Status Declare(const Declaration& declaration);

  // nullptr if not declared. Valid until the next Declare().
  const LabelDeclaration* FindLabel(absl::string_view name) const;
  const PropertyDeclaration* FindProperty(absl::string_view name) const;
  const RelationshipDeclaration* FindRelationship(absl::string_view name) const;

  // The label's declared ancestors and itself, sorted.
  std::vector<std::string> WithAncestors(absl::string_view label) const;

  // The label itself and all declared labels below it, sorted.
  std::vector<std::string> WithDescendants(absl::string_view label) const;

  const std::map<std::string, LabelDeclaration, std::less<>>& labels() const {
    return labels_;
  }
  const std::map<std::string, PropertyDeclaration, std::less<>>& properties()
      const {
    return properties_;
  }
  const std::map<std::string, RelationshipDeclaration, std::less<>>&
  relationships() const {
    return relationships_;
  }

  friend bool operator==(const Schema&, const Schema&) = default;

 private:
  std::map<std::string, LabelDeclaration, std::less<>> labels_;
  std::map<std::string, PropertyDeclaration, std::less<>> properties_;
  std::map<std::string, RelationshipDeclaration, std::less<>> relationships_;
};

// Returns `value` as one of `type` (for a list type: as one element of it):
// 2016 becomes a date where one is due, 40 a decimal. INVALID_ARGUMENT
// [VALUE_TYPE]: it cannot be of that type; the message says what would do.
absl::StatusOr<Value> Coerce(const Type& type, const Value& value);

// Likewise of the field with this name; for a list type also a list, element by
// element. A name that is no field takes any value.
absl::StatusOr<Value> CoerceField(const std::vector<Field>& fields,
                                  absl::string_view name, const Value& value);

}  // namespace guanxi

#endif  // GUANXI_GRAPH_MODEL_SCHEMA_H_
