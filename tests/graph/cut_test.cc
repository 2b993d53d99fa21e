#include <cstdlib>
#include <string>

#include "absl/strings/string_view.h"
#include <gtest/gtest.h>

#include "graph/store/store.h"
#include "graph/text/parser.h"
#include "tests/support/random_world.h"
#include "tests/support/read_file.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace guanxi {
namespace {

constexpr int64_t kMapBytes = int64_t{1} << 28;

// Besides the end of each line, every so many bytes; GUANXI_TEST_LONG: each.
constexpr size_t kStepWhenShort = 11;

// What a text that ends anywhere does to a store: it loads as a whole, with one
// revision for all that it states, or is refused and leaves nothing.
TEST(CutTest, SeedTextCutAtEveryByteLoadsWholeOrLeavesNothing) {
  const std::string text = test::ReadSource("seed/cambricon.kg");
  ASSERT_GT(text.size(), 10'000U);
  const test::TempDir dir;
  ASSERT_OK_AND_ASSIGN(
      const auto store,
      store::Store::Open(
          dir.path() + "/graph.guanxi",
          {.schema = test::RandomWorld::Schema(), .max_bytes = kMapBytes}));
  int64_t cuts = 0;
  int64_t refused_text = 0;
  int64_t refused_commit = 0;
  int64_t loads = 0;
  const size_t step = std::getenv("GUANXI_TEST_LONG") ? 1 : kStepWhenShort;
  for (size_t bytes = 0; bytes <= text.size(); ++bytes) {
    const bool ends_line = bytes > 0 && text[bytes - 1] == '\n';
    if (bytes % step != 0 && bytes != text.size() && !ends_line) continue;
    ++cuts;
    auto statements = text::Parse(absl::string_view(text).substr(0, bytes), {});
    if (!statements.ok()) {
      ++refused_text;
      continue;
    }
    store::CommitRequest request{.statements = *std::move(statements),
                                 .origin = store::Origin::kImport,
                                 .validate_only = bytes != text.size()};
    const auto result = store->Commit(request);
    if (result.ok()) {
      ++loads;
      ASSERT_EQ(result->claim_ids.size(), request.statements.size());
      continue;
    }
    ++refused_commit;
    request.validate_only = false;
    ASSERT_FALSE(store->Commit(request).ok());
    ASSERT_EQ(store->BeginSnapshot()->revision(), Revision{0});
  }

  EXPECT_EQ(store->BeginSnapshot()->revision(), Revision{1});
  EXPECT_EQ(loads + refused_commit + refused_text, cuts);
  EXPECT_GT(loads, 100);
  EXPECT_GT(refused_text, 500);
}

}  // namespace
}  // namespace guanxi
