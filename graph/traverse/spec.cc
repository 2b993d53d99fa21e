#include "graph/traverse/spec.h"

#include "absl/strings/str_cat.h"

#include "graph/base/error.h"

namespace guanxi::traverse {

Direction Reverse(Direction direction) {
  switch (direction) {
    case Direction::kOut:
      return Direction::kIn;
    case Direction::kIn:
      return Direction::kOut;
    case Direction::kBoth:
      return Direction::kBoth;
  }
  return direction;
}

absl::Status RefuseField(absl::string_view field, absl::string_view found,
                         absl::string_view expected) {
  return MakeError(
      absl::StatusCode::kInvalidArgument, "SPEC_INVALID",
      absl::StrCat(field, ": found ", found, "; expected ", expected),
      {{"field", field}});
}

absl::Status RefuseRange(absl::string_view field, absl::string_view found,
                         absl::string_view least, absl::string_view most) {
  return AddContext(
      RefuseField(field, found, absl::StrCat(least, " to ", most)), "",
      {{"limit", most}});
}

absl::Status CheckRange(absl::string_view field, int64_t found, int64_t least,
                        int64_t most) {
  if (found >= least && found <= most) return absl::OkStatus();
  return RefuseRange(field, absl::StrCat(found), absl::StrCat(least),
                     absl::StrCat(most));
}

}  // namespace guanxi::traverse
