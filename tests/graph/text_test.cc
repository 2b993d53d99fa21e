#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/base/error.h"
#include "graph/base/status_macros.h"
#include "graph/text/parser.h"
#include "tests/support/read_file.h"
#include "tests/support/seed.h"
#include "tests/support/status_matchers.h"

namespace guanxi::text {
namespace {

using ::guanxi::test::StatusIs;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr int kRandomRounds = 4000;
constexpr size_t kMinMalformed = 60;

absl::StatusOr<std::vector<Statement>> ParseText(absl::string_view text) {
  return Parse(text, {.file = "t.kg"});
}

// --- Statements as lines -----------------------------------------------------

std::string Dump(const Map& map);

// The literal with its kind: "quantity 16%".
std::string Dump(const Value& value) {
  if (const auto* map = value.get_if<Map>()) return Dump(*map);
  if (const auto* list = value.get_if<List>()) {
    return absl::StrCat(
        "[",
        absl::StrJoin(*list, ", ",
                      [](std::string* out, const Value& element) {
                        absl::StrAppend(out, Dump(element));
                      }),
        "]");
  }
  return absl::StrCat(KindName(value.kind()), " ", value.ToString());
}

std::string Dump(const Map& map) {
  return absl::StrCat("{",
                      absl::StrJoin(map, ", ",
                                    [](std::string* out, const auto& entry) {
                                      absl::StrAppend(out, entry.first, ": ",
                                                      Dump(entry.second));
                                    }),
                      "}");
}

std::string Dump(const std::vector<Citation>& citations) {
  return absl::StrJoin(citations, ", ",
                       [](std::string* out, const Citation& citation) {
                         absl::StrAppend(out, citation.ToString());
                       });
}

std::string Dump(const Tail& tail) {
  std::string out;
  const auto add = [&out](absl::string_view word, const auto& text) {
    absl::StrAppend(&out, " | ", word, text);
  };
  if (!tail.from.empty()) add("from ", Dump(tail.from));
  if (tail.valid.when.has_value()) add("", tail.valid.ToString());
  if (tail.mode.has_value()) add("mode ", ToString(*tail.mode));
  if (tail.rank.has_value()) add("rank ", ToString(*tail.rank));
  if (tail.confidence.has_value()) add("conf ", tail.confidence->ToString());
  if (tail.by.has_value()) add("by ", QuoteString(*tail.by));
  if (tail.note.has_value()) add("note ", QuoteString(*tail.note));
  if (tail.id.has_value()) add("id ", QuoteString(*tail.id));
  if (tail.supersedes.has_value()) {
    add("supersedes ", QuoteString(*tail.supersedes));
  }
  if (!tail.qualifiers.empty()) add("", Dump(tail.qualifiers));
  return out;
}

std::string Dump(const std::vector<Field>& fields) {
  return absl::StrCat("{",
                      absl::StrJoin(fields, ", ",
                                    [](std::string* out, const Field& field) {
                                      absl::StrAppend(out, field.name, ": ",
                                                      field.type.ToString());
                                    }),
                      "}");
}

template <typename Declaration>
std::string DumpRest(const Declaration& declaration) {
  std::string out = absl::StrCat(" ", ToString(declaration.kind));
  if (!declaration.keys.empty()) {
    absl::StrAppend(&out, " key (", absl::StrJoin(declaration.keys, ", "), ")");
  }
  if (declaration.stale_after.has_value()) {
    absl::StrAppend(&out, " stale_after ", declaration.stale_after->ToString());
  }
  return absl::StrCat(out, " ", QuoteString(declaration.comment));
}

struct BodyDumper {
  std::string operator()(const SourceStatement& s) const {
    return absl::StrCat("source ", s.id, " ", Dump(s.description));
  }
  std::string operator()(const EntityStatement& s) const {
    return absl::StrCat("entity ", s.key, " [", absl::StrJoin(s.labels, ", "),
                        "] ", Dump(s.properties), Dump(s.tail));
  }
  std::string operator()(const PropertyStatement& s) const {
    return absl::StrCat("property ", s.key, " ", s.property, " = ",
                        Dump(s.value), Dump(s.tail));
  }
  std::string operator()(const RelationshipStatement& s) const {
    return absl::StrCat("relationship ", s.subject, " -[", s.name, ":", s.type,
                        " ", Dump(s.properties), "]-> ", s.object,
                        Dump(s.tail));
  }
  std::string operator()(const JudgementStatement& s) const {
    return absl::StrCat(ToString(s.judgement), " ", s.first, " ", s.second,
                        Dump(s.tail));
  }
  std::string operator()(const EndStatement& s) const {
    return absl::StrCat("end ", s.claim, " at ", s.at.ToString(), Dump(s.tail));
  }
  std::string operator()(const RetractStatement& s) const {
    return absl::StrCat("retract ", s.claim, Dump(s.tail));
  }
  std::string operator()(const LabelDeclaration& d) const {
    return absl::StrCat("label ", d.name, " < [",
                        absl::StrJoin(d.parents, ", "), "] ",
                        QuoteString(d.comment));
  }
  std::string operator()(const PropertyDeclaration& d) const {
    return absl::StrCat("prop ", d.name, " : ", d.type.ToString(), " ",
                        Dump(d.qualifiers), d.index ? " index" : "",
                        d.unique ? " unique" : "", DumpRest(d));
  }
  std::string operator()(const RelationshipDeclaration& d) const {
    return absl::StrCat("rel ", d.name, " : ", d.from, " -> ", d.to, " ",
                        Dump(d.properties), d.symmetric ? " symmetric" : "",
                        DumpRest(d));
  }
  std::string operator()(const Declaration& d) const {
    return std::visit(*this, d);
  }
  std::string operator()(const DeleteEntityStatement&) const { return "?"; }
  std::string operator()(const DeleteRelationshipStatement&) const {
    return "?";
  }
  std::string operator()(const PurgeClaimStatement&) const { return "?"; }
  std::string operator()(const PurgeEntityStatement&) const { return "?"; }
};

std::string DumpBody(const Statement& statement) {
  return std::visit(BodyDumper(), statement.body);
}

std::vector<std::string> DumpBodies(const std::vector<Statement>& statements) {
  std::vector<std::string> lines;
  for (const Statement& statement : statements) {
    lines.push_back(DumpBody(statement));
  }
  return lines;
}

// --- Cases from files --------------------------------------------------------

constexpr absl::string_view kNameMark = "--- ";
constexpr absl::string_view kExpectedMark = ">>> ";

struct Case {
  std::string name;
  std::vector<std::string> input;
  std::vector<std::string> expected;
};

struct CaseFile {
  std::string path;
  std::vector<std::string> header;
  std::vector<Case> cases;
};

CaseFile ReadCases(absl::string_view name) {
  CaseFile file;
  file.path = absl::StrCat(GUANXI_SOURCE_DIR, "/tests/text/", name);
  std::istringstream lines(test::ReadFile(file.path));
  std::string line;
  while (std::getline(lines, line)) {
    if (absl::StartsWith(line, kNameMark)) {
      file.cases.push_back(
          {.name = line.substr(kNameMark.size()), .input = {}, .expected = {}});
    } else if (file.cases.empty()) {
      file.header.push_back(line);
    } else if (absl::StartsWith(line, kExpectedMark)) {
      file.cases.back().expected.push_back(line.substr(kExpectedMark.size()));
    } else {
      file.cases.back().input.push_back(line);
    }
  }
  return file;
}

void WriteCases(const CaseFile& file) {
  std::ofstream out(file.path, std::ios::binary);
  for (const std::string& line : file.header) out << line << "\n";
  for (const Case& one : file.cases) {
    out << kNameMark << one.name << "\n";
    for (const std::string& line : one.input) out << line << "\n";
    for (const std::string& line : one.expected) {
      out << kExpectedMark << line << "\n";
    }
  }
}

// What <0x0d> or <3*ab> stands for; nullopt if `text` is neither.
std::optional<std::string> ExpandMark(const std::string& text) {
  uint32_t number = 0;
  if (absl::StartsWith(text, "0x") && absl::SimpleHexAtoi(text, &number)) {
    return std::string(1, static_cast<char>(number));
  }
  const size_t star = text.find('*');
  if (star == std::string::npos ||
      !absl::SimpleAtoi(text.substr(0, star), &number)) {
    return std::nullopt;
  }
  std::string out;
  for (uint32_t i = 0; i < number; ++i) out += text.substr(star + 1);
  return out;
}

std::string Expand(const std::string& text) {
  std::string out;
  size_t at = 0;
  while (at < text.size()) {
    const size_t end = text[at] == '<' ? text.find('>', at) : std::string::npos;
    const auto expanded = end == std::string::npos
                              ? std::nullopt
                              : ExpandMark(text.substr(at + 1, end - at - 1));
    out += expanded.value_or(std::string(1, text[at]));
    at = expanded.has_value() ? end + 1 : at + 1;
  }
  return out;
}

std::string TextOf(const Case& one) {
  const std::string input = Expand(absl::StrJoin(one.input, "\n"));
  if (absl::StartsWith(one.name, "whole text:")) return input;
  return absl::StrCat("kg 1\n", input);
}

std::string ShortenRuns(const std::string& line) {
  constexpr size_t kMaxShown = 300;
  if (line.size() <= kMaxShown) return line;
  return absl::StrCat(line.substr(0, 100), " ... ", line.size(), " bytes");
}

std::vector<std::string> OutcomeOf(const std::string& text) {
  const auto statements = ParseText(text);
  if (!statements.ok()) return {std::string(statements.status().message())};
  std::vector<std::string> lines;
  for (const Statement& statement : *statements) {
    EXPECT_EQ(statement.position.index, static_cast<int>(lines.size()));
    EXPECT_EQ(statement.position.file, "t.kg");
    lines.push_back(ShortenRuns(absl::StrCat(statement.position.line, ":",
                                             statement.position.column, " ",
                                             DumpBody(statement))));
  }
  return lines;
}

// Compares each case with what it expects, or rewrites the file.
void CheckCases(CaseFile file) {
  const bool update = std::getenv("GUANXI_TEST_UPDATE") != nullptr;
  for (Case& one : file.cases) {
    SCOPED_TRACE(one.name);
    const std::vector<std::string> outcome = OutcomeOf(TextOf(one));
    EXPECT_TRUE(update || outcome == one.expected)
        << absl::StrJoin(outcome, "\n");
    one.expected = outcome;
  }
  if (update) WriteCases(file);
}

TEST(ParserTest, StatementsAreReadAsTheirFileSays) {
  const CaseFile file = ReadCases("statements.txt");

  for (const Case& one : file.cases) {
    SCOPED_TRACE(one.name);
    EXPECT_OK(ParseText(TextOf(one)));
  }
  CheckCases(file);
}

TEST(ParserTest, MalformedTextsAreRefusedAsTheirFileSays) {
  const CaseFile file = ReadCases("malformed.txt");

  EXPECT_THAT(file.cases, SizeIs(Ge(kMinMalformed)));
  for (const Case& one : file.cases) {
    SCOPED_TRACE(one.name);
    EXPECT_THAT(ParseText(TextOf(one)),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         AllOf(StartsWith("t.kg:"), HasSubstr(", expected "))));
  }
  CheckCases(file);
}

// --- Errors ------------------------------------------------------------------

TEST(ParserTest, ErrorsNameTheirPlaceInTheirDetails) {
  const auto statements =
      Parse("kg 1\n(a)\n  form b", {.file = std::string("s\0.kg", 5)});

  const auto info = GetErrorInfo(statements.status());
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->reason, "SYNTAX");
  EXPECT_THAT(
      info->metadata,
      ElementsAre(Pair("column", "3"),
                  Pair("expected", StartsWith("one of: '-[', '.', from")),
                  Pair("file", "s?.kg"), Pair("line", "3"),
                  Pair("problem", "found 'form'")));
}

