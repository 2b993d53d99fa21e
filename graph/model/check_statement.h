#ifndef GUANXI_GRAPH_MODEL_CHECK_STATEMENT_H_
#define GUANXI_GRAPH_MODEL_CHECK_STATEMENT_H_

#include "absl/status/status.h"

#include "graph/model/statement.h"

namespace guanxi {

// Longest key, id or name of anything, in bytes.
inline constexpr size_t kMaxNameBytes = 400;

// Checks what a statement says by itself, whoever made it: names of 1 to
// kMaxNameBytes bytes, a confidence from 0 to 1, an `id` or `supersedes` only
// where one claim is stated, a tail map only on properties, values that are not
// null, for a property no empty list, labels and the names of a declaration
// once each, and something that an entity states if not asserted or reported to
// be. INVALID_ARGUMENT [STATEMENT_INVALID]; the metadata's `field` names the
// part.
absl::Status CheckStatement(const Statement& statement);

}  // namespace guanxi

#endif  // GUANXI_GRAPH_MODEL_CHECK_STATEMENT_H_
