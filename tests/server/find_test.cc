// Finding, the schema and the statistics over a real channel.

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

#include "client/status.h"
#include "tests/support/test_server.h"

namespace guanxi::server {
namespace {

using ::guanxi::test::TestServer;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

v1::Predicate Where(const std::string& property, v1::Comparison comparison,
                    const std::string& literal) {
  v1::Predicate predicate;
  predicate.set_property(property);
  predicate.set_comparison(comparison);
  predicate.set_literal(literal);
  return predicate;
}

std::vector<std::string> KeysOf(const v1::FindResponse& response) {
  std::vector<std::string> keys;
  for (const v1::FoundEntity& found : response.found()) {
    keys.push_back(found.entity().key() +
                   (found.holds() == v1::HOLDS_MAYBE ? "?" : ""));
  }
  return keys;
}

class ServerFindTest : public ::testing::Test {
 protected:
  std::vector<std::string> Find(const std::string& label,
                                const std::vector<v1::Predicate>& predicates) {
    v1::FindRequest request;
    request.set_label(label);
    for (const v1::Predicate& one : predicates) *request.add_predicates() = one;
    const auto response = client_.Find(request);
    EXPECT_OK(response);
    if (!response.ok()) return {};
    EXPECT_EQ(response->completeness().outcome(), v1::OUTCOME_COMPLETE);
    return KeysOf(*response);
  }

  TestServer server_;
  client::Client client_ = server_.Client();
};

TEST_F(ServerFindTest, LiteralsAreReadAsThePropertyIsDeclared) {
  ASSERT_OK(server_.CommitText(
      "(a :Company {name: \"2016\", founded: 2016-03, age: 40})\n"
      "(b :Company {name: \"Beta Ltd\", founded: 2018, "
      "x: \"one two\"})\n"
      "(b).revenue = 5e9 CNY during 2024\n"));

  EXPECT_THAT(Find("Company",
                   {Where("founded", v1::COMPARISON_GREATER_OR_EQUAL, "2016")}),
              ElementsAre("a", "b"));
  EXPECT_THAT(Find("", {Where("founded", v1::COMPARISON_EQUAL, "2016/2017")}),
              ElementsAre("a"));
  EXPECT_THAT(Find("", {Where("name", v1::COMPARISON_EQUAL, "2016")}),
              ElementsAre("a"));
  EXPECT_THAT(Find("", {Where("name", v1::COMPARISON_EQUAL, "beta ltd")}),
              ElementsAre("b"));
  EXPECT_THAT(Find("", {Where("x", v1::COMPARISON_EQUAL, "one two")}),
              ElementsAre("b"));
  EXPECT_THAT(Find("", {Where("age", v1::COMPARISON_LESS, "40.5")}),
              ElementsAre("a"));
  EXPECT_THAT(
      Find("", {Where("revenue", v1::COMPARISON_EQUAL, "4e9..6e9 CNY")}),
      ElementsAre("b"));
  EXPECT_THAT(Find("Person", {Where("founded", v1::COMPARISON_LESS, "2020")}),
              IsEmpty());
}

TEST_F(ServerFindTest, PagesTogetherAreTheWholeAnswer) {
  std::string lines;
  for (int i = 0; i < 25; ++i) {
    absl::StrAppend(&lines, "(e", i, " :Company {cardinality: ", i, "})\n");
  }
  ASSERT_OK(server_.CommitText(lines));
  v1::FindRequest request;
  request.set_page_size(4);
  *request.add_predicates() = Where("cardinality", v1::COMPARISON_GREATER, "9");
  std::vector<std::string> keys;
  int pages = 0;
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, client_.Find(request));
    for (const std::string& key : KeysOf(page)) keys.push_back(key);
    request.set_page_token(page.next_page_token());
    const bool last = page.next_page_token().empty();
    EXPECT_EQ(page.completeness().outcome(),
              last ? v1::OUTCOME_COMPLETE : v1::OUTCOME_TRUNCATED);
    if (!last) {
      EXPECT_EQ(page.completeness().reason(), v1::STOP_REASON_MAX_RESULTS);
    }
    ++pages;
  } while (!request.page_token().empty());

