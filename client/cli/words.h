#ifndef GUANXI_CLIENT_CLI_WORDS_H_
#define GUANXI_CLIENT_CLI_WORDS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include <CLI/App.hpp>

namespace guanxi::cli {

// The words of a command line: blanks part them, quotes of either kind hold one
// together, and a backslash takes the next character as it is, unless in single
// quotes. An open quote ends with the line.
std::vector<std::string> SplitWords(absl::string_view line);

// What can stand on a command line.
struct CommandWords {
  std::string name;                  // of a command; "" of what all take
  std::vector<std::string> options;  // "--depth", sorted
  bool takes_files = false;
  std::vector<CommandWords> verbs;  // one of which follows: commit assert
};

// The options that all commands take, then each command; from the tables that
// parse them.
std::vector<CommandWords> WordsOf(const CLI::App& app);

// The names of these commands.
std::vector<std::string> NamesOf(const std::vector<CommandWords>& known);

// What the last of these words may be, sorted: commands first on the line,
// verbs behind a command that has some, else options and keys, if it begins
// them.
std::vector<std::string> Complete(const std::vector<CommandWords>& known,
                                  const std::vector<std::string>& keys,
                                  const std::vector<std::string>& words);

}  // namespace guanxi::cli

#endif  // GUANXI_CLIENT_CLI_WORDS_H_
