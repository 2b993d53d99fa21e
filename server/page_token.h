#ifndef GUANXI_SERVER_PAGE_TOKEN_H_
#define GUANXI_SERVER_PAGE_TOKEN_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

#include "graph/model/ids.h"

namespace guanxi::server {

// Where the next page of a list starts. What `position` counts is the list's
// own business.
struct PageToken {
  uint64_t position = 0;
  uint64_t revision = 0;  // that the page before was read at
};

// Makes the token that a client sees. `request` is all that must stay the same
// from page to page, in any form.
std::string EncodePageToken(const PageToken& token, absl::string_view request);

// Reads one back; nullopt if `text` is empty. INVALID_ARGUMENT
// [PAGE_TOKEN_INVALID]: not one of ours, or of another request.
absl::StatusOr<std::optional<PageToken>> DecodePageToken(
    absl::string_view text, absl::string_view request);

// Whether a part of an answer that was read at `revision` can be continued at
// the latest one. ABORTED [PAGE_TOKEN_STALE].
absl::Status CheckFresh(uint64_t revision, Revision latest);

// The same for the same bytes in every process.
uint64_t Fingerprint(absl::string_view bytes);

inline constexpr int kDefaultPageSize = 100;
inline constexpr int kMaxPageSize = 1000;

// How many things a page may hold. INVALID_ARGUMENT [FIELD_INVALID]: negative.
absl::StatusOr<int> ReadPageSize(int page_size);

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_PAGE_TOKEN_H_
