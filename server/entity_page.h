#ifndef GUANXI_SERVER_ENTITY_PAGE_H_
#define GUANXI_SERVER_ENTITY_PAGE_H_

#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"

#include "graph/base/budget.h"
#include "graph/store/selection.h"
#include "guanxi/v1/graph.pb.h"
#include "server/calls.h"
#include "server/reading.h"

namespace guanxi::server {

// How much fits on a page of entities.
struct PageLimits {
  int entities = 0;
  int64_t bytes = 0;  // but one entity always fits
};

// Where a page ends.
struct PageEnd {
  // The last entity looked at: the next page goes on behind it. nullopt: there
  // are no more.
  std::optional<EntityId> last;

  // Why there are more: kResults or kBytes, the page is full; kEntities, it
  // looked at as many as one page may.
  Stop reason = Stop::kNone;
};

// A page of entities that are selected, read through one lens.
class EntityPage {
 public:
  using Add = absl::FunctionRef<void(v1::Entity entity, Holds holds)>;

  // What is given must outlive it.
  EntityPage(const Reading& reading, const store::Selection& selection,
             Evidence evidence, const PageLimits& limits)
      : reading_(reading),
        selection_(selection),
        evidence_(evidence),
        limits_(limits) {}

  // Gives the entities from the first one after `after`. Errors of `call`.
  absl::StatusOr<PageEnd> Fill(std::optional<EntityId> after, const Call& call,
                               Add add);

 private:
  Stop WhyFull() const;
  // False: it does not fit.
  absl::StatusOr<bool> Look(EntityId id, Add add);

  const Reading& reading_;
  const store::Selection& selection_;
  const Evidence evidence_;
  const PageLimits limits_;
  int entities_ = 0;
  int looked_at_ = 0;
  int64_t bytes_ = 0;
};

}  // namespace guanxi::server

#endif  // GUANXI_SERVER_ENTITY_PAGE_H_
