// Paths, resume tokens and what traversals leave out, over a real channel.

#include <string>
#include <vector>

#include "tests/support/test_server.h"

namespace guanxi::server {
namespace {

using ::guanxi::test::TestServer;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

// A server that knows ways from a to b over each of m0 to m4.
class ResumeServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string text = "(a :Company)\n(b :Company)\n";
    for (const char* name : {"m0", "m1", "m2", "m3", "m4"}) {
      const std::string between = std::string("(") + name;
      text += between + " :Company)\n(a)-[:SUPPLIES]->" + between + ")\n" +
              between + ")-[:SUPPLIES]->(b)\n";
    }
    ASSERT_OK(server_.CommitText(text));
  }

  v1::FindPathsRequest PathsRequest() const {
    v1::FindPathsRequest request;
    request.set_from_entity("a");
    request.set_to_entity("b");
    request.set_mode(v1::PATH_MODE_ALL);
    request.mutable_traversal()->mutable_budget()->set_max_results(2);
    return request;
  }

  v1::NeighbourhoodRequest AroundRequest() const {
    v1::NeighbourhoodRequest request;
    request.set_entity("a");
    request.set_depth(2);
    request.mutable_traversal()->mutable_budget()->set_max_results(3);
    return request;
  }

  TestServer server_;
  client::Client client_ = server_.Client();
};

TEST_F(ResumeServerTest, PathsComeInParts) {
  v1::FindPathsRequest request = PathsRequest();
  std::vector<std::string> between;
  for (int part = 0; part < 3; ++part) {
    ASSERT_OK_AND_ASSIGN(const auto response, client_.FindPaths(request));
    for (const v1::Path& path : response.paths()) {
      ASSERT_EQ(path.entities_size(), 3);
      between.push_back(path.entities(1).key());
    }
    EXPECT_EQ(response.completeness().outcome(),
              part < 2 ? v1::OUTCOME_TRUNCATED : v1::OUTCOME_COMPLETE);
    EXPECT_EQ(response.completeness().resume_token().empty(), part == 2);
    EXPECT_LE(response.completeness().resume_token().size(), size_t{160});
    request.set_resume_token(response.completeness().resume_token());
  }
  EXPECT_THAT(between, testing::ElementsAre("m0", "m1", "m2", "m3", "m4"));
}

TEST_F(ResumeServerTest, NeighboursOfALaterPartKnowTheirParents) {
  v1::NeighbourhoodRequest request = AroundRequest();
  v1::NeighbourhoodResponse whole;
  while (true) {
    ASSERT_OK_AND_ASSIGN(const auto part, client_.Neighbourhood(request));
    whole.MergeFrom(part);
    request.set_resume_token(part.completeness().resume_token());
    if (request.resume_token().empty()) break;
  }

  EXPECT_THAT(whole.entities(), SizeIs(7));
  EXPECT_THAT(whole.relationships(), SizeIs(10));
  for (const v1::Neighbour& one : whole.entities()) {
    EXPECT_EQ(one.parent().empty(), one.depth() == 0) << one.entity().key();
  }
}

TEST_F(ResumeServerTest, TokenOfAnotherRequestIsRefused) {
  ASSERT_OK_AND_ASSIGN(const auto part, client_.FindPaths(PathsRequest()));
  const std::string token = part.completeness().resume_token();
  ASSERT_THAT(token, Not(IsEmpty()));

  v1::FindPathsRequest longer = PathsRequest();
  longer.set_max_length(3);
  longer.set_resume_token(token);
  EXPECT_EQ(test::ReasonOf(client_.FindPaths(longer).status()),
            "PAGE_TOKEN_INVALID");

  v1::NeighbourhoodRequest around = AroundRequest();
  around.set_resume_token(token);
  EXPECT_EQ(test::ReasonOf(client_.Neighbourhood(around).status()),
            "PAGE_TOKEN_INVALID");
}

TEST_F(ResumeServerTest, ChangedTokenIsRefused) {
  ASSERT_OK_AND_ASSIGN(const auto part, client_.FindPaths(PathsRequest()));
  const std::string token = part.completeness().resume_token();
  for (size_t at = 0; at < token.size(); ++at) {
    v1::FindPathsRequest request = PathsRequest();
    std::string changed = token;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    request.set_resume_token(changed);
    EXPECT_EQ(test::ReasonOf(client_.FindPaths(request).status()),
              "PAGE_TOKEN_INVALID")
        << at;
    request.set_resume_token(token.substr(0, at + (at == 0 ? 1 : 0)));
    EXPECT_FALSE(client_.FindPaths(request).ok()) << at;
  }
}

TEST_F(ResumeServerTest, BudgetMayChangeBetweenParts) {
  v1::FindPathsRequest request = PathsRequest();
  ASSERT_OK_AND_ASSIGN(const auto part, client_.FindPaths(request));
  request.set_resume_token(part.completeness().resume_token());
  request.mutable_traversal()->clear_budget();

  ASSERT_OK_AND_ASSIGN(const auto rest, client_.FindPaths(request));

  EXPECT_THAT(rest.paths(), SizeIs(3));
  EXPECT_EQ(rest.completeness().outcome(), v1::OUTCOME_COMPLETE);
}

