#ifndef GUANXI_CLIENT_CLI_KG_TEXT_H_
#define GUANXI_CLIENT_CLI_KG_TEXT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace guanxi::cli {

// What stands behind a statement, each part as the user says it; empty: not
// given.
struct TailArgs {
  std::vector<std::string> from;  // SOURCE, SOURCE:LINE or SOURCE:LINE-LINE
  std::string at;
  std::string during;
  std::string mode;
  std::string rank;
  std::string conf;
  std::string by;
  std::string note;
  std::string id;
  std::string supersedes;
};

// An id or a text as a string of the .kg language.
std::string Quote(absl::string_view text);

// A word that stands unquoted, such as a date. INVALID_ARGUMENT: it has
// characters that no date and no number has; `what` names it.
absl::StatusOr<std::string> Bare(absl::string_view what,
                                 absl::string_view word);

// A whole .kg text of one statement, with the parts of the tail that are given
// behind it. What the statement says is the server's to judge.
// INVALID_ARGUMENT: `statement` is empty or has several lines; a part is
// malformed.
absl::StatusOr<std::string> KgText(absl::string_view statement,
                                   const TailArgs& tail);

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_KG_TEXT_H_