  EXPECT_EQ(pages, 4);
  ASSERT_EQ(keys.size(), 15U);
  EXPECT_EQ(keys.front(), "e10");
  EXPECT_EQ(keys.back(), "e24");
}

TEST_F(ServerFindTest, PredicatesBoundNeighbourhoodsAndPaths) {
  ASSERT_OK(
      server_.CommitText("(a :Company)\n(b :Company {founded: 2010})\n"
                         "(c :Company {founded: 2020})\n(d :Company)\n"
                         "(a)-[:OWNS_SHARES_IN {percent: 60%}]->(b)\n"
                         "(a)-[:OWNS_SHARES_IN {percent: >10%}]->(c)\n"
                         "(b)-[:OWNS_SHARES_IN {percent: 5%}]->(d)\n"
                         "(c)-[:OWNS_SHARES_IN {percent: 70%}]->(d)\n"));
  const auto neighbours = [&](const v1::TraversalOptions& options) {
    v1::NeighbourhoodRequest request;
    request.set_entity("a");
    *request.mutable_traversal() = options;
    const auto response = client_.Neighbourhood(request);
    EXPECT_OK(response);
    std::vector<std::string> keys;
    for (const auto& one : response->entities()) {
      if (one.depth() > 0) keys.push_back(one.entity().key());
    }
    return keys;
  };

  v1::TraversalOptions old_ones;
  *old_ones.add_entity_predicates() =
      Where("founded", v1::COMPARISON_LESS, "2015");
  EXPECT_THAT(neighbours(old_ones), ElementsAre("b"));
  v1::TraversalOptions large;
  *large.add_relationship_predicates() =
      Where("percent", v1::COMPARISON_GREATER_OR_EQUAL, "50%");
  // Of c it is not known that it is not: maybe.
  EXPECT_THAT(neighbours(large), UnorderedElementsAre("b", "c"));
  v1::TraversalOptions small;
  *small.add_relationship_predicates() =
      Where("percent", v1::COMPARISON_LESS, "10%");
  EXPECT_THAT(neighbours(small), IsEmpty());

  v1::FindPathsRequest request;
  request.set_from_entity("a");
  request.set_to_entity("d");
  *request.mutable_traversal() = large;
  ASSERT_OK_AND_ASSIGN(const auto path, client_.FindPaths(request));
  ASSERT_EQ(path.paths_size(), 1);
  EXPECT_EQ(path.paths(0).entities(1).key(), "c");
  *request.mutable_traversal() = old_ones;
  ASSERT_OK_AND_ASSIGN(const auto other, client_.FindPaths(request));
  ASSERT_EQ(other.paths_size(), 1);
  EXPECT_EQ(other.paths(0).entities(1).key(), "b");
  request.mutable_options()->set_certain(true);
  *request.mutable_traversal() = large;
  ASSERT_OK_AND_ASSIGN(const auto none, client_.FindPaths(request));
  EXPECT_EQ(none.completeness().outcome(), v1::OUTCOME_PROVEN_NONE);
}

TEST_F(ServerFindTest, IdentifierThatDoesNotFitIsToldAndFlagged) {
  ASSERT_OK_AND_ASSIGN(
      const auto written,
      server_.CommitText("(\"LEI:5493001KJTIIGC8Y1R12\" :Company)\n"
                         "(\"LEI:5493001KJTIIGC8Y1R13\" :Company "
                         "{identifier: [\"ISIN:US0378331006\"]})\n"));

  ASSERT_EQ(written.summary().notices_size(), 2);
  EXPECT_EQ(written.summary().notices(0).kind(),
            v1::NOTICE_KIND_IDENTIFIER_INVALID);
  EXPECT_EQ(written.summary().notices(0).position().line(), 3);
  v1::GetRequest request;
  request.set_entity("LEI:5493001KJTIIGC8Y1R13");
  ASSERT_OK_AND_ASSIGN(const auto wrong, client_.Get(request));
  EXPECT_THAT(wrong.entity().key_problem(), HasSubstr("check digits"));
  EXPECT_THAT(wrong.entity().properties(0).identifier_problem(),
              HasSubstr("'ISIN:US0378331006' is no ISIN"));
  request.set_entity("LEI:5493001KJTIIGC8Y1R12");
  ASSERT_OK_AND_ASSIGN(const auto right, client_.Get(request));
  EXPECT_EQ(right.entity().key_problem(), "");
}

