#include "graph/text/utf8.h"

#include <cstdint>

namespace guanxi::text {
namespace {

struct Lead {
  size_t bytes;
  char32_t bits;
  char32_t smallest;  // what this length may encode
};

Lead ReadLead(uint8_t byte) {
  if (byte < 0x80) return {1, byte, 0};
  if (byte >= 0xc2 && byte < 0xe0) return {2, byte & 0x1fu, 0x80};
  if (byte >= 0xe0 && byte < 0xf0) return {3, byte & 0x0fu, 0x800};
  if (byte >= 0xf0 && byte < 0xf5) return {4, byte & 0x07u, 0x10000};
  return {0, 0, 0};
}

bool IsSurrogate(char32_t number) {
  return number >= 0xd800 && number <= 0xdfff;
}

char Continuation(char32_t number, int shift) {
  return static_cast<char>(0x80 | (number >> shift & 0x3f));
}

}  // namespace

CodePoint DecodeUtf8(absl::string_view text) {
  if (text.empty()) return {};
  const Lead lead = ReadLead(static_cast<uint8_t>(text[0]));
  if (lead.bytes == 0 || lead.bytes > text.size()) return {};
  char32_t number = lead.bits;
  for (size_t i = 1; i < lead.bytes; ++i) {
    const auto byte = static_cast<uint8_t>(text[i]);
    if ((byte & 0xc0) != 0x80) return {};
    number = number << 6 | (byte & 0x3fu);
  }
  if (number < lead.smallest || number > 0x10ffff || IsSurrogate(number)) {
    return {};
  }
  return {number, lead.bytes};
}

size_t FindInvalidUtf8(absl::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    if (static_cast<uint8_t>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const CodePoint point = DecodeUtf8(text.substr(at));
    if (point.bytes == 0) return at;
    at += point.bytes;
  }
  return absl::string_view::npos;
}

void AppendUtf8(char32_t number, std::string* out) {
  if (number < 0x80) {
    out->push_back(static_cast<char>(number));
  } else if (number < 0x800) {
    out->push_back(static_cast<char>(0xc0 | number >> 6));
    out->push_back(Continuation(number, 0));
  } else if (number < 0x10000) {
    out->push_back(static_cast<char>(0xe0 | number >> 12));
    out->push_back(Continuation(number, 6));
    out->push_back(Continuation(number, 0));
  } else {
    out->push_back(static_cast<char>(0xf0 | number >> 18));
    out->push_back(Continuation(number, 12));
    out->push_back(Continuation(number, 6));
    out->push_back(Continuation(number, 0));
  }
}

}  // namespace guanxi::text
