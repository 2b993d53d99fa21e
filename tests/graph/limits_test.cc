// What a store holds at most: more is refused by name, and leaves no trace.

#include "graph/store/limits.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "graph/base/check.h"
#include "graph/base/error.h"
#include "graph/store/claim_table.h"
#include "graph/store/counters.h"
#include "graph/store/store.h"
#include "graph/text/parser.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace guanxi::store {
namespace {

constexpr int64_t kMaxBytes = 1 << 30;

class LimitsTest : public testing::Test {
 protected:
  LimitsTest() { Open(); }

  void Open() {
    auto opened = Store::Open(path_, {.max_bytes = kMaxBytes});
    GUANXI_CHECK(opened.ok());
    store_ = *std::move(opened);
  }

  absl::StatusOr<CommitResult> CommitKg(const std::string& text) {
    auto statements = text::Parse("kg 1\n" + text, {.file = "test.kg"});
    GUANXI_CHECK(statements.ok());
    return store_->Commit({.statements = *std::move(statements)});
  }

  // The reason for which a commit is refused, which must leave no trace.
  std::string Refusal(std::vector<Statement> statements) {
    const Revision before = store_->BeginSnapshot()->revision();
    const absl::StatusOr<CommitResult> result =
        store_->Commit({.statements = std::move(statements)});
    EXPECT_EQ(result.status().code(), absl::StatusCode::kResourceExhausted)
        << result.status();
    EXPECT_EQ(store_->BeginSnapshot()->revision(), before);
    EXPECT_OK(CommitKg(absl::StrCat("(after", before.number, " :Thing)")));
    const auto info = GetErrorInfo(result.status());
    return info.has_value() ? info->reason : "";
  }

  // Changes the file while the store is closed.
  template <typename Change>
  void ChangeFile(Change change) {
    store_.reset();
    {
      const auto env =
          *kv::Env::Open(path_, kTableNames, {.max_bytes = kMaxBytes});
      kv::WriteTxn txn = *env->BeginWrite();
      change(txn, Tables(*env));
      GUANXI_CHECK(std::move(txn).Commit().ok());
    }
    Open();
  }

  test::TempDir dir_;
  const std::string path_ = dir_.path() + "/graph.db";
  std::unique_ptr<Store> store_;
};

TEST_F(LimitsTest, RecordThatIsTooLargeIsRefused) {
  EntityStatement entity{.key = "long"};
  // The record has the value of an implicit claim twice.
  const size_t bytes = 1 << 20;
  for (size_t i = 0; i <= kMaxRecordBytes / bytes / 2; ++i) {
    entity.properties.emplace(absl::StrCat("part", i),
                              Value::String(std::string(bytes, 'x')));
  }

  EXPECT_EQ(Refusal({{.body = entity}}), "RECORD_TOO_LARGE");
}

TEST_F(LimitsTest, MoreNamesThanThereMayBeAreRefused) {
  EntityStatement entity{.key = "labelled"};
  for (size_t i = 0; i <= kMaxNames; ++i) {
    entity.labels.push_back(absl::StrCat("L", i));
  }

  EXPECT_EQ(Refusal({{.body = entity}}), "TOO_MANY_NAMES");
}

TEST_F(LimitsTest, MoreDeclarationsThanThereMayBeAreRefused) {
  std::vector<Statement> statements;
  for (size_t i = 0; i <= kMaxDeclarations; ++i) {
    statements.push_back(
        {.body = Declaration(LabelDeclaration{.name = absl::StrCat("L", i)})});
  }

  EXPECT_EQ(Refusal(std::move(statements)), "SCHEMA_TOO_LARGE");
}

TEST_F(LimitsTest, DeclarationThatIsTooLargeIsRefused) {
  const PropertyDeclaration property{
      .name = "long", .comment = std::string(kMaxDeclarationBytes, 'x')};

  EXPECT_EQ(Refusal({{.body = Declaration(property)}}), "SCHEMA_TOO_LARGE");
}

TEST_F(LimitsTest, ClaimsOfOneEntityEndAtTheirLimit) {
  ASSERT_OK(CommitKg("source s {kind: digest}\n(ada :Person) from s id first"));
  ChangeFile([](kv::WriteTxn& txn, const Tables& tables) {
    const ClaimRef ref = **FindClaimById(txn, tables, "first");
    StoredClaim stored = **ReadClaim(txn, tables, ref);
    stored.ordinal = kMaxClaimsOfOwner;
    GUANXI_CHECK(WriteClaim(ref.owner, stored, tables, txn).ok());
  });
  auto statements = text::Parse("kg 1\n(ada).age = 40 from s", {});
  ASSERT_OK(statements);

  EXPECT_EQ(Refusal(*std::move(statements)), "OWNER_TOO_LARGE");
}

TEST_F(LimitsTest, IdsEnd) {
  ASSERT_OK(CommitKg("(ada :Person)"));
  ChangeFile([](kv::WriteTxn& txn, const Tables& tables) {
    Counters counters = *LoadCounters(txn, tables);
    counters.next_entity = kMaxId;
    GUANXI_CHECK(SaveCounters(counters, tables, txn).ok());
  });

  EXPECT_OK(CommitKg("(last :Person)"));
  const absl::StatusOr<CommitResult> result = CommitKg("(next :Person)");

  EXPECT_EQ(result.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GetErrorInfo(result.status())->reason, "STORE_FULL");
}

}  // namespace
}  // namespace guanxi::store