TEST(ParserTest, AWordThatIsGivenIsNotExpectedAgain) {
  EXPECT_THAT(
      ParseText("kg 1\n(a)-[:X]->(b) from c during 2024 form"),
      StatusIs(absl::StatusCode::kInvalidArgument,
               "t.kg:2:34: found 'form', expected one of: mode, rank, conf, "
               "by, note, id, supersedes, or the end of the statement"));
}

TEST(ParserTest, PlaceWithoutFileIsALine) {
  EXPECT_THAT(Parse("kg 1\n?", {}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       StartsWith("line 2:1: found '?', expected one of: ")));
}

// --- Whole texts -------------------------------------------------------------

constexpr absl::string_view kText = R"kg(kg 1
# A text with every kind of statement.
label Company < Organization, Asset "can be owned"
prop alias : text@lang[] { kind: enum(former, weak), since: date } index
prop revenue : money { scope: string } period key (scope)
prop headcount : int state stale_after P1Y "counted once a year"
rel OWNS : LegalEntity -> Company { percent: percent, level: enum(direct,
  indirect) } key (level) state
rel SIBLING_OF : Person -> Person { } state symmetric
source s1 {kind: news_article, title: "Über die \"Aktie\" 中科院 \ud83d\ude00",
  published: 2025~, derived_from: [s2, "s 3"], retrieved: 2025-09-01T08:30:00Z}
