// Printing, JSON Lines and export: what is written reads back as what it was.

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/formats/json_lines.h"
#include "graph/store/store.h"
#include "graph/text/parser.h"
#include "graph/text/printer.h"
#include "tests/support/export_text.h"
#include "tests/support/random_world.h"
#include "tests/support/read_file.h"
#include "tests/support/seed.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/support/twin.h"

namespace guanxi {
namespace {

using ::guanxi::test::ExportText;
using ::guanxi::test::Format;
using ::guanxi::test::Plan;
using ::guanxi::test::PrintAll;
using ::guanxi::test::RandomWorld;
using ::guanxi::test::ReadAll;
using ::guanxi::test::TempDir;
using ::guanxi::test::Twin;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kGraphs = 500;
constexpr int kMostCommits = 12;

Schema MakeSchema(const std::vector<Declaration>& declarations) {
  Schema schema;
  for (const Declaration& declaration : declarations) {
    EXPECT_OK(schema.Declare(declaration));
  }
  return schema;
}

// The schema of the project, in force from the start.
Schema SeedSchema() {
  const auto parsed = text::Parse(test::ReadSource("seed/schema.kg"), {});
  Schema schema;
  for (const Statement& statement : *parsed) {
    EXPECT_OK(schema.Declare(std::get<Declaration>(statement.body)));
  }
  return schema;
}

std::vector<Declaration> DeclarationsOf(const Schema& schema) {
  std::vector<Declaration> all;
  for (const auto& [name, label] : schema.labels()) all.push_back(label);
  for (const auto& [name, property] : schema.properties()) {
    all.push_back(property);
  }
  for (const auto& [name, type] : schema.relationships()) all.push_back(type);
  return all;
}

std::string Export(const store::Store& store, const Schema& builtin,
                   Format format,
                   std::optional<std::vector<EntityId>> entities = {}) {
  const auto text = ExportText(
      store, format, {.builtin = builtin, .entities = std::move(entities)});
  EXPECT_OK(text.status());
  return text.value_or("");
}

class TempStore {
 public:
  explicit TempStore(const Schema& schema) : builtin_(schema) {
    auto store = store::Store::Open(
        dir_.path() + "/graph",
        {.schema = DeclarationsOf(schema), .max_bytes = int64_t{1} << 30});
    EXPECT_OK(store.status());
    store_ = *std::move(store);
  }

  absl::StatusOr<store::CommitResult> Apply(
      std::vector<Statement> statements,
      store::Origin origin = store::Origin::kImport) {
    return store_->Commit(
        {.statements = std::move(statements), .origin = origin});
  }

  store::CommitResult Load(const std::string& text, Format format) {
    auto statements = ReadAll(text, builtin_, format);
    EXPECT_OK(statements.status()) << text;
    if (!statements.ok()) return {};
    auto result = Apply(*std::move(statements));
    EXPECT_OK(result.status()) << text;
    return result.ok() ? *std::move(result) : store::CommitResult();
  }

  std::string Export(Format format,
                     std::optional<std::vector<EntityId>> entities = {}) {
    return guanxi::Export(*store_, builtin_, format, std::move(entities));
  }

  EntityId Find(absl::string_view key) {
    return **store_->BeginSnapshot()->FindEntity(key);
  }

  store::Store& store() { return *store_; }

