#include "graph/topology/overlay.h"

#include <utility>

namespace guanxi::topology {

void Overlay::Set(EntityId entity, std::shared_ptr<const Entry> entry) {
  const uint64_t block_index = entity.value >> kBlockBits;
  if (block_index >= root_.size()) root_.resize(block_index + 1);
  const std::shared_ptr<const Block>& old_block = root_[block_index];
  auto block = old_block == nullptr ? std::make_shared<Block>()
                                    : std::make_shared<Block>(*old_block);
  const uint64_t page_index = entity.value >> kPageBits & (kPages - 1);
  uint64_t& changed = block->changed[page_index];
  const std::shared_ptr<const Page>& old_page = block->pages[page_index];
  auto page = old_page == nullptr ? std::make_shared<Page>()
                                  : std::make_shared<Page>(*old_page);
  const uint64_t bit = BitOf(entity);
  const auto rank = std::popcount(changed & (bit - 1));
  const auto at = page->begin() + rank;
  bytes_ += entry->bytes();
  if ((changed & bit) != 0) {
    bytes_ -= (*at)->bytes();
    *at = std::move(entry);
  } else {
    changed |= bit;
    page->insert(at, std::move(entry));
    ++size_;
  }
  block->pages[page_index] = std::move(page);
  root_[block_index] = std::move(block);
}

}  // namespace guanxi::topology
