#include "graph/store/damage.h"

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/store/key.h"

namespace guanxi::store {

absl::Status Damaged(absl::string_view what) {
  return MakeError(
      absl::StatusCode::kDataLoss, "STORE_DAMAGED",
      absl::StrCat("the store is damaged: ", what, "; restore a backup"),
      {{"what", what}});
}

absl::StatusOr<uint64_t> ReadIdRow(absl::string_view bytes,
                                   absl::string_view what) {
  const uint64_t id = bytes.size() == kIdBytes ? ReadBigEndian(bytes) : 0;
  if (id == 0) return Damaged(absl::StrCat(what, " has no id"));
  return id;
}

}  // namespace guanxi::store