TEST_F(ServerFindTest, SchemaTellsWhatIsBuiltInDeclaredAndUsed) {
  ASSERT_OK(server_.CommitText(
      "prop size : enum(s, l)[] { of: string } key (of) unique \"how big\"\n"
      "(a :Odd {strange: true})\n(b)\n(a)-[:ODD]->(b)\nsame (a) (b)\n"));

  ASSERT_OK_AND_ASSIGN(const auto all, client_.GetSchema({}));
  v1::GetSchemaRequest request;
  request.set_name("size");
  ASSERT_OK_AND_ASSIGN(const auto size, client_.GetSchema(request));
  request.set_name("OWNS_SHARES_IN");
  ASSERT_OK_AND_ASSIGN(const auto owns, client_.GetSchema(request));

  EXPECT_EQ(all.revision(), 1U);
  EXPECT_GT(all.labels_size(), 20);
  EXPECT_THAT(all.undeclared_labels(), ElementsAre("Odd"));
  EXPECT_THAT(all.undeclared_properties(), ElementsAre("strange"));
  EXPECT_THAT(all.undeclared_relationships(), ElementsAre("ODD"));
  ASSERT_EQ(size.properties_size(), 1);
  EXPECT_FALSE(size.properties(0).built_in());
  const v1::PropertyDeclaration& declared = size.properties(0).declaration();
  EXPECT_EQ(declared.type().base(), v1::BASE_TYPE_ENUM);
  EXPECT_TRUE(declared.type().list());
  EXPECT_THAT(declared.type().choices(), ElementsAre("s", "l"));
  EXPECT_EQ(declared.qualifiers(0).name(), "of");
  EXPECT_THAT(declared.keys(), ElementsAre("of"));
  EXPECT_TRUE(declared.unique());
  EXPECT_EQ(declared.comment(), "how big");
  ASSERT_EQ(owns.relationships_size(), 1);
  EXPECT_TRUE(owns.relationships(0).built_in());
  EXPECT_EQ(owns.relationships(0).declaration().to_label(), "Company");
  EXPECT_EQ(owns.labels_size() + owns.properties_size(), 0);
}

TEST_F(ServerFindTest, StatisticsCountWhatIsThere) {
  ASSERT_OK(server_.CommitText(
      "source s {title: \"S\"}\nsource t {title: \"T\"}\n"
      "(a :Company) from s\n(b :Company)\n(c :Person)\n"
      "(a)-[:OWNS_SHARES_IN]->(b) from s\n(c)-[:CONTROLS]->(b)\n"));

  ASSERT_OK_AND_ASSIGN(const auto counts, client_.GetStatistics({}));

  EXPECT_EQ(counts.revision(), 1U);
  EXPECT_EQ(counts.entities(), 3);
  EXPECT_EQ(counts.relationships(), 2);
  EXPECT_EQ(counts.claims(), 3);  // existence and label of a, one stake
  EXPECT_EQ(counts.sources(), 2);
  std::vector<std::string> rows;
  for (const auto& row : counts.labels()) {
    rows.push_back(absl::StrCat(row.name(), " ", row.count()));
  }
  for (const auto& row : counts.types()) {
    rows.push_back(absl::StrCat(row.name(), " ", row.count()));
  }
  EXPECT_THAT(rows, ElementsAre("Company 2", "Person 1", "CONTROLS 1",
                                "OWNS_SHARES_IN 1"));
}

TEST_F(ServerFindTest, UniqueValueThatIsTakenNamesTheOperation) {
  ASSERT_OK(server_.CommitText("prop lei : id unique\n(a {lei: \"x\"})\n"));

  const auto refused = server_.CommitText("(b)\n(b).lei = \"x\"\n");

  EXPECT_EQ(refused.status().code(), absl::StatusCode::kAlreadyExists);
  const auto info = client::InfoOf(refused.status());
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->reason, "UNIQUE_TAKEN");
  EXPECT_EQ(info->metadata.at("line"), "3");
}

}  // namespace
}  // namespace guanxi::server
