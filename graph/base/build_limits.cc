#include "graph/base/build_limits.h"

#include "absl/strings/str_cat.h"

namespace guanxi {

absl::Status BuildWatch::CheckBytes(int64_t bytes) const {
  if (bytes <= limits_.max_bytes) return absl::OkStatus();
  return absl::OutOfRangeError(absl::StrCat(what_, " would take ", bytes,
                                            " bytes; expected at most ",
                                            limits_.max_bytes));
}

absl::Status BuildWatch::CheckGoing(int64_t calls) {
  const bool looks = ++calls_ % calls == 0;
  if (looks && limits_.cancelled && limits_.cancelled()) {
    return absl::CancelledError(
        absl::StrCat("the build of ", what_, " was cancelled"));
  }
  return absl::OkStatus();
}

}  // namespace guanxi
