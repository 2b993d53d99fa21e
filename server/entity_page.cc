#include "server/entity_page.h"

#include <utility>
#include <vector>

#include "graph/base/status_macros.h"
#include "server/convert/view.h"

namespace guanxi::server {
namespace {

// Entities looked up at a time, and looked at for one page at most: those that
// are not selected on the day are passed over.
constexpr size_t kBatch = 256;
constexpr int kMaxLookedAt = 10'000;

}  // namespace

absl::StatusOr<PageEnd> EntityPage::Fill(std::optional<EntityId> after,
                                         const Call& call, Add add) {
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<EntityId> ids,
                     selection_.Candidates(after, kBatch));
    for (const EntityId id : ids) {
      const Stop full = WhyFull();
      if (full != Stop::kNone) return PageEnd{after, full};
      RETURN_IF_ERROR(call.CheckGoing());
      ASSIGN_OR_RETURN(const bool fits, Look(id, add));
      if (!fits) return PageEnd{after, Stop::kBytes};
      after = id;
    }
    if (ids.size() < kBatch) return PageEnd();
  }
}

Stop EntityPage::WhyFull() const {
  if (entities_ >= limits_.entities) return Stop::kResults;
  if (looked_at_ >= kMaxLookedAt) return Stop::kEntities;
  return Stop::kNone;
}

absl::StatusOr<bool> EntityPage::Look(EntityId id, Add add) {
  ++looked_at_;
  ASSIGN_OR_RETURN(const Holds holds, selection_.Matches(id));
  if (holds == Holds::kNo) return true;
  ASSIGN_OR_RETURN(const EntityView view,
                   reading_.snapshot.ReadEntity(id, reading_.lens, evidence_));
  v1::Entity entity = ToProto(view);
  bytes_ += static_cast<int64_t>(entity.ByteSizeLong());
  // An entity that fits on no page is an error of the whole answer.
  if (bytes_ > limits_.bytes && entities_ > 0) return false;
  ++entities_;
  add(std::move(entity), holds);
  return true;
}

}  // namespace guanxi::server
