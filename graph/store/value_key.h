#ifndef GUANXI_GRAPH_STORE_VALUE_KEY_H_
#define GUANXI_GRAPH_STORE_VALUE_KEY_H_

#include <string>
#include <vector>

#include "graph/model/ids.h"
#include "graph/model/predicate.h"
#include "graph/value/value.h"

namespace guanxi::store {

// Keys of table `property` (docs/file-format.md): a property, then a value so
// encoded that keys sort as values do and no key begins with another one. What
// compares as equal (1 and 1.0, letters of ASCII and their capitals, a text in
// whatever language) has one key, and so have texts cut at kMaxValueBytes with
// equal digests: what is found by a key is a candidate, to be compared itself.

// Longer ones are cut there and end in a digest.
inline constexpr size_t kMaxValueBytes = 400;

// The prefix of the set of entities that have this value of the property.
std::string ValueKey(PropertyId property, const Value& value);

// The beginning of the keys of all values of a property.
std::string PropertyPrefix(PropertyId property);

// Keys from `from` until before `to`.
struct KeyRange {
  std::string from;
  std::string to;
};

// Where all values stand that a fitted predicate admits: of every kind of value
// that compares with its bound, in some ranges.
std::vector<KeyRange> KeyRanges(PropertyId property,
                                const Predicate& predicate);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_VALUE_KEY_H_
