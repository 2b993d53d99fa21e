#include "graph/traverse/finds_giver.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/types/span.h"

namespace guanxi::traverse {
namespace {

// What stands in a list behind what was given.
template <typename T>
absl::Span<const T> NewOf(const std::vector<T>& list, int64_t& given) {
  const auto size = static_cast<int64_t>(list.size());
  if (size <= given) return {};
  const auto begin = static_cast<size_t>(std::exchange(given, size));
  return absl::MakeConstSpan(list).subspan(begin);
}

}  // namespace

absl::Status FindsGiver::Give(const Neighbourhood& lists) {
  const NeighbourhoodFinds finds = {
      .entities = NewOf(lists.entities, given_.entities),
      .relationships = NewOf(lists.relationships, given_.relationships),
      .denied = NewOf(lists.denied, given_.denied),
      .hubs = NewOf(lists.hubs, given_.hubs)};
  const bool any = !finds.entities.empty() || !finds.relationships.empty() ||
                   !finds.denied.empty() || !finds.hubs.empty();
  return any ? take_(finds) : absl::OkStatus();
}

}  // namespace guanxi::traverse
