#ifndef GUANXI_GRAPH_MODEL_FACT_H_
#define GUANXI_GRAPH_MODEL_FACT_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/model/claim.h"
#include "graph/model/schema.h"
#include "graph/value/date.h"
#include "graph/value/value.h"

namespace guanxi {

enum class FactKind : uint8_t {
  kExistence,  // of an entity, or of a relationship
  kLabel,      // of an entity
  kProperty,   // of an entity or a relationship
  kDate,       // of an event relationship: a resolved value
};

// The identity of a fact within its owner, which is one entity or one
// relationship (DESIGN.md §1.2). Claims with the same owner and fact key speak
// of the same thing and compete.
struct FactKey {
  FactKind kind = FactKind::kExistence;
  std::string name;  // of the label or property; else empty

  // The period (kDuring) of a period property, the day (kAt) of an event
  // property or of an observation of unknown period. Compared by days.
  ValidTime::Kind time = ValidTime::Kind::kNone;
  DayRange days;

  Map qualifiers;                // the declared key qualifiers that are given
  std::string unit;              // of a quantity
  std::string language;          // of a text
  std::optional<Value> element;  // the value, for a list property

  // The order in which facts are shown: by kind, then name, then newest first,
  // then the rest.
  friend std::strong_ordering operator<=>(const FactKey& a, const FactKey& b);
  friend bool operator==(const FactKey&, const FactKey&) = default;
};

// The identity of a relationship. Key properties of a type are declared.
struct RelationshipKey {
  std::string subject;
  std::string type;
  std::string object;
  Map keys;
  std::string name;

  // "(cas)-[:OWNS_SHARES_IN {level: unknown}]->(cambricon)".
  std::string ToString() const;
  friend bool operator==(const RelationshipKey&,
                         const RelationshipKey&) = default;
};

// One property claim, taken apart by the schema.
struct PropertyFact {
  FactKey key;
  Value value;     // coerced to the declared type
  Map qualifiers;  // the non-key ones, coerced
};

// Checks that a claim's valid time suits its fact: an event has no duration,
// and only of an event is it known that it took place on some day of an
// interval. INVALID_ARGUMENT [TIME_KIND]; `name` is that of the property or
// type.
absl::Status CheckObservation(TimeKind kind, absl::string_view name,
                              const ValidTime& valid);

// Takes one property of an entity apart: `value` is one element where the
// property is a list. INVALID_ARGUMENT [VALUE_TYPE]: of another type than
// declared. INVALID_ARGUMENT [TIME_KIND].
absl::StatusOr<PropertyFact> MakePropertyFact(const Schema& schema,
                                              absl::string_view property,
                                              const Value& value,
                                              const Map& qualifiers,
                                              const ValidTime& valid);

// The fact key of one property of a relationship: its name, unit and language.
FactKey RelationshipPropertyKey(absl::string_view property, const Value& value);

// What all claims of one fact share with the schema: how time works.
struct FactTime {
  TimeKind kind = TimeKind::kState;
  std::optional<Duration> stale_after;
};

}  // namespace guanxi

#endif  // GUANXI_GRAPH_MODEL_FACT_H_
