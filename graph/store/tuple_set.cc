#include "graph/store/tuple_set.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"

#include "graph/base/check.h"
#include "graph/base/status_macros.h"

namespace guanxi::store {
namespace {

// Where LMDB puts a value on pages of its own: key and value above half a page.
constexpr size_t kMaxKeyAndBlockBytes = 2030;

// How much of a full block stays in it when it is cut: half, or nearly all when
// tuples arrive in order and none will come to the left part again.
constexpr size_t kHalfPercent = 50;
constexpr size_t kAscendingPercent = 90;

template <size_t N>
void CheckSet(const TupleSet& set) {
  GUANXI_CHECK(!set.prefix.empty());
  GUANXI_CHECK(set.prefix.size() + N * kColumnKeyBytes <= kv::kMaxKeyBytes);
}

template <size_t N>
void CheckTuple(const Tuple<N>& tuple) {
  for (const uint64_t value : tuple) GUANXI_CHECK(value <= kMaxColumnValue);
}

// A block and the key that it is stored at.
template <size_t N>
struct KeyedBlock {
  std::string key;
  Block<N> block;
};

// Changes one set. Blocks are taken apart, changed and put whole, because a
// write makes every view into the map invalid.
template <size_t N>
class Editor {
 public:
  Editor(kv::WriteTxn& txn, TupleSet set) : txn_(txn), set_(set) {
    CheckSet<N>(set);
  }

  absl::StatusOr<bool> Insert(const Tuple<N>& tuple) {
    CheckTuple(tuple);
    ASSIGN_OR_RETURN(std::optional<KeyedBlock<N>> found, Find(tuple));
    if (!found.has_value()) found = {std::string(set_.prefix), {}};
    auto& tuples = found->block.tuples;
    const auto at = std::ranges::lower_bound(tuples, tuple);
    if (at != tuples.end() && *at == tuple) return false;
    const bool ascending = at == tuples.end() && !found->block.has_next;
    tuples.insert(at, tuple);
    RETURN_IF_ERROR(
        StoreCut(*found, ascending ? kAscendingPercent : kHalfPercent));
    return true;
  }

