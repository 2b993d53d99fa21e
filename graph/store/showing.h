#ifndef GUANXI_GRAPH_STORE_SHOWING_H_
#define GUANXI_GRAPH_STORE_SHOWING_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"

#include "graph/model/view.h"
#include "graph/store/catalog.h"
#include "graph/store/evidence.h"
#include "graph/store/lens.h"
#include "graph/store/record.h"

namespace guanxi::store {

// Puts into `showing` what the slice of a stretch says of the claim it shows.
void Show(const Stretch& stretch, Showing& showing);

// Takes what a fact shows on a stretch of days, as the view of a property
// without claims; of what is none, its key and, of a date, its value.
using TakeShown = absl::FunctionRef<void(PropertyView&& shown)>;

// Gives what a lens shows of one fact, stretch by stretch, oldest first. Of a
// record's fact DATA_LOSS [STORE_DAMAGED].
void ForEachShown(const RecordFact& fact, const Lens& lens, TakeShown take);
absl::Status ForEachShown(const RecordView& record, size_t index,
                          const Catalog& catalog, const Lens& lens,
                          TakeShown take);

// The same of each fact of a name.
absl::Status ForEachShown(const StoredEntity& stored, const FactName& name,
                          const Catalog& catalog, const Lens& lens,
                          TakeShown take);

// The same of each wanted fact, by kind and name; of what is folded of all.
absl::Status ForEachShown(const StoredEntity& stored, const Portion& portion,
                          const Catalog& catalog, const Lens& lens,
                          TakeShown take);

// How a fact stands on a stretch of days. Claims are judged on the lens's day,
// or on the first of the stretch.
absl::StatusOr<Showing> MakeShowing(const RecordFact& fact,
                                    const Stretch& stretch, const Lens& lens,
                                    Evidence evidence, OwnerEvidence& claims);

// Every believed claim of a fact, judged as above. `shown` is what the lens
// shows of it, or nullptr.
absl::StatusOr<FactClaims> ListClaims(const RecordFact& fact,
                                      const Stretch* shown, const Lens& lens,
                                      OwnerEvidence& claims);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_SHOWING_H_