source s2 {kind: digest, reliability: weak, sha256: bytes("3q2+7w==")}

use from s1 at 2025-H1 mode reported
(arbor :Company:Asset {name: "Arbor"@en, alias: ["安博"@zh-Hans, "AB"]}) from s1:5
(arbor) mode asserted
("LEI:5493001KJTIIGC8Y1R12" {cardinality: >=2}) id e1
(arbor).revenue = 28.81e9 CNY during 2025-H1 from s1:19 id rev-1
(arbor).revenue = <~4e9 EUR during 2024 {scope: group} note "about"
(arbor).share = 25..<50% at 2025~ conf 0.75
(arbor).ratio = 44.4782 x by "many investors"
(arbor).speed = 12 'wafers/month' rank preferred
(arbor).headcount = 120 at 2023-05-10
(arbor).factor = double(-40.5e-3)
(arbor).founded = date(2016) during ../2024~?
(arbor).delay = PT1H30M # a comment
(arbor).seen = 2025-09-01T08:30:00.25+08:00
(arbor).tags = [a, "b", [1, 2.50], {c: true, d: [false]}]
use from s2:4-9, s1
(mara)-[:FOUNDED]->(arbor) at 2010-04-02
(mara)-[pool:OWNS {percent: 16%, level: direct}]->(arbor)
  during 2021-03-01/..

  note "continued"
