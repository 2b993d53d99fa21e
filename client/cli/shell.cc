#include "client/cli/shell.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <istream>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <streambuf>
#include <string>

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
      const absl::string_view rest = answer.substr(at + 1, kLongestKey + 1);
      const absl::string_view key = rest.substr(0, rest.find(')'));
      const bool plain = !key.empty() && key.size() < rest.size() &&
                         std::ranges::all_of(key, IsKeyByte);
      if (plain && keys_.size() < kMostKeys) keys_.emplace(key);
    }
  }

  std::vector<std::string> all() const { return {keys_.begin(), keys_.end()}; }

 private:
  std::set<std::string> keys_;
};

// Passes an answer on as it comes, and remembers how it began.
class Tee : public std::streambuf {
 public:
  explicit Tee(std::streambuf& out) : out_(out) {}

  const std::string& beginning() const { return beginning_; }

 private:
  static constexpr size_t kRememberedBytes = size_t{1} << 20;

  int_type overflow(int_type byte) override {
    if (traits_type::eq_int_type(byte, traits_type::eof())) return 0;
    const char one = traits_type::to_char_type(byte);
    return xsputn(&one, 1) == 1 ? byte : traits_type::eof();
  }

  std::streamsize xsputn(const char* bytes, std::streamsize count) override {
    const size_t left = kRememberedBytes - beginning_.size();
    beginning_.append(bytes, std::min(left, static_cast<size_t>(count)));
    return out_.sputn(bytes, count);
  }

  int sync() override { return out_.pubsync(); }

  std::streambuf& out_;
  std::string beginning_;
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
    Tee tee(*terminal_.out.rdbuf());
    std::ostream out(&tee);
    const int code = run_(words, {.out = out,
                                  .err = terminal_.err,
                                  .width = terminal_.width,
                                  .out_is_terminal = terminal_.out_is_terminal,
                                  .err_is_terminal = terminal_.err_is_terminal,
                                  .no_color = terminal_.no_color});
    out.flush();
    keys_.Learn(tee.beginning());
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
