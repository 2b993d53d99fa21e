// Several graphs in one server: they have nothing in common.

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include "client/client.h"
#include "tests/support/test_server.h"

namespace guanxi::server {
namespace {

using test::TestServer;

class GraphsTest : public testing::Test {
 protected:
  GraphsTest() {
    v1::CreateGraphRequest request;
    request.set_name("other");
    EXPECT_OK(server_.Client().CreateGraph(request));
  }

  client::Client In(const std::string& graph) const {
    return client::Client(
        client::Target{.address = server_.address(), .graph = graph},
        std::chrono::seconds(60));
  }

  // The same in both, so that they are at the same revision.
  void CommitToBoth(const std::string& kg) {
    v1::CommitRequest request;
    request.set_kg("kg 1\n" + kg);
    for (const char* graph : {"main", "other"}) {
      ASSERT_OK(In(graph).Commit(request));
    }
  }

  TestServer server_;
};

TEST_F(GraphsTest, WhatIsCommittedToOneIsNotInAnother) {
  v1::CommitRequest commit;
  commit.set_kg("kg 1\n(arbor :Company)\n");
  ASSERT_OK(In("other").Commit(commit));
  v1::GetRequest get;
  get.set_entity("arbor");

  EXPECT_OK(In("other").Get(get));
  EXPECT_EQ(test::ReasonOf(In("main").Get(get).status()), "ENTITY_NOT_FOUND");
  EXPECT_EQ(test::ReasonOf(In("third").Get(get).status()), "GRAPH_NOT_FOUND");
}

// Else it would go on in another graph from where it was in the first, and
// leave out what is before that.
TEST_F(GraphsTest, TokensOfOneAreNoneOfAnother) {
  CommitToBoth(
      "(a :Company)\n(b :Company)\n(c :Company)\n"
      "(a)-[:OWNS]->(b)\n(a)-[:OWNS]->(c)\n");
  v1::ListRequest list;
  list.set_label("Company");
  list.set_page_size(1);
  ASSERT_OK_AND_ASSIGN(const auto page, In("main").List(list));
  list.set_page_token(page.next_page_token());
  v1::NeighbourhoodRequest hop;
  hop.set_entity("a");
  hop.mutable_traversal()->mutable_budget()->set_max_results(1);
  ASSERT_OK_AND_ASSIGN(const auto part, In("main").Neighbourhood(hop));
  hop.set_resume_token(part.completeness().resume_token());
  ASSERT_FALSE(hop.resume_token().empty());

  EXPECT_OK(In("main").List(list));
  EXPECT_OK(In("main").Neighbourhood(hop));
  EXPECT_EQ(test::ReasonOf(In("other").List(list).status()),
            "PAGE_TOKEN_INVALID");
  EXPECT_EQ(test::ReasonOf(In("other").Neighbourhood(hop).status()),
            "PAGE_TOKEN_INVALID");
}

}  // namespace
}  // namespace guanxi::server
