// The CLI against a server in this process: transcripts of what a user types
// and sees, in tests/client/*.session.
//
// A line "$ guanxi …" is a command, what it reads follows behind "< "; what it
// prints follows, lines of standard error behind "! ", and "[exit N]" unless it
// ends with 0. Each file starts with a fresh server. TOKEN in a command stands
// for the resume token that was printed last, and in what is printed for any
// token. GUANXI_TEST_UPDATE=1 rewrites what is expected.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include <grpcpp/server_builder.h>

#include "client/cli/csv.h"
#include "client/cli/drawing.h"
#include "client/cli/progress.h"
#include "client/cli/run.h"
#include "client/cli/table.h"
#include "client/cli/width.h"
#include "client/cli/words.h"
#include "graph/base/sha256.h"
#include "graph/kv/env.h"
#include "graph/store/tables.h"
#include "guanxi/v1/admin_service.grpc.pb.h"
#include "server/server.h"
#include "tests/support/read_file.h"
#include "tests/support/temp_dir.h"
#include "tests/support/test_server.h"

namespace guanxi::cli {
namespace {

using ::guanxi::test::TestServer;
using ::testing::ElementsAre;

constexpr absl::string_view kPrompt = "$ guanxi ";
constexpr absl::string_view kInput = "< ";

// The words of a command; quotes of either kind hold one together.
std::vector<std::string> Words(absl::string_view line) {
  std::vector<std::string> words;
  char quote = '\0';
  bool begun = false;
  for (const char c : line) {
    if (quote == '\0' ? c == '"' || c == '\'' : c == quote) {
      quote = quote == '\0' ? c : '\0';
      if (!begun) words.emplace_back();
      begun = true;
    } else if (c == ' ' && quote == '\0') {
      begun = false;
    } else {
      if (!begun) words.emplace_back();
      begun = true;
      words.back().push_back(c);
    }
  }
  return words;
}

constexpr char kResume[] = "--resume ";

// Tokens are of one store, whose name is random bytes.
std::string HideTokens(const std::string& text) {
  static const std::regex kToken("(--(?:resume|page-token) )[\\w=-]{12,}");
  return std::regex_replace(text, kToken, "$1TOKEN");
}

// Keeps the token that an output ends with, if it does.
void KeepToken(const std::string& output, std::string& token) {
  const size_t found = output.rfind(kResume);
  if (found == std::string::npos) return;
  const std::string rest = output.substr(found + sizeof(kResume) - 1);
  token = rest.substr(0, rest.find('\n'));
}

// What a user sees of one command, which reads these lines.
std::string Transcript(const std::string& command,
                       const std::vector<std::string>& input,
                       const TestServer& server, std::string& token) {
  std::istringstream in(absl::StrJoin(input, "\n"));
  std::ostringstream out;
  std::ostringstream err;
  std::vector<std::string> words = Words(command);
  std::replace(words.begin(), words.end(), std::string("TOKEN"), token);
  words.insert(words.begin(), {"--server", server.address()});
  const int code = Run(words, {.out = out, .err = err, .in = &in});
  std::string text = absl::StrCat(kPrompt, command, "\n");
  for (const std::string& line : input) {
    absl::StrAppend(&text, kInput, line, "\n");
  }
  text += HideTokens(out.str());
  KeepToken(out.str(), token);
  const std::string errors = HideTokens(err.str());
  const absl::string_view lines = absl::StripSuffix(errors, "\n");
  for (const absl::string_view line : absl::StrSplit(lines, '\n')) {
    if (!errors.empty()) absl::StrAppend(&text, "! ", line, "\n");
  }
  if (code != 0) absl::StrAppend(&text, "[exit ", code, "]\n");
  return text;
}

// Plays the commands of a session and returns it as it went.
std::string Play(const std::string& session) {
  const TestServer server;
  std::string played;
  std::string token;
  const std::vector<std::string> lines = absl::StrSplit(session, '\n');
  for (auto line = lines.begin(); line != lines.end(); ++line) {
    if (absl::StartsWith(*line, "#")) absl::StrAppend(&played, *line, "\n");
    if (!absl::StartsWith(*line, kPrompt)) continue;
    std::vector<std::string> input;
    for (auto next = line + 1;
         next != lines.end() && absl::StartsWith(*next, kInput); ++next) {
      input.push_back(next->substr(kInput.size()));
    }
    absl::StrAppend(&played, Transcript(line->substr(kPrompt.size()), input,
                                        server, token));
  }
  return played;
}

class CliTest : public ::testing::Test {
 protected:
  void SetUp() override {
    // Files are named in messages as they were given: from the root.
    std::filesystem::current_path(GUANXI_SOURCE_DIR);
  }

