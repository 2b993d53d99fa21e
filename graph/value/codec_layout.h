#ifndef GUANXI_GRAPH_VALUE_CODEC_LAYOUT_H_
#define GUANXI_GRAPH_VALUE_CODEC_LAYOUT_H_

#include <cstdint>

// Numbers that the writers and the reader of codec.h share; they are part of
// the file format (docs/file-format.md, "Values").
namespace guanxi::layout {

inline constexpr int kVarintBits = 7;
inline constexpr uint8_t kVarintMore = 0x80;

// Days as varints; all others are the zig-zag number plus kFirstDay.
inline constexpr uint64_t kBeginningOfTime = 0;
inline constexpr uint64_t kEndOfTime = 1;
inline constexpr uint64_t kFirstDay = 2;

// First byte of a date.
inline constexpr uint8_t kPrecisionMask = 0x07;
inline constexpr uint8_t kApproximate = 0x08;
inline constexpr uint8_t kUncertain = 0x10;

// First byte of a When: kOneDate, or kInterval + kBoundKinds * start + end.
inline constexpr uint8_t kOneDate = 0;
inline constexpr uint8_t kInterval = 1;
inline constexpr uint8_t kBoundKinds = 3;  // the alternatives of Bound

// First byte of a quantity. The flags belong to ranges.
inline constexpr uint8_t kOpMask = 0x0F;
inline constexpr uint8_t kLowerClosed = 0x10;
inline constexpr uint8_t kUpperClosed = 0x20;

}  // namespace guanxi::layout

#endif  // GUANXI_GRAPH_VALUE_CODEC_LAYOUT_H_
