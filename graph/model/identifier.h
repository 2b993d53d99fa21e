#ifndef GUANXI_GRAPH_MODEL_IDENTIFIER_H_
#define GUANXI_GRAPH_MODEL_IDENTIFIER_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

#include "graph/model/schema.h"
#include "graph/value/value.h"

namespace guanxi {

// What is wrong with an identifier that has its scheme before a colon, as
// LEI:5493001KJTIIGC8Y1R12 and keys of entities have: one sentence. nullopt if
// nothing is, or if the scheme is none of these:
//
//   LEI   ISO 17442: 18 digits or capitals and two check digits (mod 97)
//   ISIN  two capitals, 9 digits or capitals, a check digit (Luhn)
//   USCC  GB 32100-2015: 18 characters without I, O, S, V, Z, the last one for
//         the check (mod 31)
//
// Such an identifier is wrong as it is printed; it may stand all the same.
std::optional<std::string> IdentifierProblem(absl::string_view identifier);

// The same of a value, if its property is declared as one of identifiers.
std::optional<std::string> IdentifierProblem(const Schema& schema,
                                             absl::string_view property,
                                             const Value& value);

// The character that completes the 17 others of a USCC; nullopt if they are
// none.
std::optional<char> UsccCheckCharacter(absl::string_view characters);

}  // namespace guanxi

#endif  // GUANXI_GRAPH_MODEL_IDENTIFIER_H_
