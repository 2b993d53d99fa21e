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

std::string Script(const CLI::App& app, const std::string& shell) {
  const std::vector<CommandWords> known = WordsOf(app);
  std::vector<std::string> names;
  for (const CommandWords& command : known) {
    if (!command.name.empty()) names.push_back(command.name);
  }
  std::string script =
      absl::StrCat("# For ", shell, ": source <(guanxi completion ", shell,
                   ")\n", shell == "zsh" ? kZshHead : "");
  absl::StrAppend(
      &script,
      "_guanxi() {\n"
      "  local last=\"${COMP_WORDS[COMP_CWORD]}\" command= files= words= word\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
      "    case \"$word\" in\n"
      "      ",
      absl::StrJoin(names, "|"),
      ") command=\"$word\"; break ;;\n"
      "    esac\n"
      "  done\n"
      "  case \"$command\" in\n");
  const std::string shared = absl::StrJoin(known.front().options, " ");
  for (const CommandWords& command : known) {
    if (command.name.empty()) continue;
    absl::StrAppend(&script, "    ", command.name, ") words=\"",
                    absl::StrJoin(command.options, " "), " ", shared, "\"",
                    command.takes_files ? " files=1" : "", " ;;\n");
  }
  absl::StrAppend(&script, "    *) words=\"", absl::StrJoin(names, " "), " ",
                  shared, "\" ;;\n", kTail);
  return script;
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
