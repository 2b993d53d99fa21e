#include "client/cli/line_editor.h"

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cwchar>
#include <histedit.h>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace guanxi::cli {
namespace {

constexpr int kHistoryLines = 1000;

// What all of them begin with.
std::string CommonPrefix(const std::vector<std::string>& words) {
  std::string common = words.front();
  for (const std::string& word : words) {
    while (!absl::StartsWith(word, common)) common.pop_back();
  }
  return common;
}

// Where the last word of a line begins.
size_t LastWordAt(absl::string_view line) {
  const size_t blank = line.find_last_of(" \t\"");
  return blank == absl::string_view::npos ? 0 : blank + 1;
}

}  // namespace

struct LineEditor::State {
  struct EndEditLine {
    void operator()(EditLine* ended) const { el_end(ended); }
  };
  struct EndHistory {
    void operator()(History* ended) const { history_end(ended); }
  };

  std::string history_file;
  Completer completer;
  std::string prompt;
  bool thrown_away = false;  // by Ctrl-C
  std::unique_ptr<History, EndHistory> history;
  std::unique_ptr<EditLine, EndEditLine> editor;  // refers to the history

  static State* Of(EditLine* editor) {
    void* state = nullptr;
    el_get(editor, EL_CLIENTDATA, &state);
    return static_cast<State*>(state);
  }

  static char* Prompt(EditLine* editor) { return Of(editor)->prompt.data(); }

  static unsigned char ThrowAway(EditLine* editor, wint_t /*key*/) {
    Of(editor)->thrown_away = true;
    return CC_NEWLINE;
  }

  static unsigned char CompleteWord(EditLine* editor, wint_t /*key*/) {
    const LineInfo* info = el_line(editor);
    const absl::string_view line(
        info->buffer, static_cast<size_t>(info->cursor - info->buffer));
    const std::vector<std::string> words = Of(editor)->completer(line);
    if (words.empty()) return CC_REFRESH_BEEP;
    const std::string common = CommonPrefix(words);
    const size_t typed = line.size() - LastWordAt(line);
    std::string rest = common.substr(std::min(typed, common.size()));
    if (words.size() == 1) rest += " ";
    if (!rest.empty()) {
      el_insertstr(editor, rest.c_str());
      return CC_REFRESH;
    }
    std::printf("\n");
    for (const std::string& word : words) std::printf("%s  ", word.c_str());
    std::printf("\n");
    std::fflush(stdout);
    return CC_REDISPLAY;
  }
};

LineEditor::LineEditor(std::string history_file, Completer completer)
    : state_(std::make_unique<State>()) {
  std::setlocale(LC_CTYPE, "");  // else letters beyond ASCII are none
  state_->history_file = std::move(history_file);
  state_->completer = std::move(completer);
  state_->history.reset(history_init());
  HistEvent event;
  history(state_->history.get(), &event, H_SETSIZE, kHistoryLines);
  if (!state_->history_file.empty()) {
    history(state_->history.get(), &event, H_LOAD,
            state_->history_file.c_str());
  }
  state_->editor.reset(el_init("guanxi", stdin, stdout, stderr));
  EditLine* editor = state_->editor.get();
  el_set(editor, EL_CLIENTDATA, state_.get());
  el_set(editor, EL_PROMPT, &State::Prompt);
  el_set(editor, EL_EDITOR, "emacs");
  el_set(editor, EL_HIST, history, state_->history.get());
  // Names are wide as el_set would copy narrow ones and never free the copies.
  el_wset(editor, EL_ADDFN, L"throw-away", L"Throw the line away",
          &State::ThrowAway);
  el_wset(editor, EL_ADDFN, L"complete-word", L"Complete the word",
          &State::CompleteWord);
  el_set(editor, EL_BIND, "^I", "complete-word", nullptr);
  el_set(editor, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  // Ctrl-C is to be a key while a line is edited, and to end what runs after.
  el_set(editor, EL_SETTY, "-d", "-isig", nullptr);
  el_set(editor, EL_BIND, "^C", "throw-away", nullptr);
}

LineEditor::~LineEditor() = default;

std::optional<std::string> LineEditor::Read(const std::string& prompt) {
  state_->prompt = prompt;
  while (true) {
    state_->thrown_away = false;
    int count = 0;
    const char* read = el_gets(state_->editor.get(), &count);
    if (state_->thrown_away) {
      std::printf("^C\n");
      std::fflush(stdout);
      continue;
    }
    if (read == nullptr || count <= 0) return std::nullopt;
    std::string line(absl::StripSuffix(absl::string_view(read), "\n"));
    if (line.find_first_not_of(" \t") == std::string::npos) return line;
    HistEvent event;
    history(state_->history.get(), &event, H_ENTER, line.c_str());
    if (!state_->history_file.empty()) {
      history(state_->history.get(), &event, H_SAVE,
              state_->history_file.c_str());
    }
    return line;
  }
}

}  // namespace guanxi::cli