use
(mara)-[:OWNS]->(arbor) from s1 id own-2 supersedes own-1 rank deprecated
same (arbor) ("LEI:5493001KJTIIGC8Y1R12") from s2 conf 0.4
different (arbor) (mara)
unsure (arbor) (b-c_d) mode suggested
end own-2 at 2022-06-30 from s1:8
retract rev-1 note "wrong company"
)kg";

TEST(ParserTest, EveryPrefixIsReadOrRefused) {
  size_t read = 0;
  for (size_t bytes = 0; bytes <= kText.size(); ++bytes) {
    // Its own allocation, so that a read behind the end is caught.
    const std::string prefix(kText.substr(0, bytes));
    const auto statements = ParseText(prefix);
    if (statements.ok()) {
      ++read;
    } else {
      EXPECT_TRUE(GetErrorInfo(statements.status()).has_value());
    }
  }

  EXPECT_GT(read, static_cast<size_t>(absl::c_count(kText, '\n')) / 2);
  EXPECT_OK(ParseText(kText));
}

TEST(ParserTest, LineBreaksAndByteOrderMarkDoNotMatter) {
  ASSERT_OK_AND_ASSIGN(const auto expected, ParseText(kText));
  const std::string crlf = absl::StrReplaceAll(kText, {{"\n", "\r\n"}});

  ASSERT_OK_AND_ASSIGN(const auto actual,
                       ParseText(absl::StrCat("\xef\xbb\xbf", crlf)));

  ASSERT_EQ(DumpBodies(actual), DumpBodies(expected));
  for (size_t i = 0; i < actual.size(); ++i) {
    EXPECT_EQ(actual[i].position.ToString(), expected[i].position.ToString());
  }
}