  absl::Status InsertAll(absl::Span<const Tuple<N>> tuples) {
    for (const Tuple<N>& tuple : tuples) CheckTuple(tuple);
    GUANXI_CHECK(std::ranges::adjacent_find(
                     tuples, std::ranges::greater_equal()) == tuples.end());
    while (!tuples.empty()) {
      ASSIGN_OR_RETURN(std::optional<KeyedBlock<N>> found,
                       Find(tuples.front()));
      if (!found.has_value()) found = {std::string(set_.prefix), {}};
      ASSIGN_OR_RETURN(const size_t count, CountInto(*found, tuples));
      if (count == 0) return BlockDamaged("it overlaps its neighbour");
      RETURN_IF_ERROR(Merge(tuples.first(count), *found));
      tuples.remove_prefix(count);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Erase(const Tuple<N>& tuple) {
    CheckTuple(tuple);
    ASSIGN_OR_RETURN(std::optional<KeyedBlock<N>> found, Find(tuple));
    if (!found.has_value()) return false;
    auto& tuples = found->block.tuples;
    const auto at = std::ranges::lower_bound(tuples, tuple);
    if (at == tuples.end() || *at != tuple) return false;
    tuples.erase(at);
    RETURN_IF_ERROR(tuples.empty() ? RemoveEmpty(*found) : StoreShrunk(*found));
    return true;
  }

 private:
  bool IsFirst(const KeyedBlock<N>& place) const {
    return place.key == set_.prefix;
  }

  size_t MaxBytes() const {
    const size_t key_bytes = set_.prefix.size() + N * kColumnKeyBytes;
    return std::min(kMaxBlockBytes, kMaxKeyAndBlockBytes - key_bytes);
  }

  // Returns the block that holds `tuple` if the set does, or nothing if the set
  // is empty.
  absl::StatusOr<std::optional<KeyedBlock<N>>> Find(const Tuple<N>& tuple) {
    ASSIGN_OR_RETURN(const auto first, txn_.Get(set_.table, set_.prefix));
    if (!first.has_value()) return std::nullopt;
    ASSIGN_OR_RETURN(const BlockView<N> view, BlockView<N>::Parse(*first));
    if (!view.has_next() || tuple <= view.tuple(view.count() - 1)) {
      ASSIGN_OR_RETURN(Block<N> block, DecodeBlock<N>(*first));
      return KeyedBlock<N>{std::string(set_.prefix), std::move(block)};
    }
    kv::Cursor cursor = txn_.Walk(set_.table);
    cursor.SeekAtOrBefore(BlockKey<N>(set_.prefix, tuple));
    return Read(cursor);
  }

  absl::StatusOr<KeyedBlock<N>> After(const KeyedBlock<N>& place) {
    kv::Cursor cursor = txn_.Walk(set_.table);
    cursor.Seek(place.key);
    if (cursor.Valid()) cursor.Next();
    return Read(cursor);
  }

  absl::StatusOr<KeyedBlock<N>> Before(const KeyedBlock<N>& place) {
    kv::Cursor cursor = txn_.Walk(set_.table);
    cursor.Seek(place.key);
    if (cursor.Valid()) cursor.Prev();
    return Read(cursor);
  }

  absl::StatusOr<KeyedBlock<N>> Read(const kv::Cursor& cursor) {
    RETURN_IF_ERROR(cursor.status());
    if (!cursor.InPrefix(set_.prefix)) {
      return BlockDamaged("its neighbour is missing");
    }
    ASSIGN_OR_RETURN(Block<N> block, DecodeBlock<N>(cursor.value()));
    if (cursor.key() != set_.prefix &&
        cursor.key() != BlockKey<N>(set_.prefix, block.tuples[0])) {
      return BlockDamaged("its key is wrong");
    }
    return KeyedBlock<N>{std::string(cursor.key()), std::move(block)};
  }

  // How many of `tuples`, the first of which does, belong into a block.
  absl::StatusOr<size_t> CountInto(const KeyedBlock<N>& place,
                                   absl::Span<const Tuple<N>> tuples) {
    if (!place.block.has_next) return tuples.size();
    ASSIGN_OR_RETURN(const KeyedBlock<N> next, After(place));
    const auto end =
        std::ranges::lower_bound(tuples, next.block.tuples.front());
    return static_cast<size_t>(end - tuples.begin());
  }

  absl::Status Merge(absl::Span<const Tuple<N>> tuples, KeyedBlock<N>& place) {
    auto& old = place.block.tuples;
    const bool ascending =
        !place.block.has_next && (old.empty() || old.back() < tuples.front());
    std::vector<Tuple<N>> both;
    both.reserve(old.size() + tuples.size());
    std::ranges::set_union(old, tuples, std::back_inserter(both));
    old = std::move(both);
    return StoreCut(place, ascending ? kAscendingPercent : kHalfPercent);
  }

  absl::Status Delete(const KeyedBlock<N>& place) {
    return txn_.Delete(set_.table, place.key).status();
  }

  // Stores a block that fits, under another key if its first tuple is new.
  absl::Status Store(const KeyedBlock<N>& place) {
    const Block<N>& block = place.block;
    std::string key = place.key;
    if (!IsFirst(place)) key = BlockKey<N>(set_.prefix, block.tuples[0]);
    if (key != place.key) RETURN_IF_ERROR(Delete(place));
    return txn_.Put(set_.table, key,
                    EncodeBlock<N>(block.tuples, block.has_next));
  }

  // Stores a block that may be too large in as many as it takes: one tuple of
  // distant values can make the columns of all the others wider.
  absl::Status StoreCut(const KeyedBlock<N>& place, size_t percent) {
    absl::Span<const Tuple<N>> rest = place.block.tuples;
    std::string key = place.key;
    while (!rest.empty()) {
      // Each takes a byte at least.
      auto piece = rest.first(std::min(rest.size(), MaxBytes()));
      while (EncodedBytes<N>(piece) > MaxBytes()) {
        piece = piece.first(piece.size() * percent / 100);
      }
      rest.remove_prefix(piece.size());
      const bool has_next = !rest.empty() || place.block.has_next;
      RETURN_IF_ERROR(
          txn_.Put(set_.table, key, EncodeBlock<N>(piece, has_next)));
      if (!rest.empty()) key = BlockKey<N>(set_.prefix, rest[0]);
    }
    return absl::OkStatus();
  }

  absl::Status StoreShrunk(KeyedBlock<N>& place) {
    if (EncodedBytes<N>(place.block.tuples) >= kMinBlockBytes) {
      return Store(place);
    }
    if (place.block.has_next) {
      ASSIGN_OR_RETURN(const KeyedBlock<N> next, After(place));
      if (Fit(place, next)) return StoreJoined(place, next);
    }
    if (!IsFirst(place)) {
      ASSIGN_OR_RETURN(KeyedBlock<N> previous, Before(place));
      if (Fit(previous, place)) return StoreJoined(previous, place);
    }
    return Store(place);
  }

  bool Fit(const KeyedBlock<N>& left, const KeyedBlock<N>& right) const {
    std::vector<Tuple<N>> both = left.block.tuples;
    both.insert(both.end(), right.block.tuples.begin(),
                right.block.tuples.end());
    return EncodedBytes<N>(both) <= MaxBytes();
  }

  absl::Status StoreJoined(KeyedBlock<N>& left, const KeyedBlock<N>& right) {
    RETURN_IF_ERROR(Delete(right));
    auto& tuples = left.block.tuples;
    tuples.insert(tuples.end(), right.block.tuples.begin(),
                  right.block.tuples.end());
    left.block.has_next = right.block.has_next;
    return Store(left);
  }

  absl::Status RemoveEmpty(const KeyedBlock<N>& place) {
    if (IsFirst(place)) {
      if (!place.block.has_next) return Delete(place);
      ASSIGN_OR_RETURN(KeyedBlock<N> next, After(place));
      RETURN_IF_ERROR(Delete(next));
      next.key = place.key;
      return Store(next);
    }
    if (place.block.has_next) return Delete(place);
    ASSIGN_OR_RETURN(KeyedBlock<N> previous, Before(place));
    RETURN_IF_ERROR(Delete(place));
    previous.block.has_next = false;
    return Store(previous);
  }

  kv::WriteTxn& txn_;
  const TupleSet set_;
};

}  // namespace

template <size_t N>
absl::StatusOr<bool> InsertTuple(kv::WriteTxn& txn, TupleSet set,
                                 const Tuple<N>& tuple) {
  return Editor<N>(txn, set).Insert(tuple);
}

template <size_t N>
absl::Status InsertTuples(kv::WriteTxn& txn, TupleSet set,
                          absl::Span<const Tuple<N>> tuples) {
  return Editor<N>(txn, set).InsertAll(tuples);
}

template <size_t N>
absl::StatusOr<bool> EraseTuple(kv::WriteTxn& txn, TupleSet set,
                                const Tuple<N>& tuple) {
  return Editor<N>(txn, set).Erase(tuple);
}

absl::StatusOr<uint64_t> CountTuples(const kv::Txn& txn, TupleSet set) {
  ASSIGN_OR_RETURN(const auto first, txn.Get(set.table, set.prefix));
  if (!first.has_value()) return 0;
  ASSIGN_OR_RETURN(BlockHeader header, BlockHeader::Parse(*first));
  uint64_t count = header.count;
  if (!header.has_next) return count;
  kv::Cursor cursor = txn.Walk(set.table);
  cursor.Seek(set.prefix);
  while (header.has_next) {
    if (cursor.Valid()) cursor.Next();
    RETURN_IF_ERROR(cursor.status());
    if (!cursor.InPrefix(set.prefix)) {
      return BlockDamaged("its neighbour is missing");
    }
    ASSIGN_OR_RETURN(header, BlockHeader::Parse(cursor.value()));
    count += header.count;
  }
  return count;
}

#define GUANXI_INSTANTIATE(N)                                           \
  template absl::StatusOr<bool> InsertTuple<N>(kv::WriteTxn&, TupleSet, \
                                               const Tuple<N>&);        \
  template absl::Status InsertTuples<N>(kv::WriteTxn&, TupleSet,        \
                                        absl::Span<const Tuple<N>>);    \
  template absl::StatusOr<bool> EraseTuple<N>(kv::WriteTxn&, TupleSet,  \
                                              const Tuple<N>&)
GUANXI_INSTANTIATE(1);
GUANXI_INSTANTIATE(2);
GUANXI_INSTANTIATE(3);
GUANXI_INSTANTIATE(4);
GUANXI_INSTANTIATE(5);
#undef GUANXI_INSTANTIATE

}  // namespace guanxi::store
