#ifndef GUANXI_GRAPH_MODEL_PREDICATE_H_
#define GUANXI_GRAPH_MODEL_PREDICATE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

#include "graph/model/schema.h"
#include "graph/value/date.h"
#include "graph/value/quantity.h"
#include "graph/value/value.h"

namespace guanxi {

enum class Comparison : uint8_t {
  kExists,  // some value is shown
  kEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
};

// A condition on one property of an entity or a relationship.
struct Predicate {
  std::string property;
  Comparison comparison = Comparison::kExists;
  Value bound;  // null for kExists
};

// What a value is compared as. Values of different lines, or of different
// units, never compare.
//
//   number   as stated: 16% is 16, >50% all above 50; ~80, <~80 and >~80 are
//            what they can mean; a binary number is its shortest decimal
//   day      a date is its days, an interval of dates all of its days
//   instant  microseconds
//   text     its bytes, letters of ASCII in lower case
//   other    itself: equal or not
struct Place {
  enum class Line : uint8_t { kNumber, kDay, kInstant, kText, kOther };

  Line line = Line::kOther;
  Interval interval;     // kNumber, kDay (day numbers), kInstant
  std::string unit;      // kNumber
  std::string text;      // kText
  std::string language;  // kText
};
Place PlaceOf(const Value& value);

// The interval in which a value must lie to satisfy the comparison with
// `bound`, which has an interval. `=` asks for a value within the bound: any
// day of 2016 is `= 2016`. `<` and `<=` compare with its first and its last
// number or day,
// `>` with its last and `>=` with its first.
Interval Satisfying(Comparison comparison, const Interval& bound);

// Makes the bound one that values of `type` can be compared with (nullptr:
// of any type): 2016 becomes a date where one is due. A date may stand for an
// instant, and an interval or a range for one value. INVALID_ARGUMENT
// [VALUE_TYPE]: it cannot be compared; the message says what would do.
absl::StatusOr<Predicate> FitPredicate(const Type* type, Predicate predicate);

// Whether a shown value satisfies a fitted predicate: maybe, where some of what
// the value can mean does.
Holds Judge(const Predicate& predicate, const Value& value);

}  // namespace guanxi

#endif  // GUANXI_GRAPH_MODEL_PREDICATE_H_