TEST(ParserTest, OneByteChangedIsReadOrRefused) {
  const unsigned seed = test::Seed();
  SCOPED_TRACE(absl::StrCat("GUANXI_TEST_SEED=", seed));
  std::mt19937 random(seed);
  for (int i = 0; i < kRandomRounds; ++i) {
    std::string text(kText);
    text[random() % text.size()] = static_cast<char>(random());

    const auto statements = ParseText(text);

    EXPECT_TRUE(statements.ok() || GetErrorInfo(statements.status()));
  }
}

std::string TokenSoup(std::mt19937& random) {
  static constexpr absl::string_view kTokens[] = {
      "(",       ")",     "[",    "]",      "{",      "}",       "-[",
      "]->",     ":",     ",",    ".",      "=",      "<",       "..",
      "<..<",    "/",     "~",    "?",      "-",      "%",       "x",
      "CNY",     "'u'",   "@",    "\"a",    "\"",     "\"b\"",   "\\u00",
      "#",       "\n",    "\r\n", "\n  ",   "\t",     "kg",      "1",
      "use",     "from",  "at",   "during", "mode",   "rank",    "conf",
      "id",      "note",  "end",  "same",   "source", "retract", "prop",
      "rel",     "label", "enum", "key",    "date(",  "double(", "bytes(",
      "2025",    "-H1",   "4e9",  "0.5",    "P3M",    "T08:30",  "Z",
      "negated", "a",     "b-c",  "中",     "\xe4",   "int[]",   "text@lang"};
  std::string text = "kg 1\n(a)";
  const size_t length = random() % 30;
  for (size_t i = 0; i < length; ++i) {
    if (random() % 2 == 0) text += ' ';
    absl::StrAppend(&text, kTokens[random() % std::size(kTokens)]);
  }
  return text;
}

TEST(ParserTest, TokensInAnyOrderAreReadOrRefused) {
  const unsigned seed = test::Seed();
  SCOPED_TRACE(absl::StrCat("GUANXI_TEST_SEED=", seed));
  std::mt19937 random(seed);
  for (int i = 0; i < 5 * kRandomRounds; ++i) {
    const std::string text = TokenSoup(random);

    const auto statements = ParseText(text);

    EXPECT_TRUE(statements.ok() || GetErrorInfo(statements.status())) << text;
  }
}

// What is printed by Value::ToString() reads back as the same value.
TEST(ParserTest, PrintedValuesReadBack) {
  ASSERT_OK_AND_ASSIGN(const auto statements, ParseText(kText));
  for (const Statement& statement : statements) {
    const auto* property = std::get_if<PropertyStatement>(&statement.body);
    if (property == nullptr) continue;
    const std::string literal = property->value.ToString();
    SCOPED_TRACE(literal);

    ASSERT_OK_AND_ASSIGN(const auto again,
                         ParseText(absl::StrCat("kg 1\n(a).b = ", literal)));

    EXPECT_EQ(std::get<PropertyStatement>(again[0].body).value,
              property->value);
  }
}

// --- Limits ------------------------------------------------------------------

