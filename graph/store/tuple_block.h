#ifndef GUANXI_GRAPH_STORE_TUPLE_BLOCK_H_
#define GUANXI_GRAPH_STORE_TUPLE_BLOCK_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

// One block of a sorted set of tuples (tuple_set.h). Its bytes:
//
//   header   u16 little-endian: bits 0-14 count of tuples, at least 1;
//            bit 15 whether another block of the set follows
//   widths   one byte a column: 0 to 5
//   bases    one varint a column: its smallest value
//   columns  one after another: for each tuple value - base, little-endian, in
//            as many bytes as the width of the column
//
// The width of a column is the least that holds its largest value - base; 0 if
// all its values are equal. The tuples ascend strictly.

namespace guanxi::store {

// Arities that are compiled: 1 to kMaxColumns.
inline constexpr size_t kMaxColumns = 5;

// Largest value of a column: ids have 40 bits.
inline constexpr uint64_t kMaxColumnValue = (uint64_t{1} << 40) - 1;

// Bytes of a column in the key of a block.
inline constexpr size_t kColumnKeyBytes = 5;

// Tuples order column by column, the first one first.
template <size_t N>
using Tuple = std::array<uint64_t, N>;

// A block taken apart.
template <size_t N>
struct Block {
  std::vector<Tuple<N>> tuples;  // strictly ascending
  bool has_next = false;
};

// What of a block is known from its first bytes. DATA_LOSS [STORE_DAMAGED].
struct BlockHeader {
  size_t count = 0;
  bool has_next = false;

  static absl::StatusOr<BlockHeader> Parse(absl::string_view bytes);
};

// Returns the key of the block that begins with `first`, unless it is the first
// of its set: `prefix`, then each column as kColumnKeyBytes big-endian bytes.
// Keys sort as tuples do. A column above kMaxColumnValue makes it the key of
// the largest tuple with the same columns before that one.
template <size_t N>
std::string BlockKey(absl::string_view prefix, const Tuple<N>& first);

// Returns the bytes of a block of `tuples`: strictly ascending, at least one
// and fewer than 2^15, no value above kMaxColumnValue.
template <size_t N>
std::string EncodeBlock(absl::Span<const Tuple<N>> tuples, bool has_next);

// Returns the length of what EncodeBlock() would return.
template <size_t N>
size_t EncodedBytes(absl::Span<const Tuple<N>> tuples);

// Takes a block apart and checks all of it, the order too.
// DATA_LOSS [STORE_DAMAGED].
template <size_t N>
absl::StatusOr<Block<N>> DecodeBlock(absl::string_view bytes);

// DATA_LOSS [STORE_DAMAGED]; `what` names the damage.
absl::Status BlockDamaged(absl::string_view what);

// A block read in place: any value of it costs one load. A plain value that
// points into the bytes given to Parse().
template <size_t N>
class BlockView {
 public:
  // A block of no tuples.
  BlockView() = default;

  // Checks the form of `bytes`, so that no read leaves them and no value is
  // above kMaxColumnValue; not the order. DATA_LOSS [STORE_DAMAGED].
  static absl::StatusOr<BlockView> Parse(absl::string_view bytes);

  size_t count() const { return count_; }
  bool has_next() const { return has_next_; }

  // Requires column < N and index < count().
  uint64_t value(size_t column, size_t index) const {
    const Column& c = columns_[column];
    const char* at = c.data + index * c.width;
    uint64_t delta = 0;
    if (end_ - at >= static_cast<ptrdiff_t>(sizeof(delta))) {
      std::memcpy(&delta, at, sizeof(delta));
      return c.base + (delta & c.mask);
    }
    std::memcpy(&delta, at, c.width);
    return c.base + delta;
  }

  // Requires index < count().
  Tuple<N> tuple(size_t index) const {
    Tuple<N> result;
    for (size_t i = 0; i < N; ++i) result[i] = value(i, index);
    return result;
  }

  // Appends one column of all tuples to `out`.
  void AppendColumn(size_t column, std::vector<uint64_t>& out) const;

  // The index of the first tuple not below `bound`; count() if there is none.
  size_t LowerBound(const Tuple<N>& bound) const;

 private:
  static_assert(N >= 1 && N <= kMaxColumns);
  static_assert(std::endian::native == std::endian::little);

  struct Column {
    const char* data = nullptr;
    uint64_t base = 0;
    uint64_t mask = 0;
    size_t width = 0;
  };
  bool TakeColumns(absl::string_view bytes);
  bool Fits(size_t column) const;

  std::array<Column, N> columns_;
  const char* end_ = nullptr;
  size_t count_ = 0;
  bool has_next_ = false;
};

}  // namespace guanxi::store

#endif  // GUANXI_GRAPH_STORE_TUPLE_BLOCK_H_
