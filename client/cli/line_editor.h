#ifndef GUANXI_CLIENT_CLI_LINE_EDITOR_H_
#define GUANXI_CLIENT_CLI_LINE_EDITOR_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace guanxi::cli {

// Lets a person edit lines on the terminal that standard input and output are:
// keys as in emacs, history by arrows and Ctrl-R, completion by Tab. Ctrl-C
// throws the line away. At most one at a time; not thread-safe.
class LineEditor {
 public:
  // All that the last word of a line may be, which ends where the cursor is.
  using Completer =
      std::function<std::vector<std::string>(absl::string_view line)>;

  // `history_file` is read now and written after each line, for its owner
  // alone; empty: none is kept.
  LineEditor(std::string history_file, Completer completer);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  // The next line, without its end; nullopt at the end of input, which is
  // Ctrl-D on an empty line.
  std::optional<std::string> Read(const std::string& prompt);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_LINE_EDITOR_H_