std::string StatementOf(size_t bytes) {
  std::string text = "(a).b = \"";
  text.resize(bytes - 1, 'c');
  return text + "\"";
}

TEST(ParserTest, StatementOfTheLargestSizeIsRead) {
  const std::string statement = StatementOf(kMaxStatementBytes);

  EXPECT_OK(ParseText(absl::StrCat("kg 1\n\n", statement, "  # comment\n\n",
                                   statement, "\n  # comment\n")));
}

TEST(ParserTest, LargerStatementIsRefused) {
  EXPECT_THAT(ParseText(absl::StrCat("kg 1\n(b)\n",
                                     StatementOf(kMaxStatementBytes + 1))),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "t.kg:3:1: found a statement of 1000001 bytes, "
                       "expected at most 1000000"));
}

// ---- pieces -----------------------------------------------------------------

// A text of several pieces, in which statements go on over lines.
std::string MakeLongText() {
  std::string text = "\xef\xbb\xbfkg 1\n# begins\n";
  for (int i = 0; text.size() < 3 * kMaxStatementBytes; ++i) {
    if (i % 100 == 0) absl::StrAppend(&text, "use from s", i, "\n");
    absl::StrAppend(&text, "(e", i,
                    " :Company\n  {name: \"a\\nb # \xe5\x85\xb3\"})",
                    i % 3 == 0 ? "\n\n# between\n  conf 0.5" : "", "\r\n");
  }
  return text;
}

// Parses a text as it comes, so many bytes at a time.
absl::StatusOr<std::vector<Statement>> ParsePieces(absl::string_view text,
                                                   size_t bytes) {
  PieceParser parser({.file = "t.kg"});
  std::vector<Statement> statements;
  std::string held;
  for (size_t at = 0; at < text.size(); at += bytes) {
    absl::StrAppend(&held, text.substr(at, bytes));
    ASSIGN_OR_RETURN(const size_t taken, parser.ParseWhole(held, &statements));
    held.erase(0, taken);
  }
  RETURN_IF_ERROR(parser.ParseRest(held, &statements));
  return statements;
}

TEST(PieceParserTest, PiecesSayWhatTheWholeSays) {
  const std::string text = MakeLongText();
  ASSERT_OK_AND_ASSIGN(const auto whole, Parse(text, {.file = "t.kg"}));

  for (const size_t bytes : {text.size(), size_t{777'777}, size_t{1'400'001}}) {
    ASSERT_OK_AND_ASSIGN(const auto pieces, ParsePieces(text, bytes));

    EXPECT_EQ(pieces.size(), whole.size());
    for (size_t i = 0; i < whole.size(); ++i) {
      ASSERT_EQ(DumpBody(pieces[i]), DumpBody(whole[i]));
      ASSERT_EQ(pieces[i].position.ToString(), whole[i].position.ToString());
    }
  }
}

TEST(PieceParserTest, TheVersionMayStandInALaterPiece) {
  std::string text;
  while (text.size() < 2 * kMaxStatementBytes) text += "# a long preface\n";
  const size_t preface = text.size();
  text += "kg 1\n(a)\n";

  ASSERT_OK_AND_ASSIGN(const auto pieces, ParsePieces(text, preface));

  EXPECT_EQ(pieces.size(), 1U);
}

TEST(PieceParserTest, AStatementOverAllOfAPieceIsTooLong) {
  std::string text = "kg 1\n(a).b = [\n";
  while (text.size() < 3 * kMaxStatementBytes) text += "  1,\n";
  text += "  1]\n";

  EXPECT_THAT(ParsePieces(text, 2 * kMaxStatementBytes),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "t.kg:2:1: found a statement of more than 1000000 "
                       "bytes, expected at most 1000000"));
}

TEST(ParserTest, AUseThatIsTooLongIsRefused) {
  const std::string note(kMaxDefaultsBytes, 'n');

  EXPECT_THAT(ParseText(absl::StrCat("kg 1\nuse note \"", note, "\"\n(a)\n")),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "t.kg:2:1: found a `use` of 2011 bytes, expected at "
                       "most 2000"));
}

