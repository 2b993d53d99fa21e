#include "client/cli/words.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include <CLI/CLI.hpp>

namespace guanxi::cli {
namespace {

// The one positional argument that is a file.
constexpr char kFiles[] = "files";

CommandWords Describe(const CLI::App& app, std::string name) {
  CommandWords words{.name = std::move(name)};
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& flag : option->get_lnames()) {
      words.options.push_back(absl::StrCat("--", flag));
    }
    words.takes_files = words.takes_files || option->get_name() == kFiles;
  }
  std::ranges::sort(words.options);
  return words;
}

// The command that the words before the last one name, if any.
const CommandWords* CommandOf(const std::vector<CommandWords>& known,
                              const std::vector<std::string>& words) {
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    for (const CommandWords& command : known) {
      if (!command.name.empty() && command.name == words[i]) return &command;
    }
  }
  return nullptr;
}

}  // namespace

std::vector<std::string> SplitWords(absl::string_view line) {
  std::vector<std::string> words;
  bool begun = false;
  bool quoted = false;
  bool taken = false;  // a backslash stood before
  for (const char c : line) {
    const bool parts = !quoted && !taken && (c == ' ' || c == '\t');
    if (parts) {
      begun = false;
      continue;
    }
    if (!begun) words.emplace_back();
    begun = true;
    if (!taken && c == '"') {
      quoted = !quoted;
    } else if (!taken && c == '\\') {
      taken = true;
      continue;
    } else {
      words.back().push_back(c);
    }
    taken = false;
  }
  return words;
}

std::vector<CommandWords> WordsOf(const CLI::App& app) {
  std::vector<CommandWords> known = {Describe(app, "")};
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    known.push_back(Describe(*command, command->get_name()));
  }
  return known;
}

std::vector<std::string> Complete(const std::vector<CommandWords>& known,
                                  const std::vector<std::string>& keys,
                                  const std::vector<std::string>& words) {
  const std::string last = words.empty() ? "" : words.back();
  std::set<std::string> found;
  const auto offer = [&](const std::vector<std::string>& some) {
    for (const std::string& one : some) {
      if (absl::StartsWith(one, last)) found.insert(one);
    }
  };
  const CommandWords* command = CommandOf(known, words);
  for (const CommandWords& one : known) {
    if (one.name.empty() || &one == command) {
      if (absl::StartsWith(last, "-")) offer(one.options);
    } else if (command == nullptr) {
      offer({one.name});
    }
  }
  if (command != nullptr && command->name == "help") {
    for (const CommandWords& one : known) {
      if (!one.name.empty()) offer({one.name});
    }
  } else if (command != nullptr) {
    offer(keys);
  }
  return {found.begin(), found.end()};
}

}  // namespace guanxi::cli
