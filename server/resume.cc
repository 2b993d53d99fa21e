#include "server/resume.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/value/codec.h"
#include "server/page_token.h"

namespace guanxi::server {
namespace {

using traverse::Progress;

// Which limit bounds which use.
struct UsageRow {
  int64_t Usage::*used;
  int64_t Budget::*limit;
};
constexpr UsageRow kUsageRows[] = {
    {&Usage::entities, &Budget::max_entities},
    {&Usage::relationships, &Budget::max_relationships},
    {&Usage::results, &Budget::max_results},
    {&Usage::bytes, &Budget::max_bytes},
};

constexpr int64_t Progress::*kGiven[] = {&Progress::entities,
                                         &Progress::relationships,
                                         &Progress::denied, &Progress::paths};

// Where an answer goes on: of which moment, and behind what.
struct Place {
  uint64_t revision = 0;
  std::optional<Day> valid_at;
  Progress done;
};

std::string Encode(const Place& place) {
  std::string bytes;
  PutVarint(place.revision, &bytes);
  PutVarint(place.valid_at.has_value() ? 1 : 0, &bytes);
  if (place.valid_at.has_value()) PutDay(*place.valid_at, &bytes);
  for (const UsageRow& row : kUsageRows) {
    PutVarint(static_cast<uint64_t>(place.done.used.*row.used), &bytes);
  }
  for (const auto given : kGiven) {
    PutVarint(static_cast<uint64_t>(place.done.*given), &bytes);
  }
  // At the end and left out where there are none, as in tokens without them.
  const auto hubs = static_cast<uint64_t>(place.done.hubs);
  if (hubs > 0) PutVarint(hubs, &bytes);
  return bytes;
}

// A number that is not negative; larger ones than there can be are cut.
int64_t ReadCount(ByteReader& reader) {
  constexpr uint64_t kMost = uint64_t{1} << 40;
  return static_cast<int64_t>(std::min(reader.Varint(), kMost));
}

Place Decode(ByteReader& reader) {
  Place place{.revision = reader.Varint()};
  if (reader.Varint() != 0) place.valid_at = reader.ReadDay();
  for (const UsageRow& row : kUsageRows) {
    place.done.used.*row.used = ReadCount(reader);
  }
  for (const auto given : kGiven) place.done.*given = ReadCount(reader);
  if (!reader.done()) place.done.hubs = ReadCount(reader);
  return place;
}

// The checksum covers the request and the place: a token that was cut or
// changed is not taken for another one.
uint64_t Checksum(absl::string_view request, absl::string_view place) {
  return Fingerprint(absl::StrCat(request, place));
}

std::string ToToken(const Place& place, absl::string_view request) {
  const std::string bytes = Encode(place);
  std::string token;
  PutVarint(Checksum(request, bytes), &token);
  return absl::WebSafeBase64Escape(absl::StrCat(token, bytes));
}

absl::StatusOr<Place> FromToken(absl::string_view token,
                                absl::string_view request) {
  std::string bytes;
  const bool escaped = absl::WebSafeBase64Unescape(token, &bytes);
  ByteReader reader(bytes);
  const uint64_t checksum = reader.Varint();
  const Place place = Decode(reader);
  if (escaped && reader.ok() && reader.done() &&
      checksum == Checksum(request, Encode(place))) {
    return place;
  }
  return MakeError(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN_INVALID",
                   "resume_token was not issued for this request: expected the "
                   "resume_token of its last answer, and the rest of the "
                   "request as it was",
                   {{"field", "resume_token"}});
}

}  // namespace

absl::Status Continuation::Resume(const std::string& token, Reading& reading,
                                  traverse::TraversalSpec& spec) const {
  if (token.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Place place, FromToken(token, what_stays_()));
  RETURN_IF_ERROR(
      reading.snapshot.GoTo({.revision = Revision{place.revision}}));
  reading.lens.valid_at = place.valid_at;
  spec.done = place.done;
  for (const UsageRow& row : kUsageRows) {
    const int64_t left = limits_.most.*row.limit - spec.done.used.*row.used;
    spec.budget.*row.limit =
        std::clamp(left, int64_t{0}, spec.budget.*row.limit);
  }
  return absl::OkStatus();
}

v1::Completeness Continuation::ToProto(
    const traverse::Completeness& completeness, const Reading& reading,
    Call& call) const {
  v1::Completeness proto = server::ToProto(completeness);
  if (proto.outcome() == v1::OUTCOME_TRUNCATED) {
    call.NoteStop(v1::StopReason_Name(proto.reason()));
  }
  proto.set_resume_token(NextToken(completeness, reading));
  return proto;
}

std::string Continuation::NextToken(const traverse::Completeness& completeness,
                                    const Reading& reading) const {
  if (!completeness.progress.has_value()) return "";
  const Progress& done = *completeness.progress;
  for (const UsageRow& row : kUsageRows) {
    if (done.used.*row.used >= limits_.most.*row.limit) return "";
  }
  return ToToken({.revision = reading.snapshot.revision().number,
                  .valid_at = reading.lens.valid_at,
                  .done = done},
                 what_stays_());
}

}  // namespace guanxi::server