  static void Check(const std::string& name) {
    const std::string path = absl::StrCat("tests/client/", name, ".session");
    const std::string expected = test::ReadFile(path);
    const std::string played = Play(expected);
    if (std::getenv("GUANXI_TEST_UPDATE") != nullptr) {
      std::ofstream(path) << played;
      return;
    }
    EXPECT_EQ(played, expected) << "GUANXI_TEST_UPDATE=1 rewrites " << path;
  }
};

TEST_F(CliTest, SeedGraph) { Check("seed_graph"); }
TEST_F(CliTest, Traversal) { Check("traversal"); }
TEST_F(CliTest, Hops) { Check("hops"); }
TEST_F(CliTest, Connect) { Check("connect"); }
TEST_F(CliTest, SmallGraph) { Check("small_graph"); }
TEST_F(CliTest, Verbs) { Check("commit"); }
TEST_F(CliTest, Purge) { Check("purge"); }
TEST_F(CliTest, CommitHelp) { Check("commit_help"); }
TEST_F(CliTest, Changes) { Check("changes"); }
TEST_F(CliTest, Errors) { Check("errors"); }
TEST_F(CliTest, Find) { Check("find"); }
TEST_F(CliTest, LoadInParts) { Check("parts"); }
TEST_F(CliTest, UniqueValues) { Check("unique"); }
TEST_F(CliTest, Help) { Check("help"); }
TEST_F(CliTest, Shell) { Check("shell"); }
TEST_F(CliTest, Export) { Check("export"); }

// What a command prints; it must succeed.
std::string OutputOf(const TestServer& server, std::vector<std::string> words) {
  std::ostringstream out;
  std::ostringstream err;
  words.insert(words.begin(), {"--server", server.address()});
  EXPECT_EQ(Run(words, {.out = out, .err = err}), 0) << err.str();
  return out.str();
}

TEST_F(CliTest, SeedsThatWereExportedLoadAgain) {
  const TestServer first;
  OutputOf(first, {"load", "seed/cambricon.kg", "seed/context.kg"});
  const std::string whole = OutputOf(first, {"export"});
  const guanxi::test::TempDir dir;
  for (const char* ending : {".kg", ".jsonl"}) {
    const std::string file = absl::StrCat(dir.path(), "/graph", ending);
    EXPECT_EQ(OutputOf(first, {"export", "--output", file}), "");
    EXPECT_FALSE(std::filesystem::exists(file + ".part"));
    const TestServer second;

    OutputOf(second, {"load", file});

    EXPECT_EQ(OutputOf(second, {"export"}), whole) << ending;
  }
  EXPECT_THAT(OutputOf(first, {"load", dir.path() + "/graph.jsonl"}),
              ::testing::HasSubstr("Nothing changed"));
}

TEST_F(CliTest, AnExportThatFailsLeavesNoFile) {
  const TestServer server;
  const guanxi::test::TempDir dir;
  const std::string file = dir.path() + "/graph.kg";
  std::ostringstream out;
  std::ostringstream err;

  EXPECT_EQ(cli::Run({"--server", server.address(), "export", "nobody",
                      "--output", file},
                     {.out = out, .err = err}),
            1);

  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_FALSE(std::filesystem::exists(file + ".part"));
}

TEST_F(CliTest, ServerThatIsNotThereIsNamed) {
  std::ostringstream out;
  std::ostringstream err;

  const int code = cli::Run({"--server", "127.0.0.1:1", "get", "cas"},
                            {.out = out, .err = err});

  EXPECT_EQ(code, 2);
  EXPECT_EQ(out.str(), "");
  EXPECT_TRUE(absl::StrContains(
      err.str(), "is a server running at 127.0.0.1:1? Start one with: "));
}

TEST(CheckTest, DamageIsListedAndIsANo) {
  const test::TempDir dir;
  const server::ServerOptions options{.data = dir.path(),
                                      .address = "127.0.0.1:0",
                                      .log = [](absl::string_view) {}};
  ASSERT_OK(server::Server::Start(options));
  {
    const auto env =
        *kv::Env::Open(dir.path() + "/main.guanxi", store::kTableNames);
    kv::WriteTxn txn = *env->BeginWrite();
    ASSERT_OK(txn.Put(store::Tables(*env).entity_key, "eve", "noise"));
    ASSERT_OK(std::move(txn).Commit());
  }
  ASSERT_OK_AND_ASSIGN(const auto server, server::Server::Start(options));
  std::ostringstream out;
  std::ostringstream err;

  const int code = cli::Run({"--server", server->address(), "check"},
                            {.out = out, .err = err});

  EXPECT_EQ(code, kExitNo) << err.str();
  EXPECT_TRUE(absl::StartsWith(out.str(), "entity_key_extra: key 'eve': "))
      << out.str();
  EXPECT_TRUE(absl::EndsWith(out.str(), " rows: 1 violation\n")) << out.str();
}

// A server whose backups arrive otherwise than they were read.
class WrongBackups final : public v1::AdminService::Service {
 public:
  grpc::Status Backup(grpc::ServerContext*, const v1::BackupRequest*,
                      grpc::ServerWriter<v1::BackupResponse>* writer) override {
    v1::BackupResponse response;
    response.set_chunk("what arrived");
    writer->Write(response);
    v1::BackupSummary& summary = *response.mutable_summary();
    summary.set_bytes(12);
    summary.set_sha256(Sha256Of("what was sent"));
    writer->Write(response);
    return grpc::Status::OK;
  }
};

TEST(BackupTest, OneThatArrivesOtherwiseIsNone) {
  const test::TempDir dir;
  WrongBackups service;
  int port = 0;
  const auto server =
      grpc::ServerBuilder()
          .AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                            &port)
          .RegisterService(&service)
          .BuildAndStart();
  const std::string file = dir.path() + "/monday.guanxi";
  std::ostringstream out;
  std::ostringstream err;