 private:
  TempDir dir_;
  Schema builtin_;
  std::unique_ptr<store::Store> store_;
};

// Loads what a store exports into a fresh one; both are to export the same.
void ExpectSameAgain(const store::Store& store, const Schema& builtin) {
  const std::string kg = Export(store, builtin, Format::kKg);
  const std::string json = Export(store, builtin, Format::kJsonLines);
  for (const Format format : {Format::kKg, Format::kJsonLines}) {
    TempStore copy(builtin);
    copy.Load(format == Format::kKg ? kg : json, format);
    EXPECT_EQ(copy.Export(Format::kKg), kg);
    EXPECT_EQ(copy.Export(Format::kJsonLines), json);
  }
}

// Reads a text and prints it.
std::string Reprint(const std::string& text) {
  const auto parsed = text::Parse(text, {.file = "t.kg"});
  EXPECT_OK(parsed.status()) << text;
  return parsed.ok() ? text::PrintText(*parsed, SeedSchema()) : "";
}

std::string Printed(absl::string_view line) {
  return Reprint(absl::StrCat("kg 1\n", line, "\n")).substr(5);
}

// ---- printing ---------------------------------------------------------------

TEST(PrinterTest, CanonicalFormIsAFixedPoint) {
  for (const char* name :
       {"seed/schema.kg", "seed/cambricon.kg", "seed/context.kg"}) {
    const std::string printed = Reprint(test::ReadSource(name));

    EXPECT_EQ(Reprint(printed), printed) << name;
  }
}

TEST(PrinterTest, EveryCaseOfTheParserPrintsAndReadsBack) {
  int cases = 0;
  std::string text;
  for (const absl::string_view line :
       absl::StrSplit(test::ReadSource("tests/text/statements.txt"), '\n')) {
    if (!absl::StartsWith(line, ">>>") && !absl::StartsWith(line, "---")) {
      absl::StrAppend(&text, line, "\n");
      continue;
    }
    const auto parsed = text::Parse(absl::StrCat("kg 1\n", text), {});
    text.clear();
    if (!parsed.ok() || parsed->empty()) continue;
    ++cases;
    const std::string printed = text::PrintText(*parsed, Schema());
    EXPECT_EQ(Reprint(printed), Reprint(Reprint(printed)));
    const auto again = text::Parse(printed, {});
    ASSERT_OK(again.status()) << printed;
    EXPECT_EQ(text::PrintText(*again, Schema()), printed);
    for (const Format format : {Format::kKg, Format::kJsonLines}) {
      const std::string as = PrintAll(*again, Schema(), format);
      const auto read = ReadAll(as, Schema(), format);
      ASSERT_OK(read.status()) << as;
      EXPECT_EQ(text::PrintText(*read, Schema()), printed) << as;
    }
  }
  EXPECT_GE(cases, 30);
}

TEST(PrinterTest, TheSchemaDecidesAboutQuotesAndDates) {
  EXPECT_EQ(Printed("(a).founded = date(2016)"), "(a).founded = 2016\n");
  EXPECT_EQ(Printed("(a).when = date(2016)"), "(a).when = date(2016)\n");
  EXPECT_EQ(Printed("(a).when = date(2016~)"), "(a).when = 2016~\n");
  EXPECT_EQ(Printed("(a).jurisdiction = \"CN\""), "(a).jurisdiction = CN\n");
  EXPECT_EQ(Printed("(a).jurisdiction = \"true\""),
            "(a).jurisdiction = \"true\"\n");
  EXPECT_EQ(Printed("(a).status = open"), "(a).status = \"open\"\n");
  EXPECT_EQ(Printed("(a)-[:OWNS_SHARES_IN {level: \"direct\"}]->(b)"),
            "(a)-[:OWNS_SHARES_IN {level: direct}]->(b)\n");
}

TEST(PrinterTest, NumbersStayAsGiven) {
  for (const absl::string_view number :
       {"40", "40.50", "28.81e9 CNY", "25..<50%", ">~4e9 CNY", "<=2",
        "40.5 'wafers/month'", "44.5x", "double(0.1)", "40e0",
        "9223372036854775808", "double(inf)", "date(2021/..)"}) {
    const std::string line = absl::StrCat("(a).p = ", number, "\n");
    EXPECT_EQ(Printed(line), line);
  }
}

TEST(PrinterTest, AClaimWithoutATailIsKeptApartFromOneWith) {
  EXPECT_EQ(Printed("(a)"), "(a)\n");
  EXPECT_EQ(Printed("(a) mode asserted rank normal"), "(a) mode asserted\n");
  EXPECT_EQ(Printed("(a) mode asserted at 2025"), "(a) at 2025\n");
  EXPECT_EQ(Printed("(a) conf 1.0"), "(a) conf 1.0\n");
}

TEST(PrinterTest, OneOrderForAll) {
  EXPECT_EQ(Printed("retract c\n(b)-[:X]->(a)\n(b).q = 1 note \"2\"\n"
                    "(b).q = 1 note \"1\"\nsame (b) (a)\n(b)\n(\"a b\")\n"
                    "source s {}\nlabel L\n(a)-[n:X]->(b) from \"s:1\":2-3"),
            "label L\nsource s {}\n(\"a b\")\n(b)\n(b).q = 1 note \"2\"\n"
            "(b).q = 1 note \"1\"\n(a)-[n:X]->(b) from \"s:1\":2-3\n"
            "(b)-[:X]->(a)\nsame (b) (a)\nretract c\n");
}

// ---- JSON Lines -------------------------------------------------------------

TEST(JsonLinesTest, SeedsConvertThereAndBack) {
  for (const char* name :
       {"seed/schema.kg", "seed/cambricon.kg", "seed/context.kg"}) {
    const auto parsed = text::Parse(test::ReadSource(name), {});
    ASSERT_OK(parsed.status());
    const std::string json =
        PrintAll(*parsed, SeedSchema(), Format::kJsonLines);

    const auto read = ReadAll(json, SeedSchema(), Format::kJsonLines);

    ASSERT_OK(read.status()) << name;
    EXPECT_EQ(PrintAll(*read, SeedSchema(), Format::kKg),
              PrintAll(*parsed, SeedSchema(), Format::kKg));
    EXPECT_EQ(PrintAll(*read, SeedSchema(), Format::kJsonLines), json);
  }
}

TEST(JsonLinesTest, LinesLookAsDocumented) {
  const auto parsed = text::Parse(
      "kg 1\n"
      "(a).revenue = 28.81e9 CNY during 2025-H1 {scope: \"group\"} from s:19\n"
      "(a).odd = 40.5 mode reported conf 0.9\n"
      "(a {name: \"A\"@en, founded: 2016}) from s:2-3, t\n",
      {});

  EXPECT_EQ(
      PrintAll(*parsed, SeedSchema(), Format::kJsonLines),
      R"({"kind":"property","key":"a","property":"revenue","value":"28.81e9 CNY","qualifiers":{"scope":"group"},"during":"2025-H1","from":[{"source":"s","line":19}]}
{"kind":"property","key":"a","property":"odd","value":{"type":"decimal","value":"40.5"},"mode":"reported","conf":"0.9"}
{"kind":"entity","key":"a","properties":{"founded":"2016","name":{"type":"text","value":"A","lang":"en"}},"from":[{"source":"s","line":2,"last_line":3},{"source":"t"}]}
)");
}

struct BadLine {
  const char* line;
  const char* message;
};

TEST(JsonLinesTest, MistakesAreNamedWithTheirLine) {
  const std::vector<BadLine> bad = {
      {"{", "t.jsonl:3:2: found what is no JSON, expected one object"},
      {"[]", "t.jsonl:3:1: found a list, expected an object"},
      {R"({"key":"a"})", "found no \"kind\""},
      {R"({"kind":"node"})", "'kind': found \"node\", expected one of: source"},
      {R"({"kind":"entity"})", "found no \"key\""},
      {R"({"kind":"entity","key":""})", "'key': found 0 bytes"},
      {R"({"kind":"entity","key":"a","lable":["X"]})",
       "found \"lable\", expected nothing beside"},
      {R"({"kind":"entity","key":"a","key":"b"})",
       "found \"key\" a second time"},
      {R"({"kind":"entity","key":"a","labels":["X Y"]})", "'labels': found"},
      {R"({"kind":"entity","key":"a","at":"yesterday"})",
       "'at': found \"yesterday\", expected a date or an interval"},
      {R"({"kind":"entity","key":"a","at":"2025","during":"2025"})",
       "expected one of them"},
      {R"({"kind":"entity","key":"a","conf":0.5})",
       "'conf': found 0.5, expected a string"},
      {R"({"kind":"entity","key":"a","conf":"2"})", "'conf': found 2"},
      {R"({"kind":"entity","key":"a","mode":"rumoured"})",
       "'mode': found \"rumoured\", expected asserted, reported"},
      {R"({"kind":"entity","key":"a","from":[{"source":"s","line":0}]})",
       "'from.line': found 0, expected a line number"},
      {R"({"kind":"property","key":"a","property":"founded","value":"soon"})",
       "'value': found \"soon\", expected a date such as"},
      {R"({"kind":"property","key":"a","property":"p","value":null})",
       "'value': found null"},
      {R"({"kind":"property","key":"a","property":"p","value":{"type":"dat","value":"x"}})",
       "'value.type': found \"dat\", expected one of: text"},
      {R"({"kind":"property","key":"a","property":"p","value":18446744073709551615})",
       "an integer of 64 bits"},
      {R"({"kind":"property","key":"a","property":"p","value":1e999})",
       "found a number that is too large"},
      {"{\"kind\":\"entity\",\"key\":\"\xff\"}", "found what is no JSON"},
      {R"({"kind":"prop","name":"p","type":"txt"})", "'type': found \"txt\""},
      {R"({"kind":"judgement","judgement":"equal","first":"a","second":"b"})",
       "expected same, different or unsure"},
  };
  for (const BadLine& one : bad) {
    const auto read =
        ReadAll(absl::StrCat("\xef\xbb\xbf\n\r\n", one.line, "\n"),
                SeedSchema(), Format::kJsonLines);
    EXPECT_THAT(read.status().message(), HasSubstr(one.message)) << one.line;
    EXPECT_THAT(read.status().message(), HasSubstr("t.jsonl:3:")) << one.line;
  }
}

TEST(JsonLinesTest, DeepNestingIsRefused) {
  const std::string deep(100'000, '[');
  const auto read = ReadAll(
      absl::StrCat(R"({"kind":"property","key":"a","property":"p","value":)",
                   deep, std::string(deep.size(), ']'), "}"),
      Schema(), Format::kJsonLines);

  EXPECT_THAT(read.status().message(), HasSubstr("nested too deep"));
}

TEST(JsonLinesTest, FormatIsToldByNameOrFirstByte) {
  EXPECT_TRUE(formats::IsJsonLines("a.jsonl", ""));
  EXPECT_TRUE(formats::IsJsonLines("a", "\n {\"kind\""));
  EXPECT_FALSE(formats::IsJsonLines("a.kg", "kg 1\n"));
}

// ---- export -----------------------------------------------------------------

TEST(ExportTest, SeedsComeBackTheSame) {
  const Schema schema = SeedSchema();
  TempStore store(schema);
  for (const char* name : {"seed/cambricon.kg", "seed/context.kg"}) {
    store.Load(test::ReadSource(name), Format::kKg);
  }

  ExpectSameAgain(store.store(), schema);
  EXPECT_THAT(store.Export(Format::kKg), Not(HasSubstr("\nprop ")));
}

TEST(ExportTest, WhatAGraphHoldsIsPrintedInCanonicalForm) {
  TempStore store(SeedSchema());
  store.Load(R"(kg 1
prop odd : decimal { by_whom: code } index
source s {published: 2025, kind: "filing"}
source t {derived_from: [s]}
(b :Company :Chip {name: "B"@en}) from s:1
(b {alias: ["X"@en, "Y"@en]}) from s:1
(b).odd = 40 from t {by_whom: x}
(a :Person {name: "A"@en, founded: 2016})
(a)-[:FOUNDED]->(b) at 2016 from s:2 id f1
(b)-[:OWNS_SHARES_IN {percent: 5%}]->(b) mode negated
(b)-[:SIBLING_OF]->(a) conf 0.9
different (b) (a) from s
(a).age = 40 at 2024 from s rank deprecated
)",
             Format::kKg);

  EXPECT_EQ(store.Export(Format::kKg), R"(kg 1
prop odd : decimal { by_whom: code } index
source s {kind: "filing", published: 2025}
source t {derived_from: ["s"]}
(a :Person {founded: 2016, name: "A"@en})
(b :Chip :Company {alias: ["X"@en, "Y"@en], name: "B"@en}) from s:1
(a).age = 40 at 2024 rank deprecated from s
(b).odd = 40 {by_whom: x} from t
(a)-[:FOUNDED]->(b) at 2016 from s:2 id f1
(a)-[:SIBLING_OF]->(b) conf 0.9
(b)-[:OWNS_SHARES_IN {percent: 5%}]->(b) mode negated
different (a) (b) from s
)");
}

TEST(ExportTest, CorrectionsComeWithoutWhatTheyCorrected) {
  const Schema schema = SeedSchema();
  TempStore store(schema);
  store.Load(
      "kg 1\nsource s {}\n(a) from s\n"
      "(a).founded = 2016 from s id f1\n"
      "(a).founded = 2017 from s id f2 supersedes f1\n"
      "(a).founded = 2018 from s supersedes f2\n",
      Format::kKg);
  const std::string text = store.Export(Format::kKg);

  TempStore copy(schema);
  const store::CommitResult loaded = copy.Load(text, Format::kKg);

  EXPECT_THAT(text, Not(HasSubstr("2017")));
  EXPECT_THAT(text, HasSubstr("2018 from s supersedes f2\n"));
  ASSERT_EQ(loaded.notices.size(), 1U);
  EXPECT_EQ(loaded.notices[0].kind, store::NoticeKind::kNothingToEnd);
  EXPECT_FALSE(copy.Load(text, Format::kKg).changed);
  EXPECT_FALSE(store.Load(text, Format::kKg).changed);
  ExpectSameAgain(store.store(), schema);
}

TEST(ImportTest, CorrectionsOfTheUnknownWaitForWhatTheFileNames) {
  TempStore store(SeedSchema());
  store.Load(
      "kg 1\n(a)\n"
      "(a).founded = 2018 id f3 supersedes f2\n"
      "(a).founded = 2017 id f2 supersedes f1\n"
      "(a).status = open id s1 supersedes s2\n"
      "(a).status = shut id s2 supersedes s1\n",
      Format::kKg);

  EXPECT_EQ(store.Export(Format::kKg),
            "kg 1\n(a)\n(a).founded = 2018 id f3 supersedes f2\n"
            "(a).status = \"shut\" id s2 supersedes s1\n");
}

TEST(ExportTest, WhatIsBelievedAgainBesideItsCorrectionStays) {
  const Schema schema = SeedSchema();
  TempStore store(schema);
  const std::string old = "kg 1\n(a).founded = 2016 note \"n\" id f1\n";
  store.Load("kg 1\n(a)\n", Format::kKg);
  store.Load(old, Format::kKg);
  store.Load("kg 1\n(a).founded = 2017 id f2 supersedes f1\n", Format::kKg);
  EXPECT_OK(
      store.Apply(*ReadAll(old, schema, Format::kKg), store::Origin::kCommit)
          .status());

  EXPECT_THAT(store.Export(Format::kKg), HasSubstr("2016 note \"n\" id f1\n"));
  EXPECT_THAT(store.Export(Format::kKg), HasSubstr("2017 id f2\n"));
  ExpectSameAgain(store.store(), schema);
}

TEST(ExportTest, AnEntityThatIsOnlySpokenOfIsDeclared) {
  const Schema schema = SeedSchema();
  TempStore store(schema);
  const store::CommitResult first =
      store.Load("kg 1\n(a)\n(b) note \"n\"\n(c) note \"n\"\n", Format::kKg);
  store.Load("kg 1\n(a)-[:KNOWS]->(b)\n", Format::kKg);
  for (const size_t statement : {1U, 2U}) {
    store.Load(absl::StrCat("kg 1\n(a).odd = ", statement, " supersedes ",
                            first.claim_ids[statement][0], "\n"),
               Format::kKg);
  }

  const std::string text = store.Export(Format::kKg);

  EXPECT_THAT(text, HasSubstr("\n(b) rank deprecated note"));
  EXPECT_THAT(text, Not(HasSubstr("(c)")));
  ExpectSameAgain(store.store(), schema);
}

TEST(ExportTest, APartHoldsWhatIsBetweenItsEntities) {
  TempStore store(SeedSchema());
  store.Load(
      "kg 1\nsource s {derived_from: [t]}\nsource t {}\nsource u {}\n"
      "(a) from s\n(b)\n(c) from u\n"
      "(a)-[:KNOWS]->(b)\n(b)-[:KNOWS]->(c)\nsame (a) (c)\n",
      Format::kKg);

  EXPECT_EQ(store.Export(Format::kKg, {{store.Find("b"), store.Find("a")}}),
            "kg 1\nsource s {derived_from: [\"t\"]}\nsource t {}\n"
            "(a) from s\n(b)\n(a)-[:KNOWS]->(b)\n");
}

TEST(ExportTest, AnErrorOfTheReaderOrTheWatchEndsIt) {
  TempStore store(SeedSchema());
  store.Load("kg 1\n(a)\n(b)\n", Format::kKg);
  const auto snapshot = store.store().BeginSnapshot();
  const auto write = [](const Statement::Body&) { return absl::OkStatus(); };
  const auto refuse = [](const Statement::Body&) {
    return absl::CancelledError("enough");
  };

  EXPECT_EQ(store::Export(*snapshot, {}, refuse).message(), "enough");
  EXPECT_EQ(
      store::Export(*snapshot,
                    {.check = [] { return absl::CancelledError("x"); }}, write)
          .message(),
      "x");
}

TEST(ExportTest, RandomGraphsComeBackTheSame) {
  const unsigned seed = test::Seed();
  SCOPED_TRACE(absl::StrCat("GUANXI_TEST_SEED=", seed));
  const std::vector<Declaration> declarations = RandomWorld::Schema();
  const Schema schema = MakeSchema(declarations);
  for (int graph = 0; graph < kGraphs && !HasFailure(); ++graph) {
    RandomWorld world(seed + static_cast<unsigned>(graph));
    Twin twin(declarations);
    std::string history;
    for (int i = 0; i <= 1 + graph % kMostCommits; ++i) {
      const Plan plan = i == 0 ? world.First() : world.Next(twin.ledger());
      history += plan.ToString();
      EXPECT_EQ(twin.Commit(plan), "") << history;
    }
    SCOPED_TRACE(absl::StrCat("graph ", graph, "\n", history));
    ExpectSameAgain(twin.store(), schema);
  }
}

}  // namespace
}  // namespace guanxi
