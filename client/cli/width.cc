#include "client/cli/width.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace guanxi::cli {
namespace {

struct Range {
  uint32_t first;
  uint32_t last;
};

// The blocks of East Asian scripts and emoji; finer tables change nothing for
// what stands in a graph of companies.
constexpr Range kWide[] = {
    {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},
    {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},
    {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F},
    {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD},
};
constexpr Range kNoWidth[] = {
    {0x0300, 0x036F}, {0x200B, 0x200F}, {0x20D0, 0x20FF},
    {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F},
};

template <size_t N>
bool IsIn(const Range (&ranges)[N], uint32_t code) {
  return std::ranges::any_of(ranges, [code](const Range& range) {
    return range.first <= code && code <= range.last;
  });
}

// One character at the front of a text.
struct Character {
  size_t bytes = 1;
  int width = 1;
};

size_t LengthByFirstByte(unsigned char byte) {
  if (byte < 0xC0) return 1;  // ASCII, or a stray continuation
  if (byte < 0xE0) return 2;
  return byte < 0xF0 ? 3 : 4;
}

Character First(absl::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const size_t bytes = std::min(LengthByFirstByte(first), text.size());
  if (bytes == 1) return {};
  uint32_t code = first & (0xFFU >> (bytes + 1));
  for (size_t i = 1; i < bytes; ++i) {
    code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  const int width = IsIn(kWide, code) ? 2 : IsIn(kNoWidth, code) ? 0 : 1;
  return {.bytes = bytes, .width = width};
}

// Where a line that starts at the front of a text ends, and the next begins.
struct Break {
  size_t end;
  size_t next;
};

size_t SkipBlanks(absl::string_view text, size_t at) {
  while (at < text.size() && text[at] == ' ') ++at;
  return at;
}

Break FindBreak(absl::string_view text, int width) {
  Break best = {.end = 0, .next = 0};
  int used = 0;
  size_t at = 0;
  while (at < text.size()) {
    const Character character = First(text.substr(at));
    const bool is_blank = text[at] == ' ';
    const bool is_wide = character.width == 2;
    // Blanks may hang over: they are dropped there.
    if (is_blank || is_wide) best = {.end = at, .next = SkipBlanks(text, at)};
    if (used + character.width > width && !is_blank) {
      return best.end > 0 ? best : Break{.end = at, .next = at};
    }
    used += character.width;
    at += character.bytes;
    if (is_wide) best = {.end = at, .next = SkipBlanks(text, at)};
  }
  return {.end = text.size(), .next = text.size()};
}

}  // namespace

int DisplayWidth(absl::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const Character character = First(text);
    width += character.width;
    text.remove_prefix(character.bytes);
  }
  return width;
}

std::vector<std::string> Wrap(absl::string_view text, int width) {
  std::vector<std::string> lines;
  do {
    const Break found = FindBreak(text, std::max(width, 2));
    lines.emplace_back(text.substr(0, found.end));
    text.remove_prefix(found.next);
  } while (!text.empty());
  return lines;
}

std::string Printable(absl::string_view text) {
  std::string shown(text);
  std::ranges::replace_if(
      shown, [](char c) { return (c >= 0 && c < ' ') || c == '\x7F'; }, ' ');
  return shown;
}

}  // namespace guanxi::cli