  const int code =
      cli::Run({"--server", absl::StrCat("127.0.0.1:", port), "backup", file},
               {.out = out, .err = err});

  EXPECT_EQ(code, 2);
  EXPECT_THAT(err.str(), ::testing::HasSubstr("did not arrive as it was sent"));
  EXPECT_FALSE(std::filesystem::exists(file));
}

// ---- words ------------------------------------------------------------------

TEST(WordsTest, QuotesHoldTogetherAndBackslashesTake) {
  EXPECT_THAT(SplitWords("get  \"Mara Holm\" "),
              ElementsAre("get", "Mara Holm"));
  EXPECT_THAT(SplitWords("a\\ b \"c\\\"d\" \"\""),
              ElementsAre("a b", "c\"d", ""));
  EXPECT_THAT(SplitWords("'(a).b = \"c\\d\"' \"it's\""),
              ElementsAre("(a).b = \"c\\d\"", "it's"));
  EXPECT_THAT(SplitWords("open \"quote ends"),
              ElementsAre("open", "quote ends"));
  EXPECT_THAT(SplitWords(" \t"), ElementsAre());
}

TEST(WordsTest, CommandsThenOptionsAndKeysComplete) {
  const std::vector<CommandWords> known = {
      {.name = "", .options = {"--format", "--server"}},
      {.name = "get", .options = {"--certain"}},
      {.name = "list"},
      {.name = "commit",
       .verbs = {{.name = "assert"}, {.name = "end", .options = {"--at"}}}},
      {.name = "help"}};
  const std::vector<std::string> keys = {"cambricon", "cas", "gemini"};

  EXPECT_THAT(Complete(known, keys, {"g"}), ElementsAre("get"));
  EXPECT_THAT(Complete(known, keys, {}),
              ElementsAre("commit", "get", "help", "list"));
  EXPECT_THAT(Complete(known, keys, {"--f"}), ElementsAre("--format"));
  EXPECT_THAT(Complete(known, keys, {"get", "ca"}),
              ElementsAre("cambricon", "cas"));
  EXPECT_THAT(Complete(known, keys, {"get", "cas", "--"}),
              ElementsAre("--certain", "--format", "--server"));
  EXPECT_THAT(Complete(known, keys, {"help", "l"}), ElementsAre("list"));
  EXPECT_THAT(Complete(known, keys, {"commit", ""}),
              ElementsAre("assert", "end"));
  EXPECT_THAT(Complete(known, keys, {"commit", "end", "g"}),
              ElementsAre("gemini"));
  EXPECT_THAT(Complete(known, keys, {"commit", "end", "--a"}),
              ElementsAre("--at"));
}

// ---- terminals --------------------------------------------------------------

TEST_F(CliTest, ColoursAreForTerminalsWithoutNoColor) {
  const TestServer server;
  ASSERT_OK(server.CommitText("(a :Company {name: \"A\"})\n"));
  const auto is_colored = [&](const std::string& option, bool is_terminal,
                              bool no_color) {
    std::ostringstream out;
    std::ostringstream err;
    EXPECT_EQ(cli::Run({"--server", server.address(), "--color", option, "list",
                        "Company"},
                       {.out = out,
                        .err = err,
                        .out_is_terminal = is_terminal,
                        .no_color = no_color}),
              0);
    return absl::StrContains(out.str(), "\x1b[");
  };

  EXPECT_TRUE(is_colored("auto", true, false));
  EXPECT_FALSE(is_colored("auto", false, false));
  EXPECT_FALSE(is_colored("auto", true, true));
  EXPECT_TRUE(is_colored("always", false, true));
  EXPECT_FALSE(is_colored("never", true, false));
}

TEST_F(CliTest, ProgressIsForTerminals) {
  const TestServer server;
  const auto load = [&](bool is_terminal) {
    std::ostringstream out;
    std::ostringstream err;
    EXPECT_EQ(
        cli::Run({"--server", server.address(), "load", "seed/cambricon.kg"},
                 {.out = out, .err = err, .err_is_terminal = is_terminal}),
        0);
    return err.str();
  };

  EXPECT_EQ(load(false), "");
  const std::string shown = load(true);
  // What is shown is wiped out in the end.
  EXPECT_TRUE(shown.empty() || absl::EndsWith(shown, "\r\x1b[K")) << shown;
}

TEST(ProgressTest, TellsRateAndTimeLeft) {
  using Seconds = std::chrono::duration<double>;

  EXPECT_EQ(ProgressText(2'000'000, 4'000'000, Seconds(2), 80),
            "[##########          ] 50%  2.0 of 4.0 MB, 1.0 MB/s, 2 s left");
  EXPECT_EQ(ProgressText(1'000'000, 100'000'000, Seconds(1), 80),
            "[                    ]  1%  1.0 of 100.0 MB, 1.0 MB/s, "
            "1 min 39 s left");
  EXPECT_EQ(ProgressText(2'000'000, 4'000'000, Seconds(2), 50),
            "50%  2.0 of 4.0 MB, 1.0 MB/s, 2 s left");
  EXPECT_EQ(ProgressText(0, 4'000'000, Seconds(0), 80),
            "[                    ]  0%  0.0 of 4.0 MB");
  EXPECT_EQ(ProgressText(4'000'000, 4'000'000, Seconds(4), 80),
            "All is sent; the server stores it …");
}

// ---- drawings and tables for other programs ---------------------------------

TEST(CsvTest, CellsAreQuotedWhereTheyMust) {
  std::ostringstream out;

  Csv csv(out, {"a", "b c"});
  csv.AddRow({"x,y", "say \"no\""});
  csv.AddRow({"", "two\nlines"});

  EXPECT_EQ(out.str(), "a,b c\n\"x,y\",\"say \"\"no\"\"\"\n,\"two\nlines\"\n");
}

TEST(DrawingTest, TextCannotBreakOut) {
  Drawing drawing;
  v1::EntitySummary entity;
  entity.set_key("a\"]; b\\");
  entity.set_name("<b>*x*</b> | \n");
  drawing.Add(entity);
  v1::Relationship relationship;
  relationship.mutable_key()->set_subject("a\"]; b\\");
  relationship.mutable_key()->set_type("X_Y");
  relationship.mutable_key()->set_object("c");
  relationship.set_symmetric(true);
  drawing.Add(relationship);

  EXPECT_EQ(drawing.ToDot(),
            "digraph guanxi {\n  rankdir=LR;\n  node [shape=box];\n"
            "  \"a\\\"]; b\\\\\" [label=\"<b>*x*</b> |   (a\\\"]; b\\\\)\"];\n"
            "  \"c\" [label=\"c\"];\n"
            "  \"a\\\"]; b\\\\\" -> \"c\" [label=\"X_Y\", dir=none];\n}\n");
  EXPECT_EQ(drawing.ToMermaid(),
            "flowchart LR\n"
            "  n0[\"#lt;b#gt;*x*#lt;/b#gt; #124;   (a#quot;]; b\\)\"]\n"
            "  n1[\"c\"]\n"
            "  n0 ---|\"X_Y\"| n1\n");
}

// ---- layout -----------------------------------------------------------------

TEST(WidthTest, WideCharactersTakeTwoColumns) {
  EXPECT_EQ(DisplayWidth("abc"), 3);
  EXPECT_EQ(DisplayWidth("寒武纪"), 6);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1);
  EXPECT_EQ(DisplayWidth("\xFF"), 1);
}

