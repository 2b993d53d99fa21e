#include "client/cli/shell.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <istream>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

#include "client/cli/line_editor.h"

namespace guanxi::cli {
namespace {

constexpr char kPrompt[] = "guanxi> ";

// Keys remembered for completion, and bytes of each.
constexpr size_t kMostKeys = 10'000;
constexpr size_t kLongestKey = 400;

std::string HistoryFile() {
  if (const char* file = std::getenv("GUANXI_HISTORY")) return file;
  const char* home = std::getenv("HOME");
  return home == nullptr ? "" : absl::StrCat(home, "/.guanxi_history");
}

bool IsKeyByte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         absl::StrContains("_-:.", absl::string_view(&c, 1));
}

// The keys in an answer: names stand before them, as in "Mara Holm (mara)".
class Keys {
 public:
  void Learn(absl::string_view answer) {
    for (size_t at = answer.find('('); at != absl::string_view::npos;
         at = answer.find('(', at + 1)) {
      const absl::string_view key =
          answer.substr(at + 1, answer.find(')', at) - at - 1);
      const bool plain = !key.empty() && key.size() <= kLongestKey &&
                         std::ranges::all_of(key, IsKeyByte);
      if (plain && keys_.size() < kMostKeys) keys_.emplace(key);
    }
  }

  std::vector<std::string> all() const { return {keys_.begin(), keys_.end()}; }

 private:
  std::set<std::string> keys_;
};

class Shell {
 public:
  Shell(const Terminal& terminal, const std::vector<CommandWords>& known,
        RunWords run)
      : terminal_(terminal), known_(known), run_(run) {
    if (!terminal.interactive) return;
    editor_ = std::make_unique<LineEditor>(
        HistoryFile(),
        [this](absl::string_view line) { return CompleteLine(line); });
  }

  int Run() {
    int worst = kExitYes;
    while (const std::optional<std::string> line = ReadLine()) {
      std::vector<std::string> words = SplitWords(*line);
      // What is copied from elsewhere may begin so.
      if (!words.empty() && words.front() == "guanxi") {
        words.erase(words.begin());
      }
      if (words.empty() || absl::StartsWith(words.front(), "#")) continue;
      if (words.front() == "exit" || words.front() == "quit") break;
      worst = std::max(worst, RunLine(words));
    }
    return editor_ == nullptr ? worst : kExitYes;
  }

 private:
  std::optional<std::string> ReadLine() {
    if (editor_ != nullptr) return editor_->Read(kPrompt);
    std::string line;
    if (!std::getline(*terminal_.in, line)) return std::nullopt;
    return line;
  }

  int RunLine(const std::vector<std::string>& words) {
    std::ostringstream out;
    const int code = run_(
        words, {.out = out, .err = terminal_.err, .width = terminal_.width});
    const std::string answer = out.str();
    keys_.Learn(answer);
    terminal_.out << answer << std::flush;
    return code;
  }

  std::vector<std::string> CompleteLine(absl::string_view line) const {
    std::vector<std::string> words = SplitWords(line);
    const bool between = line.empty() || line.back() == ' ';
    if (between) words.emplace_back();
    return Complete(known_, keys_.all(), words);
  }

  const Terminal& terminal_;
  const std::vector<CommandWords>& known_;
  const RunWords run_;
  Keys keys_;
  std::unique_ptr<LineEditor> editor_;
};

}  // namespace

int RunShell(const Terminal& terminal, const std::vector<CommandWords>& known,
             RunWords run) {
  if (terminal.in == nullptr) return kExitCouldNot;
  return Shell(terminal, known, run).Run();
}

}  // namespace guanxi::cli
