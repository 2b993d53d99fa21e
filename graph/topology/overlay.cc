#include "graph/topology/overlay.h"

#include <utility>

namespace guanxi::topology {
namespace {

// Puts a copy in the place of a node, or a fresh one, and returns it.
template <typename Node>
Node& Renew(std::shared_ptr<const Node>& node) {
  auto copy = node == nullptr ? std::make_shared<Node>()
                              : std::make_shared<Node>(*node);
  Node& renewed = *copy;
  node = std::move(copy);
  return renewed;
}

}  // namespace

void Overlay::Set(EntityId entity, std::shared_ptr<const Entry> entry) {
  const Place at(entity);
  if (at.region >= root_.size()) root_.resize(at.region + 1);
  Region& region = Renew(root_[at.region]);
  Block& block = Renew(region[at.block]);
  Page& page = Renew(block.pages[at.page]);
  uint64_t& changed = block.changed[at.page];
  const auto place =
      page.begin() + static_cast<ptrdiff_t>(Rank(changed, at.bit));
  bytes_ += entry->bytes();
  if ((changed & at.bit) != 0) {
    bytes_ -= (*place)->bytes();
    *place = std::move(entry);
    return;
  }
  changed |= at.bit;
  page.insert(place, std::move(entry));
  ++size_;
}

}  // namespace guanxi::topology
