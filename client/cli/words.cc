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

// The command that the words before the last one name, or its verb, if any.
const CommandWords* CommandOf(const std::vector<CommandWords>& known,
                              const std::vector<std::string>& words) {
  const std::vector<CommandWords>* next = &known;
  const CommandWords* command = nullptr;
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    const auto named =
        std::ranges::find_if(*next, [&](const CommandWords& one) {
          return !one.name.empty() && one.name == words[i];
        });
    if (named == next->end()) continue;
    command = &*named;
    next = &command->verbs;
  }
  return command;
}

}  // namespace

std::vector<std::string> SplitWords(absl::string_view line) {
  std::vector<std::string> words;
  bool begun = false;
  char quote = '\0';   // that holds the word together
  bool taken = false;  // a backslash stood before
  for (const char c : line) {
    const bool open = quote == '\0' && !taken;
    if (open && (c == ' ' || c == '\t')) {
      begun = false;
      continue;
    }
    if (!begun) words.emplace_back();
    begun = true;
    if (open && (c == '"' || c == '\'')) {
      quote = c;
    } else if (!taken && c == quote) {
      quote = '\0';
    } else if (!taken && c == '\\' && quote != '\'') {
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
    CommandWords& words =
        known.emplace_back(Describe(*command, command->get_name()));
    for (const CLI::App* verb : command->get_subcommands(nullptr)) {
      words.verbs.push_back(Describe(*verb, verb->get_name()));
    }
  }
  return known;
}

std::vector<std::string> NamesOf(const std::vector<CommandWords>& known) {
  std::vector<std::string> names;
  for (const CommandWords& command : known) {
    if (!command.name.empty()) names.push_back(command.name);
  }
  return names;
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
  if (absl::StartsWith(last, "-")) {
    offer(known.front().options);
    if (command != nullptr) offer(command->options);
  }
  if (command == nullptr || command->name == "help") {
    offer(NamesOf(known));
  } else if (!command->verbs.empty()) {
    offer(NamesOf(command->verbs));
  } else {
    offer(keys);
  }
  return {found.begin(), found.end()};
}

}  // namespace guanxi::cli
