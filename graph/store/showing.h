#ifndef GUANXI_GRAPH_STORE_SHOWING_H_
#define GUANXI_GRAPH_STORE_SHOWING_H_

#include "absl/status/statusor.h"

#include "graph/model/view.h"
#include "graph/store/evidence.h"
#include "graph/store/lens.h"
#include "graph/store/record.h"

namespace guanxi::store {

// How a fact stands on a stretch of days by one of its slices. Claims are
// judged on the lens's day, or on the first of the stretch.
absl::StatusOr<Showing> MakeShowing(const RecordFact& fact, const Slice& slice,
                                    const DayRange& days, const Lens& lens,
                                    Evidence evidence, OwnerEvidence& claims);

// Every believed claim of a fact, judged as above. `shown` is what the lens
// shows of it, or nullptr.
absl::StatusOr<FactClaims> ListClaims(const RecordFact& fact,
                                      const Stretch* shown, const Lens& lens,
                                      OwnerEvidence& claims);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_SHOWING_H_
