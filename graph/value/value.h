#ifndef GUANXI_GRAPH_VALUE_VALUE_H_
#define GUANXI_GRAPH_VALUE_VALUE_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"

#include "graph/value/date.h"
#include "graph/value/decimal.h"
#include "graph/value/quantity.h"
#include "graph/value/time.h"

namespace guanxi {

struct Null {
  friend auto operator<=>(const Null&, const Null&) = default;
};

// Text, perhaps with a BCP 47 language tag (empty: none).
struct Text {
  std::string text;
  std::string language;
  friend auto operator<=>(const Text&, const Text&) = default;
};

struct Bytes {
  std::string bytes;
  friend auto operator<=>(const Bytes&, const Bytes&) = default;
};

class Value;
using List = std::vector<Value>;
using Map = std::map<std::string, Value, std::less<>>;

namespace internal {
// Not std::constructible_from: Value is still incomplete where it is asked.
template <typename T, typename Variant>
struct IsAlternative;
template <typename T, typename... Held>
struct IsAlternative<T, std::variant<Held...>>
    : std::bool_constant<(std::is_same_v<T, Held> || ...)> {};
}  // namespace internal

// A property value. Values are nested at most kMaxDepth deep.
//
// == is identity: 1 and 1.0 and 1.00 differ, NaN equals itself, 0.0 and -0.0
// differ. <=> is a total order that agrees with ==: by kind in the order of
// Kind, then within the kind. Hash agrees with both (absl::Hash<Value>).
class Value {
 public:
  enum class Kind : uint8_t {
    kNull,
    kBool,
    kInt,
    kDouble,
    kDecimal,
    kText,
    kBytes,
    kDate,
    kInterval,
    kDateTime,
    kDuration,
    kQuantity,
    kList,
    kMap
  };
  static constexpr int kMaxDepth = 64;

  // In the order of Kind. `When` is a value where a period or a date of an
  // event may be an interval.
  using Variant =
      std::variant<Null, bool, int64_t, double, Decimal, Text, Bytes, Date,
                   When, DateTime, Duration, Quantity, List, Map>;

  Value() = default;
  template <typename T>
  requires(internal::IsAlternative<T, Variant>::value) explicit Value(T held)
      : held_(std::in_place_type<T>, std::move(held)) {}
  static Value String(absl::string_view text, absl::string_view language = "");

  Kind kind() const { return static_cast<Kind>(held_.index()); }
  const Variant& held() const { return held_; }
  bool is_null() const { return kind() == Kind::kNull; }

  template <typename T>
  const T* get_if() const {
    return std::get_if<T>(&held_);
  }

  // The literal of the .kg language that reads back as this value without a
  // schema: "text"@en, 40, 28.81e9 CNY, date(2016), [1, 2], {a: 1}, double(0.5)
  // with the fewest digits, bytes("base64"). Only with a schema, or not at all,
  // read back: null, date(2021/..), a decimal printed as an integer, a quantity
  // without unit and operator, double(inf) and double(nan), and map keys that
  // are no names, which stand in quotes.
  std::string ToString() const;

  // As ToString(), but for people: strings without quotes and language, dates,
  // intervals and doubles as they are: 2016, 2021/.., 40.5.
  std::string ToDisplay() const;

  bool operator==(const Value& other) const;
  std::strong_ordering operator<=>(const Value& other) const;

  template <typename H>
  friend H AbslHashValue(H state, const Value& value) {
    return H::combine(std::move(state), value.HashCode());
  }

 private:
  size_t HashCode() const;

  Variant held_;
};

// "integer", "quantity", "list": the name of a kind for messages.
absl::string_view KindName(Value::Kind kind);

// `text` as a JSON string literal, quotes included.
std::string QuoteString(absl::string_view text);

}  // namespace guanxi

#endif  // GUANXI_GRAPH_VALUE_VALUE_H_
