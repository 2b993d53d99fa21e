#include <optional>
#include <string>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "graph/store/fact_history.h"
#include "server/convert/changes.h"
#include "server/graph_reads.h"
#include "server/page_token.h"
#include "server/reading.h"

namespace guanxi::server {
namespace {

// The store, and all of the request that must stay the same from page to page.
std::string Identity(const Serving& serving, v1::HistoryRequest request) {
  request.clear_page_size();
  request.clear_page_token();
  request.mutable_options()->clear_min_revision();
  return absl::StrCat(serving.store.identity(),
                      "History:", request.SerializeAsString());
}

absl::StatusOr<store::HistoryQuery> ReadQuery(
    const Reading& reading, const v1::HistoryRequest& request) {
  store::HistoryQuery query{.name = request.name()};
  ASSIGN_OR_RETURN(query.entity, ResolveEntity(reading, request.entity(),
                                               FieldPath("entity")));
  if (request.other().empty()) return query;
  ASSIGN_OR_RETURN(query.other,
                   ResolveEntity(reading, request.other(), FieldPath("other")));
  return query;
}

// Takes as many events as an answer holds, and at least one; returns how many.
uint64_t Fill(const store::HistoryPage& page, int64_t max_bytes,
              v1::HistoryResponse* response) {
  uint64_t taken = 0;
  int64_t bytes = 0;
  for (const store::HistoryEvent& event : page.events) {
    v1::HistoryEvent proto = ToProto(event);
    bytes += static_cast<int64_t>(proto.ByteSizeLong());
    if (taken > 0 && bytes > max_bytes) break;
    *response->add_events() = std::move(proto);
    ++taken;
  }
  return taken;
}

}  // namespace

absl::Status History(const Serving& serving, const v1::HistoryRequest& request,
                     Call& call, v1::HistoryResponse* response) {
  call.Note("entity", request.entity());
  if (!request.name().empty()) {
    RETURN_IF_ERROR(CheckName(request.name(), FieldPath("name")));
  }
  ASSIGN_OR_RETURN(const int page_size, ReadPageSize(request.page_size()));
  ASSIGN_OR_RETURN(
      const std::optional<PageToken> token,
      DecodePageToken(request.page_token(), Identity(serving, request)));
  ASSIGN_OR_RETURN(const Reading reading,
                   BeginReading(serving, request.options(), call));
  // A purge changes what is told of the past.
  const Revision revision = reading.snapshot.latest_revision();
  if (token.has_value()) RETURN_IF_ERROR(CheckFresh(token->revision, revision));
  ASSIGN_OR_RETURN(const store::HistoryQuery query,
                   ReadQuery(reading, request));

  const uint64_t skipped = token.has_value() ? token->position : 0;
  ASSIGN_OR_RETURN(const store::HistoryPage page,
                   store::ReadHistory(reading.snapshot, reading.lens, query,
                                      {.skipped = skipped,
                                       .limit = static_cast<size_t>(page_size)},
                                      [&call] { return call.CheckGoing(); }));
  *response->mutable_moment() = reading.moment();
  // Half of an answer is kept for what is not an event.
  const uint64_t taken =
      Fill(page, serving.settings.max_answer_bytes / 2, response);
  if (page.more || taken < page.events.size()) {
    response->set_next_page_token(EncodePageToken(
        {.position = skipped + taken, .revision = revision.number},
        Identity(serving, request)));
  }
  return CheckAnswerSize(*response, serving.settings);
}

}  // namespace guanxi::server
