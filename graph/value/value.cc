#include "graph/value/value.h"

#include <algorithm>

#include "absl/hash/hash.h"

#include "graph/base/check.h"
#include "graph/value/codec.h"

namespace guanxi {
namespace {

std::strong_ordering CompareHeld(double a, double b) {
  return std::strong_order(a, b);
}

template <typename T>
std::strong_ordering CompareHeld(const T& a, const T& b) {
  return a <=> b;
}

std::strong_ordering CompareHeld(const List& a, const List& b) {
  return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(),
                                                b.end());
}

std::strong_ordering CompareHeld(const Map& a, const Map& b) {
  return std::lexicographical_compare_three_way(a.begin(), a.end(), b.begin(),
                                                b.end());
}

}  // namespace

Value Value::String(absl::string_view text, absl::string_view language) {
  return Value(
      Text{.text = std::string(text), .language = std::string(language)});
}

bool Value::operator==(const Value& other) const {
  return (*this <=> other) == 0;
}

std::strong_ordering Value::operator<=>(const Value& other) const {
  if (kind() != other.kind()) return kind() <=> other.kind();
  return std::visit(
      [&other](const auto& held) {
        using T = std::decay_t<decltype(held)>;
        return CompareHeld(held, *other.get_if<T>());
      },
      held_);
}

// Equal values have equal bytes, and others have others.
size_t Value::HashCode() const {
  std::string bytes;
  PutValue(*this, &bytes);
  return absl::Hash<std::string>()(bytes);
}

absl::string_view KindName(Value::Kind kind) {
  switch (kind) {
    case Value::Kind::kNull:
      return "null";
    case Value::Kind::kBool:
      return "boolean";
    case Value::Kind::kInt:
      return "integer";
    case Value::Kind::kDouble:
      return "double";
    case Value::Kind::kDecimal:
      return "decimal";
    case Value::Kind::kText:
      return "text";
    case Value::Kind::kBytes:
      return "bytes";
    case Value::Kind::kDate:
      return "date";
    case Value::Kind::kInterval:
      return "interval";
    case Value::Kind::kDateTime:
      return "datetime";
    case Value::Kind::kDuration:
      return "duration";
    case Value::Kind::kQuantity:
      return "quantity";
    case Value::Kind::kList:
      return "list";
    case Value::Kind::kMap:
      return "map";
  }
  GUANXI_CHECK(false);
}

}  // namespace guanxi
