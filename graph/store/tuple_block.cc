#include "graph/store/tuple_block.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/base/error.h"
#include "graph/base/status_macros.h"

namespace guanxi::store {
namespace {

constexpr size_t kHeaderBytes = 2;
constexpr uint16_t kHasNext = 1 << 15;
constexpr size_t kMaxWidth = 5;
constexpr unsigned kVarintBits = 7;
constexpr uint8_t kVarintMore = 1 << kVarintBits;

size_t WidthOf(uint64_t value) {
  return (static_cast<size_t>(std::bit_width(value)) + 7) / 8;
}

uint64_t MaskOf(size_t width) { return (uint64_t{1} << (8 * width)) - 1; }

size_t VarintBytes(uint64_t value) {
  size_t bytes = 1;
  while (value >>= kVarintBits) ++bytes;
  return bytes;
}

void AppendVarint(uint64_t value, std::string* out) {
  for (; value >= kVarintMore; value >>= kVarintBits) {
    out->push_back(static_cast<char>(value | kVarintMore));
  }
  out->push_back(static_cast<char>(value));
}

// Takes a varint of at most kMaxColumnValue off the front of `bytes`.
std::optional<uint64_t> TakeVarint(absl::string_view* bytes) {
  uint64_t value = 0;
  for (unsigned shift = 0; value <= kMaxColumnValue; shift += kVarintBits) {
    if (bytes->empty() || shift > 40) return std::nullopt;
    const auto byte = static_cast<uint8_t>(bytes->front());
    bytes->remove_prefix(1);
    value |= uint64_t{byte & (kVarintMore - 1U)} << shift;
    if (byte < kVarintMore) break;
  }
  if (value > kMaxColumnValue) return std::nullopt;
  return value;
}

// How a block of some tuples is laid out.
template <size_t N>
struct Shape {
  Tuple<N> base;
  std::array<size_t, N> width;
  size_t bytes = 0;
};

template <size_t N>
Shape<N> ShapeOf(absl::Span<const Tuple<N>> tuples) {
  Shape<N> shape{.base = tuples[0], .width = {}, .bytes = kHeaderBytes + N};
  Tuple<N> top = tuples[0];
  for (const Tuple<N>& tuple : tuples) {
    for (size_t i = 0; i < N; ++i) {
      shape.base[i] = std::min(shape.base[i], tuple[i]);
      top[i] = std::max(top[i], tuple[i]);
    }
  }
  for (size_t i = 0; i < N; ++i) {
    GUANXI_DCHECK(top[i] <= kMaxColumnValue);
    shape.width[i] = WidthOf(top[i] - shape.base[i]);
    shape.bytes += VarintBytes(shape.base[i]) + shape.width[i] * tuples.size();
  }
  return shape;
}

}  // namespace

absl::Status BlockDamaged(absl::string_view what) {
  return MakeError(absl::StatusCode::kDataLoss, "STORE_DAMAGED",
                   absl::StrCat("a block of the store is damaged: ", what,
                                "; restore the store from a backup"),
                   {{"cause", what}});
}

absl::StatusOr<BlockHeader> BlockHeader::Parse(absl::string_view bytes) {
  if (bytes.size() < kHeaderBytes) return BlockDamaged("it has no header");
  uint16_t header = 0;
  std::memcpy(&header, bytes.data(), sizeof(header));
  const size_t count = header & (kHasNext - 1U);
  if (count == 0) return BlockDamaged("it is empty");
  return BlockHeader{.count = count, .has_next = (header & kHasNext) != 0};
}

template <size_t N>
std::string BlockKey(absl::string_view prefix, const Tuple<N>& first) {
  std::string key(prefix);
  uint64_t raise = 0;
  for (const uint64_t value : first) {
    if (value > kMaxColumnValue) raise = kMaxColumnValue;
    for (size_t i = kColumnKeyBytes; i-- > 0;) {
      key.push_back(static_cast<char>((value | raise) >> (8 * i)));
    }
  }
  return key;
}

template <size_t N>
size_t EncodedBytes(absl::Span<const Tuple<N>> tuples) {
  return ShapeOf(tuples).bytes;
}

template <size_t N>
std::string EncodeBlock(absl::Span<const Tuple<N>> tuples, bool has_next) {
  GUANXI_CHECK(!tuples.empty() && tuples.size() < kHasNext);
  const Shape<N> shape = ShapeOf(tuples);
  std::string out;
  out.reserve(shape.bytes);
  const uint64_t header = tuples.size() | (has_next ? kHasNext : 0U);
  out.push_back(static_cast<char>(header));
  out.push_back(static_cast<char>(header >> 8));
  for (const size_t width : shape.width) {
    out.push_back(static_cast<char>(width));
  }
  for (const uint64_t base : shape.base) AppendVarint(base, &out);
  for (size_t i = 0; i < N; ++i) {
    for (const Tuple<N>& tuple : tuples) {
      const uint64_t delta = tuple[i] - shape.base[i];
      out.append(reinterpret_cast<const char*>(&delta), shape.width[i]);
    }
  }
  GUANXI_DCHECK(out.size() == shape.bytes);
  return out;
}

template <size_t N>
absl::StatusOr<Block<N>> DecodeBlock(absl::string_view bytes) {
  ASSIGN_OR_RETURN(const BlockView<N> view, BlockView<N>::Parse(bytes));
  Block<N> block{.tuples = {}, .has_next = view.has_next()};
  block.tuples.reserve(view.count() + 1);  // one more may be put in
  for (size_t i = 0; i < view.count(); ++i) {
    block.tuples.push_back(view.tuple(i));
    if (i > 0 && block.tuples[i] <= block.tuples[i - 1]) {
      return BlockDamaged("its tuples do not ascend");
    }
  }
  return block;
}

template <size_t N>
absl::StatusOr<BlockView<N>> BlockView<N>::Parse(absl::string_view bytes) {
  ASSIGN_OR_RETURN(const BlockHeader header, BlockHeader::Parse(bytes));
  BlockView view;
  view.count_ = header.count;
  view.has_next_ = header.has_next;
  view.end_ = bytes.data() + bytes.size();
  bytes.remove_prefix(kHeaderBytes);
  if (!view.TakeColumns(bytes)) return BlockDamaged("its columns are garbled");
  for (size_t i = 0; i < N; ++i) {
    if (!view.Fits(i)) return BlockDamaged("a value is too large");
  }
  return view;
}

template <size_t N>
bool BlockView<N>::TakeColumns(absl::string_view bytes) {
  if (bytes.size() < N) return false;
  const absl::string_view widths = bytes.substr(0, N);
  bytes.remove_prefix(N);
  size_t tuple_bytes = 0;
  for (size_t i = 0; i < N; ++i) {
    const size_t width = static_cast<uint8_t>(widths[i]);
    const std::optional<uint64_t> base = TakeVarint(&bytes);
    if (width > kMaxWidth || !base.has_value()) return false;
    columns_[i] = {nullptr, *base, MaskOf(width), width};
    tuple_bytes += width;
  }
  // Tuples without bytes are all the same, and a set holds each once.
  if (tuple_bytes == 0 && count_ > 1) return false;
  if (bytes.size() != tuple_bytes * count_) return false;
  for (Column& column : columns_) {
    column.data = bytes.data();
    bytes.remove_prefix(column.width * count_);
  }
  return true;
}

template <size_t N>
bool BlockView<N>::Fits(size_t column) const {
  const Column& c = columns_[column];
  if (c.base + c.mask <= kMaxColumnValue) return true;
  for (size_t i = 0; i < count_; ++i) {
    if (value(column, i) > kMaxColumnValue) return false;
  }
  return true;
}

// Loads eight bytes for each value, but for those that end too near the end of
// the block.
template <size_t N>
void BlockView<N>::AppendColumn(size_t column,
                                std::vector<uint64_t>& out) const {
  const Column& c = columns_[column];
  const size_t begin = out.size();
  out.resize(begin + count_, c.base);
  if (c.width == 0) return;
  const auto bytes_behind = static_cast<size_t>(end_ - c.data);
  const size_t loadable = bytes_behind < sizeof(uint64_t)
                              ? 0
                              : (bytes_behind - sizeof(uint64_t)) / c.width + 1;
  const size_t fast = std::min(count_, loadable);
  uint64_t* const to = out.data() + begin;
  for (size_t i = 0; i < fast; ++i) {
    uint64_t delta = 0;
    std::memcpy(&delta, c.data + i * c.width, sizeof(delta));
    to[i] = c.base + (delta & c.mask);
  }
  for (size_t i = fast; i < count_; ++i) to[i] = value(column, i);
}

template <size_t N>
size_t BlockView<N>::LowerBound(const Tuple<N>& bound) const {
  size_t low = 0;
  size_t high = count_;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (tuple(middle) < bound) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

#define GUANXI_INSTANTIATE(N)                                            \
  template std::string BlockKey<N>(absl::string_view, const Tuple<N>&);  \
  template std::string EncodeBlock<N>(absl::Span<const Tuple<N>>, bool); \
  template size_t EncodedBytes<N>(absl::Span<const Tuple<N>>);           \
  template absl::StatusOr<Block<N>> DecodeBlock<N>(absl::string_view);   \
  template class BlockView<N>
GUANXI_INSTANTIATE(1);
GUANXI_INSTANTIATE(2);
GUANXI_INSTANTIATE(3);
GUANXI_INSTANTIATE(4);
GUANXI_INSTANTIATE(5);
#undef GUANXI_INSTANTIATE

}  // namespace guanxi::store
