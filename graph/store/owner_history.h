#ifndef GUANXI_GRAPH_STORE_OWNER_HISTORY_H_
#define GUANXI_GRAPH_STORE_OWNER_HISTORY_H_

#include <vector>

#include "absl/status/status.h"

#include "graph/store/fact_history.h"
#include "graph/store/key.h"
#include "graph/store/standpoint.h"

namespace guanxi::store {

// Adds what happened to the claims of one owner up to the revision of `at`:
// explicit ones by ordinal, then implicit ones, then tombstones. Fills what the
// owner's own rows say: not whose they are, nor what is known of the commits;
// `corrected_by` if the owner has the claim. RESOURCE_EXHAUSTED
// [HISTORY_TOO_LARGE]; DATA_LOSS [STORE_DAMAGED].
absl::Status AddOwnerEvents(const Standpoint& at, Owner owner, Going going,
                            std::vector<HistoryEvent>& events);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_OWNER_HISTORY_H_