TEST_F(ResumeServerTest, APartSeesTheMomentOfTheFirstWhateverWasCommitted) {
  v1::FindPathsRequest request = PathsRequest();
  ASSERT_OK_AND_ASSIGN(const auto part, client_.FindPaths(request));
  request.set_resume_token(part.completeness().resume_token());
  ASSERT_OK(server_.CommitText("(other :Company)\n"));

  ASSERT_OK_AND_ASSIGN(const auto later, client_.FindPaths(request));

  EXPECT_EQ(later.moment().revision(), part.moment().revision());
}

// Together the parts may take what one request can ask for.
TEST(ResumeLimitTest, PartsTogetherHaveTheLimitsOfOneRequest) {
  Settings settings;
  settings.default_results = 2;
  settings.max_results = 4;
  const TestServer server(settings);
  std::string text = "(a :Company)\n";
  for (const char* name : {"b", "c", "d", "e", "f", "g"}) {
    text += std::string("(") + name + " :Company)\n(a)-[:SUPPLIES]->(" + name +
            ")\n";
  }
  ASSERT_OK(server.CommitText(text));
  client::Client client = server.Client();
  v1::NeighbourhoodRequest request;
  request.set_entity("a");
  ASSERT_OK_AND_ASSIGN(const auto first, client.Neighbourhood(request));
  request.set_resume_token(first.completeness().resume_token());
  ASSERT_THAT(request.resume_token(), Not(IsEmpty()));

  ASSERT_OK_AND_ASSIGN(const auto second, client.Neighbourhood(request));

  EXPECT_THAT(second.relationships(), SizeIs(2));
  EXPECT_EQ(second.completeness().outcome(), v1::OUTCOME_TRUNCATED);
  EXPECT_THAT(second.completeness().resume_token(), IsEmpty());
}

TEST_F(ResumeServerTest, PathsLeadFromAnyEndToAny) {
  v1::FindPathsRequest request;
  request.add_from_entities("a");
  request.add_from_entities("m3");
  request.add_to_entities("m4");
  request.add_to_entities("b");
  ASSERT_OK_AND_ASSIGN(const auto response, client_.FindPaths(request));

  ASSERT_THAT(response.paths(), SizeIs(1));
  EXPECT_EQ(response.paths(0).relationships_size(), 1);
}

TEST_F(ResumeServerTest, ExcludedEntitiesAndTypesAreNotWalkedThrough) {
  v1::FindPathsRequest request = PathsRequest();
  request.mutable_traversal()->clear_budget();
  request.mutable_traversal()->add_exclude_entities("m2");
  ASSERT_OK_AND_ASSIGN(const auto around, client_.FindPaths(request));
  EXPECT_THAT(around.paths(), SizeIs(4));

  request.mutable_traversal()->add_exclude_types("SUPPLIES");
  ASSERT_OK_AND_ASSIGN(const auto none, client_.FindPaths(request));
  EXPECT_EQ(none.completeness().outcome(), v1::OUTCOME_PROVEN_NONE);
}

// ---- what is believed but never shown ---------------------------------------

constexpr char kDeprecated[] = R"((x :Company)
(y :Company)
source old {kind: article}
source new {kind: article}
(x)-[:SUPPLIES]->(y) from old:1 rank deprecated
)";

v1::ListClaimsRequest ClaimsBetween(const std::string& entity,
                                    const std::string& other) {
  v1::ListClaimsRequest request;
  request.set_entity(entity);
  request.set_other(other);
  return request;
}

TEST(BelievedTest, RelationshipWithDeprecatedClaimsOnlyIsListed) {
  const TestServer server;
  ASSERT_OK(server.CommitText(kDeprecated));

  ASSERT_OK_AND_ASSIGN(const auto claims,
                       server.Client().ListClaims(ClaimsBetween("x", "y")));

  ASSERT_THAT(claims.facts(), SizeIs(1));
  EXPECT_FALSE(claims.facts(0).has_showing());
  EXPECT_THAT(claims.facts(0).claims(), SizeIs(1));
}

TEST(BelievedTest, DenialBesideADeprecatedClaimIsADenial) {
  const TestServer server;
  ASSERT_OK(
      server.CommitText(std::string(kDeprecated) +
                        "(x)-[:SUPPLIES]->(y) from new:1 mode negated\n"));
  v1::NeighbourhoodRequest request;
  request.set_entity("x");
  request.set_include_denied(true);

  ASSERT_OK_AND_ASSIGN(const auto around,
                       server.Client().Neighbourhood(request));
  ASSERT_OK_AND_ASSIGN(const auto claims,
                       server.Client().ListClaims(ClaimsBetween("y", "x")));

  EXPECT_EQ(around.completeness().left_out().denied(), 1);
  EXPECT_THAT(around.denied(), SizeIs(1));
  EXPECT_THAT(around.relationships(), IsEmpty());
  ASSERT_THAT(claims.facts(), SizeIs(1));
  EXPECT_THAT(claims.facts(0).claims(), SizeIs(2));
}

}  // namespace
}  // namespace guanxi::server