TEST(WrapTest, BreaksAtBlanksAndBetweenWideCharacters) {
  EXPECT_THAT(Wrap("one two three", 8), ElementsAre("one two", "three"));
  EXPECT_THAT(Wrap("one two", 7), ElementsAre("one two"));
  EXPECT_THAT(Wrap("寒武纪科技", 5), ElementsAre("寒武", "纪科", "技"));
  EXPECT_THAT(Wrap("incomprehensible", 6),
              ElementsAre("incomp", "rehens", "ible"));
  EXPECT_THAT(Wrap("", 5), ElementsAre(""));
}

TEST(WrapTest, LosesNothingButBlanks) {
  const std::string text = "AI 芯片 chips of 寒武纪 (cambricon), 2025-H1  end";
  for (int width = 2; width < 40; ++width) {
    std::string joined;
    for (const std::string& line : Wrap(text, width)) {
      EXPECT_LE(DisplayWidth(absl::StripTrailingAsciiWhitespace(line)), width);
      joined += line;
    }
    const auto blankless = [](std::string shown) {
      std::erase(shown, ' ');
      return shown;
    };
    EXPECT_EQ(blankless(joined), blankless(text)) << width;
  }
}

TEST(TableTest, FitsItsWidthAndLeavesEmptyColumnsOut) {
  Table table({"KEY", "EMPTY", "TEXT"});
  table.AddRow({"a", "", "one two three four"});
  table.AddRow({"寒武纪", "", "five"});
  std::ostringstream out;

  table.Print(out, 18, 0);

  EXPECT_EQ(out.str(),
            "KEY     TEXT\n"
            "a       one two\n"
            "        three four\n"
            "寒武纪  five\n");
}

TEST(TableTest, PaintsKeysAndStrikingFlagsButNoHeadings) {
  Table table({"KEY", "NOTES"});
  table.AddRow({"a", "undated"});
  table.AddRow({"b", "maybe, conflict"});
  table.Paint({.keys = 0, .flags = 1});
  std::ostringstream out;

  table.Print(out, 80, 0);

  EXPECT_EQ(out.str(),
            "KEY  NOTES\n"
            "\x1b[1ma\x1b[0m    undated\n"
            "\x1b[1mb\x1b[0m    \x1b[33mmaybe, conflict\x1b[0m\n");
}

TEST(TableTest, TextCannotDriveTheTerminal) {
  Table table({});
  table.AddRow({"a\x1b[2Jb\n"});
  std::ostringstream out;

  table.Print(out, 80, 0);

  EXPECT_EQ(out.str(), "a [2Jb \n");
}

}  // namespace
}  // namespace guanxi::cli
