#ifndef GUANXI_GRAPH_STORE_DAMAGE_H_
#define GUANXI_GRAPH_STORE_DAMAGE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace guanxi::store {

// DATA_LOSS [STORE_DAMAGED]: the rows of the store contradict each other.
// `what` says how, as in "claim 7 of its owner is missing". What does not
// decode is CheckRead()'s to say; names in `what` are escaped. Stored bytes are
// never trusted so far that they could end the process: whoever reads them
// answers with this.
absl::Status Damaged(absl::string_view what);

// The id of an entity, relationship or source that a row names: 1 to kMaxId.
// DATA_LOSS [STORE_DAMAGED] if `bytes` are none; `what` names the row.
absl::StatusOr<uint64_t> ReadIdRow(absl::string_view bytes,
                                   absl::string_view what);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_DAMAGE_H_
