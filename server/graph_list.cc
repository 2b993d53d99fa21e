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

// What List and Find ask for alike.
struct Listing {
  Selection::Asked asked;
  Evidence evidence = Evidence::kNone;
  int page_size = 0;
  std::string identity;  // the store, and all that must stay the same
  std::optional<EntityId> after;
};

// Fills in all but the predicates.
template <typename Request>
absl::StatusOr<Listing> ReadListing(const Serving& serving,
                                    absl::string_view method,
                                    const Request& request) {
  Request same = request;
  same.clear_page_size();
  same.clear_page_token();
  same.mutable_options()->clear_min_revision();
  Listing listing{.asked = {.label = request.label(), .predicates = {}},
                  .identity = absl::StrCat(serving.store.identity(), method,
                                           ":", same.SerializeAsString())};
  ASSIGN_OR_RETURN(listing.evidence,
                   FromProto(request.evidence(), FieldPath("evidence")));
  ASSIGN_OR_RETURN(listing.page_size, ReadPageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::optional<PageToken> token,
                   DecodePageToken(request.page_token(), listing.identity));
  if (token.has_value()) listing.after = EntityId{token->position};
  return listing;
}

absl::StatusOr<PageEnd> FillPage(const Reading& reading, const Listing& listing,
                                 const Call& call, const Settings& settings,
                                 EntityPage::Add add) {
  ASSIGN_OR_RETURN(
      const Selection selection,
      Selection::Begin(reading.snapshot, reading.lens, listing.asked));
  // Half of an answer is kept for what stands beside the entities.
  EntityPage page(
      reading, selection, listing.evidence,
      {.entities = listing.page_size, .bytes = settings.max_answer_bytes / 2});
  return page.Fill(listing.after, call, add);
}

// The token of the page behind; empty if there is none.
std::string NextToken(const Reading& reading, const Listing& listing,
                      const PageEnd& end) {
  if (end.reason == Stop::kNone) return "";
  const EntityId last = end.last.value_or(EntityId{});
  return EncodePageToken(
      {.position = last.value, .revision = reading.snapshot.revision().number},
      listing.identity);
}

}  // namespace

absl::Status List(const Serving& serving, const v1::ListRequest& request,
                  Call& call, v1::ListResponse* response) {
  call.Note("label", request.label());
  RETURN_IF_ERROR(CheckName(request.label(), FieldPath("label")));
  ASSIGN_OR_RETURN(const Listing listing,
                   ReadListing(serving, "List", request));
  ASSIGN_OR_RETURN(const Reading reading,
                   BeginReading(serving, request.options(), call));
  *response->mutable_moment() = reading.moment();
  ASSIGN_OR_RETURN(const PageEnd end,
                   FillPage(reading, listing, call, serving.settings,
                            [response](v1::Entity entity, Holds) {
                              *response->add_entities() = std::move(entity);
                            }));
  response->set_next_page_token(NextToken(reading, listing, end));
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
  ASSIGN_OR_RETURN(Listing listing, ReadListing(serving, "Find", request));
  ASSIGN_OR_RETURN(const Reading reading,
                   BeginReading(serving, request.options(), call));
  ASSIGN_OR_RETURN(
      listing.asked.predicates,
      FromProto(request.predicates(), reading.snapshot.schema(), predicates));
  *response->mutable_moment() = reading.moment();
  ASSIGN_OR_RETURN(const PageEnd end,
                   FillPage(reading, listing, call, serving.settings,
                            [response](v1::Entity entity, Holds holds) {
                              v1::FoundEntity* found = response->add_found();
                              *found->mutable_entity() = std::move(entity);
                              found->set_holds(ToProto(kHolds, holds));
                            }));
  response->set_next_page_token(NextToken(reading, listing, end));
  v1::Completeness* completeness = response->mutable_completeness();
  const bool whole = end.reason == Stop::kNone;
  completeness->set_outcome(whole ? v1::OUTCOME_COMPLETE
                                  : v1::OUTCOME_TRUNCATED);
  completeness->set_reason(ToProto(kStops, end.reason));
  return CheckAnswerSize(*response, serving.settings);
}

}  // namespace guanxi::server
