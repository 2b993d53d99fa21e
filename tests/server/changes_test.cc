// History and Diff over a real channel.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "client/status.h"
#include "tests/support/test_server.h"

namespace guanxi::server {
namespace {

using ::guanxi::test::TestServer;

class ChangesTest : public ::testing::Test {
 protected:
  ChangesTest() : client_(server_.Client()) {}

  void Commit(const std::string& kg) { ASSERT_OK(server_.CommitText(kg)); }
  void Commit(const v1::Operation& operation) {
    v1::CommitRequest request;
    *request.add_operations() = operation;
    request.set_author("wei");
    ASSERT_OK(client_.Commit(request));
  }

  TestServer server_;
  client::Client client_;
};

TEST_F(ChangesTest, HistoryHasTheSameEventsWhateverThePageSize) {
  Commit("source s1 {kind: filing}\n(arbor :Company {name: \"Arbor\"})");
  for (int i = 1; i <= 5; ++i) {
    Commit(absl::StrCat("(arbor).motto = \"", i, "\" from s1 id m", i,
                        i == 1 ? "" : absl::StrCat(" supersedes m", i - 1)));
  }
  v1::HistoryRequest request;
  request.set_entity("arbor");
  request.set_name("motto");
  ASSERT_OK_AND_ASSIGN(const auto whole, client_.History(request));
  ASSERT_EQ(whole.events_size(), 9);
  EXPECT_EQ(whole.events(0).revision(), 6);
  EXPECT_EQ(whole.events(0).corrected_by(), "m5");

  request.set_page_size(2);
  std::vector<std::string> paged;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, client_.History(request));
    for (const auto& event : page.events()) {
      paged.push_back(event.SerializeAsString());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());

  ASSERT_EQ(paged.size(), 9);
  for (int i = 0; i < whole.events_size(); ++i) {
    EXPECT_EQ(paged[static_cast<size_t>(i)],
              whole.events(i).SerializeAsString());
  }
}

TEST_F(ChangesTest, HistoryRefusesToPageAcrossACommit) {
  Commit("(arbor :Company {name: \"Arbor\"}) at 2020");
  v1::HistoryRequest request;
  request.set_entity("arbor");
  request.set_page_size(1);
  request.mutable_options()->mutable_moment()->set_revision(1);
  ASSERT_OK_AND_ASSIGN(const auto page, client_.History(request));
  ASSERT_NE(page.next_page_token(), "");
  Commit("(newcomer :Company)");
  request.set_page_token(page.next_page_token());

  const auto response = client_.History(request);

  EXPECT_EQ(response.status().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(client::InfoOf(response.status())->reason, "PAGE_TOKEN_STALE");
}

TEST_F(ChangesTest, HistorySaysWhoPurgedAClaimAndWhy) {
  Commit("(arbor :Company)\n(arbor).motto = \"SECRET\" at 2020 id said");
  v1::Operation purge;
  purge.mutable_purge_claim()->set_claim("said");
  purge.mutable_purge_claim()->set_why("court order");
  Commit(purge);
  v1::HistoryRequest request;
  request.set_entity("arbor");
  request.set_name("motto");

  ASSERT_OK_AND_ASSIGN(const auto response, client_.History(request));

  ASSERT_EQ(response.events_size(), 1);
  const v1::HistoryEvent& purged = response.events(0);
  EXPECT_EQ(purged.kind(), v1::EVENT_KIND_PURGED);
  EXPECT_EQ(purged.author(), "wei");
  EXPECT_EQ(purged.reason().note(), "court order");
  EXPECT_FALSE(purged.has_claim());
  EXPECT_FALSE(purged.has_fact());
}

TEST_F(ChangesTest, DiffFindsAnEntityThatIsNoMore) {
  Commit("(arbor :Company {name: \"Arbor\"}) at 2020");
  v1::Operation deletion;
  deletion.mutable_delete_entity()->set_key("arbor");
  Commit(deletion);
  v1::DiffRequest request;
  request.set_entity("arbor");
  request.mutable_from()->set_revision(1);

  ASSERT_OK_AND_ASSIGN(const auto response, client_.Diff(request));

  EXPECT_EQ(response.from().revision(), 1);
  EXPECT_EQ(response.to().revision(), 2);
  EXPECT_EQ(response.completeness().outcome(), v1::OUTCOME_COMPLETE);
  ASSERT_EQ(response.changes_size(), 3);  // it exists, label, name
  for (const v1::FactChange& change : response.changes()) {
    EXPECT_EQ(change.kind(), v1::CHANGE_KIND_RETRACTED);
    EXPECT_EQ(change.entity(), "arbor");
    EXPECT_FALSE(change.has_after());
  }
}

TEST_F(ChangesTest, DiffOfManyChangesArrivesWhole) {
  constexpr int kCompanies = 2'000;
  std::string kg;
  for (int i = 0; i < kCompanies; ++i) {
    absl::StrAppend(&kg, "(c", i, " :Company)\n");
  }
  Commit(kg);
  v1::DiffRequest request;
  request.mutable_from()->set_revision(0);

  ASSERT_OK_AND_ASSIGN(const auto response, client_.Diff(request));

  EXPECT_EQ(response.changes_size(), 2 * kCompanies);
  EXPECT_EQ(response.completeness().outcome(), v1::OUTCOME_COMPLETE);
}

}  // namespace
}  // namespace guanxi::server
