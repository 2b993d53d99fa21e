#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "server/convert/enums.h"
#include "server/convert/predicate.h"
#include "server/convert/traversal.h"
#include "server/entity_page.h"
#include "server/graph_reads.h"
#include "server/page_token.h"
#include "server/reading.h"

namespace guanxi::server {
namespace {

using store::Selection;

// All of a request that must stay the same from page to page.
template <typename Request>
std::string Identity(absl::string_view method, Request request) {
  request.clear_page_size();
  request.clear_page_token();
  request.mutable_options()->clear_min_revision();
  return absl::StrCat(method, ":", request.SerializeAsString());
}

// What List and Find ask for alike.
struct Listing {
  Selection::Asked asked;
  Evidence evidence = Evidence::kNone;
  std::string identity;
};

// Fills one page; the answer has its moment, its token and, by `add`, its
// entities then. Returns why it ends; kNone: nothing follows.
template <typename Request, typename Response>
absl::StatusOr<Stop> FillPage(const Reading& reading, Listing listing,
                              const Request& request, const Call& call,
                              const Settings& settings, Response* response,
                              EntityPage::Add add) {
  ASSIGN_OR_RETURN(const int page_size, ReadPageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::optional<PageToken> token,
                   DecodePageToken(request.page_token(), listing.identity));
  ASSIGN_OR_RETURN(const Selection selection,
                   Selection::Begin(reading.snapshot, reading.lens,
                                    std::move(listing.asked)));
  *response->mutable_moment() = reading.moment();
  // Half of an answer is kept for what stands beside the entities.
  EntityPage page(
      reading, selection, listing.evidence,
      {.entities = page_size, .bytes = settings.max_answer_bytes / 2});
  std::optional<EntityId> after;
  if (token.has_value()) after = EntityId{token->position};
  ASSIGN_OR_RETURN(const PageEnd end, page.Fill(after, call, add));
  if (end.reason == Stop::kNone) return Stop::kNone;
  const EntityId last = end.last.value_or(EntityId{});
  response->set_next_page_token(EncodePageToken(
      {.position = last.value, .revision = reading.snapshot.revision().number},
      listing.identity));
  return end.reason;
}

}  // namespace

absl::Status List(const Serving& serving, const v1::ListRequest& request,
                  Call& call, v1::ListResponse* response) {
  call.Note("label", request.label());
  RETURN_IF_ERROR(CheckName(request.label(), FieldPath("label")));
  Listing listing{.asked = {.label = request.label(), .predicates = {}},
                  .identity = Identity("List", request)};
  ASSIGN_OR_RETURN(listing.evidence,
                   FromProto(request.evidence(), FieldPath("evidence")));
  ASSIGN_OR_RETURN(const Reading reading,
                   BeginReading(serving, request.options(), call));
  RETURN_IF_ERROR(FillPage(reading, std::move(listing), request, call,
                           serving.settings, response,
                           [response](v1::Entity entity, Holds) {
                             *response->add_entities() = std::move(entity);
                           })
                      .status());
  return CheckAnswerSize(*response, serving.settings);
}

absl::Status Find(const Serving& serving, const v1::FindRequest& request,
                  Call& call, v1::FindResponse* response) {
  call.Note("label", request.label());
  const FieldPath predicates("predicates");
  if (!request.label().empty()) {
    RETURN_IF_ERROR(CheckName(request.label(), FieldPath("label")));
  } else if (request.predicates().empty()) {
    return Missing(predicates, "one or more, or a label");
  }
  Listing listing{.asked = {.label = request.label(), .predicates = {}},
                  .identity = Identity("Find", request)};
  ASSIGN_OR_RETURN(listing.evidence,
                   FromProto(request.evidence(), FieldPath("evidence")));
  ASSIGN_OR_RETURN(const Reading reading,
                   BeginReading(serving, request.options(), call));
  ASSIGN_OR_RETURN(
      listing.asked.predicates,
      FromProto(request.predicates(), reading.snapshot.schema(), predicates));
  ASSIGN_OR_RETURN(
      const Stop reason,
      FillPage(reading, std::move(listing), request, call, serving.settings,
               response, [response](v1::Entity entity, Holds holds) {
                 v1::FoundEntity* found = response->add_found();
                 *found->mutable_entity() = std::move(entity);
                 found->set_holds(ToProto(kHolds, holds));
               }));
  v1::Completeness* completeness = response->mutable_completeness();
  completeness->set_outcome(reason == Stop::kNone ? v1::OUTCOME_COMPLETE
                                                  : v1::OUTCOME_TRUNCATED);
  completeness->set_reason(ToProto(kStops, reason));
  return CheckAnswerSize(*response, serving.settings);
}

}  // namespace guanxi::server
