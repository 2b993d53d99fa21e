#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <CLI/CLI.hpp>

#include "client/cli/commands.h"
#include "client/cli/words.h"

namespace guanxi::cli {
namespace {

// Zsh runs what is made for bash.
constexpr char kZshHead[] =
    "autoload -U +X compinit && compinit\n"
    "autoload -U +X bashcompinit && bashcompinit\n";

constexpr char kTail[] = R"(  esac
  COMPREPLY=($(compgen -W "$words" -- "$last"))
  if [[ $files && $last != -* ]]; then
    COMPREPLY+=($(compgen -f -- "$last"))
  fi
}
complete -o filenames -F _guanxi guanxi
)";

std::string JoinWords(const std::vector<std::string>& words) {
  return absl::StrJoin(words, " ");
}

// What follows a command; `name` is as in ":commit" or ":commit:assert".
std::string Case(const std::string& name, const CommandWords& command,
                 const std::string& shared) {
  std::vector<std::string> words = NamesOf(command.verbs);
  words.insert(words.end(), command.options.begin(), command.options.end());
  words.push_back(shared);
  return absl::StrCat("    ", name, ") words=\"", JoinWords(words), "\"",
                      command.takes_files ? " files=1" : "", " ;;\n");
}

std::string Script(const CLI::App& app, const std::string& shell) {
  const std::vector<CommandWords> known = WordsOf(app);
  const std::string shared = JoinWords(known.front().options);
  std::vector<std::string> names;  // with what stands before them
  std::string cases;
  for (const CommandWords& command : known) {
    if (command.name.empty()) continue;
    names.push_back(absl::StrCat(":", command.name));
    absl::StrAppend(&cases, Case(names.back(), command, shared));
    for (const CommandWords& verb : command.verbs) {
      names.push_back(absl::StrCat(":", command.name, ":", verb.name));
      absl::StrAppend(&cases, Case(names.back(), verb, shared));
    }
  }
  return absl::StrCat(
      "# For ", shell, ": source <(guanxi completion ", shell, ")\n",
      shell == "zsh" ? kZshHead : "",
      "_guanxi() {\n"
      "  local last=\"${COMP_WORDS[COMP_CWORD]}\" command= files= words= word\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
      "    case \"$command:$word\" in\n"
      "      ",
      absl::StrJoin(names, "|"),
      ") command=\"$command:$word\" ;;\n"
      "    esac\n"
      "  done\n"
      "  case \"$command\" in\n",
      cases, "    *) words=\"", JoinWords(NamesOf(known)), " ", shared,
      "\" ;;\n", kTail);
}

}  // namespace

void AddCompletion(CLI::App& app, Session& session) {
  auto shell = std::make_shared<std::string>();
  CLI::App* completion = app.add_subcommand(
      "completion", "Print a script that completes commands in a shell");
  completion->add_option("shell", *shell, "bash or zsh")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh"}));
  completion->footer("Example: source <(guanxi completion bash)");
  completion->callback([shell, &app, &session] {
    session.out() << Script(app, *shell);
    session.Finish(Answer::kYes);
  });
}

}  // namespace guanxi::cli
