#include "graph/topology/slot_list.h"

#include <algorithm>
#include <utility>

namespace guanxi::topology {
namespace {

// Around a change, this many slots before and behind it are copied.
constexpr size_t kCopied = 256;

// More pieces than this are put into one again: a walk should not jump about,
// and a copy of the list should not cost more than the change.
size_t MaxPieces(size_t slots) {
  constexpr size_t kFew = 8;
  constexpr size_t kSlotsPerPiece = 4096;
  return kFew + slots / kSlotsPerPiece;
}

}  // namespace

SlotList::SlotList(const Run& base) : size_(base.size) {
  if (base.size > 0) pieces_.push_back({.run = base, .owner = nullptr});
}

SlotList SlotList::With(const PackedSlot& slot) const {
  return Replaced(slot, slot);
}

SlotList SlotList::Without(const PackedSlot& slot) const {
  return Replaced(slot, std::nullopt);
}

SlotList SlotList::Replaced(const PackedSlot& place,
                            const std::optional<PackedSlot>& slot) const {
  const Edit edit = EditAt(place, slot);
  const auto at = pieces_.begin() + static_cast<ptrdiff_t>(edit.piece);
  SlotList list;
  list.pieces_.assign(pieces_.begin(), at);
  for (const Piece& piece : edit.pieces) {
    if (piece.run.size > 0) list.pieces_.push_back(piece);
  }
  if (at != pieces_.end()) {
    list.pieces_.insert(list.pieces_.end(), at + 1, pieces_.end());
  }
  for (const Piece& piece : list.pieces_) list.size_ += piece.run.size;
  return list.pieces_.size() > MaxPieces(list.size_) ? list.Whole() : list;
}

// Copies what lies around the place, with the change, and leaves the rest where
// it is.
SlotList::Edit SlotList::EditAt(const PackedSlot& place,
                                const std::optional<PackedSlot>& slot) const {
  const auto ends_before = [&place](const Piece& piece) {
    return piece.run[piece.run.size - 1].place() < place.place();
  };
  auto at = std::ranges::partition_point(pieces_, ends_before);
  if (at == pieces_.end() && at != pieces_.begin()) --at;  // behind the last
  Edit edit{.piece = static_cast<size_t>(at - pieces_.begin()), .pieces = {}};
  Columns changed;
  if (at == pieces_.end()) {  // the list is empty
    if (slot.has_value()) changed.Append(*slot);
    edit.pieces.push_back(Own(std::move(changed)));
    return edit;
  }
  const Run& run = at->run;
  const size_t index = run.LowerBound(place);
  const bool found = index < run.size && run[index].place() == place.place();
  const size_t behind = index + (found ? 1 : 0);
  if (!found && !slot.has_value()) {  // nothing to take away
    edit.pieces.push_back(*at);
    return edit;
  }
  // What would be left of the run is worth a piece of its own.
  const size_t begin = index > 2 * kCopied ? index - kCopied : 0;
  const size_t end =
      run.size - behind > 2 * kCopied ? behind + kCopied : run.size;
  changed.Reserve(end - begin + 1);
  changed.Append(run.Part(begin, index));
  if (slot.has_value()) changed.Append(*slot);
  changed.Append(run.Part(behind, end));
  edit.pieces.push_back({run.Part(0, begin), at->owner});
  edit.pieces.push_back(Own(std::move(changed)));
  edit.pieces.push_back({run.Part(end, run.size), at->owner});
  return edit;
}

SlotList::Piece SlotList::Own(Columns columns) {
  auto owner = std::make_shared<const Columns>(std::move(columns));
  Run run = owner->run(0, owner->size());
  run.plain = run.IsPlain();
  return {.run = run, .owner = std::move(owner)};
}

SlotList SlotList::Whole() const {
  Columns columns;
  columns.Reserve(size_);
  for (const Piece& piece : pieces_) columns.Append(piece.run);
  SlotList list;
  list.size_ = size_;
  list.pieces_.push_back(Own(std::move(columns)));
  return list;
}

int64_t SlotList::bytes() const {
  const bool inlined = pieces_.capacity() <= 1;  // and counted with the list
  auto bytes =
      static_cast<int64_t>(inlined ? 0 : pieces_.capacity() * sizeof(Piece));
  for (const Piece& piece : pieces_) {
    if (piece.owner == nullptr) continue;
    bytes += static_cast<int64_t>(piece.run.size) * kBytesPerSlot;
  }
  return bytes;
}

}  // namespace guanxi::topology