TEST(PieceParserTest, ErrorsNameTheirLineInTheFile) {
  const std::string text = MakeLongText() + "(x) form s1\n";

  const absl::Status whole = Parse(text, {.file = "t.kg"}).status();

  EXPECT_FALSE(whole.ok());
  EXPECT_EQ(ParsePieces(text, 100'000).status(), whole);
}

TEST(PieceParserTest, WhatGoesOnBehindCommentsWithoutEndIsRefused) {
  const std::string comment(kMaxStatementBytes, 'x');
  const std::string text = absl::StrCat("kg 1\n(a)\n# ", comment, "\n  (b)\n");

  EXPECT_FALSE(Parse(text, {}).ok());
  EXPECT_FALSE(ParsePieces(text, text.size() - 5).ok());
}

TEST(ParserTest, ManyStatementsTakeLinearTime) {
  constexpr size_t kStatements = 20'000;
  std::string text = "kg 1\n";
  for (size_t i = 0; i < kStatements; ++i) {
    absl::StrAppend(&text, "\n# comment\n\n(a", i, ") from b:", i + 1, "\n");
  }
  text.append(kMaxStatementBytes, '\n');

  ASSERT_OK_AND_ASSIGN(const auto statements, ParseText(text));

  ASSERT_THAT(statements, SizeIs(kStatements));
  EXPECT_EQ(statements.back().position.line, 1 + 4 * kStatements);
}

// --- Seed graphs -------------------------------------------------------------

std::vector<std::filesystem::path> KgFiles(const std::filesystem::path& dir) {
  std::vector<std::filesystem::path> files;
  if (!std::filesystem::exists(dir)) return files;
  for (const auto& entry : std::filesystem::directory_iterator(dir)) {
    if (entry.path().extension() == ".kg") files.push_back(entry.path());
  }
  return files;
}

// A statement begins on each line that is not blank, a comment or indented.
size_t CountStatements(absl::string_view text) {
  size_t count = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const bool begins = !line.empty() && !absl::StrContains(" \t#", line[0]);
    const bool kept = !absl::StartsWith(line, "kg ") && line != "use" &&
                      !absl::StartsWith(line, "use ");
    if (begins && kept) ++count;
  }
  return count;
}

class SeedGraphTest : public ::testing::TestWithParam<const char*> {};

TEST_P(SeedGraphTest, EveryLineIsRead) {
  const auto files =
      KgFiles(std::filesystem::path(GUANXI_SOURCE_DIR) / GetParam());
  if (files.empty()) GTEST_SKIP() << "no .kg files in " << GetParam();

  for (const std::filesystem::path& path : files) {
    const std::string text = test::ReadFile(path);
    ASSERT_OK_AND_ASSIGN(const auto statements,
                         Parse(text, {.file = path.filename().string()}));
    EXPECT_THAT(statements, SizeIs(CountStatements(text))) << path;
  }
}

INSTANTIATE_TEST_SUITE_P(Folders, SeedGraphTest,
                         ::testing::Values("../shared/seed-graph", "seed"));

TEST(ParserTest, PartsOfASeedLineAreAllThere) {
  ASSERT_OK_AND_ASSIGN(
      const auto statements,
      ParseText("kg 1\nuse from a004\n"
                "(cas)-[:OWNS_SHARES_IN {percent: 16%, level: unknown}]->"
                "(cambricon) at 2025~ from a004:8 id own-cas-a004\n"));

  EXPECT_THAT(
      DumpBodies(statements),
      ElementsAre("relationship cas -[:OWNS_SHARES_IN {level: text "
                  "\"unknown\", percent: quantity 16%}]-> cambricon | from "
                  "a004:8 | at 2025~ | id \"own-cas-a004\""));
}

}  // namespace
}  // namespace guanxi::text
