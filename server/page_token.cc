#include "server/page_token.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

#include "graph/base/error.h"
#include "graph/value/codec.h"
#include "server/convert/field_path.h"

namespace guanxi::server {
// FNV-1a, unlike absl::Hash without a seed.
uint64_t Fingerprint(absl::string_view bytes) {
  constexpr uint64_t kOffset = 14695981039346656037U;
  constexpr uint64_t kPrime = 1099511628211U;
  uint64_t hash = kOffset;
  for (const char c : bytes) {
    hash = (hash ^ static_cast<unsigned char>(c)) * kPrime;
  }
  return hash;
}

absl::Status CheckFresh(uint64_t revision, Revision latest) {
  if (revision == latest.number) return absl::OkStatus();
  return MakeError(absl::StatusCode::kAborted, "PAGE_TOKEN_STALE",
                   "something was committed since the part before; start again "
                   "without a token",
                   {{"revision", absl::StrCat(revision)},
                    {"latest_revision", absl::StrCat(latest.number)}});
}

std::string EncodePageToken(const PageToken& token, absl::string_view request) {
  std::string bytes;
  PutVarint(Fingerprint(request), &bytes);
  PutVarint(token.position, &bytes);
  PutVarint(token.revision, &bytes);
  return absl::WebSafeBase64Escape(bytes);
}

absl::StatusOr<std::optional<PageToken>> DecodePageToken(
    absl::string_view text, absl::string_view request) {
  if (text.empty()) return std::nullopt;
  std::string bytes;
  const bool escaped = absl::WebSafeBase64Unescape(text, &bytes);
  ByteReader reader(bytes);
  const uint64_t fingerprint = reader.Varint();
  const PageToken token{.position = reader.Varint(),
                        .revision = reader.Varint()};
  if (escaped && reader.ok() && reader.done() &&
      fingerprint == Fingerprint(request)) {
    return token;
  }
  return MakeError(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID",
                   "page_token was not issued for this request: expected the "
                   "next_page_token of its last answer",
                   {{"field", "page_token"}});
}

absl::StatusOr<int> ReadPageSize(int page_size) {
  if (page_size < 0) {
    return Invalid(FieldPath("page_size"), absl::StrCat(page_size),
                   "0 for the default, or more");
  }
  if (page_size == 0) return kDefaultPageSize;
  return std::min(page_size, kMaxPageSize);
}

}  // namespace guanxi::server
