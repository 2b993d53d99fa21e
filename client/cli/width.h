#ifndef GUANXI_CLIENT_CLI_WIDTH_H_
#define GUANXI_CLIENT_CLI_WIDTH_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace guanxi::cli {

// How many columns of a terminal UTF-8 text takes: two for a wide character, as
// the Chinese ones are, none for a combining one.
int DisplayWidth(absl::string_view text);

// Breaks text into lines of at most `width` columns (at least 2): at blanks and
// between wide characters where it can, else anywhere. Nothing is cut away but
// the blanks at a break. At least one line.
std::vector<std::string> Wrap(absl::string_view text, int width);

// Text that is safe to show: control characters, which could drive the
// terminal, become blanks.
std::string Printable(absl::string_view text);

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_WIDTH_H_
