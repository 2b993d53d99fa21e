#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/status_macros.h"
#include "server/convert/traversal.h"
#include "server/convert/view.h"
#include "server/graph_reads.h"
#include "server/page_token.h"
#include "server/reading.h"

namespace guanxi::server {
namespace {

// Entities looked up at a time, and looked at for one page at most: those that
// do not carry the label on the day are passed over.
constexpr size_t kBatch = 256;
constexpr int kMaxLookedAt = 10'000;

// All of the request that must stay the same from page to page.
std::string Identity(v1::ListRequest request) {
  request.clear_page_size();
  request.clear_page_token();
  request.mutable_options()->clear_min_revision();
  return absl::StrCat("List:", request.SerializeAsString());
}

// How much fits on a page.
struct PageLimits {
  int entities = kDefaultPageSize;
  int64_t bytes = 0;
};

// One page in the making.
class Page {
 public:
  Page(const Reading& reading, const v1::ListRequest& request,
       Evidence evidence, const PageLimits& limits, v1::ListResponse* response)
      : reading_(reading),
        label_(request.label()),
        evidence_(evidence),
        limits_(limits),
        response_(*response) {}

  // Fills it from the first entity after `after`. Returns the last one looked
  // at, or nullopt at the end of the list.
  absl::StatusOr<std::optional<EntityId>> Fill(std::optional<EntityId> after,
                                               const Call& call) {
    while (true) {
      ASSIGN_OR_RETURN(const std::vector<EntityId> ids,
                       reading_.snapshot.ListByLabel(label_, after, kBatch));
      for (const EntityId id : ids) {
        if (IsFull()) return after;
        RETURN_IF_ERROR(call.CheckGoing());
        ASSIGN_OR_RETURN(const bool fits, Add(id));
        if (!fits) return after;
        after = id;
      }
      if (ids.size() < kBatch) return std::nullopt;
    }
  }

 private:
  bool IsFull() const {
    return response_.entities_size() >= limits_.entities ||
           looked_at_ >= kMaxLookedAt;
  }

  // Adds the entity if it carries the label; false: it does not fit.
  absl::StatusOr<bool> Add(EntityId id) {
    ++looked_at_;
    ASSIGN_OR_RETURN(const bool is_first, reading_.snapshot.IsFirstListed(
                                              id, label_, reading_.lens));
    if (!is_first) return true;
    ASSIGN_OR_RETURN(const std::vector<std::string> labels,
                     reading_.snapshot.ReadLabels(id, reading_.lens));
    if (std::ranges::find(labels, label_) == labels.end()) return true;
    ASSIGN_OR_RETURN(const EntityView view, reading_.snapshot.ReadEntity(
                                                id, reading_.lens, evidence_));
    v1::Entity entity = ToProto(view);
    bytes_ += static_cast<int64_t>(entity.ByteSizeLong());
    // An entity that fits on no page is an error of the whole answer.
    if (bytes_ > limits_.bytes && response_.entities_size() > 0) return false;
    *response_.add_entities() = std::move(entity);
    return true;
  }

  const Reading& reading_;
  const std::string& label_;
  const Evidence evidence_;
  const PageLimits limits_;
  v1::ListResponse& response_;
  int looked_at_ = 0;
  int64_t bytes_ = 0;
};

}  // namespace

absl::Status List(const Serving& serving, const v1::ListRequest& request,
                  Call& call, v1::ListResponse* response) {
  call.Note("label", request.label());
  RETURN_IF_ERROR(CheckName(request.label(), FieldPath("label")));
  ASSIGN_OR_RETURN(const Evidence evidence,
                   FromProto(request.evidence(), FieldPath("evidence")));
  ASSIGN_OR_RETURN(const int page_size, ReadPageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::optional<PageToken> token,
                   DecodePageToken(request.page_token(), Identity(request)));
  ASSIGN_OR_RETURN(const Reading reading,
                   BeginReading(serving, request.options(), call));
  *response->mutable_moment() = reading.moment();

  // Half of an answer is kept for what stands beside the entities.
  Page page(
      reading, request, evidence,
      {.entities = page_size, .bytes = serving.settings.max_answer_bytes / 2},
      response);
  std::optional<EntityId> after;
  if (token.has_value()) after = EntityId{token->position};
  ASSIGN_OR_RETURN(const std::optional<EntityId> last, page.Fill(after, call));
  if (last.has_value()) {
    response->set_next_page_token(
        EncodePageToken({.position = last->value,
                         .revision = reading.snapshot.revision().number},
                        Identity(request)));
  }
  return CheckAnswerSize(*response, serving.settings);
}

}  // namespace guanxi::server
