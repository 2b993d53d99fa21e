#ifndef GUANXI_GRAPH_TEXT_UTF8_H_
#define GUANXI_GRAPH_TEXT_UTF8_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace guanxi::text {

struct CodePoint {
  char32_t number = 0;
  size_t bytes = 0;  // how many it takes; 0: malformed, or nothing there
};

// The first code point of `text`. Overlong forms, surrogates and numbers beyond
// U+10FFFF are malformed.
CodePoint DecodeUtf8(absl::string_view text);

// The offset of the first byte that does not belong to well-formed UTF-8; npos
// if there is none.
size_t FindInvalidUtf8(absl::string_view text);

// Appends `number`, which must not be a surrogate.
void AppendUtf8(char32_t number, std::string* out);

}  // namespace guanxi::text

#endif  // GUANXI_GRAPH_TEXT_UTF8_H_
