#ifndef GUANXI_GRAPH_STORE_HISTORY_H_
#define GUANXI_GRAPH_STORE_HISTORY_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/kv/txn.h"
#include "graph/model/ids.h"
#include "graph/store/key.h"
#include "graph/store/tables.h"

namespace guanxi::store {

// What records were before commits changed them. An image says: until before
// this revision, it was so. What has no image after a revision is now as it was
// then, so that reading the past costs what was changed since.

// Keeps the record of an owner as it was before `revision`; the first image
// that a commit keeps stands.
absl::Status KeepImage(Owner owner, Revision revision, absl::string_view record,
                       const Tables& tables, kv::WriteTxn& txn);

// The record of an owner as it was at `revision`, if it was changed since.
// Views the map.
absl::StatusOr<std::optional<absl::string_view>> FindImage(const kv::Txn& txn,
                                                           const Tables& tables,
                                                           Owner owner,
                                                           Revision revision);

// Calls `visit` with each image of an owner, oldest first, and the revision
// that ended it, until it returns false. The record views the map.
absl::Status WalkImages(
    const kv::Txn& txn, const Tables& tables, Owner owner,
    absl::FunctionRef<bool(Revision end, absl::string_view record)> visit);

// The images of an owner, oldest first, each with the revision that ended it.
struct Image {
  Revision end;
  std::string record;
};
absl::StatusOr<std::vector<Image>> ReadImages(const kv::Txn& txn,
                                              const Tables& tables,
                                              Owner owner);

// Puts another record in the place of an image, for a purge.
absl::Status ReplaceImage(Owner owner, const Image& image, const Tables& tables,
                          kv::WriteTxn& txn);

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_HISTORY_H_
