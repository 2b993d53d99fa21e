#ifndef GUANXI_GRAPH_TEXT_PRINTER_H_
#define GUANXI_GRAPH_TEXT_PRINTER_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

#include "graph/model/schema.h"
#include "graph/model/statement.h"

namespace guanxi::text {

// What every .kg text begins with, line break included.
inline constexpr absl::string_view kHeader = "kg 1\n";

// Prints one statement in the canonical form of the .kg language, as a line
// with its break. `schema` says where a word needs no quotes and which number
// is a date; the line reads back as the same statement by that schema. Words
// that state nothing beyond the default are left out; of a tail of nothing
// else `mode asserted` stays, so that the claim does not become an implicit
// one. A deletion, which the language has no words for, prints as nothing.
std::string Print(const Statement::Body& body, const Schema& schema);

// Puts statements into the canonical order: declarations, sources, entities,
// properties, relationships, judgements, and last what ends or retracts, each
// by its keys; what has equal keys stays in the order given.
void SortCanonically(std::vector<Statement>* statements);

// A whole text: the header, then the statements in canonical order. The
// declarations among them count from the first line on, over `schema`.
std::string PrintText(std::vector<Statement> statements, Schema schema);

}  // namespace guanxi::text

#endif  // GUANXI_GRAPH_TEXT_PRINTER_H_
