// Stores of every format that was ever released, kept as text in tests/stores:
// they open, are sound, say what they said, and take writes.
//
// A file has a line for each row: its table, key and value, the bytes as
// hexadecimal digits. Beside it is what the store exports, and what it exported
// in its first revision. A new format adds its files, once: where those of the
// format that is written now are missing, GUANXI_TEST_UPDATE=1 makes them.
// Those that are there are never made again.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

#include "graph/base/check.h"
#include "graph/base/clock.h"
#include "graph/kv/env.h"
#include "graph/store/exporter.h"
#include "graph/store/store.h"
#include "graph/store/tables.h"
#include "graph/text/printer.h"
#include "tests/support/export_text.h"
#include "tests/support/read_file.h"
#include "tests/support/small_store.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace guanxi::store {
namespace {

namespace fs = std::filesystem;
using ::guanxi::test::TempDir;
using ::testing::IsEmpty;

constexpr char kFolder[] = GUANXI_SOURCE_DIR "/tests/stores/";
constexpr char kRows[] = ".rows";

// The format that stores are written in now.
constexpr char kLatest[] = "format-3";

struct Row {
  std::string table;
  std::string key;
  std::string value;
};

std::vector<Row> ReadRows(const std::string& text) {
  std::vector<Row> rows;
  for (const absl::string_view line :
       absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    const std::vector<std::string> words = absl::StrSplit(line, ' ');
    GUANXI_CHECK(words.size() == 3);
    rows.push_back({words[0], absl::HexStringToBytes(words[1]),
                    absl::HexStringToBytes(words[2])});
  }
  return rows;
}

// The row that says its format.
std::string FormatOf(const std::string& text) {
  for (const Row& row : ReadRows(text)) {
    if (row.table == "meta" && row.key == "format") return row.value;
  }
  return "";
}

// Makes the file of a store, with the tables that have rows.
void WriteStore(const std::vector<Row>& rows, const std::string& path) {
  std::vector<const char*> names;
  for (const Row& row : rows) {
    if (names.empty() || names.back() != row.table) {
      names.push_back(row.table.c_str());
    }
  }
  const auto env = kv::Env::Open(
      path, names, {.max_bytes = test::kStoreBytes, .create_if_missing = true});
  GUANXI_CHECK(env.ok());
  kv::WriteTxn txn = *(*env)->BeginWrite();
  for (size_t i = 0; i < names.size(); ++i) {
    for (const Row& row : rows) {
      if (row.table != names[i]) continue;
      GUANXI_CHECK(txn.Put((*env)->table(i), row.key, row.value).ok());
    }
  }
  GUANXI_CHECK(std::move(txn).Commit().ok());
}

// Every row of a store that nobody has open.
std::string DumpRows(const std::string& path) {
  const auto env =
      kv::Env::Open(path, kTableNames, {.max_bytes = test::kStoreBytes});
  GUANXI_CHECK(env.ok());
  const auto txn = (*env)->BeginRead();
  GUANXI_CHECK(txn.ok());
  std::string text;
  for (size_t table = 0; table < std::size(kTableNames); ++table) {
    kv::Cursor cursor = txn->Walk((*env)->table(table));
    for (cursor.Seek(""); cursor.Valid(); cursor.Next()) {
      absl::StrAppend(&text, kTableNames[table], " ",
                      absl::BytesToHexString(cursor.key()), " ",
                      absl::BytesToHexString(cursor.value()), "\n");
    }
  }
  return text;
}

std::unique_ptr<Store> OpenStore(const std::string& path) {
  auto store = Store::Open(path, {.max_bytes = test::kStoreBytes,
                                  .clock = FixedClock(test::kStoreTime)});
  EXPECT_OK(store.status());
  GUANXI_CHECK(store.ok());
  return *std::move(store);
}

// What a store says: now, and as it was after its first commit.
std::string Said(const Store& store) {
  const auto now = test::ExportText(store, test::Format::kKg);
  EXPECT_OK(now.status());
  auto snapshot = *store.BeginSnapshot();
  EXPECT_OK(snapshot.GoTo({.revision = Revision{1}}));
  std::string first;
  EXPECT_OK(Export(snapshot, {}, [&](const Statement::Body& body) {
    absl::StrAppend(&first, text::Print(body, snapshot.schema()));
    return absl::OkStatus();
  }));
  return absl::StrCat(now.ok() ? *now : "", "# In revision 1:\n", first);
}

void WriteFile(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

// Keeps a store of the format that is written now.
void KeepLatest() {
  const TempDir dir;
  const std::string path = dir.path() + "/store";
  test::MakeStore(path, test::kSmallSchema,
                  {test::kSmallWorld, test::kSmallSecond});
  test::MakePast(path);
  fs::create_directories(kFolder);
  WriteFile(absl::StrCat(kFolder, kLatest, kRows), DumpRows(path));
  WriteFile(absl::StrCat(kFolder, kLatest, ".kg"), Said(*OpenStore(path)));
}

std::vector<std::string> KeptFormats() {
  std::vector<std::string> formats;
  for (const auto& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() == kRows) {
      formats.push_back(entry.path().stem());
    }
  }
  std::ranges::sort(formats);
  return formats;
}

class OldStoresTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const bool kept = fs::exists(absl::StrCat(kFolder, kLatest, kRows));
    if (!kept && std::getenv("GUANXI_TEST_UPDATE") != nullptr) KeepLatest();
  }

  // Makes the kept store of a format in a file.
  std::string Make(const std::string& format) {
    const std::string path = absl::StrCat(dir_.path(), "/", format);
    WriteStore(ReadRows(test::ReadFile(kFolder + format + kRows)), path);
    return path;
  }

  TempDir dir_;
};

TEST_F(OldStoresTest, AreKeptOfTheFormatThatIsWrittenNow) {
  const TempDir dir;
  const std::string path = dir.path() + "/store";
  test::MakeStore(path, test::kSmallSchema, {});

  const std::string kept = absl::StrCat(kFolder, kLatest, kRows);
  ASSERT_TRUE(fs::exists(kept));
  EXPECT_EQ(FormatOf(test::ReadFile(kept)), FormatOf(DumpRows(path)))
      << "another format is written now: name it kLatest, and keep it";
}

TEST_F(OldStoresTest, AreSoundAndSayWhatTheySaid) {
  for (const std::string& format : KeptFormats()) {
    SCOPED_TRACE(format);
    const std::string path = Make(format);

    const auto store = OpenStore(path);

    EXPECT_EQ(Said(*store), test::ReadFile(kFolder + format + ".kg"));
    const auto report = store->Verify({});
    ASSERT_OK(report.status());
    EXPECT_THAT(report->violations, IsEmpty());
  }
}

TEST_F(OldStoresTest, TakeWrites) {
  for (const std::string& format : KeptFormats()) {
    SCOPED_TRACE(format);
    const auto store = OpenStore(Make(format));

    const auto result = store->Commit(
        {.statements = test::ParseAll("kg 1\n(dora :Person {name: \"Dora\"})\n"
                                      "(dora)-[:OWNS {percent: 2%}]->(birch)\n"
                                      "(ada).age = 42 at 2025 from s1\n")});

    ASSERT_OK(result.status());
    EXPECT_TRUE(result->changed);
    EXPECT_THAT(store->Verify({})->violations, IsEmpty());
  }
}

}  // namespace
}  // namespace guanxi::store
